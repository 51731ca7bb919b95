"""Reads of what a prescriber set: the observation plan in force, and what the core would propose now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from glidepath.care.monitoring import frequency, ports
from glidepath.care.monitoring.frequency import Known
from glidepath.care.monitoring.models import ObservationPlan, ScaleScore
from glidepath.care.monitoring.standing_rows import standing
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.monitoring.observation_plan import Intervals, Proposal, propose
from glidepath.clinical.monitoring.scale_choice import Choice, Scale, choose
from glidepath.record.centres.models import Unit
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import bed_of, current_episodes
from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared

MOST_SCORES = 40  # on one page
HOURS_OF: Mapping[Scale, str] = {
    Scale.CIWA_B: "ciwa_b_hours",
    Scale.CIWA_AR: "ciwa_ar_hours",
    Scale.COWS: "cows_hours",
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the core proposes for one person now, and the choice of scales it rests on."""

    proposal: Proposal
    choice: Choice
    settings: ClinicalSettings


def observation_plan(person: Person) -> ObservationPlan | None:
    """The newest of this stay, lapsed or not; None where nobody has set one."""
    return observation_plans([person], current_episodes([person])).get(person.pk)


def observation_plans(people: Sequence[Person], episodes: Mapping[int, Episode]) -> Mapping[int, ObservationPlan]:
    """The newest of each one's stay, by person id, in one query."""
    stays = [episodes[person.pk].pk for person in people if person.pk in episodes]
    return {row.person_id: row for row in _plans_in(stays)}


@prepared
def _plans_in(stays: Many[int]) -> QuerySet[ObservationPlan]:
    rows = standing(ObservationPlan).filter(episode__in=stays).select_related("recorded_by")
    return rows.order_by("recorded_at", "id")


def plans_of(person: Person) -> tuple[ObservationPlan, ...]:
    """Every plan that was set, newest first."""
    rows = ObservationPlan.objects.filter(person=person).select_related("recorded_by")
    return tuple(rows.order_by("-recorded_at", "-id"))


def intervals_of(plan: ObservationPlan) -> Intervals:
    """The hours of a plan; what is not due is left out."""
    hours = {scale: getattr(plan, column) for scale, column in HOURS_OF.items()}
    scales = {scale: value for scale, value in hours.items() if value is not None}
    return Intervals(plan.awake_hours, plan.asleep_hours, scales)


def proposed(person: Person, known: Known, now: dt.datetime) -> Proposed:
    """By the course, the choice of scales from what was told, the last cut, the last CIWA-Ar and where they stay."""
    choice = choose(ports.facts_of(person))
    wanted = (*choice.right, *(one for one in choice.unsettled if known.scores.get(one)))
    last = known.scores.get(Scale.CIWA_AR)
    in_bed = bed_of(person)
    found = propose(
        frequency.course_of(known, now),
        wanted,
        now=now,
        cut=known.cut,
        ciwa_ar=last.total if last else None,
        residential=in_bed is not None and in_bed.bed.room.unit.setting == Unit.Setting.RESIDENTIAL,
        settings=known.settings,
    )
    return Proposed(found, choice, known.settings)


def scale_score_of(person: Person, public_id: UUID) -> ScaleScore:
    """This person's score under this address. Raises ScaleScore.DoesNotExist."""
    rows = ScaleScore.objects.select_related("person__centre", "recorded_by", "observation__recorded_by")
    return rows.get(person=person, public_id=public_id)


def scale_scores(person: Person, scale: Scale | None = None) -> tuple[ScaleScore, ...]:
    """The newest entries, corrected and corrections alike, newest first; of one scale, or of all."""
    if scale is None:
        return tuple(_newest_scores(person))
    return tuple(_with_corrections().filter(person=person, scale=scale.value)[:MOST_SCORES])


def _with_corrections() -> QuerySet[ScaleScore]:
    rows = ScaleScore.objects.select_related("recorded_by", "superseded_by__recorded_by")
    return rows.order_by("-happened_at", "-id")


@prepared
def _newest_scores(person: Person) -> QuerySet[ScaleScore]:
    return _with_corrections().filter(person=person)[:MOST_SCORES]


def scale_series(person: Person, scale: Scale, since: dt.datetime, until: dt.datetime) -> tuple[ScaleScore, ...]:
    """What stands of one scale from `since` to before `until`, oldest first, partial ones too."""
    rows = standing(ScaleScore).filter(
        person=person, scale=scale.value, answered__gt=0, happened_at__gte=since, happened_at__lt=until
    )
    return tuple(rows.order_by("happened_at", "id"))


def newest_scale_scores(person: Person) -> Mapping[Scale, ScaleScore]:
    """The newest that stands of each scale, complete or partial."""
    rows = standing(ScaleScore).filter(person=person, answered__gt=0).select_related("recorded_by")
    return {Scale(row.scale): row for row in rows.order_by("happened_at", "id")}
