"""A plan or a schedule as somebody wrote it, checked: what is not in it is worked out, then the rules speak.

A full plan is judged by its own settings, or by others where they are given; steps alone by those given. Nothing is
turned away for being steep: its real ratios are worked out, and every finding is said at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from glidepath.clinical.amounts import Dose, plain
from glidepath.clinical.dosing.errors import CannotBeMade
from glidepath.clinical.dosing.mixed_liquids import mixed_liquids
from glidepath.clinical.dosing.plan import Blocked, Goal, PlannedDose, Product, Step, TaperPlan
from glidepath.clinical.dosing.request import kept
from glidepath.clinical.dosing.tablets import make
from glidepath.clinical.dosing.times_of_day import rises_of_single_doses
from glidepath.clinical.dosing.typed import NOT_AT_THE_GOAL
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.medicines import Group
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.makeability import not_makeable
from glidepath.clinical.planfile.errors import PlanFileError
from glidepath.clinical.planfile.read import Written
from glidepath.clinical.planfile.saying import said_of
from glidepath.clinical.planfile.values import PlanFile, PlanSettings
from glidepath.clinical.regimen import regimen_of

NOT_MAKEABLE = "TPR-3"


@dataclass(frozen=True, slots=True)
class Judged:
    """A goal and settings that a schedule is to be judged by, where they are not its own. make_again: its products are
    others than it was written with, so every dose is made again."""

    settings: PlanSettings
    goal: Goal
    make_again: bool = False


def check(written: Written, judged: Judged, *, formulary: Formulary) -> PlanFile:
    """The schedule as a plan with everything there is to say about it. Raises PlanFileError where it has no step."""
    if not written.steps:
        raise PlanFileError("There is no step to check: the first step is the present dose.")
    if not written.steps[0].doses:
        raise PlanFileError("The first step has no dose. It is the dose taken now; the zero is the last step.")
    settings = replace(judged.settings, switch_to=judged.settings.switch_to or _new_medicine(written.steps))
    steps, unmade = _made(written.steps, settings.products, again=judged.make_again)
    earlier = written.file
    plan = TaperPlan(
        start=steps[0].start,
        goal=judged.goal,
        steps=steps,
        blocked=_blocked(steps, replace(judged, settings=settings), unmade, earlier, formulary),
        on_hold=earlier is not None and earlier.plan.on_hold,
        table=earlier.plan.table if earlier is not None else None,
    )
    file = PlanFile(
        plan=plan,
        regimen=regimen_of([PlannedDose(one.time, one.dose) for one in steps[0].doses]),
        settings=settings,
        facts_version=formulary.version,
        version=earlier.version if earlier is not None else 1,
        history=earlier.history if earlier is not None else (),
        alternatives=earlier.alternatives if earlier is not None and not plan.complete else (),
    )
    rules = [one for one in said_of(file, formulary=formulary) if one.code != NOT_MAKEABLE]
    said = (*written.faults, *unmade, *rules, *rises_of_single_doses(steps), *mixed_liquids(steps))
    return replace(file, plan=replace(plan, findings=tuple(dict.fromkeys(said))))


def _made(
    steps: Sequence[Step], products: Sequence[Product], *, again: bool
) -> tuple[tuple[Step, ...], tuple[Finding, ...]]:
    """The steps with the products that make each dose, and TPR-3 for each dose that none make."""
    findings: list[Finding] = []
    found = []
    for step in steps:
        doses = []
        for planned in step.doses:
            if again or not planned.made:
                planned, problem = _made_dose(planned, products, step.number)
                findings += problem
            doses.append(planned)
        found.append(replace(step, doses=tuple(doses)))
    return tuple(found), tuple(dict.fromkeys(findings))


def _made_dose(planned: PlannedDose, products: Sequence[Product], step: int) -> tuple[PlannedDose, list[Finding]]:
    try:
        return replace(planned, made=make(planned.dose, products)), []
    except CannotBeMade as problem:
        unmade = replace(planned, made=())
        return unmade, [not_makeable(planned.dose, below=problem.below, above=problem.above, step=step)]


def _new_medicine(steps: Sequence[Step]) -> str | None:
    """The one medicine that a later step takes and the first does not: the others are exchanged for it."""
    first = steps[0].daily()
    new = {name for step in steps for name in step.daily() if name not in first}
    return new.pop() if len(new) == 1 else None


def _blocked(
    steps: Sequence[Step], judged: Judged, unmade: Sequence[Finding], earlier: PlanFile | None, formulary: Formulary
) -> Blocked | None:
    """Why the steps do not lead to the goal: a dose that cannot be made, or an end above it."""
    goal = judged.goal
    if unmade:
        return Blocked(NOT_MAKEABLE, (), unmade[0].message, unmade[0].do)
    if earlier is not None and earlier.plan.on_hold:
        return None
    above = [dose for dose in _ends(steps, judged, formulary) if dose.mg != kept(goal, dose.medicine).mg]
    if not above:
        return None
    if earlier is not None and earlier.plan.blocked is not None:
        return earlier.plan.blocked
    ends = " + ".join(map(str, above))
    wanted = " + ".join(f"{dose.medicine} {plain(kept(goal, dose.medicine).mg)} mg" for dose in above)
    return Blocked(
        NOT_AT_THE_GOAL,
        tuple(above),
        f"The last step is {ends} a day; the goal is {wanted}.",
        f"Write the steps from there on, or make {ends} the dose that stays.",
    )


def _ends(steps: Sequence[Step], judged: Judged, formulary: Formulary) -> list[Dose]:
    """The last daily dose of each medicine that is to be brought down."""
    names = sorted({name for step in steps for name in step.daily()} | {dose.medicine for dose in judged.goal.kept})
    last = steps[-1].daily()
    return [last.get(name, Dose.from_ng(0, name)) for name in _brought_down(names, judged, formulary)]


def _brought_down(names: Sequence[str], judged: Judged, formulary: Formulary) -> Sequence[str]:
    """Those the prescriber ordered to be cut, with the one they are exchanged for; where none is ordered, those the
    goal names and the benzodiazepines, else all."""
    ordered = judged.settings.cut_order
    if ordered:
        return [name for name in names if name in ordered or name == judged.settings.switch_to]
    kept_names = {dose.medicine for dose in judged.goal.kept}
    return [name for name in names if name in kept_names or formulary.find(name).group is not Group.Z_DRUG] or names
