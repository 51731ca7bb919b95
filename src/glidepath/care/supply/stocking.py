"""Stock comes, moves within the centre and leaves it. Each act is written by two people; a wrong entry gets its
counter-entry, once, and both stay to be read (L4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from glidepath.care.supply import amounts, ledger
from glidepath.care.supply.models import (
    Balance,
    Batch,
    BatchRecall,
    Location,
    Movement,
    MovementKind,
    StockedProduct,
)
from glidepath.clinical.monitoring.centre_times import dated_back_to, witnessed_since
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.models import Centre, Unit
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.history import save_as
from glidepath.record.prepared import prepared
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof, second_signer
from glidepath.record.times import when


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came. `containers` full ones of `container_units` base units each, and `loose` base units beside them."""

    product: StockedProduct
    lot: str
    expires_on: dt.date
    container_units: int
    containers: int
    loose: int = 0

    @property
    def quantity(self) -> int:
        return self.containers * self.container_units + self.loose


# --- Locations and batches ------------------------------------------------------------------------------------------
@transaction.atomic
def add_location(
    *, centre: Centre, name: str, kind: Location.Kind, by: Staff, unit: Unit | None = None, once: str = ""
) -> Location:
    """A locked place where stock lies. A cupboard or trolley belongs to a unit, whose doses are taken from it."""
    earlier = submits.found(once, "register.location")
    if earlier is not None:
        return Location.objects.get(pk=earlier)
    _may(by, "register.keep", centre)
    name = name.strip()
    if not name:
        raise BadInput("Name the location as it is called on the unit.", field="name")
    if kind not in Location.Kind.values or Location(kind=kind).is_virtual:
        raise BadInput("Choose what kind of location it is.", field="kind")
    if Location(kind=kind).gives_doses == (unit is None):
        raise BadInput("A cupboard or trolley belongs to a unit, and only these do. Choose it.", field="unit")
    if unit is not None and unit.centre_id != centre.pk:
        raise NotAllowed("This unit is another centre's.")
    ledger.lock(centre)
    _ends(centre)
    if Location.objects.filter(centre=centre, name__iexact=name).exists():
        raise BadInput(f"There is a location named “{name}” already.", field="name")
    row = save_as(Location(centre=centre, name=name, kind=kind, unit=unit), by)
    submits.remember(once, "register.location", row.pk)
    audit.write("register.location_added", by=by, centre=centre, about=row)
    return row


@transaction.atomic
def retire_location(*, location: Location, by: Staff, once: str = "") -> Location:
    """Nothing is kept here any more. Only an empty one is retired; its movements stay."""
    if submits.found(once, "register.location_retired") is not None:
        return Location.objects.get(pk=location.pk)
    _may(by, "register.keep", location.centre)
    ledger.lock(location.centre)
    if Balance.objects.filter(location=location, quantity__gt=0).exists():
        raise BadInput("Something still lies here. Transfer it first, then retire the location.")
    row = Location.objects.select_for_update().get(pk=location.pk)
    row.active = False
    save_as(row, by)
    submits.remember(once, "register.location_retired", row.pk)
    audit.write("register.location_retired", by=by, centre=row.centre, about=row)
    return row


@transaction.atomic
def recall(*, batch: Batch, reason: str, by: Staff, once: str = "") -> BatchRecall:
    """The lot is called back: from now on nothing of it is given (L12)."""
    earlier = submits.found(once, "register.recall")
    if earlier is not None:
        return BatchRecall.objects.get(pk=earlier)
    _may(by, "register.keep", batch.centre)
    if not reason.strip():
        raise BadInput("Say who calls it back and why.", field="reason")
    ledger.lock(batch.centre)
    first = BatchRecall.objects.select_related("recorded_by").filter(batch=batch).first()
    if first is not None:
        raise ChangedMeanwhile(
            f"{first.recorded_by.name} recorded this recall first.", by=first.recorded_by.name, at=first.recorded_at
        )
    now = clock.now()
    row = BatchRecall.objects.create(
        centre_id=batch.centre_id, batch=batch, reason=reason.strip(), happened_at=now, recorded_at=now, recorded_by=by
    )
    submits.remember(once, "register.recall", row.pk)
    audit.write("register.recalled", by=by, centre=batch.centre, about=batch)
    return row


