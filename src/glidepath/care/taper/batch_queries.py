"""Reads of daily cuts in a signed batch: whether it still goes on, what today waits for, and the values of the day.

Nothing of it is stored: a batch ends by what happened after it was signed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from glidepath.care.alarms.queries import OpenAlarm, open_alarms
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.taper import queries
from glidepath.care.taper.models import Batch, DayReview, Plan
from glidepath.care.taper.queries import Running
from glidepath.clinical.dosing.schedule import Interval, StepInForce
from glidepath.clinical.guidelines.day_review import DayValues, SeenRass, StopConditions
from glidepath.clinical.guidelines.escalation import TimedTotal
from glidepath.record import clock
from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared

CAUSE = "day_review"  # of the alarm that calls the prescriber


@dataclass(frozen=True, slots=True)
class BatchNow:
    """A batch as it stands: why it has ended (empty: it goes on), the step it waits with, and what was seen today."""

    batch: Batch
    ended: str
    following: StepInForce | None
    today: dt.date
    looked: DayReview | None  # the newest day's review of today
    alarms: tuple[OpenAlarm, ...]  # open ones: the prescriber was called by a review, or the taper is paused

    @property
    def goes_on(self) -> bool:
        return not self.ended

    @property
    def conditions(self) -> StopConditions:
        return StopConditions(**self.batch.conditions)

    @property
    def is_late(self) -> bool:
        return self.following is not None and self.following.start < self.today

    @property
    def waits_today(self) -> bool:
        """Whether a day's review can let the next cut begin today. No cut has begun by a review of today yet."""
        due = self.following is not None and self.following.start <= self.today
        return self.goes_on and due and not (self.looked and self.looked.inside)


def batch_now(person: Person, running: Running | None) -> BatchNow | None:
    """The person's newest batch of the running taper, if any was ever signed."""
    return batches_now([person], {person.pk: running} if running else {}).get(person.pk)


def batches_now(people: Sequence[Person], running: Mapping[int, Running]) -> dict[int, BatchNow]:
    """`batch_now` of many, by person id; the same queries for 3 and for 30. Who has none is left out."""
    newest = _newest([person for person in people if person.pk in running])
    concerned = [person for person in people if person.pk in newest]
    if not concerned:
        return {}
    frozen, alarms = monitoring.freezes_for(concerned), _alarms(concerned)
    looked = _looked_at(list(newest.values()))
    return {
        person.pk: _now(
            newest[person.pk],
            running[person.pk],
            frozen[person.pk],
            looked.get(newest[person.pk].version.plan_id),
            alarms[person.pk],
            clock.today(person.centre),
        )
        for person in concerned
    }


def day_reviews(plan: Plan) -> list[DayReview]:
    """Every day's review of the taper, the newest first."""
    return list(DayReview.objects.filter(plan=plan).select_related("recorded_by").order_by("-happened_at", "-pk"))


def day_values(person: Person, since: dt.datetime | None) -> DayValues:
    """What the stop conditions are held against. since: the last change of dose, which values must be later than."""
    newest = monitoring.latest([person])[person.pk]
    awake, scored, score = newest.awake, newest.scored, newest.ciwa_b
    totals: list[TimedTotal] = []
    if score is not None and score.total is not None:
        earlier = monitoring.ciwa_b_before(person, score.happened_at)
        totals = [TimedTotal(one.happened_at, one.total) for one in earlier if one.total is not None]
        totals.append(TimedTotal(score.happened_at, score.total))
    has_rass = awake is not None and awake.rass is not None
    has_total = scored is not None and scored.news2 is not None
    return DayValues(
        now=clock.now(),
        ciwa_b=tuple(totals),
        rass=SeenRass(awake.happened_at, awake.rass) if has_rass and awake and awake.rass is not None else None,
        news2=TimedTotal(scored.happened_at, scored.news2)
        if has_total and scored and scored.news2 is not None
        else None,
        single_three=any(one.single_three for one in (scored, newest.observation) if one is not None),
        open_events=tuple(event.get_kind_display() for event in monitoring.open_events([person])[person.pk]),
        since=since,
    )


def last_change_at(person: Person) -> dt.datetime | None:
    """When the dose last changed; None while the first step goes on."""
    return next((one.at for one in reversed(queries.changes(person)) if one.kind != "hold"), None)


def _newest(people: Sequence[Person]) -> dict[int, Batch]:
    return {row.version.plan.person_id: row for row in _batches(people)}


@prepared
def _batches(people: Many[Person]) -> QuerySet[Batch]:
    of_them = Batch.objects.filter(version__plan__person__in=people)
    rows = of_them.filter(version__plan__ended_at__isnull=True, superseded_by__isnull=True)
    named = rows.prefetch_related("signed_by", "second_by")  # most people have none
    return named.select_related("version__plan").order_by("recorded_at", "pk")


def _looked_at(batches: Sequence[Batch]) -> dict[int, DayReview]:
    """The newest day's review of each plan, by plan id."""
    lately = clock.now() - dt.timedelta(days=2)  # every time zone's today lies inside
    plans = [one.version.plan_id for one in batches]
    rows = DayReview.objects.filter(plan__in=plans, happened_at__gte=lately).select_related("recorded_by")
    return {row.plan_id: row for row in rows.order_by("happened_at", "pk")}


def _alarms(people: Sequence[Person]) -> dict[int, tuple[OpenAlarm, ...]]:
    """The open alarms of each that keep a day's cut from beginning."""
    found: dict[int, tuple[OpenAlarm, ...]] = {person.pk: () for person in people}
    for one in open_alarms(people):
        if one.alarm.cause == CAUSE or one.alarm.pauses_taper:
            found[one.alarm.person_id] += (one,)
    return found


def _now(
    batch: Batch,
    running: Running,
    frozen: Sequence[Interval],
    looked: DayReview | None,
    alarms: tuple[OpenAlarm, ...],
    today: dt.date,
) -> BatchNow:
    return BatchNow(
        batch=batch,
        ended=_why_ended(batch, running, frozen),
        following=running.following,
        today=today,
        looked=looked if looked is not None and looked.day == today else None,
        alarms=alarms,
    )


def _why_ended(batch: Batch, running: Running, frozen: Sequence[Interval]) -> str:
    """Its last step, a new version (a hold is one), or a seizure after it was signed, lifted or not."""
    if batch.version.number != batch.version.plan.latest:
        return "a new version of the plan was signed"
    if any(end is None or end > batch.signed_at for _, end in frozen):
        return "a seizure froze the taper"
    if running.following is None or running.following.number > batch.last_step:
        return "its last step has begun"
    return ""
