"""DIS-6: each medicine is answered before somebody moves on; a list stops no benzodiazepine."""

from __future__ import annotations

from itertools import product

import pytest

from glidepath.clinical.guidelines.medicines_at_a_move import (
    Decided,
    MedicineToGo,
    Origin,
    Reply,
    check_gone_through,
    refused,
    unanswered,
)

LORAZEPAM = MedicineToGo("use:1", "lorazepam 1 mg 08:00", Origin.CAME, True)
DIAZEPAM = MedicineToGo("order:2", "diazepam 10 mg at 08:00", Origin.ORDERED, True)
TAPER = MedicineToGo("taper:3", "the taper, now diazepam 20 mg a day", Origin.TAPER, True)
SERTRALINE = MedicineToGo("line:4", "sertraline: 50 mg", Origin.CAME, False)
IBUPROFEN = MedicineToGo("order:5", "ibuprofen 400 mg at 08:00", Origin.ORDERED, False)


def test_what_is_not_answered_is_named_and_takes_no_override():
    (found,) = check_gone_through([LORAZEPAM, DIAZEPAM, SERTRALINE], {"order:2": Reply(Decided.CONTINUE)})
    assert (found.code, found.stops, found.overridable) == ("DIS-6", True, False)
    assert found.message == "Nobody has decided about lorazepam 1 mg 08:00; sertraline: 50 mg."


def test_with_every_medicine_answered_and_without_any_there_is_nothing_to_say():
    answers = dict.fromkeys(("use:1", "order:2", "gone:9"), Reply(Decided.CONTINUE))
    assert check_gone_through([LORAZEPAM, DIAZEPAM], answers) == ()
    assert check_gone_through([], {}) == ()


def test_an_order_signed_since_is_not_answered_by_the_one_before():
    newer = MedicineToGo("order:6", DIAZEPAM.words, Origin.ORDERED, True)
    assert unanswered([newer], ["order:2"]) == (newer,)


@pytest.mark.parametrize(
    ("medicine", "decided", "words"),
    [*product((LORAZEPAM, DIAZEPAM, TAPER, SERTRALINE, IBUPROFEN), Decided, ("", "  ", "as agreed"))],
)
def test_a_stop_and_a_change_say_why_and_what_and_no_list_stops_a_benzodiazepine_that_is_given(
    medicine, decided, words
):
    given = medicine in (DIAZEPAM, TAPER)
    silent = decided is not Decided.CONTINUE and not words.strip()
    assert bool(refused(medicine, Reply(decided, words))) == (silent or (decided is Decided.STOP and given))


def test_the_refusal_names_the_medicine():
    assert refused(SERTRALINE, Reply(Decided.STOP)) == "sertraline: 50 mg: say why it is stopped."
    assert refused(DIAZEPAM, Reply(Decided.STOP, "sleepy")).startswith("diazepam 10 mg at 08:00 is not stopped here")
