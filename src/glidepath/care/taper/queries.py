"""Reads of the living taper: the versions in force, the step that is running, what comes next and what it waits for.

The people are already those the viewer may see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.db.models import QuerySet

from glidepath.care.alarms.queries import pauses_for
from glidepath.care.instruments.ports import LastDose
from glidepath.care.monitoring.ports import DoseChange
from glidepath.care.monitoring.queries import freezes_for
from glidepath.care.taper.models import Plan, SymptomReview, Version
from glidepath.care.taper.signed import steps_of
from glidepath.care.taper.since import DecidedSince as DecidedSince, decided_since as decided_since
from glidepath.clinical.amounts import Dose, plain
from glidepath.clinical.dosing import plan as core
from glidepath.clinical.dosing.schedule import Course, Interval, PlanInForce, Segment, StepInForce, segments
from glidepath.clinical.facts.instrument_schedule import Stage as Part
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.instruments.retest import retest_from
from glidepath.clinical.instruments.schedule import Stay
from glidepath.clinical.regimen import Regimen
from glidepath.record import clock
from glidepath.record.centres.queries import clinical_settings_by_centre
from glidepath.record.episodes.models import Episode
from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared


def plans_in_force(people: Sequence[Person]) -> Mapping[int, Sequence[PlanInForce]]:
    """Every signed version of every plan of these people, by person id, in the order in which they were signed."""
    return tapers(people).plans


def standing(person: Person) -> tuple[Interval, ...]:
    """When something stood against a step beginning: a freeze, or an alarm that pauses the taper."""
    return standing_for([person])[person.pk]


def standing_for(people: Sequence[Person]) -> Mapping[int, tuple[Interval, ...]]:
    """`standing` of many at once, by person id, in two queries."""
    freezes, pauses = freezes_for(people), pauses_for(people)
    return {person.pk: (*freezes[person.pk], *pauses[person.pk]) for person in people}


@dataclass(frozen=True, slots=True)
class Tapers:
    """Every signed version of some people's plans, as rows and as the core's values, and what stood against a step.

    Read once for one page or under one lock, and handed to the reads below. By person id, in the order of signing.
    """

    versions: Mapping[int, Sequence[Version]]
    plans: Mapping[int, Sequence[PlanInForce]]
    stood: Mapping[int, Sequence[Interval]]
    courses: dict[int, Course] = field(default_factory=dict)  # each is worked out once

    def going_on(self, person_id: int) -> list[tuple[Version, PlanInForce]]:
        """The versions of the plan that was not ended."""
        pairs = zip(self.versions[person_id], self.plans[person_id], strict=True)
        return [(version, plan) for version, plan in pairs if plan.ended_at is None]

    def newest(self, person_id: int) -> Version:
        """The newest version of the plan that was not ended. Raises IndexError where there is none."""
        return self.going_on(person_id)[-1][0]

    def course(self, person: Person) -> Course:
        """Which step was in force when, and which did not begin at their moment."""
        if person.pk not in self.courses:
            self.courses[person.pk] = self._course_of(person, self.plans[person.pk])
        return self.courses[person.pk]

    def course_going_on(self, person: Person) -> Course:
        """`course` of the plan that was not ended, by itself."""
        going_on = [plan for _, plan in self.going_on(person.pk)]
        none_ended = len(going_on) == len(self.plans[person.pk])
        return self.course(person) if none_ended else self._course_of(person, going_on)

    def _course_of(self, person: Person, plans: Sequence[PlanInForce]) -> Course:
        return segments(plans, self.stood[person.pk], zone=person.centre.zone)


def tapers(people: Sequence[Person]) -> Tapers:
    """The same queries for 3 and for 30."""
    versions: dict[int, list[Version]] = {person.pk: [] for person in people}
    plans: dict[int, list[PlanInForce]] = {person.pk: [] for person in people}
    signed = _versions(people)
    for version, in_force in zip(signed, _in_force(signed), strict=True):
        versions[version.plan.person_id].append(version)
        plans[version.plan.person_id].append(in_force)
    return Tapers(versions, plans, standing_for(people))


@dataclass(frozen=True, slots=True)
class Running:
    """The step in force now, and what comes after it. `daily`: its total of each medicine a day."""

    version: Version
    step: StepInForce
    since: dt.datetime
    daily: Mapping[str, Dose]
    following: StepInForce | None  # the next step of the newest version that has not begun
    following_released: bool
    review: SymptomReview | None  # the newest, where it is later than the last change of dose

    @property
    def on_hold(self) -> bool:
        return self.version.on_hold

    @property
    def waits_for_review(self) -> bool:
        return self.following is not None and not self.following_released and self.review is None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of what is taken, for the time axis. kind: cut, up, back or hold."""

    at: dt.datetime
    kind: str
    label: str


