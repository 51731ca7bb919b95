"""What the rules need to know of a person's record to speak about a plan or a release. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from glidepath.care.assessment import queries as assessment
from glidepath.care.assessment.unconfirmed import dated
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.monitoring.models import Event
from glidepath.care.taper import ports, protocols, queries
from glidepath.care.taper.models import Plan, SymptomReview, Version
from glidepath.care.taper.queries import Tapers
from glidepath.care.taper.rows import Chosen, chosen_of
from glidepath.care.taper.signed import as_plan
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import TaperPlan
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.facts.medicines import watch_days
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.cuts import EarlierDose
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.pausing import Pace
from glidepath.clinical.guidelines.release import LastChange, Review
from glidepath.clinical.guidelines.release_check import ReleaseProposal, check_release
from glidepath.clinical.guidelines.reported_dose import check_against_before
from glidepath.clinical.guidelines.taper_check import TaperContext, check_taper
from glidepath.clinical.regimen import Regimen
from glidepath.record import clock
from glidepath.record.centres.models import CentreSettings
from glidepath.record.centres.queries import settings_of_all
from glidepath.record.centres.readings import clinical_of
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

LONG_AGO = 60  # days of earlier doses that a plan's first cuts are held against


def limits_of(settings: CentreSettings) -> Limits:
    """The guideline's limits with what the centre has set for itself."""
    return Limits.of(clinical_of(settings))


def settings_here(person: Person) -> CentreSettings:
    """Those of the person's centre, read once for one `person`: for what a page or a lock loads together."""
    return settings_of_all([person.centre])[person.centre_id]


def findings_on_plan(
    person: Person,
    proposed: TaperPlan,
    chosen: Chosen,
    *,
    agreed: bool,
    reason: str = "",
    before: Version | None = None,
    signed_by: Sequence[Staff] = (),
    known: Tapers,
) -> tuple[Finding, ...]:
    """Everything to say about this plan for this person, as their record stands now.

    signed_by: who has signed for its rapid protocol, which answers JCG-6d and INP-14. known: the person's tapers.
    """
    said_before = assessment.stands(person)
    facts = assessment.facts(person, said_before)
    context = TaperContext(
        setting=chosen.setting,
        table=chosen.table or None,
        shape=chosen.shape,
        switch_to=chosen.switch_to or None,
        protocol=protocols.for_rules(chosen, signed_by),
        earlier=earlier_doses(person, proposed, known),
        released=frozenset(step.number for step in proposed.steps if step.state.value == "released"),
        resumes=_paces(before, chosen),
        reason=reason,
        open_seizure=_open_seizure(person),
    )
    told = replace(facts, shared_decision=True if agreed else facts.shared_decision)
    limits = limits_of(settings_here(person))
    said = (
        *check_taper(proposed, facts=told, formulary=formulary(), limits=limits, context=context),
        *(() if before is not None else _against_what_was_taken(person, proposed, facts, limits, chosen.table or None)),
    )
    return dated(person, said, said_before)


def _against_what_was_taken(
    person: Person, proposed: TaperPlan, facts: PersonFacts, limits: Limits, table: str | None
) -> tuple[Finding, ...]:
    """Step 1 of a first plan is the present dose, without a cut: it is held against what is taken until then."""
    return check_against_before(
        ports.before_plan(person),
        proposed.steps[0].daily(),
        facts=facts,
        formulary=formulary(),
        ceiling=limits.ceiling,
        table=table,
    )


def findings_on_release(
    plan: Plan, version: Version, step_number: int, *, review: SymptomReview | None, contact_on: dt.date | None
) -> tuple[Finding, ...]:
    """Everything to say before this step is released."""
    person = plan.person
    released = [release.step_number for release in version.releases.all()]
    proposed = as_plan(version, released)
    known = formulary().medicines
    limits = limits_of(settings_here(person))
    present = [known[name].acting for name in proposed.steps[0].daily() if name in known]
    watch = max((watch_days(acting, limits.settings) for acting in present), default=None)
    proposal = ReleaseProposal(
        plan=proposed,
        step=step_number,
        setting=chosen_of(version).setting,
        review=_as_review(review, person),
        last_change=_last_change(person),
        open_seizure=_open_seizure(person),
        table=version.table or None,
        contact_on=contact_on,
        watch_days=watch,
    )
    return check_release(proposal, facts=assessment.facts(person), formulary=formulary(), limits=limits)


def earlier_doses(person: Person, proposed: TaperPlan, known: Tapers) -> tuple[EarlierDose, ...]:
    """Doses of earlier versions in the weeks before the new plan begins, with the days they were replaced."""
    begun = [one for one in known.course(person).segments if one.begins_at <= clock.now()]
    start = proposed.steps[0].start
    found = []
    for segment, follower in pairwise(begun):
        until = clock.local(person.centre, follower.begins_at).date()
        if until <= start and (start - until).days <= LONG_AGO:
            found.append(EarlierDose(until, Regimen(segment.step.doses).daily()))
    return tuple(found)


def _paces(before: Version | None, chosen: Chosen) -> tuple[Pace, Pace] | None:
    """The pace before a pause and the pace after it: resuming is slower than before (JCG-11p)."""
    if before is None or not before.on_hold:
        return None
    was = chosen_of(before)
    return Pace(was.cut, was.interval_days), Pace(chosen.cut, chosen.interval_days)


def _open_seizure(person: Person) -> bool:
    return any(event.kind == Event.Kind.SEIZURE for event in monitoring.open_events([person])[person.pk])


def _as_review(review: SymptomReview | None, person: Person) -> Review | None:
    if review is None:
        return None
    return Review(
        on=clock.local(person.centre, review.happened_at).date(),
        at=review.happened_at,
        symptoms_interfere=review.interference == SymptomReview.Interference.INTERFERES,
        sleep_disturbed=review.sleep_disturbed,
    )


def _last_change(person: Person) -> LastChange | None:
    """When what the person takes last changed: the step in force began then."""
    found: Sequence[queries.Change] = [one for one in queries.changes(person) if one.kind != "hold"]
    if not found:
        return None
    return LastChange(clock.local(person.centre, found[-1].at).date(), found[-1].at)
