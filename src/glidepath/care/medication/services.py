"""Every act of the medication room, to call from one place: ordering.py, giving.py, giving_as_needed.py and
watching.py hold them."""

from __future__ import annotations

from glidepath.care.medication.giving import Wanted, answer_dose, correct, give
from glidepath.care.medication.giving_as_needed import TooSedated, give_prn, record_recheck
from glidepath.care.medication.missing_order import alarm_nothing_ordered
from glidepath.care.medication.ordering import say_whether_sedative, sign_order, stop_order
from glidepath.care.medication.proposing import OrderDraft, findings_on_stop, prepare, suggestions
from glidepath.care.medication.watching import alarm_doses_not_taken

__all__ = [
    "OrderDraft",
    "TooSedated",
    "Wanted",
    "alarm_doses_not_taken",
    "alarm_nothing_ordered",
    "answer_dose",
    "correct",
    "findings_on_stop",
    "give",
    "give_prn",
    "prepare",
    "record_recheck",
    "say_whether_sedative",
    "sign_order",
    "stop_order",
    "suggestions",
]