def active(person: Person) -> Plan | None:
    """The person's taper, if one runs."""
    return Plan.objects.select_related("person__centre", "episode").filter(person=person, ended_at__isnull=True).first()


def was_signed_in(episode: Episode) -> bool:
    """Whether a taper began in this stretch of care, running or ended."""
    return Plan.objects.filter(episode=episode).exists()


def versions(plan: Plan) -> list[Version]:
    """Every signed version with its releases, the newest first."""
    return list(_with_releases(plan))


def newest_version(plan: Plan) -> Version:
    """The newest of `versions`, read by itself."""
    return _with_releases(plan)[:1].get()


def newest_signed(plan: Plan) -> Version:
    """The newest version, without its steps: by which choices, when, from when."""
    return Version.objects.select_related("plan", "recorded_by").filter(plan=plan).order_by("-pk")[:1].get()


def protocol_of(plan: Plan, known: Tapers | None = None) -> str:
    """The rapid protocol by which any of its steps were signed; empty: none was. known: the tapers of its person,
    where they were read."""
    if known is not None:
        of_plan = (one for one in reversed(known.versions[plan.person_id]) if one.plan_id == plan.pk)
        return next((one.protocol for one in of_plan if one.protocol), "")
    named = Version.objects.filter(plan=plan).exclude(protocol="").order_by("-pk")
    return named.values_list("protocol", flat=True).first() or ""


def signed_version(key: int) -> Version:
    """The version that an earlier submit of the same form signed."""
    return Version.objects.select_related("plan", "recorded_by").get(pk=key)


def newest(person: Person) -> Version | None:
    """The newest version of the running taper, whether or not it is in force yet."""
    plan = active(person)
    return _with_releases(plan).first() if plan else None


def newest_in_force(person: Person, known: Tapers) -> PlanInForce | None:
    """The newest version of the running taper as the core reads it."""
    going_on = known.going_on(person.pk)
    return going_on[-1][1] if going_on else None


def named_table(person: Person, known: Tapers) -> str:
    """The equivalence table a prescriber named for the running taper; empty where none was."""
    going_on = known.going_on(person.pk)
    return max(going_on, key=lambda one: one[0].number)[0].table if going_on else ""


def reviews(plan: Plan) -> list[SymptomReview]:
    """Every symptom review, the newest first."""
    rows = SymptomReview.objects.filter(plan=plan, superseded_by__isnull=True).select_related("recorded_by")
    return list(rows.order_by("-happened_at", "-pk"))


def course(person: Person) -> Course:
    """Which step was in force when, and which did not begin at their moment."""
    return tapers([person]).course(person)


def in_force(person: Person, known: Tapers, now: dt.datetime | None = None) -> Segment | None:
    """The step in force of the taper that goes on, by itself: `running` reads the newest review beside it."""
    return known.course_going_on(person).in_force(now or clock.now())


def running(
    people: Sequence[Person], now: dt.datetime | None = None, *, known: Tapers | None = None
) -> dict[int, Running]:
    """The step in force of each, by person id; who has none in force is left out. The same queries for 3 and for 30."""
    moment = now or clock.now()
    read = known or tapers(people)
    newest_review = _newest_reviews(people)
    found = {}
    for person in people:
        segment = in_force(person, read, moment)
        if segment is not None:
            going_on = read.going_on(person.pk)
            signed = [version for version, _ in going_on]
            found[person.pk] = _running(segment, signed, going_on[-1][1], newest_review.get(person.pk), moment)
    return found


