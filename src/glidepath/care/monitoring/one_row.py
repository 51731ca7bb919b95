"""One row of one person: by its address, or the one that stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from glidepath.care.monitoring.models import CiwaB, MeasuredLevel, Observation, OxygenTarget, Sleep
from glidepath.care.monitoring.standing_rows import Row, observations, standing
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.people.models import Person
from glidepath.record.prebuilt import prebuilt
from glidepath.record.prepared import prepared


def observation_of(person: Person, public_id: UUID) -> Observation:
    """This person's observation under this address. Raises Observation.DoesNotExist."""
    return Observation.objects.select_related("person__centre", "recorded_by").get(person=person, public_id=public_id)


def saved_observation(people: Sequence[Person], public_id: UUID) -> Observation | None:
    """The observation under this address, if it is of one of these people."""
    rows = Observation.objects.filter(public_id=public_id, person__in=[person.pk for person in people])
    return rows.select_related("person__centre", "recorded_by").first()


def ciwa_b_of(person: Person, public_id: UUID) -> CiwaB:
    """This person's score under this address. Raises CiwaB.DoesNotExist."""
    rows = CiwaB.objects.select_related("person__centre", "recorded_by", "observation__recorded_by")
    return rows.get(person=person, public_id=public_id)


def oxygen_scale(person: Person) -> int:
    """2 where a prescriber's 88-92 % target stands, else 1."""
    return 2 if any(_newest_oxygen_target(person)) else 1


@prepared
def _newest_oxygen_target(person: Person) -> QuerySet[OxygenTarget, bool]:
    rows = standing(OxygenTarget).filter(person=person).order_by("-happened_at", "-id")
    return rows.values_list("scale_two", flat=True)[:1]


def oxygen_scales(people: Sequence[Person]) -> Mapping[int, int]:
    """`oxygen_scale` of many, in one query."""
    rows = _with_oxygen_scale().filter(pk__in=[person.pk for person in people])
    return {pk: 2 if scale_two else 1 for pk, scale_two in rows.values_list("pk", "scale_two")}


@prebuilt
def _with_oxygen_scale() -> QuerySet[Any]:  # Person, with `scale_two`
    newest = standing(OxygenTarget).filter(person=OuterRef("pk")).order_by("-happened_at", "-id")
    return Person.objects.annotate(scale_two=Subquery(newest.values("scale_two")[:1]))


def companion(person: Person, at: dt.datetime) -> Observation | None:
    """The newest set of vital signs near enough to `at` to stand beside a score: within the centre's round."""
    window = dt.timedelta(minutes=person.centre.settings.round_window_minutes)
    rows = observations().filter(person=person, happened_at__gte=at - window, happened_at__lte=at + window)
    return rows.exclude(state=Observation.State.ASLEEP).order_by("-happened_at", "-id").first()


def standing_observation(observation: Observation) -> Observation:
    """The newest correction of it, or itself."""
    newest: Observation | None = observation
    while newest is not None:
        observation = newest
        newest = Observation.objects.filter(supersedes=observation).first()
    return observation


def ciwa_b_before(person: Person, at: dt.datetime, *, but: CiwaB | None = None) -> tuple[CiwaB, ...]:
    """The complete scores of the hours a rise is counted over, oldest first, without the one being corrected."""
    since = at - dt.timedelta(hours=clinical_settings_of(person.centre).ciwa_b_rise_hours)
    return tuple(row for row in _complete_between(person, since, at) if but is None or row.pk != but.pk)


@prepared
def _complete_between(person: Person, since: dt.datetime, until: dt.datetime) -> QuerySet[CiwaB]:
    rows = standing(CiwaB).filter(person=person, total__isnull=False, happened_at__gte=since, happened_at__lt=until)
    return rows.order_by("happened_at", "id")


def sleep_of(person: Person, night_of: dt.date) -> Sleep | None:
    return next(iter(_sleep_of(person, night_of)), None)


@prepared
def _sleep_of(person: Person, night_of: dt.date) -> QuerySet[Sleep]:
    rows = standing(Sleep).filter(person=person, night_of=night_of).select_related("recorded_by")
    return rows.order_by("pk")[:1]


def measured_levels(person: Person) -> list[MeasuredLevel]:
    """Every level measured in plasma that stands, in the order the blood was drawn."""
    rows = standing(MeasuredLevel).filter(person=person, pg_per_ml__isnull=False).select_related("recorded_by")
    return list(rows.order_by("happened_at", "pk"))


def measured_level_of(person: Person, public_id: UUID) -> MeasuredLevel:
    """One of this person's entries, corrected or not. Raises MeasuredLevel.DoesNotExist."""
    rows = MeasuredLevel.objects.select_related("person__centre", "recorded_by")
    return rows.get(person=person, public_id=public_id)


def correction_of(row: Row) -> Row | None:
    """The row that supersedes this one, if there is one."""
    return type(row)._default_manager.filter(supersedes=row).select_related("recorded_by").first()
