"""Reads of the treatment plan: the version that counts, its reviews and when the next is due, what serves an objective
and which objectives a record serves.

The people are already those the viewer may see. A read over people costs the same number of queries for 3 and for 30.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from glidepath.care.assessment import queries as assessment
from glidepath.care.planning.evidence import CIWA_B, SLEEP, TAPER_VERSION, Evidence, Record
from glidepath.care.planning.models import Draft, Plan, PlanObjective, Review, Serves, Version
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.planning.plain import from_plain
from glidepath.clinical.planning.reviews import ReviewDue, plan_review, risk_benefit_review
from glidepath.clinical.planning.values import CarePlan, InterventionKind, Measure, Objective
from glidepath.record import clock
from glidepath.record.centres.queries import settings_of_all
from glidepath.record.centres.readings import clinical_of
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import InBed, beds_of
from glidepath.record.history import version_of
from glidepath.record.people.models import Person
from glidepath.record.prebuilt import prebuilt
from glidepath.record.prepared import Many, prepared

NOBODY = "nobody recorded the last one"
BEFORE_THE_PLAN = dt.timedelta(days=30)  # what was recorded shortly before a plan may serve it too
MEASURED_BY = {Measure.CIWA_B: CIWA_B, Measure.SLEEP: SLEEP}


@dataclass(frozen=True, slots=True)
class Served:
    """One record that serves an objective. link: the tap of a person; None: it follows from the plan itself."""

    evidence: Evidence | None  # None: the record was set right or taken back since it was linked
    link: Serves | None


@dataclass(frozen=True, slots=True)
class DueLine:
    """One review in words: "due 17 Dec", "2 days over"."""

    what: str
    on: dt.date | None
    waits: bool
    said: str
    every_days: int
    source: str

    @classmethod
    def of(cls, one: ReviewDue, today: dt.date) -> DueLine:
        over = one.days_over(today)
        said = f"{over} {'day' if over == 1 else 'days'} over" if over else f"due {one.on:%-d %b}" if one.on else NOBODY
        return cls(one.what, one.on, one.is_due(today), said, one.every_days, one.source)


@dataclass(frozen=True, slots=True)
class Due:
    """A plan to look at again, and when risks and benefits are."""

    person: Person
    version: Version
    review: ReviewDue
    risk_benefit: ReviewDue

    @property
    def waits(self) -> bool:
        """Whether the plan, or risks and benefits, are to be looked at now."""
        today = clock.today(self.person.centre)
        return self.review.is_due(today) or self.risk_benefit.is_due(today)

    @property
    def reviews(self) -> tuple[DueLine, ...]:
        """Both, as a page says them."""
        today = clock.today(self.person.centre)
        return tuple(DueLine.of(one, today) for one in (self.review, self.risk_benefit))

    @property
    def waiting(self) -> tuple[DueLine, ...]:
        """Those to be looked at now."""
        return tuple(one for one in self.reviews if one.waits)

    @property
    def days_over(self) -> int:
        return self.review.days_over(clock.today(self.person.centre))


def plan_of(content: Mapping[str, Any]) -> CarePlan:
    """The core's plan of a draft or a version."""
    return from_plain(content)


# --- Versions and the draft ------------------------------------------------------------------------------------------
def active(person: Person) -> Plan | None:
    return Plan.objects.select_related("person__centre").filter(person=person, ended_at__isnull=True).first()


def newest(plan: Plan) -> Version | None:
    return _versions().filter(plan=plan).order_by("-number").first()


def newest_of(person: Person) -> Version | None:
    """The version that counts now."""
    plan = active(person)
    return newest(plan) if plan else None


def versions(plan: Plan) -> list[Version]:
    """Every signed version, the newest first."""
    return list(_versions().filter(plan=plan).order_by("-number"))


def draft_row(person: Person) -> Draft | None:
    return Draft.objects.filter(person=person).first()


def draft_under(key: int, person: Person) -> Draft:
    """The draft an earlier submit of the same form wrote; where it was signed since, as it is put away: unsaved."""
    found = Draft.objects.filter(pk=key, person=person).first()
    return found or Draft(centre_id=person.centre_id, person=person)


def seen_of(person: Person, draft: Draft | None) -> int:
    """What a form carries as `seen`: the draft's version; without a draft, minus the number of the newest version."""
    if draft is not None and draft.pk:
        return version_of(draft)
    plan = active(person)
    return -plan.latest if plan else 0


def draft_plan(person: Person, draft: Draft | None) -> CarePlan:
    """What is being worked on: the draft, else the plan as signed, else an empty one."""
    if draft is not None:
        return plan_of(draft.content)
    signed = newest_of(person)
    return plan_of(signed.content) if signed else CarePlan()


# --- Reviews ---------------------------------------------------------------------------------------------------------
def reviews(plan: Plan) -> list[Review]:
    """Every review, the newest first."""
    rows = Review.objects.filter(plan=plan, superseded_by__isnull=True).select_related("recorded_by", "version")
    return list(rows.order_by("-happened_at", "-pk"))


def dues(
    people: Sequence[Person],
    *,
    beds: Mapping[int, InBed] | None = None,
    episodes: Mapping[int, Episode] | None = None,
) -> dict[int, Due]:
    """When each plan is looked at again, by person id; who has no plan is left out. beds, episodes: of all of them,
    where read already."""
    newest_versions = _newest_of(people)
    reviewed = _last_reviews(newest_versions.values())
    facts = assessment.answers(people, ("rb_review_on",), episodes=episodes)
    beds = beds_of(people) if beds is None else beds
    settings = {pk: clinical_of(row) for pk, row in settings_of_all(person.centre for person in people).items()}
    found = {}
    for person in people:
        version = newest_versions.get(person.pk)
        if version is not None:
            last = max([version.recorded_at, *([reviewed[version.plan_id]] if version.plan_id in reviewed else [])])
            bed = beds.get(person.pk)
            setting = Setting(bed.bed.room.unit.setting) if bed else Setting.OUTPATIENT
            day = clock.local(person.centre, last).date()
            answer = facts.get(person.pk, {}).get("rb_review_on")
            of_plan = plan_review(day, setting, settings=settings[person.centre_id])
            found[person.pk] = Due(person, version, of_plan, risk_benefit_review(_date(answer)))
    return found