def holds(person: Person, known: Tapers) -> tuple[Interval, ...]:
    """When the taper was on hold by plan: from each hold to the version that followed it."""
    signed = [version for version, _ in known.going_on(person.pk)]
    followers = [*signed[1:], None][: len(signed)]
    return tuple(
        (version.effective_at, follower.effective_at if follower else None)
        for version, follower in zip(signed, followers, strict=True)
        if version.on_hold
    )


def changes(person: Person, known: Tapers | None = None) -> tuple[Change, ...]:
    """What changed in what is taken, in order: for the time axis."""
    found: list[Change] = []
    read = known or tapers([person])
    begun = [one for one in read.course(person).segments if one.begins_at <= clock.now()]
    for before, after in pairwise(begun):
        kind = _kind_of(before.step, after.step)
        if kind:
            found.append(Change(after.begins_at, kind, _label(kind, after)))
    found += [Change(begins, "hold", "On hold") for begins, _ in holds(person, read)]
    return tuple(sorted(found, key=lambda change: change.at))


def _kind_of(before: StepInForce, after: StepInForce) -> str:
    old, new = Regimen(before.doses).daily(), Regimen(after.doses).daily()
    if old == new:
        return ""
    if set(old) != set(new) and new:
        return "event"
    rises = any(dose.mg > old[name].mg for name, dose in new.items() if name in old)
    return "back" if rises else "cut"


def _label(kind: str, segment: Segment) -> str:
    daily = Regimen(segment.step.doses).daily()
    amounts = " + ".join(f"{plain(dose.mg)} mg" for dose in daily.values()) or "zero"
    words = {"back": f"Back to {amounts}", "cut": f"Step {segment.step.number}: {amounts}"}
    return words.get(kind, f"Changed to {' + '.join(str(dose) for dose in daily.values())}")


def _running(
    segment: Segment, signed: Sequence[Version], last: PlanInForce, review: SymptomReview | None, now: dt.datetime
) -> Running:
    following = next((step for step in last.steps if step.number > segment.step.number), None)
    return Running(
        version=next(version for version in signed if version.pk == segment.version_id),
        step=segment.step,
        since=segment.begins_at,
        daily=Regimen(segment.step.doses).daily(),
        following=following,
        following_released=following is not None and following.released_at is not None,
        review=review if review is not None and review.happened_at > segment.begins_at else None,
    )


def _newest_reviews(people: Sequence[Person]) -> dict[int, SymptomReview]:
    return {row.plan.person_id: row for row in _reviews_going_on(people)}


@prepared
def _reviews_going_on(people: Many[Person]) -> QuerySet[SymptomReview]:
    going_on = SymptomReview.objects.filter(plan__person__in=people, plan__ended_at__isnull=True)
    rows = going_on.filter(superseded_by__isnull=True)
    return rows.select_related("plan").order_by("happened_at", "pk")


def _with_releases(plan: Plan) -> QuerySet[Version]:
    """The newest first, without their steps, which `signed.as_plan` knows."""
    rows = Version.objects.filter(plan=plan).select_related("plan", "recorded_by", "second_by")
    return rows.prefetch_related("releases").order_by("-pk")


def _versions(people: Sequence[Person]) -> Sequence[Version]:
    """The signed versions without their steps, which `steps_of` knows."""
    return _signed(people)


@prepared
def _signed(people: Many[Person]) -> QuerySet[Version]:
    rows = Version.objects.filter(plan__person__in=people).select_related("plan", "recorded_by")
    return rows.prefetch_related("releases").order_by("pk")


def _in_force(versions: Sequence[Version]) -> list[PlanInForce]:
    steps = steps_of(versions)
    return [_plan_in_force(version, steps[version.public_id]) for version in versions]


