"""Everything the rules have to say before a prescriber releases a step."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Setting, TaperPlan
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.cuts import cuts
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.pausing import check_between_doses, check_symptoms
from glidepath.clinical.guidelines.pregnancy import check_pregnancy
from glidepath.clinical.guidelines.release import LastChange, Review, check_review
from glidepath.clinical.guidelines.seizures import check_seizure_in_episode
from glidepath.clinical.guidelines.sleep import check_sleep_pause
from glidepath.clinical.guidelines.taper_rate import Cut, check_last_step


@dataclass(frozen=True, slots=True)
class ReleaseProposal:
    """Step `step` of `plan` would be released.

    review: the last symptom review; last_change: the last change of dose that took effect. by_prescriber: False where
    software would advance by itself. doses_missed, interdose_withdrawal: None where nobody looked and nobody asked;
    leave `ask_between_doses` False to say nothing about them. table: the plan's named table.
    contact_on: the contact after the last step. watch_days: how long to watch after it, else the
    medicines' own.
    """

    plan: TaperPlan
    step: int
    setting: Setting
    review: Review | None
    last_change: LastChange | None = None
    by_prescriber: bool = True
    open_seizure: bool = False
    table: str | None = None
    ask_between_doses: bool = False
    doses_missed: bool | None = None
    interdose_withdrawal: bool | None = None
    contact_on: dt.date | None = None
    watch_days: int | None = None


def check_release(
    proposal: ReleaseProposal, *, facts: PersonFacts, formulary: Formulary, limits: Limits
) -> tuple[Finding, ...]:
    """JCG-8, 9, 11, 26a, 28, SEI-3, TPR-6 and TPR-10 for one step. Raises ValueError for a step the plan has not."""
    step = next((found for found in proposal.plan.steps if found.number == proposal.step), None)
    if step is None:
        raise ValueError(f"the plan has no step {proposal.step}: it has {len(proposal.plan.steps)}")
    lowered = _cuts(proposal, formulary, limits)
    return (
        *_by_itself(proposal),
        *check_review(
            step=step.number,
            starts=step.start,
            review=proposal.review,
            last_change=proposal.last_change,
            settings=limits.settings,
        ),
        *check_seizure_in_episode(open_seizure=proposal.open_seizure, setting=proposal.setting),
        *(_on_cut(proposal, facts) if lowered else ()),
        *_last_step(proposal, lowered, limits),
    )


def _on_cut(proposal: ReleaseProposal, facts: PersonFacts) -> tuple[Finding, ...]:
    """What stands against a cut, and not against a step that only exchanges."""
    review = proposal.review
    disturbed = review.sleep_disturbed if review is not None else None
    symptoms = () if review is None else check_symptoms(interfere=review.symptoms_interfere, step=proposal.step)
    between = (
        check_between_doses(missed=proposal.doses_missed, interdose_withdrawal=proposal.interdose_withdrawal)
        if proposal.ask_between_doses
        else ()
    )
    return (
        *symptoms,
        *check_sleep_pause(facts, disturbed=facts.sleep_disturbed if disturbed is None else disturbed),
        *check_pregnancy(facts),
        *between,
    )


def _by_itself(proposal: ReleaseProposal) -> tuple[Finding, ...]:
    if proposal.by_prescriber:
        return ()
    return (
        rule("JCG-8").finding(
            message=f"Step {proposal.step} would be released without a prescriber.",
            do="A prescriber decides on each cut after a symptom review.",
            step=proposal.step,
        ),
    )


def _last_step(proposal: ReleaseProposal, lowered: tuple[Cut, ...], limits: Limits) -> tuple[Finding, ...]:
    found = [
        finding
        for cut in lowered
        for finding in check_last_step(
            cut, limits=limits, contact_on=proposal.contact_on, watch_days=proposal.watch_days
        )
    ]
    return tuple(found[:1])


def _cuts(proposal: ReleaseProposal, formulary: Formulary, limits: Limits) -> tuple[Cut, ...]:
    """The cuts of this step by every measure; none where it lowers nothing."""
    by_change = cuts(proposal.plan.steps, formulary=formulary, limits=limits, table=proposal.table)
    return next((found for found in by_change if found[0].step == proposal.step), ())
