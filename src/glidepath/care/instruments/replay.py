"""A form's rows as the core's `Filling`: every answer in the order in which it came."""

from __future__ import annotations

from collections.abc import Iterable

from glidepath.care.instruments.catalogue import instrument_of
from glidepath.care.instruments.kept import YES_NO, about_of, finding_of, read_answer
from glidepath.care.instruments.models import Form, GivenAnswer, RaisedAlert
from glidepath.clinical.instruments.filling import Filling, Given, Raised


def filling(form: Form, given: Iterable[GivenAnswer], raised: Iterable[RaisedAlert] = ()) -> Filling:
    """The form with these answers, the oldest first. raised: what was called for, as it was said then."""
    instrument, rows = instrument_of(form), list(given)
    items = {item.key: item for item in instrument.items}
    answers = [row for row in rows if row.item]
    gates = [row for row in rows if not row.item]
    place = {row.pk: number for number, row in enumerate(answers)}
    return Filling(
        instrument,
        tuple(Given(row.item, read_answer(items[row.item], row.answer)) for row in answers),
        _unique([Raised(finding_of(one.finding), place.get(one.answer_id)) for one in raised]),
        YES_NO.get(gates[-1].answer) if gates else None,
        about_of(form.about),
    )


def _unique(raised: list[Raised]) -> tuple[Raised, ...]:
    """Each thing that was called for, once: the first time."""
    first = {one.finding: one for one in reversed(raised)}
    return tuple(one for one in raised if first[one.finding] is one)
