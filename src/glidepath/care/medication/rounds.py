"""The medicine round of a unit: whose doses are due, which are answered, who is next. No round is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from glidepath.care.assessment.queries import Answer, co_use
from glidepath.care.medication import queries
from glidepath.care.medication.queries import DueRow, HoldSaid, LastRass, PrnRow, Recheck, State
from glidepath.care.monitoring.models import Event
from glidepath.clinical.dosing.schedule import moment as moment_of
from glidepath.clinical.monitoring.hold_rules import Reading, Sign
from glidepath.record import clock
from glidepath.record.centres.models import Centre, Unit
from glidepath.record.centres.queries import settings_of
from glidepath.record.episodes.queries import InBed, in_beds
from glidepath.record.people.models import Person
from glidepath.record.people.queries import Allergies, allergies_for
from glidepath.record.staff.models import Staff

RECENT = dt.timedelta(hours=4)  # how long an answered dose stays in sight


@dataclass(frozen=True, slots=True)
class Asked:
    """Alcohol or opioids as they stand with every sedative: "watch", "clear" or "unknown", in words."""

    label: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class AtBed:
    """One person of the round. `rows` in order of time; `co_use` as asked: a missing name was not asked."""

    in_bed: InBed
    rows: tuple[DueRow, ...]
    prn: tuple[PrnRow, ...]
    rechecks: tuple[Recheck, ...]
    allergies: Allergies
    co_use: Mapping[str, Answer]
    hold: Event | None
    last_rass: LastRass | None
    hold_said: HoldSaid | None = None
    breathing: Reading | None = None  # counted in the last hour, of somebody awake
    day: tuple[DueRow, ...] = ()  # every dose of the day and the days before it, whether or not the round shows it

    @property
    def person(self) -> Person:
        return self.in_bed.person

    @property
    def beside(self) -> tuple[Asked, ...]:
        """Alcohol and opioids, stated even when none; not asked is not no."""
        return beside(self.person, self.co_use)

    @property
    def open(self) -> tuple[DueRow, ...]:
        """What is to be answered now; a dose that only lies ahead is not."""
        return tuple(row for row in self.rows if row.answer is None and row.state not in (State.AHEAD, State.ON_LEAVE))

    @property
    def ahead(self) -> tuple[DueRow, ...]:
        return tuple(row for row in self.rows if row.state is State.AHEAD)

    @property
    def on_leave(self) -> tuple[DueRow, ...]:
        """What the person has taken along."""
        return tuple(row for row in self.day if row.state is State.ON_LEAVE)

    @property
    def answered(self) -> tuple[DueRow, ...]:
        return tuple(row for row in self.rows if row.answer is not None)

    @property
    def not_given(self) -> tuple[DueRow, ...]:
        return tuple(row for row in self.answered if row.answer is not None and not row.answer.was_taken)

    @property
    def held(self) -> tuple[DueRow, ...]:
        return tuple(row for row in self.open if row.is_held)

    @property
    def worst(self) -> DueRow | None:
        """The open dose that waits longest."""
        return min(self.open, key=lambda row: row.due.due_at, default=None)

    @property
    def needs_rass(self) -> bool:
        return any(row.needs_rass for row in self.rows) or any(row.needs_rass for row in self.prn)

    @property
    def needs_witness(self) -> bool:
        """Whether one of the doses that can be given now wants a second person."""
        return any(row.needs_witness and not row.is_held for row in self.open) or any(
            row.needs_witness and not row.why_not for row in self.prn
        )

    @property
    def finished_at(self) -> dt.datetime | None:
        return max((row.answer.recorded_at for row in self.answered if row.answer is not None), default=None)


@dataclass(frozen=True, slots=True)
class Round:
    """The round around `at`. `times`: the named times of that day at which somebody of the unit has a dose."""

    unit: Unit
    at: dt.datetime
    is_now: bool
    window: dt.timedelta
    people: tuple[AtBed, ...]
    times: tuple[dt.datetime, ...] = field(default=())

    @property
    def closes_at(self) -> dt.datetime:
        return self.at + self.window

    @property
    def to_do(self) -> tuple[AtBed, ...]:
        return tuple(one for one in self.people if one.open)

    @property
    def to_look_at(self) -> tuple[tuple[AtBed, Recheck], ...]:
        """Whom to look at again, or to score again, after an as-needed dose: the longest waiting first."""
        pairs = [(one, row) for one in self.people for row in one.rechecks]
        return tuple(sorted(pairs, key=lambda pair: pair[1].due_at))

    @property
    def done(self) -> tuple[AtBed, ...]:
        return tuple(one for one in self.people if one.answered and not one.open)

    @property
    def concerned(self) -> tuple[AtBed, ...]:
        """Everybody who has, or had, a dose in this round."""
        return tuple(one for one in self.people if one.open or one.answered)

    @property
    def doses(self) -> int:
        return sum(len(one.open) + len(one.answered) for one in self.people)

    @property
    def doses_answered(self) -> int:
        return sum(len(one.answered) for one in self.people)

    @property
    def late(self) -> int:
        return self._count(State.LATE)

    @property
    def overdue(self) -> int:
        return self._count(State.OVERDUE)

    @property
    def held(self) -> int:
        return self._count(State.HELD)

    @property
    def is_closed(self) -> bool:
        """Each dose is answered."""
        return not self.to_do

    def person(self, public_id: UUID | None) -> AtBed | None:
        """The person asked for, or else the first by bed with something to answer, or else nobody."""
        asked = next((one for one in self.people if one.person.public_id == public_id), None)
        return asked or next(iter(self.to_do), None)

    def after(self, current: AtBed | None) -> AtBed | None:
        """Who comes next by bed, round and round, without the current one."""
        waiting = [one for one in self.to_do if current is None or one.person.pk != current.person.pk]
        if current is None or not waiting:
            return next(iter(waiting), None)
        number = current.in_bed.bed.number
        return next((one for one in waiting if one.in_bed.bed.number > number), waiting[0])

    def by_time(self) -> dict[dt.datetime, tuple[tuple[AtBed, DueRow], ...]]:
        """Every dose of the round by its moment, for who goes by time and not by bed."""
        rows = [(one, row) for one in self.people for row in (*one.open, *one.answered)]
        moments = sorted({row.due.due_at for _, row in rows})
        return {at: tuple(pair for pair in rows if pair[1].due.due_at == at) for at in moments}

    def _count(self, state: State) -> int:
        return sum(1 for one in self.people for row in one.open if row.state is state)


def round_of(viewer: Staff, unit: Unit, at: dt.datetime | None = None) -> Round:
    """The round on a unit around `at` (now, when none is named). Only people the viewer may see."""
    now = clock.now()
    moment = at or now
    window = dt.timedelta(minutes=settings_of(unit.centre).round_window_minutes)
    here = in_beds(viewer, unit, action="order.read")
    people = [one.person for one in here]
    since, until = _the_day(unit, moment)
    standing = queries.standing_now(people)
    back, ahead = min(since, moment - queries.LOOK_BACK), max(until, moment + window)
    rows = queries.due_here(people, back, ahead, standing=standing)
    recent = moment - RECENT
    wanted = [
        row for row in rows if row.due.due_at <= moment + window and (row.answer is None or row.due.due_at >= recent)
    ]
    prn, rechecks = (
        queries.prn(people, standing=standing),
        queries.rechecks_due(people, episodes={one.person.pk: one.episode for one in here}),
    )
    told, asked = allergies_for(people), co_use(people)
    looks, signs = queries.last_rass(people), queries.readings_of(people, now)
    said = queries.sedation_said(standing.holds, rows, prn)
    at_beds = tuple(
        AtBed(
            in_bed=one,
            rows=tuple(row for row in wanted if row.person.pk == one.person.pk),
            prn=tuple(row for row in prn if row.person.pk == one.person.pk),
            rechecks=tuple(row for row in rechecks if row.answer.person_id == one.person.pk),
            allergies=told[one.person.pk],
            co_use=asked.get(one.person.pk, {}),
            hold=standing.holds.get(one.person.pk),
            last_rass=looks.get(one.person.pk),
            hold_said=said.get(one.person.pk),
            breathing=signs[one.person.pk].get(Sign.BREATHING),
            day=tuple(row for row in rows if row.person.pk == one.person.pk),
        )
        for one in here
    )
    times = tuple(sorted({row.due.due_at for row in rows if since <= row.due.due_at < until}))
    return Round(unit, moment, at is None, window, at_beds, times)


def beside(person: Person, told: Mapping[str, Answer]) -> tuple[Asked, ...]:
    """Alcohol and opioids as they stand beside every sedative of this person."""
    return (
        _asked("alcohol", [told.get("alcohol_dependent")], person.centre),
        _asked("opioids", [told.get("oud_med"), told.get("opioid_active")], person.centre),
    )


def _asked(label: str, answers: Sequence[Answer | None], centre: Centre) -> Asked:
    told = [answer for answer in answers if answer is not None]
    yes = next((answer for answer in told if answer.is_yes), None)
    if yes is not None:
        return Asked(label, "watch", yes.value)
    clear = next((answer for answer in told if answer.name != "oud_med" and answer.value == "no"), None)
    if clear is None:
        return Asked(label, "unknown", "not known" if told else "not asked")
    return Asked(label, "clear", f"none, asked {clock.local(centre, clear.asked_at):%-d %b}")


def _the_day(unit: Unit, at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """The centre's calendar day that `at` lies in."""
    day = clock.local(unit.centre, at).date()
    return (
        moment_of(day, dt.time.min, unit.centre.zone),
        moment_of(day + dt.timedelta(days=1), dt.time.min, unit.centre.zone),
    )
