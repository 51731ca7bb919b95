"""A code read on the round: a wristband opens its card, a pack is held against what is due there. Nothing is written.

The box is a plain form of its own; what was read before goes along with it, so that it stays on the page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest

from glidepath.care.medication import codes, scanning
from glidepath.care.medication.codes import Kind
from glidepath.care.medication.rounds import AtBed, Round
from glidepath.care.supply.models import Batch, StockedProduct
from glidepath.care.supply.queries import batch_at, product_of
from glidepath.care.supply.services import refuse_barred
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.errors import BadInput


@dataclass(frozen=True, slots=True)
class Scan:
    """What was read. current: whose card it opens. band: the text of the wristband. packs: marks of the doses whose
    pack was read. batches: which batch they are given from, "id|mark" each. stopped: why nothing is given; other: whose
    wristband it was, where it is another's."""

    current: AtBed | None = None
    band: str = ""
    packs: tuple[str, ...] = ()
    orders: tuple[int, ...] = ()
    batches: tuple[str, ...] = ()
    stopped: str = ""
    said: str = ""  # what a label that is right was read as
    other: AtBed | None = None


NOTHING_READ = Scan()
AS_NEEDED = "prn:"  # how a page names an as-needed order that a batch was read for


def read(request: HttpRequest, going: Round, current: AtBed | None) -> Scan:
    """What the code that was sent says, with what was read before. It comes in the body: no log keeps a look."""
    band, packs = _kept(request, current)
    batches = _kept_batches(request, current, packs)
    typed = request.POST.get("code", "").strip()
    if not typed:
        return Scan(band=band, packs=packs, batches=batches)
    try:
        code = codes.read_code(typed[: codes.LONGEST])
    except BadInput as unknown:
        return Scan(current, band, packs, batches=batches, stopped=unknown.message)
    if code.kind is Kind.WRISTBAND:
        seen = _wristband(code, going, current, band, packs, is_chosen=bool(request.POST.get("chosen")))
        is_same = current is not None and seen.current is not None and seen.current.person.pk == current.person.pk
        return replace(seen, batches=batches if is_same else ())
    if code.kind is Kind.PRODUCT:
        product = product_of(going.unit.centre, code.public_id)
        return replace(_pack(product, going, current, band, packs), batches=batches)
    if code.kind is Kind.BATCH:
        return _batch(code, going, current, band, packs, batches)
    words = "This is a staff badge. Read it in the box of the witness."
    return Scan(current, band, packs, batches=batches, stopped=words)


def _kept(request: HttpRequest, current: AtBed | None) -> tuple[str, tuple[str, ...]]:
    """What was read before, while the card is still that person's."""
    if current is None or request.POST.get("card") != str(current.person.public_id):
        return "", ()
    right = {row.mark for row in current.open}
    band = codes.wristband(current.person.public_id)
    packs = tuple(dict.fromkeys(one for one in request.POST.getlist("pack") if one in right))
    return (band if request.POST.get("band") == band else ""), packs


def _wristband(
    code: codes.Code, going: Round, current: AtBed | None, band: str, packs: tuple[str, ...], *, is_chosen: bool
) -> Scan:
    found = next((one for one in going.people if one.person.public_id == code.public_id), None)
    if found is None:
        return Scan(current, band, packs, stopped="This wristband is of nobody on this unit. Ask who it is.")
    is_another = current is not None and found.person.pk != current.person.pk
    if is_another and current is not None and is_chosen and (current.open or packs):
        name, open_card = found.person.preferred_name, current.person.preferred_name
        words = f"Wrong person: this is the wristband of {name}, and the card of {open_card} is open. Nothing is given."
        return Scan(current, "", packs, stopped=words, other=found)
    return Scan(found, code.text, () if is_another else packs)


def _kept_batches(request: HttpRequest, current: AtBed | None, packs: tuple[str, ...]) -> tuple[str, ...]:
    """What was read before: of the doses whose pack still counts as read, and of this person's as-needed orders."""
    if current is None or request.POST.get("card") != str(current.person.public_id):
        return ()
    marks = {*packs, *(f"{AS_NEEDED}{row.order.pk}" for row in current.prn)}
    return tuple(one for one in request.POST.getlist("batch") if one.partition("|")[2] in marks)


def _batch(
    code: codes.Code, going: Round, current: AtBed | None, band: str, packs: tuple[str, ...], batches: tuple[str, ...]
) -> Scan:
    """A pack with its lot: the dose is then given from this batch, unless it is expired or recalled."""
    centre = going.unit.centre
    batch = batch_at(centre, code.public_id)
    if batch is None:
        words = "This label is of no batch of this centre. Put it back and look."
        return Scan(current, band, packs, batches=batches, stopped=words)
    try:
        refuse_barred(batch, clock.today(centre))
    except BadInput as barred:
        return Scan(current, band, packs, batches=batches, stopped=barred.message)
    seen = _pack(batch.product, going, current, band, packs)
    read = [one for one in seen.packs if one in _right(batch.product, current, centre)] if not seen.stopped else []
    named = (*read, *(f"{AS_NEEDED}{pk}" for pk in seen.orders))
    others = tuple(one for one in batches if one.partition("|")[2] not in named)
    said = f"Lot {batch.lot} of {batch.product.as_clinical().name} is read: the dose comes from it." if named else ""
    return replace(seen, batches=(*others, *(f"{batch.public_id}|{mark}" for mark in named)), said=said)


def _right(product: StockedProduct, current: AtBed | None, centre: Centre) -> tuple[str, ...]:
    found = scanning.pack(product, current.day, current.prn, centre) if current is not None else None
    return found.tokens if isinstance(found, scanning.Matched) else ()


def batch_read(request: HttpRequest, centre: Centre, mark: str) -> Batch | None:
    """The batch whose label was read for this dose, or for this as-needed order."""
    for one in request.POST.getlist("batch"):
        address, _, named = one.partition("|")
        if named == mark:
            try:
                return batch_at(centre, UUID(address))
            except ValueError:
                return None
    return None


def _pack(
    product: StockedProduct | None, going: Round, current: AtBed | None, band: str, packs: tuple[str, ...]
) -> Scan:
    if product is None:
        return Scan(current, band, packs, stopped="This label is of no product of this centre. Put it back and look.")
    if current is None:
        return Scan(stopped="Read the wristband first, then the pack.")
    found = scanning.pack(product, current.day, current.prn, going.unit.centre)
    if isinstance(found, scanning.Stopped):
        return Scan(current, band, packs, stopped=found.words)
    return Scan(current, band, tuple(dict.fromkeys((*packs, *found.tokens))), found.orders)
