"""What is due to whom, and what became of it: worked out from versions, orders and answers whenever it is asked.

The people are already those the viewer may see. Every read is over many people at once: the same queries for 3 and 30.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from glidepath.care.medication.models import DoseAnswer, LeavePack, Order
from glidepath.care.medication.order_reads import counts_as, orders_of, sedative_words, wants_witness
from glidepath.care.medication.rows import DueRow
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.queries import sedation_holds
from glidepath.care.taper.queries import Tapers, tapers
from glidepath.clinical.dosing import schedule
from glidepath.record import clock
from glidepath.record.centres.models import CentreSettings
from glidepath.record.centres.queries import settings_of_all
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import current_episodes
from glidepath.record.people.models import Person
from glidepath.record.prebuilt import prebuilt
from glidepath.record.prepared import Many, prepared

LOOK_BACK = dt.timedelta(days=3)  # how far back a dose that nobody took is looked for
LOOK_AHEAD = dt.timedelta(days=2)  # how far ahead the next dose is looked for
LATE_AT_MOST = dt.timedelta(hours=12)  # ours: half-way to the next dose, and never longer than this after its time


@dataclass(frozen=True, slots=True)
class Standing:
    """What the doses of some people follow from, read once: within one page, or under one person's lock."""

    tapers: Tapers
    orders: Mapping[int, Sequence[Order]]
    holds: Mapping[int, Event]
    words: Mapping[int, bool]
    settings: Mapping[int, CentreSettings]
    leaves: Mapping[int, LeavePack]

    def doses(self, person: Person, since: dt.datetime, until: dt.datetime) -> Sequence[schedule.DueDose]:
        """What is due to one of them from `since` to before `until`, whether or not it was answered."""
        orders = [order.as_clinical() for order in self.orders.get(person.pk, ())]
        course = self.tapers.course(person)
        return schedule.due_in(course, orders, since=since, until=until, zone=person.centre.zone)


def standing_now(
    people: Sequence[Person], *, known: Tapers | None = None, holds: Mapping[int, Event] | None = None
) -> Standing:
    """The same queries for 3 and for 30. known, holds: the tapers and whose sedatives are held, where read already."""
    return Standing(
        tapers=known or tapers(people),
        orders=orders_of(people),
        holds=sedation_holds(people) if holds is None else holds,
        words=sedative_words(people),
        settings=settings_of_all(person.centre for person in people),
        leaves=leaves_of(people),
    )


def due(
    people: Sequence[Person], since: dt.datetime, until: dt.datetime, *, standing: Standing | None = None
) -> list[DueRow]:
    """Every dose due from `since` to before `until`, in order of time. `standing`: where it was read already."""
    known = standing or standing_now(people)
    answers = _answers(people, since, until)
    now = clock.now()
    rows = [
        _row(person, dose, known, answers.get((person.pk, dose.key, dose.due_at)), now)
        for person in people
        for dose in known.doses(person, since, until)
    ]
    return sorted(rows, key=lambda row: (row.due.due_at, row.person.pk, row.due.key))


def due_one(person: Person, key: str, due_at: dt.datetime, *, standing: Standing | None = None) -> DueRow | None:
    """The due dose of this key and moment, or None: then nothing of the kind is due."""
    rows = due([person], due_at, due_at + dt.timedelta(seconds=1), standing=standing)
    return next((row for row in rows if row.due.key == key), None)


def last_moment(row: DueRow, standing: Standing) -> dt.datetime:
    """Up to when this dose may be given: half-way to the next one of the same medicine, at most twelve hours later."""
    due_at = row.due.due_at
    following = standing.doses(row.person, due_at + dt.timedelta(seconds=1), due_at + 2 * LATE_AT_MOST)
    half_way = (due_at + (one.due_at - due_at) / 2 for one in following if one.medicine == row.due.medicine)
    return min([due_at + LATE_AT_MOST, *half_way])


def due_here(
    people: Sequence[Person],
    since: dt.datetime,
    until: dt.datetime,
    *,
    standing: Standing | None = None,
    episodes: Mapping[int, Episode] | None = None,
) -> list[DueRow]:
    """`due`, without what was due before the person came to us: that was not ours to give."""
    episodes = current_episodes(people) if episodes is None else episodes
    came = {pk: episode.admitted_at for pk, episode in episodes.items() if episode.admitted_at is not None}
    rows = due(people, since, until, standing=standing)
    return [row for row in rows if row.due.due_at >= came.get(row.person.pk, row.due.due_at)]


