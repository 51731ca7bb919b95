"""The medicines of somebody who moves on: what they came with, what stands ordered, and what was decided of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.assessment import queries as assessment
from glidepath.care.assessment.models import MedicineTaken
from glidepath.care.flow.models import GoneThrough
from glidepath.care.medication import queries as medication
from glidepath.care.medication.models import Order
from glidepath.care.taper.queries import active, running, versions
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.medicines_at_a_move import (
    Decided,
    MedicineToGo,
    Origin,
    Reply,
    check_gone_through,
    unanswered,
)
from glidepath.record.centres.models import Unit
from glidepath.record.episodes.models import BedStay, Episode
from glidepath.record.people.models import Person


@dataclass(frozen=True, slots=True)
class Listed:
    """One medicine with what was decided of it before the move, and what was said of it at the admission."""

    medicine: MedicineToGo
    reply: Reply | None
    at_admission: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """The whole list. signed: when it was last gone through for this move; None: not yet."""

    lines: tuple[Listed, ...]
    signed: GoneThrough | None

    @property
    def still_open(self) -> tuple[MedicineToGo, ...]:
        return unanswered([one.medicine for one in self.lines], [one.medicine.key for one in self.lines if one.reply])


def going_through(person: Person, episode: Episode, *, to_unit: Unit | None = None) -> List:
    """The list of a discharge, or of a transfer to `to_unit`. A fixed number of queries."""
    signed = _newest(episode, to_unit)
    replies = _replies(signed)
    said = {line.medicine.pk: line for line in assessment.medicine_lines(person)}
    at_admission = {
        f"line:{line.medicine.public_id}": f"{line.decision.get_decision_display()}: {line.decision.reason}"
        for line in said.values()
        if line.decision is not None
    }
    found = [*_came_with(person, [line.medicine for line in said.values()]), *_given_here(person)]
    return List(tuple(Listed(one, replies.get(one.key), at_admission.get(one.key, "")) for one in found), signed)


def findings_of(person: Person, episode: Episode, *, to_unit: Unit | None = None) -> tuple[Finding, ...]:
    """DIS-6, where a medicine is not answered."""
    found = going_through(person, episode, to_unit=to_unit)
    replies = {one.medicine.key: one.reply for one in found.lines if one.reply is not None}
    return check_gone_through([one.medicine for one in found.lines], replies)


def gone_through_at(episode: Episode) -> GoneThrough | None:
    """The list as it was signed for the discharge of this stay."""
    return _newest(episode, None)


def _came_with(person: Person, lines: Sequence[MedicineTaken]) -> Iterator[MedicineToGo]:
    uses = assessment.uses_of([person]).get(person.pk, [])
    for use in uses:
        yield MedicineToGo(f"use:{use.public_id}", use.summary, Origin.CAME, True)
    told = {use.medicine for use in uses if use.medicine}
    for line in lines:
        if line.medicine not in told:  # the same medicine, told and listed, is answered once
            yield MedicineToGo(f"line:{line.public_id}", line.summary, Origin.CAME, bool(line.medicine))


def _given_here(person: Person) -> Iterator[MedicineToGo]:
    taper = running([person]).get(person.pk)
    if taper is not None:
        daily = ", ".join(f"{dose} a day" for dose in taper.daily.values()) or "no dose"
        yield MedicineToGo(f"taper:{taper.version.public_id}", f"the taper, now {daily}", Origin.TAPER, True)
    elif (plan := active(person)) is not None:
        newest = versions(plan)[0]
        yield MedicineToGo(f"taper:{newest.public_id}", "the taper, which has not begun", Origin.TAPER, True)
    for order in medication.orders(person):
        if not (order.until_plan and taper is not None):  # the taper has taken over from it
            yield MedicineToGo(f"order:{order.public_id}", _of_order(order), Origin.ORDERED, order.is_benzodiazepine)


def _of_order(order: Order) -> str:
    how = {
        Order.Kind.REGULAR: f"at {', '.join(order.times)}",
        Order.Kind.INTERVAL: f"every {order.every_hours} h",
        Order.Kind.ONCE: "once",
        Order.Kind.PRN: f"as needed: {order.prn_reason}",
    }
    return f"{order.dose} {how[Order.Kind(order.kind)]}"


def _newest(episode: Episode, to_unit: Unit | None) -> GoneThrough | None:
    """Of a transfer only what was gone through since they came to the unit where they lie: a return is another move."""
    rows = GoneThrough.objects.filter(episode=episode, to_unit=to_unit, superseded_by__isnull=True)
    since = came_to_this_unit(episode) if to_unit is not None else None
    rows = rows.filter(recorded_at__gte=since) if since else rows
    return rows.select_related("recorded_by", "to_unit").order_by("-pk").first()


def came_to_this_unit(episode: Episode) -> dt.datetime | None:
    """Since when they lie on the unit of their bed, whatever beds they changed within it; None in no bed."""
    since = None
    unit: int | None = None
    stays = BedStay.objects.filter(episode=episode).order_by("-from_at", "-pk")
    for from_at, to_at, of_unit in stays.values_list("from_at", "to_at", "bed__room__unit_id"):
        if unit is None and to_at is not None:
            return None
        if unit is not None and of_unit != unit:
            return since
        since, unit = from_at, of_unit
    return since


def _replies(signed: GoneThrough | None) -> Mapping[str, Reply]:
    lines = signed.lines if signed is not None else ()
    return {key: Reply(Decided(decided), words) for key, _, _, decided, words in lines}


def owed_after_urgent_moves(people: Sequence[Person]) -> list[tuple[Person, Unit]]:
    """Who was moved to another unit in haste, and whose list was not gone through since; two queries for any number."""
    stays = BedStay.objects.filter(episode__person__in=people, to_at__isnull=True).exclude(urgent="")
    moved = list(stays.select_related("bed__room__unit").order_by("from_at"))
    if not moved:
        return []
    done = list(
        GoneThrough.objects.filter(
            episode__in=[stay.episode_id for stay in moved], to_unit__isnull=False, superseded_by__isnull=True
        ).values_list("episode_id", "to_unit_id", "recorded_at")
    )
    asked = {person.pk: person for person in people}
    episodes = dict(stays.values_list("episode_id", "episode__person_id"))
    return [
        (asked[episodes[stay.episode_id]], stay.bed.room.unit)
        for stay in moved
        if not any(
            episode == stay.episode_id and unit == stay.bed.room.unit_id and at >= stay.from_at
            for episode, unit, at in done
        )
    ]