# --- What comes ------------------------------------------------------------------------------------------------------
@transaction.atomic
def open_stock(
    *, location: Location, delivery: Delivery, by: Staff, second: Proof | None, happened_at: dt.datetime | None = None,
    once: str = "",
) -> Movement:  # fmt: skip
    """The initial inventory of one lot at one location, counted exactly by two."""
    return _come(MovementKind.OPENING, "register.keep", location, delivery, by, second, happened_at, "", "", once)


@transaction.atomic
def receive(
    *, location: Location, delivery: Delivery, supplier: str, document: str, by: Staff, second: Proof | None,
    happened_at: dt.datetime | None = None, once: str = "",
) -> Movement:  # fmt: skip
    """Stock from outside, counted by two. supplier: name, address and registration number. document: delivery note."""
    if not supplier.strip():
        raise BadInput("Write the supplier: name, address, registration number.", field="supplier")
    if not document.strip():
        raise BadInput("Write the number of the delivery note.", field="document")
    return _come(
        MovementKind.RECEIPT, "register.write", location, delivery, by, second, happened_at, supplier, document, once
    )


def _come(
    kind: MovementKind, action: str, location: Location, delivery: Delivery, by: Staff, second: Proof | None,
    happened_at: dt.datetime | None, party: str, document: str, once: str,
) -> Movement:  # fmt: skip
    earlier = submits.found(once, f"register.{kind}")
    if earlier is not None:
        return Movement.objects.get(pk=earlier)
    _may(by, action, location.centre)
    at = _dated(happened_at, location.centre)
    _refuse_no_amount(delivery.quantity, delivery.product)
    refuse_retired(location)
    witness = second_signer(by, second, action="register.witness")
    head = ledger.lock(location.centre)
    batch = _batch(location.centre, delivery, by)
    (row,) = ledger.write(
        [
            ledger.Entry(
                kind, batch, end(location.centre, Location.Kind.OUTSIDE), location, delivery.quantity, by, at=at,
                witness=witness, party=party, document=document,
            )
        ],
        head=head,
    )  # fmt: skip
    return done(row, once)


# --- What moves and what leaves -------------------------------------------------------------------------------------
@transaction.atomic
def transfer(
    *, batch: Batch, source: Location, target: Location, quantity: int, by: Staff, second: Proof | None,
    happened_at: dt.datetime | None = None, once: str = "",
) -> Movement:  # fmt: skip
    """From one location of the centre to another; who sends or counts signs beside who takes it."""
    if target.pk == source.pk:
        raise BadInput("Choose another location: it lies there already.", field="target")
    if target.is_virtual or target.centre_id != source.centre_id:
        raise BadInput("Choose one of the centre's locations.", field="target")
    refuse_retired(target, field="target")
    return _leave(MovementKind.TRANSFER, batch, source, target, quantity, by, second, "", "", "", happened_at, once)


@transaction.atomic
def waste(
    *, batch: Batch, location: Location, quantity: int, reason: str, by: Staff, second: Proof | None,
    happened_at: dt.datetime | None = None, once: str = "",
) -> Movement:  # fmt: skip
    """Made unusable before the eyes of a witness. Written at once: within the centre's minutes."""
    _refuse_long_ago(happened_at, location.centre)
    to = end(location.centre, Location.Kind.WASTE)
    return _leave(MovementKind.WASTE, batch, location, to, quantity, by, second, reason, "", "", happened_at, once)


@transaction.atomic
def breakage(
    *, batch: Batch, location: Location, quantity: int, reason: str, by: Staff, second: Proof | None,
    happened_at: dt.datetime | None = None, once: str = "",
) -> Movement:  # fmt: skip
    """Broken or spilt and not to be recovered: witnessed and accounted for, which is no loss."""
    _refuse_long_ago(happened_at, location.centre)
    to = end(location.centre, Location.Kind.WASTE)
    return _leave(MovementKind.BREAKAGE, batch, location, to, quantity, by, second, reason, "", "", happened_at, once)