def around(
    people: Sequence[Person],
    now: dt.datetime,
    *,
    standing: Standing | None = None,
    episodes: Mapping[int, Episode] | None = None,
) -> list[DueRow]:
    """The doses of the last days and of the next ones: what a round and a seizure window are made of."""
    return due_here(people, now - LOOK_BACK, now + LOOK_AHEAD, standing=standing, episodes=episodes)


def for_round(
    people: Sequence[Person],
    now: dt.datetime | None = None,
    *,
    standing: Standing | None = None,
    episodes: Mapping[int, Episode] | None = None,
    rows: Sequence[DueRow] | None = None,
) -> list[DueRow]:
    """What is to be answered: the doses of the last days up to the end of the window, and the latest answers.

    standing, episodes: where they were read already; rows: where `around` was.
    """
    moment = now or clock.now()
    standing = standing or standing_now(people)
    window = max((one.round_window_minutes for one in standing.settings.values()), default=60)
    until = moment + dt.timedelta(minutes=window, seconds=1)
    if rows is None:
        rows = due_here(people, moment - LOOK_BACK, until, standing=standing, episodes=episodes)
    recent = moment - dt.timedelta(hours=4)
    return [row for row in rows if row.due.due_at < until and (row.answer is None or row.due.due_at >= recent)]


def leaves_of(people: Sequence[Person]) -> dict[int, LeavePack]:
    """Who is away with doses they took along, by person id."""
    return {row.person_id: row for row in _leaves(people)}


@prepared
def _leaves(people: Many[Person]) -> QuerySet[LeavePack]:
    rows = LeavePack.objects.filter(person__in=people, came_back__isnull=True, superseded_by__isnull=True)
    return rows.order_by("pk")


def leave_of(person: Person) -> LeavePack | None:
    """The doses this person is away with, if they are."""
    return leaves_of([person]).get(person.pk)


def _is_along(leave: LeavePack | None, dose: schedule.DueDose, now: dt.datetime, centre: CentreSettings) -> bool:
    """Whether the person has this dose with them. One who is long overdue is looked for like anybody else."""
    if leave is None or now >= leave.until_at + 2 * dt.timedelta(minutes=centre.late_after_minutes):
        return False
    return [dose.key, dose.due_at.isoformat()] in [one[:2] for one in leave.doses]


def _row(
    person: Person, dose: schedule.DueDose, standing: Standing, answer: DoseAnswer | None, now: dt.datetime
) -> DueRow:
    own = standing.orders.get(person.pk, ())
    order = None if dose.order_id is None else next(one for one in own if one.pk == dose.order_id)
    centre = standing.settings[person.centre_id]
    return DueRow(
        person=person,
        due=dose,
        order=order,
        answer=answer,
        sedative=counts_as(order, standing.words),
        is_benzodiazepine=order is None or order.is_benzodiazepine,
        held_by=standing.holds.get(person.pk),
        now=now,
        window=dt.timedelta(minutes=centre.round_window_minutes),
        late_after=dt.timedelta(minutes=centre.late_after_minutes),
        needs_witness=wants_witness(order, dose.made),
        on_leave=_is_along(standing.leaves.get(person.pk), dose, now, centre),
    )


@prebuilt
def standing_answers() -> QuerySet[DoseAnswer]:
    return DoseAnswer.objects.filter(superseded_by__isnull=True)


def _answers(
    people: Sequence[Person], since: dt.datetime, until: dt.datetime
) -> dict[tuple[int, str, dt.datetime], DoseAnswer]:
    return {(row.person_id, row.due_key, row.due_at): row for row in _answered(people, since, until)}


@prepared
def _answered(people: Many[Person], since: dt.datetime, until: dt.datetime) -> QuerySet[DoseAnswer]:
    rows = standing_answers().filter(person__in=people, due_at__gte=since, due_at__lt=until)
    return rows.prefetch_related("recorded_by")  # many doses, few names
