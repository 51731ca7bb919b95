"""A difference is opened by a count or by anybody who sees one, belongs to somebody, and stays until two close it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from glidepath.care.supply import ledger
from glidepath.care.supply.models import (
    Batch,
    CountLine,
    Discrepancy,
    DiscrepancyClosing,
    DiscrepancyNote,
    Location,
    Movement,
    MovementKind,
    SuspectedLoss,
)
from glidepath.care.supply.recounts import clean_recount
from glidepath.care.supply.stocking import end
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.permissions import may, require
from glidepath.record.staff.queries import colleagues, on_duty
from glidepath.record.staff.signing import Proof, require_proof, second_signer
from glidepath.record.times import when

CLOSED_FROM = dt.time(17, 0)  # ours: a business day ends then, on the centre's clock; public holidays are not known


def open_from_count(line: CountLine, difference: int, *, by: Staff) -> Discrepancy | None:
    """Part of the count that found it: no second act, no choice (L9). What is open here for the same batch counts: only
    what goes beyond it is new, so that all open differences together are what the newest count found."""
    count = line.count
    unsettled = list(
        Discrepancy.objects.filter(
            location=count.location, batch=line.batch, difference__isnull=False, closing__isnull=True
        )
    )
    beyond = difference - sum(one.difference or 0 for one in unsettled)
    if not beyond:
        for one in unsettled:
            _note(one, f"Counted again, {count.get_kind_display()}: the difference is still there.", by)
        return None
    now = clock.now()
    row = Discrepancy.objects.create(
        centre_id=count.centre_id, location=count.location, batch=line.batch, line=line, difference=beyond,
        owner=first_owner(by), happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    audit.write("difference.opened", by=by, centre=count.centre, about=row, code="count")
    return row


@transaction.atomic
def open_discrepancy(
    *, location: Location, batch: Batch, words: str, by: Staff, happened_at: dt.datetime | None = None, once: str = ""
) -> Discrepancy:
    """Anybody who sees that something is wrong says so; no second person, no count. It has an owner at once."""
    earlier = submits.found(once, "difference.open")
    if earlier is not None:
        return Discrepancy.objects.get(pk=earlier)
    _may(by, "difference.open", location.centre_id)
    if not words.strip():
        raise BadInput("Say in a few words what is wrong.", field="words")
    if location.is_virtual or batch.centre_id != location.centre_id:
        raise BadInput("Choose the location and the batch.", field="batch")
    at, now = when(happened_at)
    row = Discrepancy.objects.create(
        centre_id=location.centre_id, location=location, batch=batch, words=words.strip(), owner=first_owner(by),
        happened_at=at, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "difference.open", row.pk)
    audit.write("difference.opened", by=by, centre=location.centre, about=row, code="reported")
    return row


@transaction.atomic
def note_discrepancy(
    *, discrepancy: Discrepancy, words: str, by: Staff, owner: Staff | None = None, once: str = ""
) -> DiscrepancyNote:
    """What was looked into; `owner`: who has it from now on."""
    earlier = submits.found(once, "difference.note")
    if earlier is not None:
        return DiscrepancyNote.objects.get(pk=earlier)
    _may(by, "difference.open", discrepancy.centre_id)
    if not words.strip():
        raise BadInput("Write what you looked into or found.", field="words")
    if owner is not None and (owner.centre_id != discrepancy.centre_id or not may(owner, "difference.open")):
        raise BadInput(f"{owner.name} cannot own a difference. Choose a nurse, a physician, a pharmacist or a manager.")
    _refuse_closed(discrepancy)
    row = _note(discrepancy, words, by, owner)
    submits.remember(once, "difference.note", row.pk)
    audit.write("difference.noted", by=by, centre=discrepancy.centre, about=discrepancy, code="owner" if owner else "")
    return row


@transaction.atomic
def report_suspected_loss(
    *, discrepancy: Discrepancy, words: str, by: Staff, discovered_at: dt.datetime | None = None, once: str = ""
) -> SuspectedLoss:
    """Theft or a significant loss is suspected: from now on the clock of one business day runs. Nothing is filed."""
    earlier = submits.found(once, "difference.loss")
    if earlier is not None:
        return SuspectedLoss.objects.get(pk=earlier)
    _may(by, "difference.open", discrepancy.centre_id)
    if not words.strip():
        raise BadInput("Say what makes you suspect it.", field="words")
    _refuse_closed(discrepancy)
    first = SuspectedLoss.objects.select_related("recorded_by").filter(discrepancy=discrepancy).first()
    if first is not None:
        raise ChangedMeanwhile(
            f"{first.recorded_by.name} reported this first.", by=first.recorded_by.name, at=first.recorded_at
        )
    at, now = when(discovered_at)
    row = SuspectedLoss.objects.create(
        centre_id=discrepancy.centre_id, discrepancy=discrepancy, words=words.strip(),
        tell_by=one_business_day_after(clock.local(discrepancy.centre, at)), happened_at=at, recorded_at=now,
        recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "difference.loss", row.pk)
    audit.write("difference.loss_suspected", by=by, centre=discrepancy.centre, about=discrepancy)
    return row


@transaction.atomic
def close_discrepancy(
    *, discrepancy: Discrepancy, cause: str, words: str, adjust: bool, by: Staff, proof: Proof | None,
    manager: Proof | None, once: str = "",
) -> DiscrepancyClosing:  # fmt: skip
    """Pharmacist and manager close it with the cause (L10): the ledger is adjusted by the very difference, or a later
    count by two found none. Nobody who is one of the two signs twice."""
    earlier = submits.found(once, "difference.close")
    if earlier is not None:
        return DiscrepancyClosing.objects.get(pk=earlier)
    _may(by, "difference.close", discrepancy.centre_id)
    require_proof(by, proof)
    if cause not in DiscrepancyClosing.Cause.values:
        raise BadInput("Choose the cause.", field="cause")
    if not words.strip():
        raise BadInput("Write what was found.", field="words")
    cosigner = second_signer(by, manager, action="difference.cosign", on_duty=False)
    head = ledger.lock(discrepancy.centre)
    _refuse_closed(discrepancy)
    adjustment = _adjust(discrepancy, words, by, cosigner, head) if adjust else None
    recount = None if adjust else clean_recount(discrepancy)
    if not adjust and recount is None:
        raise BadInput(
            "Without an adjustment a later count must show that nothing is missing or over. Let two count it again.",
            field="adjust",
        )
    now = clock.now()
    row = DiscrepancyClosing.objects.create(
        centre_id=discrepancy.centre_id, discrepancy=discrepancy, cause=cause, words=words.strip(), manager=cosigner,
        adjustment=adjustment, recount=recount, happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "difference.close", row.pk)
    audit.write("difference.closed", by=by, centre=discrepancy.centre, kind="sign", about=discrepancy, code=cause)
    return row


def first_owner(by: Staff) -> Staff:
    """A pharmacist of the centre, one on duty first; without one a manager; without that, who found it."""
    assert by.centre is not None
    for role in (Role.PHARMACIST, Role.MANAGER):
        there = colleagues(by.centre, roles=(role,))
        here = on_duty(one.pk for one in there)
        found = next((one for one in there if one.pk in here), there[0] if there else None)
        if found is not None:
            return found
    return by


def one_business_day_after(discovered: dt.datetime) -> dt.datetime:
    """The end of the next weekday, on the same clock; public holidays are not known, so they are not left out."""
    day = discovered.date() + dt.timedelta(days=1)
    while day.weekday() >= 5:
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, CLOSED_FROM, discovered.tzinfo)


def _adjust(discrepancy: Discrepancy, words: str, by: Staff, cosigner: Staff, head: ledger.LedgerHead) -> Movement:
    if discrepancy.difference is None:
        raise BadInput("Nobody has counted this yet. Let two count it first.", field="adjust")
    if clean_recount(discrepancy) is not None:
        raise BadInput("The newest count found nothing missing or over: there is nothing to adjust.", field="adjust")
    away, here = end(discrepancy.centre, Location.Kind.DIFFERENCE), discrepancy.location
    found = discrepancy.difference > 0
    entry = ledger.Entry(
        MovementKind.ADJUSTMENT, discrepancy.batch, away if found else here, here if found else away,
        abs(discrepancy.difference), by, witness=cosigner, reason=words, discrepancy=discrepancy,
    )  # fmt: skip
    (row,) = ledger.write([entry], head=head)
    audit.write("register.moved", by=by, centre=row.centre, about=row, code=row.kind, digest=row.hash)
    return row


def _note(discrepancy: Discrepancy, words: str, by: Staff, owner: Staff | None = None) -> DiscrepancyNote:
    now = clock.now()
    return DiscrepancyNote.objects.create(
        centre_id=discrepancy.centre_id, discrepancy=discrepancy, words=words.strip(), owner=owner, happened_at=now,
        recorded_at=now, recorded_by=by,
    )  # fmt: skip


def _refuse_closed(discrepancy: Discrepancy) -> None:
    closing = DiscrepancyClosing.objects.select_related("recorded_by").filter(discrepancy=discrepancy).first()
    if closing is not None:
        name = closing.recorded_by.name
        raise ChangedMeanwhile(f"{name} has closed this difference.", by=name, at=closing.recorded_at)


def _may(by: Staff, action: str, centre_id: int) -> None:
    require(by, action)
    if by.centre_id != centre_id:
        raise NotAllowed("This is another centre's register.")
