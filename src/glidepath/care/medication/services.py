"""Every act of the medication room, to call from one place: ordering.py, verbal.py, running_out.py, going_on_acts.py,
giving.py, giving_as_needed.py, leave_orders.py, leave.py, coming_back.py and watching.py hold them; with them what
doses mean for the stock."""

from __future__ import annotations

from glidepath.care.medication.coming_back import Sealed, return_leave
from glidepath.care.medication.expected_use import use_of
from glidepath.care.medication.giving import ReadCodes, Wanted, answer_dose, correct, give, lock_people
from glidepath.care.medication.giving_as_needed import TooSedated, give_prn, record_recheck
from glidepath.care.medication.going_on_acts import alarm_going_on, say_how_it_goes_on
from glidepath.care.medication.leave import doses_to_take, from_stock, made_of_each, pack_leave
from glidepath.care.medication.leave_orders import sign_leave
from glidepath.care.medication.left_over import Became, Rest, parts_left, record_left_over
from glidepath.care.medication.missing_order import alarm_nothing_ordered
from glidepath.care.medication.ordering import say_whether_sedative, sign_order, stop_order
from glidepath.care.medication.proposing import OrderDraft, findings_on_stop, prepare, suggestions
from glidepath.care.medication.register_check import doses_against_register
from glidepath.care.medication.running_out import alarm_running_out, renew_order
from glidepath.care.medication.unsigned import alarm_unsigned
from glidepath.care.medication.verbal import sign_after, take_verbal_order
from glidepath.care.medication.watching import alarm_doses_not_taken

__all__ = [
    "Became",
    "OrderDraft",
    "ReadCodes",
    "Rest",
    "Sealed",
    "TooSedated",
    "Wanted",
    "alarm_doses_not_taken",
    "alarm_going_on",
    "alarm_nothing_ordered",
    "alarm_running_out",
    "alarm_unsigned",
    "answer_dose",
    "correct",
    "doses_against_register",
    "doses_to_take",
    "findings_on_stop",
    "from_stock",
    "give",
    "give_prn",
    "lock_people",
    "made_of_each",
    "pack_leave",
    "parts_left",
    "prepare",
    "record_left_over",
    "record_recheck",
    "renew_order",
    "return_leave",
    "say_how_it_goes_on",
    "say_whether_sedative",
    "sign_after",
    "sign_leave",
    "sign_order",
    "stop_order",
    "suggestions",
    "take_verbal_order",
    "use_of",
]