@transaction.atomic
def destroy(
    *, batch: Batch, location: Location, quantity: int, reason: str, certificate: str, by: Staff,
    proof: Proof | None, second: Proof | None, happened_at: dt.datetime | None = None, once: str = "",
) -> Movement:  # fmt: skip
    """Two sign that stock is destroyed, with the number of the certificate."""
    require_proof(by, proof)
    if not certificate.strip():
        raise BadInput("Write the number of the certificate of destruction.", field="document")
    _refuse_long_ago(happened_at, location.centre)
    to = end(location.centre, Location.Kind.WASTE)
    return _leave(
        MovementKind.DESTRUCTION, batch, location, to, quantity, by, second, reason, certificate, "", happened_at, once
    )


@transaction.atomic
def send_back(
    *, batch: Batch, location: Location, quantity: int, reason: str, supplier: str, document: str, by: Staff,
    second: Proof | None, happened_at: dt.datetime | None = None, once: str = "",
) -> Movement:  # fmt: skip
    """Back to the supplier, or to whoever takes expired stock. supplier: name, address, registration number."""
    if not supplier.strip():
        raise BadInput("Write who takes it: name, address, registration number.", field="supplier")
    to = end(location.centre, Location.Kind.OUTSIDE)
    return _leave(
        MovementKind.SENT_BACK, batch, location, to, quantity, by, second, reason, document, supplier, happened_at, once
    )


def _leave(
    kind: MovementKind, batch: Batch, source: Location, target: Location, quantity: int, by: Staff,
    second: Proof | None, reason: str, document: str, party: str, happened_at: dt.datetime | None, once: str,
) -> Movement:  # fmt: skip
    earlier = submits.found(once, f"register.{kind}")
    if earlier is not None:
        return Movement.objects.get(pk=earlier)
    _may(by, "register.write", source.centre)
    if batch.centre_id != source.centre_id:
        raise NotAllowed("This batch is another centre's.")
    if source.is_virtual:
        raise BadInput("Choose one of the centre's locations.", field="location")
    if kind is not MovementKind.TRANSFER and not reason.strip():
        raise BadInput("Say what happened: it leaves the stock.", field="reason")
    at = _dated(happened_at, source.centre)
    _refuse_no_amount(quantity, batch.product)
    witness = second_signer(by, second, action="register.witness")
    head = ledger.lock(source.centre)
    (row,) = ledger.write(
        [
            ledger.Entry(
                kind, batch, source, target, quantity, by, at=at, witness=witness, reason=reason, document=document,
                party=party,
            )
        ],
        head=head,
    )  # fmt: skip
    return done(row, once)


@transaction.atomic
def reverse(*, movement: Movement, reason: str, by: Staff, second: Proof | None, once: str = "") -> Movement:
    """The counter-entry of a wrong one: the same amount the other way, now, once. A dose's own entries follow the
    dose: correct the answer. An adjustment follows its difference."""
    earlier = submits.found(once, "register.reversal")
    if earlier is not None:
        return Movement.objects.get(pk=earlier)
    _may(by, "register.write", movement.centre)
    if not reason.strip():
        raise BadInput("Say what was wrong with the entry.", field="reason")
    if movement.dose is not None:
        raise BadInput("This entry follows a dose. Correct the answer of the dose; the register follows it.")
    if movement.kind in (MovementKind.REVERSAL, MovementKind.ADJUSTMENT):
        raise BadInput("A counter-entry and an adjustment are not reversed. Write what is right as a new entry.")
    witness = second_signer(by, second, action="register.witness")
    head = ledger.lock(movement.centre)
    (row,) = ledger.write([counter_entry(movement, by, reason, witness=witness)], head=head)
    return done(row, once)


def counter_entry(movement: Movement, by: Staff, reason: str, *, witness: Staff | None = None) -> ledger.Entry:
    """What undoes a movement; call it under the ledger's lock. Raises ChangedMeanwhile when it was undone before."""
    first = Movement.objects.select_related("recorded_by").filter(reverses=movement).first()
    if first is not None:
        raise ChangedMeanwhile(
            f"{first.recorded_by.name} wrote the counter-entry of this one first.",
            by=first.recorded_by.name,
            at=first.recorded_at,
        )
    return ledger.Entry(
        MovementKind.REVERSAL, movement.batch, movement.target, movement.source, movement.quantity, by,
        witness=witness, reason=reason, person=movement.person, dose=movement.dose, reverses=movement,
    )  # fmt: skip


# --- Shared ----------------------------------------------------------------------------------------------------------
def end(centre: Centre, kind: Location.Kind) -> Location:
    """The centre's virtual end of this kind."""
    for found in _virtual_end(centre, kind):
        return found
    raise BadInput("This centre keeps no register yet. A pharmacist adds the first location.")