def _plan_in_force(version: Version, steps: Sequence[core.Step]) -> PlanInForce:
    released = {release.step_number: release.recorded_at for release in version.releases.all()}
    return PlanInForce(
        key=f"plan:{version.plan_id}",
        version_id=version.pk,
        number=version.number,
        effective_at=version.effective_at,
        on_hold=version.on_hold,
        steps=tuple(_step_in_force(step, version, released) for step in steps),
        ended_at=version.plan.ended_at,
    )


def _step_in_force(step: core.Step, version: Version, released: Mapping[int, dt.datetime]) -> StepInForce:
    """A step that was released when the version was signed was released with it."""
    with_it = step.state is core.StepState.RELEASED
    return StepInForce(
        number=step.number,
        start=step.start,
        from_time=step.from_time,
        doses=step.doses,
        released_at=version.happened_at if with_it else released.get(step.number),
    )


def last_changes(people: Sequence[Person], now: dt.datetime, *, known: Tapers | None = None) -> dict[int, DoseChange]:
    """When what each takes by their taper last changed before `now`, and the last cut; without a change left out."""
    read = known or tapers(people)
    found = {}
    for person in people:
        begun = read.course(person).segments
        changes = [
            (before, after)
            for before, after in pairwise(begun)
            if after.begins_at <= now and _kind_of(before.step, after.step)
        ]
        if changes:
            cuts = [pair for pair in changes if _kind_of(pair[0].step, pair[1].step) == "cut"]
            found[person.pk] = _dose_change(changes[-1][1].begins_at, *(cuts[-1] if cuts else (None, None)))
    return found


def _dose_change(at: dt.datetime, before: Segment | None, after: Segment | None) -> DoseChange:
    """The last change, and the last cut with how long the medicines act that fell."""
    if before is None or after is None:
        return DoseChange(at)
    old, new = Regimen(before.step.doses).daily(), Regimen(after.step.doses).daily()
    fell = [name for name, dose in old.items() if name not in new or new[name].mg < dose.mg]
    return DoseChange(at, after.begins_at, tuple(formulary().find(name).acting for name in fell))


def last_doses(people: Sequence[Person], *, known: Tapers | None = None) -> dict[int, LastDose]:
    """When the taper that goes on comes to zero, or came there, by person id; who keeps a dose is left out."""
    read = known or tapers(people)
    found = {person.pk: _last_dose(person, read) for person in people}
    return {person_id: one for person_id, one in found.items() if one is not None}


def _last_dose(person: Person, known: Tapers) -> LastDose | None:
    going_on = known.going_on(person.pk)
    last = going_on[-1][1].steps[-1] if going_on else None
    if last is None or last.doses:
        return None
    begun = known.course(person).segments
    return LastDose(last.start, bool(begun) and not begun[-1].step.doses)


def stays(people: Sequence[Person]) -> dict[int, tuple[Stay, ...]]:
    """For the forms that are due: the taper that goes on, each of its steps that began, and when a screen that
    withdrawal raises is asked again, by person id."""
    known = tapers(people)
    settings = clinical_settings_by_centre(person.centre_id for person in people)
    return {person.pk: _stays(person, known, settings[person.centre_id]) for person in people}


def _stays(person: Person, known: Tapers, settings: ClinicalSettings) -> tuple[Stay, ...]:
    going_on = {version.pk for version, _ in known.going_on(person.pk)}
    begun = [one for one in known.course(person).segments if one.version_id in going_on]
    if not begun:
        return ()
    days: dict[int, dt.date] = {}
    for one in begun:
        days.setdefault(one.step.number, clock.local(person.centre, one.begins_at).date())
    first, *later = days.values()
    last = _last_dose(person, known)
    again = [retest_from(last.day, settings)] if last is not None and last.is_past else []
    return (
        Stay(Part.TAPER, first),
        *(Stay(Part.TAPER_STEP, day, day) for day in later),
        *(Stay(Part.RETEST, day, day) for day in again),
    )
