"""Every act of this room, to call from one place: shelf.py, stocking.py, dose_stock.py, leave_stock.py, counting.py,
differences.py and own_medicines.py hold them."""

from __future__ import annotations

from glidepath.care.supply.choosing_lots import Part, refuse_barred
from glidepath.care.supply.counting import Counted, begin_count, enter_count
from glidepath.care.supply.differences import (
    close_discrepancy,
    note_discrepancy,
    open_discrepancy,
    report_suspected_loss,
)
from glidepath.care.supply.dose_stock import (
    Known,
    issue_for_dose,
    keeps_a_register,
    known_products,
    parts_of,
    return_from_dose,
    take_back,
    waste_from_dose,
    with_the_person,
)
from glidepath.care.supply.leave_stock import issue_for_leave
from glidepath.care.supply.ledger import NotEnough, NotHeld
from glidepath.care.supply.own_medicines import Brought, destroy_bag, let_bag_go, take_in
from glidepath.care.supply.shelf import allow_split, retire, stock_product
from glidepath.care.supply.stocking import (
    Delivery,
    add_location,
    breakage,
    destroy,
    open_stock,
    recall,
    receive,
    retire_location,
    reverse,
    send_back,
    transfer,
    waste,
)

__all__ = [
    "Brought",
    "Counted",
    "Delivery",
    "Known",
    "NotEnough",
    "NotHeld",
    "Part",
    "add_location",
    "allow_split",
    "begin_count",
    "breakage",
    "close_discrepancy",
    "destroy",
    "destroy_bag",
    "enter_count",
    "issue_for_dose",
    "issue_for_leave",
    "keeps_a_register",
    "known_products",
    "let_bag_go",
    "note_discrepancy",
    "open_discrepancy",
    "open_stock",
    "parts_of",
    "recall",
    "receive",
    "refuse_barred",
    "report_suspected_loss",
    "retire",
    "retire_location",
    "return_from_dose",
    "reverse",
    "send_back",
    "stock_product",
    "take_back",
    "take_in",
    "transfer",
    "waste",
    "waste_from_dose",
    "with_the_person",
]
