"""A code that was read, held against what is due: right, or stopped with the reason. Values in, words out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from glidepath.care.medication.rows import DueRow, PrnRow, State
from glidepath.care.supply.models import StockedProduct
from glidepath.clinical.amounts import plain
from glidepath.clinical.dosing.plan import Made
from glidepath.clinical.facts.load import formulary
from glidepath.record import clock
from glidepath.record.centres.models import Centre


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why nothing may be given by this code: the wrong medicine, strength or time."""

    words: str


@dataclass(frozen=True, slots=True)
class Matched:
    """The doses that may be given from this pack: their marks, and the as-needed orders."""

    tokens: tuple[str, ...] = ()
    orders: tuple[int, ...] = ()


def pack(
    product: StockedProduct, rows: Sequence[DueRow], as_needed: Sequence[PrnRow], centre: Centre
) -> Matched | Stopped:
    """What a pack is right for, of everything of one person: what is open, answered or still ahead."""
    named = f"{_name(product)} {plain(product.strength_mg)} mg {product.form}"
    own = [row for row in rows if _is_of(product, row)]
    open_now = [row for row in own if row.answer is None and row.state not in (State.AHEAD, State.ON_LEAVE)]
    right = [row for row in open_now if _holds(row.due.made, product)]
    allowed = [row for row in as_needed if _is_made_of(product, row) and not row.why_not]
    if right or allowed:
        return Matched(tuple(row.mark for row in right), tuple(row.order.pk for row in allowed))
    if open_now:
        return Stopped(f"Wrong strength: this is {named}. Due is {_due(open_now[0])}.")
    if own:
        return Stopped(_wrong_time(named, own, centre))
    waiting = [row for row in as_needed if row.order.medicine == product.medicine]
    if waiting:
        why = waiting[0].why_not or f"the order is for {waiting[0].order.dose}, made of another product"
        return Stopped(f"Not now: this is {named}. {why}")
    return Stopped(f"Wrong medicine: this is {named}, and none is ordered for this person now. Put it back.")


def _wrong_time(named: str, own: Sequence[DueRow], centre: Centre) -> str:
    ahead = [row for row in own if row.answer is None]
    if ahead:
        return f"Wrong time: {named} is due {_at(ahead[0].due.due_at, centre)}. Nothing of it is due now."
    last = own[-1]
    assert last.answer is not None
    done = last.answer.get_outcome_display()
    at = _at(last.due.due_at, centre)
    return f"Wrong time: the dose of {at} was answered already: {done}. Nothing of it is due now."


def _due(row: DueRow) -> str:
    made = " and ".join(f"{plain(part.product.strength_mg)} mg {part.product.form}" for part in row.due.made)
    return f"{row.due.dose}{f', made of {made}' if made else ''}"


def _at(moment: dt.datetime, centre: Centre) -> str:
    local = clock.local(centre, moment)
    return f"{local:%H:%M} on {local:%-d %b}"


def _name(product: StockedProduct) -> str:
    return formulary().medicines[product.medicine].name


def _is_of(product: StockedProduct, row: DueRow) -> bool:
    return row.due.medicine == _name(product)


def _holds(made: Sequence[Made], product: StockedProduct) -> bool:
    """The same strength and form: which box it comes from is the register's matter."""
    return any(part.product.strength_mg == product.strength_mg and part.product.form == product.form for part in made)


def _is_made_of(product: StockedProduct, row: PrnRow) -> bool:
    return row.order.medicine == product.medicine and _holds(row.order.made, product)
