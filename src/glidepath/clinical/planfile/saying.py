"""Everything the rules have to say about a plan as its file holds it: from the file alone, the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from glidepath.clinical.dosing.plan import Step, StepState, TaperPlan
from glidepath.clinical.dosing.ratios import InForce
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.clinical.guidelines.case import Case, Planned
from glidepath.clinical.guidelines.check_person import check_person
from glidepath.clinical.guidelines.cuts import EarlierDose
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.pausing import Pace, check_reason
from glidepath.clinical.guidelines.taper_check import TaperContext, check_taper
from glidepath.clinical.planfile.values import PlanFile, PlanSettings, Turned

CLEAN, LOOK, STOP = 0, 1, 2  # what a program is told by the exit code
_GOES_ON_SLOWER = (Turned.RESUME, Turned.STEP_BACK)


def said_of(file: PlanFile, *, formulary: Formulary) -> tuple[Finding, ...]:
    """The findings of the rules on the plan of a file, its person and its pace."""
    plan, settings = _with_a_step(file), file.settings
    context = TaperContext(
        setting=settings.setting,
        table=settings.table,
        shape=settings.shape,
        switch_to=settings.switch_to,
        earlier=_earlier(settings.before, plan),
        released=frozenset(step.number for step in plan.steps if step.state is StepState.RELEASED),
        resumes=_paces(file),
        reason=file.reasons(Turned.STEP_BACK),
    )
    found = check_taper(plan, facts=settings.facts, formulary=formulary, limits=settings.limits, context=context)
    whole = _of_the_whole_person(Planned(plan, context), settings, formulary)
    return tuple(dict.fromkeys((*found, *check_reason(file.reasons()), *whole)))


def _of_the_whole_person(planned: Planned, settings: PlanSettings, formulary: Formulary) -> tuple[Finding, ...]:
    """What speaks up about the person beside the plan: only what fires. What nobody asked is no matter of the plan."""
    if settings.facts == PersonFacts():
        return ()
    case = Case(settings.facts, today=planned.plan.start, planned=planned)
    found = check_person(case, formulary=formulary, limits=settings.limits)
    return tuple(one for one in found if one.status is Status.FIRES)


def exit_code(file: PlanFile) -> int:
    """2: a hard stop fires that nobody answered, or the plan does not lead to its goal. 1: a warning, or a hard-stop
    rule that cannot be assessed. 0: neither. A plan on hold leads nowhere because somebody decided so: that is no 2."""
    leads = file.plan.complete or file.plan.on_hold
    return max(CLEAN if leads else STOP, code_of(file.plan.findings))


def code_of(findings: Sequence[Finding]) -> int:
    """The exit code of findings alone."""
    return max((_code(one) for one in findings), default=CLEAN)


def _code(finding: Finding) -> int:
    if finding.answered_by is not None or finding.severity is Severity.ADVICE:
        return CLEAN
    if finding.severity is Severity.HARD_STOP:
        return STOP if finding.status is Status.FIRES else LOOK
    return LOOK if finding.status is Status.FIRES else CLEAN


def _with_a_step(file: PlanFile) -> TaperPlan:
    """The plan; where not even the present dose can be made, with that dose as it was typed."""
    if file.plan.steps:
        return file.plan
    return replace(file.plan, steps=(Step(1, file.plan.start, file.regimen.doses, StepState.RELEASED),))


def _earlier(before: Sequence[InForce], plan: TaperPlan) -> tuple[EarlierDose, ...]:
    """What was in force before, with the day on which it was replaced."""
    ends = [*(after.since for _, after in pairwise(before)), plan.steps[0].start]
    return tuple(EarlierDose(end, entry.daily) for entry, end in zip(before, ends, strict=False))


def _paces(file: PlanFile) -> tuple[Pace, Pace] | None:
    """The pace before the last turn and after it, where that turn is one after which a taper goes on more slowly."""
    if not file.history or file.history[-1].kind not in _GOES_ON_SLOWER:
        return None
    last = file.history[-1]
    return Pace(last.cut, last.interval_days), Pace(file.settings.cut, file.settings.interval_days)
