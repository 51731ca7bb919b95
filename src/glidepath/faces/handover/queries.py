"""Reads of handovers: from when the next one tells, those given, and who has not taken one over yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404

from glidepath.faces.handover.lines import Line, Part, thawed
from glidepath.faces.handover.models import Handover, HandoverEntry, HandoverReceipt
from glidepath.faces.shell import words
from glidepath.faces.shell.banner import Flag
from glidepath.record import clock
from glidepath.record.centres.models import Bed, Unit
from glidepath.record.centres.queries import beds
from glidepath.record.episodes.queries import people_for, taken_beds
from glidepath.record.people.models import Person
from glidepath.record.staff.models import OnCall, Staff
from glidepath.record.staff.queries import on_call_list, on_shift

WITHIN = dt.timedelta(hours=24)
FIRST_TIME = dt.timedelta(hours=12)  # ours: how far back the first handover of a unit tells
LISTED = 40


@dataclass(frozen=True, slots=True)
class Told:
    """One person of a handover as it was shown."""

    pk: int
    person: Person
    bed: int
    head: str
    flags: tuple[Flag, ...]
    parts: tuple[Part, ...]
    words: str

    @property
    def key(self) -> str:
        """How the form names it."""
        return str(self.pk)


def since(unit: Unit) -> dt.datetime:
    """From when the next handover tells: the last one, or half a day where there was none."""
    last = Handover.objects.filter(unit=unit).order_by("-recorded_at").first()
    return last.recorded_at if last else clock.now() - FIRST_TIME


def given(unit: Unit) -> Sequence[Handover]:
    """The newest first, with who took each over."""
    receipts = HandoverReceipt.objects.select_related("recorded_by").order_by("recorded_at", "pk")
    rows = Handover.objects.filter(unit=unit).select_related("recorded_by")
    return list(rows.prefetch_related(Prefetch("receipts", queryset=receipts)).order_by("-recorded_at")[:LISTED])


def handover_at(viewer: Staff, public_id: UUID) -> Handover:
    """One of the viewer's centre. Raises Http404."""
    rows = Handover.objects.filter(centre=viewer.centre, public_id=public_id)
    found = rows.select_related("unit__centre", "recorded_by").first()
    if found is None:
        raise Http404("no such handover here")
    return found


def waiting_for(viewer: Staff, units: Sequence[int]) -> list[Handover]:
    """The newest handover of each of these units, where nobody has taken it over and somebody else gave it."""
    newest: dict[int, Handover] = {}
    rows = Handover.objects.filter(unit__in=units).select_related("unit", "recorded_by").prefetch_related("receipts")
    for row in rows.order_by("recorded_at"):
        newest[row.unit_id] = row
    return [one for one in newest.values() if not one.receipts.all() and one.recorded_by_id != viewer.pk]


def entries(viewer: Staff, handover: Handover) -> tuple[Told, ...]:
    """Of those the viewer may see now; who is no longer theirs to see is left out."""
    seen = {one.pk: one for one in people_for(viewer)}
    rows = HandoverEntry.objects.filter(handover=handover, person__in=seen).order_by("bed", "id")
    return tuple(
        Told(
            row.pk, seen[row.person_id], row.bed, row.head, tuple(Flag(**kept) for kept in row.risks),
            thawed(row.parts), row.words,
        )
        for row in rows
    )  # fmt: skip


def receipts(handover: Handover) -> list[HandoverReceipt]:
    rows = HandoverReceipt.objects.filter(handover=handover).select_related("recorded_by")
    return list(rows.order_by("recorded_at", "pk"))


def unit_parts(unit: Unit) -> tuple[Part, ...]:
    """Of the unit as a whole: who is here to work, and the beds without anybody in them."""
    staff = tuple(Line(f"{one.name}, {one.get_role_display()}") for one in on_shift(unit))
    taken = taken_beds(unit.centre)
    free = [bed for bed in beds(unit.centre, unit=unit) if bed.pk not in taken]
    found = [Part("On shift", staff or (Line("nobody is signed on", kind="overdue"),)), Part("On call", _on_call(unit))]
    if free:
        found.append(Part("Beds", tuple(Line(_bed(bed)) for bed in free)))
    return tuple(found)


def _on_call(unit: Unit) -> tuple[Line, ...]:
    """Who can be called for this unit within the next day, as the list has it now."""
    now = clock.now()
    soon = [
        one
        for one in on_call_list(unit.centre)
        if one.unit_id in (None, unit.pk) and one.begins_at < now + WITHIN and one.until > now
    ]
    return tuple(Line(_called(one, unit)) for one in soon) or (Line("nobody is on call", kind="overdue"),)


def _called(one: OnCall, unit: Unit) -> str:
    begins, ends = (
        words.when(clock.local(unit.centre, at), clock.today(unit.centre)) for at in (one.begins_at, one.until)
    )
    phone = f", {one.phone}" if one.phone else ""
    return f"{one.staff.name}, {one.staff.get_role_display()}, {begins} to {ends}{phone}"


def _bed(bed: Bed) -> str:
    return (
        f"{bed.number}: {bed.get_state_display()}, free"
        if bed.state == Bed.State.READY
        else f"{bed.number}: {bed.get_state_display()}"
    )