@prepared
def _virtual_end(centre: Centre, kind: str) -> QuerySet[Location]:
    return Location.objects.filter(centre=centre, kind=kind).order_by("pk")[:1]


def done(row: Movement, once: str) -> Movement:
    submits.remember(once, f"register.{row.kind}", row.pk)
    audit.write(
        "register.moved", by=row.recorded_by, centre=row.centre, about=row, person=row.person, code=row.kind,
        digest=row.hash,
    )  # fmt: skip
    return row


def refuse_retired(location: Location, *, field: str = "location") -> None:
    if location.is_virtual or not Location.objects.filter(pk=location.pk, active=True).exists():
        raise BadInput(f"{location.name} is retired: nothing is kept there. Choose another location.", field=field)


def _ends(centre: Centre) -> None:
    """The virtual ends, with the first real location."""
    there = set(Location.objects.filter(centre=centre).values_list("kind", flat=True))
    for kind in (Location.Kind.OUTSIDE, Location.Kind.PERSON, Location.Kind.WASTE, Location.Kind.DIFFERENCE):
        if kind not in there:
            save_as(Location(centre=centre, name=str(kind.label), kind=kind), None)


def _batch(centre: Centre, delivery: Delivery, by: Staff) -> Batch:
    """The lot as it is known, or a new one. The same lot with another expiry is a slip: one of the two is wrong."""
    lot = delivery.lot.strip().upper()
    if not lot:
        raise BadInput("Write the lot number as it stands on the pack.", field="lot")
    if delivery.product.centre_id != centre.pk:
        raise NotAllowed("This product is another centre's.")
    if delivery.container_units < 1:
        raise BadInput("Write how much one full container holds.", field="container")
    known = Batch.objects.filter(centre=centre, product=delivery.product, lot=lot).first()
    if known is None:
        return Batch.objects.create(
            centre=centre, product=delivery.product, lot=lot, expires_on=delivery.expires_on,
            container_units=delivery.container_units, recorded_at=clock.now(), recorded_by=by,
        )  # fmt: skip
    if known.expires_on != delivery.expires_on:
        raise BadInput(
            f"Lot {lot} is on record with the expiry {known.expires_on:%-d %b %Y}. Look at the pack: the lot or the "
            "date is not as it stands there.",
            field="expires_on",
        )
    return known


def _refuse_no_amount(quantity: int, product: StockedProduct) -> None:
    if quantity < 1:
        raise BadInput("Write how much: more than nought.", field="quantity")
    if quantity > amounts.MOST:
        raise BadInput("This is more than any stock. Look at what you typed.", field="quantity")
    if not product.is_liquid and quantity % product.smallest_quarters:
        part = "whole pieces" if product.smallest_quarters == amounts.QUARTERS else "halves"
        raise BadInput(f"{product.as_clinical().name} is divided into {part} at most.", field="quantity")


def _dated(happened_at: dt.datetime | None, centre: Centre) -> dt.datetime:
    at, now = when(happened_at)
    settings = clinical_settings_of(centre)
    if at < dated_back_to(now, settings):
        raise BadInput(
            f"An entry is dated back at most {settings.register_dated_back_hours} h. Write it as of now and "
            "say in the reason when it happened.",
            field="happened_at",
        )
    return at


def _refuse_long_ago(happened_at: dt.datetime | None, centre: Centre) -> None:
    at, now = when(happened_at)
    refuse_seen_too_long_ago(at, now, centre, field="happened_at")


def refuse_seen_too_long_ago(at: dt.datetime, now: dt.datetime, centre: Centre, *, field: str = "") -> None:
    """What is written as seen by a witness was seen within the centre's minutes. Raises BadInput."""
    settings = clinical_settings_of(centre)
    if at < witnessed_since(now, settings):
        minutes = settings.register_witnessed_minutes
        long = "an hour" if minutes == 60 else f"{minutes} minutes"
        raise BadInput(
            f"A witness signs what they saw, at once. This is more than {long} ago: report a difference instead.",
            field=field,
        )


def _may(by: Staff, action: str, centre: Centre) -> None:
    require(by, action)
    if by.centre_id != centre.pk:
        raise NotAllowed("This is another centre's register.")
