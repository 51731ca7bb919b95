"""Everything the rules have to say about a taper before it is signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.equivalence import equivalents
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Setting, Shape, Step, TaperPlan
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.co_use import check_alcohol, check_naloxone, check_sedative_load
from glidepath.clinical.guidelines.conversion import ConversionProposal, check_choice_of_medicine, check_conversion
from glidepath.clinical.guidelines.cuts import Change, EarlierDose, changes, cuts, rises
from glidepath.clinical.guidelines.daily_dose import dde, dde_max
from glidepath.clinical.guidelines.dependence import check_dependence, dependence
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.inpatient_protocols import Protocol, check_rapid_protocol
from glidepath.clinical.guidelines.level_of_care import check_inpatient_start, check_outpatient_start
from glidepath.clinical.guidelines.makeability import check_made
from glidepath.clinical.guidelines.older_people import check_older_person
from glidepath.clinical.guidelines.pausing import Pace, check_increase, check_reason, check_resume
from glidepath.clinical.guidelines.pregnancy import check_pregnancy
from glidepath.clinical.guidelines.release import check_auto_advance
from glidepath.clinical.guidelines.seizures import check_epilepsy_medicine, check_seizure_in_episode
from glidepath.clinical.guidelines.shared_decision import check_psychosocial_offer, check_shared_decision
from glidepath.clinical.guidelines.sleep import check_sleep_pause, check_sleep_watch
from glidepath.clinical.guidelines.stopping import check_stopping
from glidepath.clinical.guidelines.switch_dip import check_dip
from glidepath.clinical.guidelines.taper_rate import (
    Cut,
    check_basis,
    check_ceiling,
    check_duration,
    check_interval,
    check_last_step,
    check_low_dose_cut,
    check_size,
    is_small_last_step,
)


@dataclass(frozen=True, slots=True)
class TaperContext:
    """What the rules need beside the plan itself. What is not known stays at its default.

    table: key of the equivalence table the prescriber named. switch_to: the medicine a switch goes to.
    earlier: doses in force before the plan, with the days they were replaced; last_cut_on: the last cut before it.
    released: numbers of the steps after the first that a prescriber released.
    resumes: the pace before a pause and the pace it would go on at. reason: why the plan changes, in words.
    open_seizure: a seizure in this episode that nobody has lifted. other_sedatives: those on other orders, by name.
    contact_on: the contact booked after the last step. watch_days: how long to watch after it, else the medicines'.
    under_way: steps of this signed plan are behind and left out; its way to zero and its length were judged whole.
    """

    setting: Setting
    table: str | None = None
    shape: Shape | None = None
    switch_to: str | None = None
    protocol: Protocol | None = None
    earlier: tuple[EarlierDose, ...] = ()
    last_cut_on: dt.date | None = None
    released: frozenset[int] = frozenset()
    resumes: tuple[Pace, Pace] | None = None
    reason: str = ""
    open_seizure: bool = False
    other_sedatives: tuple[str, ...] = ()
    contact_on: dt.date | None = None
    watch_days: int | None = None
    under_way: bool = False


def check_taper(
    plan: TaperPlan, *, facts: PersonFacts, formulary: Formulary, limits: Limits, context: TaperContext
) -> tuple[Finding, ...]:
    """Every finding on a plan, by question: the person, where, the medicine, the rate, the products."""
    return (
        *_about_the_person(plan, facts, formulary, limits, context),
        *_about_the_medicine(plan, facts, formulary, limits, context),
        *check_rate(plan, formulary=formulary, limits=limits, context=context),
        *check_auto_advance(plan, released=context.released),
        *check_made(plan, formulary=formulary),
    )


def check_rate(plan: TaperPlan, *, formulary: Formulary, limits: Limits, context: TaperContext) -> tuple[Finding, ...]:
    """The rate rules alone: JCG-6, 6c, 6d, 11p, TPR-1, 2, 4, 5, 7, 9, 10 and INP-14."""
    return (
        *check_changes(plan.steps, formulary=formulary, limits=limits, context=context),
        *_duration(plan, formulary, context),
        *(check_basis(context.shape) if context.shape is not None else ()),
        *(check_resume(before=context.resumes[0], after=context.resumes[1]) if context.resumes else ()),
        *check_reason(context.reason),
        *_by_protocol(plan, formulary, context),
    )


def check_changes(
    steps: Sequence[Step], *, formulary: Formulary, limits: Limits, context: TaperContext
) -> tuple[Finding, ...]:
    """The rules about single changes of dose: JCG-6, 6c, 6d, TPR-1, 4, 7 and 10."""
    lowered = cuts(
        steps,
        formulary=formulary,
        limits=limits,
        table=context.table,
        earlier=context.earlier,
        last_cut_on=context.last_cut_on,
    )
    return (
        *(finding for by_measure in lowered for finding in _on_cut(by_measure, limits, context)),
        *_on_equivalents(changes(steps, context.earlier), formulary, context),
    )


def _about_the_person(
    plan: TaperPlan, facts: PersonFacts, formulary: Formulary, limits: Limits, context: TaperContext
) -> tuple[Finding, ...]:
    daily = plan.steps[0].daily()
    highest = dde_max(daily, formulary=formulary)
    found = dependence(facts, dde_max=highest)
    is_a_stop = not context.under_way and _is_a_stop(plan, highest, limits)
    stops = check_stopping(daily, facts=facts, dde_max=highest, settings=limits.settings) if is_a_stop else ()
    return (
        *check_dependence(facts, dde_max=highest),
        *stops,
        *check_shared_decision(facts),
        *check_psychosocial_offer(facts),
        *check_naloxone(facts),
        *check_alcohol(facts, found),
        *check_sedative_load(facts, others=context.other_sedatives),
        *check_sleep_watch(facts),
        *check_sleep_pause(facts, disturbed=facts.sleep_disturbed),
        *check_older_person(facts, tapers_to_zero=plan.goal.is_zero),
        *check_pregnancy(facts),
        *check_seizure_in_episode(open_seizure=context.open_seizure, setting=context.setting),
        *check_epilepsy_medicine(facts, daily),
        *check_inpatient_start(facts, dde_max=highest, setting=context.setting),
        *check_outpatient_start(facts, setting=context.setting),
    )


def _about_the_medicine(
    plan: TaperPlan, facts: PersonFacts, formulary: Formulary, limits: Limits, context: TaperContext
) -> tuple[Finding, ...]:
    daily = plan.steps[0].daily()
    choice = check_choice_of_medicine(
        daily, table=context.table, switch_to=context.switch_to, facts=facts, formulary=formulary
    )
    if context.switch_to is None:
        return choice
    proposal = ConversionProposal(
        daily=daily,
        to_medicine=context.switch_to,
        table=context.table,
        to_daily=_most_of(plan, context.switch_to),
        first_dose=True,
    )
    return (
        *choice,
        *check_conversion(proposal, facts=facts, formulary=formulary, settings=limits.settings),
        *check_dip(plan, table=context.table, formulary=formulary, settings=limits.settings),
    )


def _on_cut(by_measure: tuple[Cut, ...], limits: Limits, context: TaperContext) -> tuple[Finding, ...]:
    """One finding a rule for each change, by the measure that says most."""
    largest = max(by_measure, key=lambda cut: cut.share)
    over = [
        finding
        for cut in sorted(by_measure, key=lambda cut: cut.share_14_days, reverse=True)
        for finding in check_ceiling(
            cut, limits=limits, setting=context.setting, protocol=context.protocol, released=context.released
        )
    ]
    last = [
        finding
        for cut in by_measure
        for finding in check_last_step(cut, limits=limits, contact_on=context.contact_on, watch_days=context.watch_days)
    ]
    size = check_size(largest, limits=limits)
    if is_small_last_step(largest, limits=limits):
        size = tuple(finding.answered("the last step is always 100 % (TPR-10)") for finding in size)
    interval = check_interval(largest, setting=context.setting, settings=limits.settings)
    return (*over[:1], *size, *interval, *last[:1])


def _on_equivalents(proposed: Sequence[Change], formulary: Formulary, context: TaperContext) -> tuple[Finding, ...]:
    """TPR-4 and TPR-7, which look at mg of diazepam or at a rise."""
    low = [
        finding
        for change in proposed
        for finding in check_low_dose_cut(
            step=change.step,
            diazepam_before=_dde(change.before, formulary, context),
            diazepam_after=_dde(change.after, formulary, context),
        )
    ]
    up = [
        finding
        for change in proposed
        if rises(change, formulary=formulary, table=context.table)
        for finding in check_increase(change.before, change.after, reason=context.reason, step=change.step or None)
    ]
    return (*_assessed_once(low), *up)


def _duration(plan: TaperPlan, formulary: Formulary, context: TaperContext) -> tuple[Finding, ...]:
    if context.under_way or not plan.goal.is_zero or not plan.complete or len(plan.steps) < 2:
        return ()
    length = (plan.steps[-1].start - plan.steps[0].start).days
    return check_duration(diazepam_start=_dde(plan.steps[0].daily(), formulary, context), length_days=length)


def _by_protocol(plan: TaperPlan, formulary: Formulary, context: TaperContext) -> tuple[Finding, ...]:
    return check_rapid_protocol(
        context.protocol, plan.steps, setting=context.setting, table=context.table, formulary=formulary
    )


def _assessed_once(findings: list[Finding]) -> list[Finding]:
    """What cannot be assessed is said once, not for every step."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for finding in findings:
        key = (finding.code, *finding.missing)
        if finding.missing and key in seen:
            continue
        seen.add(key)
        kept.append(finding)
    return kept


def _is_a_stop(plan: TaperPlan, highest: Fraction | None, limits: Limits) -> bool:
    """Whether the plan goes to nothing in one step, from more than the small last step that TPR-10 lets go."""
    if highest is not None and highest <= Fraction(limits.last_step_max_diazepam):
        return False
    with_doses = [step for step in plan.steps if step.doses]
    return plan.goal.is_zero and plan.complete and len(with_doses) == 1


def _dde(daily: Mapping[str, Dose], formulary: Formulary, context: TaperContext) -> Fraction | None:
    return dde(equivalents(daily, formulary=formulary), context.table)


def _most_of(plan: TaperPlan, medicine: str) -> Dose | None:
    """The largest daily dose of a medicine in the plan: what an exchange begins with."""
    found = [step.daily()[medicine] for step in plan.steps if medicine in step.daily()]
    return max(found, key=lambda dose: dose.mg, default=None)
