"""JCG-8, JCG-9: who decides on a cut, and what must have been looked at before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from glidepath.clinical.dosing.plan import StepState, TaperPlan
from glidepath.clinical.facts.centre_settings import of_the_centre
from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.predicates import assessed, no
from glidepath.clinical.guidelines.wording import days


@dataclass(frozen=True, slots=True)
class Review:
    """A prescriber's symptom review. `on`: its calendar day; `at`: its moment, where the day alone cannot decide.

    None in the other fields: not said.
    """

    on: dt.date
    at: dt.datetime | None = None
    symptoms_interfere: bool | None = None
    sleep_disturbed: bool | None = None


@dataclass(frozen=True, slots=True)
class LastChange:
    """The last change of dose before the step: its day, and its moment where known."""

    on: dt.date
    at: dt.datetime | None = None


def check_review(
    *,
    step: int,
    starts: dt.date,
    review: Review | None,
    last_change: LastChange | None,
    settings: ClinicalSettings | None = None,
) -> tuple[Finding, ...]:
    """JCG-9: the review is later than the last change of dose, and no older than the centre lets it be.

    settings: the centre's; None takes the defaults of the facts (our reading).
    """
    limits = settings or clinical_settings()
    seen = _why_not(starts, review, last_change, limits.review_max_age_days)
    if seen is None:
        return ()
    return (
        rule("JCG-9").finding(
            message=f"Step {step} on {starts:%-d %b %Y}: {seen}.{of_the_centre(limits, 'review_max_age_days')}",
            do="Review the symptoms with the person, then decide: go on, hold, slow, step back or switch. Until then "
            "the present dose goes on.",
            step=step,
        ),
    )


def check_reviewed(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-9 as far as the facts alone say it, where no step is about to be released."""
    return assessed(
        "JCG-9",
        no(facts, "symptoms_reviewed_since_last_step"),
        message="Symptoms have not been reviewed since the last cut.",
        do="Review them with the person before the next cut. Until then the present dose goes on.",
    )


def check_auto_advance(plan: TaperPlan, *, released: Collection[int]) -> tuple[Finding, ...]:
    """JCG-8: no step begins unless a prescriber released it. `released`: the numbers of the steps that were.

    Step 1 is the present dose: signing releases it.
    """
    alone = [step for step in plan.steps[1:] if step.state is StepState.RELEASED and step.number not in released]
    return tuple(
        rule("JCG-8").finding(
            message=f"Step {step.number} would begin by itself on {step.start:%-d %b %Y}.",
            do="Leave it projected. A prescriber releases each cut after a symptom review.",
            step=step.number,
        )
        for step in alone
    )


def _why_not(starts: dt.date, review: Review | None, last_change: LastChange | None, max_age_days: int) -> str | None:
    """Why the review does not carry the cut; None where it does."""
    if review is None:
        return "symptoms have not been reviewed since the last change of dose"
    if last_change is not None and not _later(review, last_change):
        return (
            f"symptoms were last reviewed on {review.on:%-d %b %Y}, and the dose changed on {last_change.on:%-d %b %Y}"
        )
    age = (starts - review.on).days
    if age > max_age_days:
        return f"the symptom review will be {days(age)} old; it may be {days(max_age_days)} old"
    return None


def _later(review: Review, change: LastChange) -> bool:
    if review.at is not None and change.at is not None:
        return review.at > change.at
    return review.on > change.on
