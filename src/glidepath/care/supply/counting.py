"""Two people count a location blind, each for themselves; what they agree on is held against the ledger (L9).

Each entry keeps what the ledger held at that moment, so that a dose given between the two counts disturbs nothing. A
line on which the two differ is counted again by both. A difference they agree on opens a discrepancy by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from glidepath.care.supply import ledger
from glidepath.care.supply.counted import Standing, lines_to_count, open_count, standing
from glidepath.care.supply.differences import open_from_count
from glidepath.care.supply.models import Balance, Count, CountDone, CountEntry, CountLine, LedgerHead, Location
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require

MOST = 10**9


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of one sheet: the count, and where it stands now."""

    count: Count
    standing: Standing


@transaction.atomic
def begin_count(*, location: Location, kind: Count.Kind, by: Staff, once: str = "") -> Count:
    """Begins a count, or goes on with the one that is open here."""
    earlier = submits.found(once, "register.count_begun")
    if earlier is not None:
        return Count.objects.get(pk=earlier)
    _may(by, location)
    if kind not in Count.Kind.values:
        raise BadInput("Choose what is counted for.", field="kind")
    ledger.lock(location.centre)
    open_one = open_count(location)
    if open_one is not None:
        return open_one
    batches = lines_to_count(location)
    if not batches:
        raise BadInput(f"Nothing is kept in {location.name}, so there is nothing to count.")
    count = Count.objects.create(
        centre_id=location.centre_id, location=location, kind=kind, begun_at=clock.now(), begun_by=by
    )
    CountLine.objects.bulk_create(CountLine(count=count, batch=batch) for batch in batches)
    submits.remember(once, "register.count_begun", count.pk)
    audit.write("register.count_begun", by=by, centre=location.centre, about=count, code=kind)
    return count


@transaction.atomic
def enter_count(*, count: Count, counted: Mapping[UUID, int], by: Staff, once: str = "") -> Counted:
    """One person's numbers, by batch (public id) in base units, for every line that waits for them.

    The first to enter goes out, the second comes in; nobody sees what was expected or what the other wrote. Raises
    BadInput where a line is missing: not counted is not nought.
    """
    earlier = submits.found(once, "register.count_entered")
    if earlier is not None:
        return Counted(count, standing(count))
    _may(by, count.location)
    head = ledger.lock(count.centre)
    now_stands = standing(count)
    if now_stands.done is not None:
        raise ChangedMeanwhile(
            "This count is finished. Begin another one.", by=now_stands.done.second.name, at=now_stands.done.at
        )
    place = now_stands.place_of(by)
    waiting = now_stands.waiting_for(place)
    _refuse_missing([line for line in waiting if line.batch.public_id not in counted])
    if any(not 0 <= counted[line.batch.public_id] <= MOST for line in waiting):
        raise BadInput("A count is nought or more.")
    _keep(waiting, counted, place, by, head, now_stands)
    after = standing(count)
    if after.is_agreed:
        after = _finish(count, after, by)
    submits.remember(once, "register.count_entered", count.pk)
    code = "done" if after.done else f"place-{place}"
    audit.write("register.counted", by=by, centre=count.centre, about=count, code=code)
    return Counted(count, after)


def _keep(
    waiting: list[CountLine], counted: Mapping[UUID, int], place: int, by: Staff, head: LedgerHead, stands: Standing
) -> None:
    held = dict(Balance.objects.filter(location=stands.count.location).values_list("batch_id", "quantity"))
    try:
        with transaction.atomic():
            CountEntry.objects.bulk_create(
                CountEntry(
                    line=line, turn=stands.turn(line), place=place, by=by, counted=counted[line.batch.public_id],
                    expected=held.get(line.batch_id, 0), seq=head.count, at=clock.now(),
                )
                for line in waiting
            )  # fmt: skip
    except IntegrityError as twice:
        raise BadInput("These lines were entered meanwhile. Open the count again.") from twice


def _finish(count: Count, agreed: Standing, by: Staff) -> Standing:
    second = agreed.people[1] or by
    CountDone.objects.create(count=count, second=second, at=clock.now())
    for line in agreed.lines:
        difference = agreed.difference(line)
        if difference:
            open_from_count(line, difference, by=by)
    return standing(count)


def _refuse_missing(missing: list[CountLine]) -> None:
    if missing:
        names = ", ".join(f"{line.batch.product.as_clinical().name}, lot {line.batch.lot}" for line in missing[:3])
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise BadInput(f"Not counted: {names}{more}. Where nothing lies there, write 0.")


def _may(by: Staff, location: Location) -> None:
    require(by, "register.count")
    if by.centre_id != location.centre_id:
        raise NotAllowed("This is another centre's register.")
    if location.is_virtual:
        raise BadInput("Choose one of the centre's locations.")