def due_of(person: Person) -> Due | None:
    return dues([person]).get(person.pk)


def to_review(
    people: Sequence[Person],
    *,
    beds: Mapping[int, InBed] | None = None,
    episodes: Mapping[int, Episode] | None = None,
) -> tuple[Due, ...]:
    """Whose plan is to be looked at now, the longest over first. beds, episodes: see `dues`."""
    waiting = [one for one in dues(people, beds=beds, episodes=episodes).values() if one.waits]
    return tuple(sorted(waiting, key=lambda one: (-one.days_over, one.person.preferred_name)))


def without_plan(people: Sequence[Person]) -> tuple[Person, ...]:
    """Who has no signed plan."""
    with_one = {*_with_plan(people)}
    return tuple(person for person in people if person.pk not in with_one)


@prepared
def _with_plan(people: Many[Person]) -> QuerySet[Plan, int]:
    return Plan.objects.filter(person__in=people, ended_at__isnull=True).values_list("person_id", flat=True)


# --- The golden thread -----------------------------------------------------------------------------------------------
def objective_row(person: Person, public_id: UUID) -> PlanObjective | None:
    """This person's objective under this address."""
    rows = PlanObjective.objects.select_related("plan__person__centre")
    return rows.filter(plan__person=person, public_id=public_id).first()


def objective_keys(plan: Plan) -> set[UUID]:
    """The keys of every objective that any version of the plan had."""
    return set(PlanObjective.objects.filter(plan=plan).values_list("public_id", flat=True))


def evidence_since(plan: Plan) -> dt.datetime:
    """From when on a record can serve this plan."""
    return plan.opened_at - BEFORE_THE_PLAN


def newest_link(objective: PlanObjective, kind: str, evidence: UUID) -> Serves | None:
    """The row that counts of this objective and record; it may say that the link was taken back."""
    return _links().filter(objective=objective, kind=kind, evidence_id=evidence).first()


def links(plan: Plan) -> dict[UUID, list[Serves]]:
    """The links that count, by objective key, the newest first."""
    found: dict[UUID, list[Serves]] = {}
    for row in _links().filter(objective__plan=plan, taken_back=False).order_by("-recorded_at", "-pk"):
        found.setdefault(row.objective.public_id, []).append(row)
    return found


def served_by(objective: Objective, record: Record, linked: Iterable[Serves], since: dt.datetime) -> list[Served]:
    """Everything that serves an objective, the newest first: what somebody linked, and what follows from the plan.

    From the plan follow every version of the taper where the taper serves the objective, and every value since `since`
    of what it is measured by. record: what there is of this person (evidence.py).
    """
    tapped = {(row.kind, row.evidence_id): row for row in linked}
    found = [Served(record.get(key), row) for key, row in tapped.items()]
    found += [Served(one, None) for key, one in record.items() if key not in tapped and follows(objective, one, since)]
    return sorted(found, key=lambda one: one.evidence.at if one.evidence else since, reverse=True)


def follows(objective: Objective, one: Evidence, since: dt.datetime) -> bool:
    """Whether a record serves an objective by the plan itself, without anybody's tap."""
    if one.kind == TAPER_VERSION:
        return objective.has(InterventionKind.TAPER)
    return one.kind == MEASURED_BY.get(objective.measure) and one.at >= since and one.value is not None


def served_back(signed: Version, record: Record) -> dict[tuple[str, UUID], list[Objective]]:
    """By kind and public id of each record, the objectives of this version that it serves, in the plan's order."""
    linked, since = links(signed.plan), signed.plan.opened_at
    found: dict[tuple[str, UUID], list[Objective]] = {}
    for _, objective in plan_of(signed.content).objectives():
        tapped = {(row.kind, row.evidence_id) for row in linked.get(UUID(objective.key), ())}
        derived = {key for key, one in record.items() if follows(objective, one, since)}
        for key in tapped | derived:
            found.setdefault(key, []).append(objective)
    return found


# --- Building blocks -------------------------------------------------------------------------------------------------
@prebuilt
def _versions() -> QuerySet[Version]:
    return Version.objects.select_related("plan", "recorded_by")


@prepared
def _going_on(people: Many[Person]) -> QuerySet[Version]:
    return _versions().filter(plan__person__in=people, plan__ended_at__isnull=True).order_by("number")


def _links() -> QuerySet[Serves]:
    return Serves.objects.filter(superseded_by__isnull=True).select_related("objective", "recorded_by")


def _newest_of(people: Sequence[Person]) -> dict[int, Version]:
    return {row.plan.person_id: row for row in _going_on(people)}


def _last_reviews(signed: Iterable[Version]) -> dict[int, dt.datetime]:
    """When each plan was last reviewed, by plan id."""
    return dict(_reviewed(one.plan_id for one in signed))


@prepared
def _reviewed(plans: Many[int]) -> QuerySet[Review, tuple[int, dt.datetime]]:
    rows = Review.objects.filter(plan__in=plans, superseded_by__isnull=True).order_by("happened_at")
    return rows.values_list("plan_id", "happened_at")


def _date(answer: assessment.Answer | None) -> dt.date | None:
    return dt.date.fromisoformat(answer.value) if answer is not None and answer.value[:1].isdigit() else None
