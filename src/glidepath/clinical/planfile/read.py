"""A plan read back from its file, or a schedule that somebody wrote: nothing is taken on trust.

A place that cannot be read stops the reading with one sentence. A dose that contradicts itself (products that do not
sum to it, a daily total that its doses do not give) becomes a finding, so that a check can say all of them at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from glidepath.clinical.dosing.plan import Goal, PlannedDose, Step, TaperPlan
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.findings import Finding
from glidepath.clinical.planfile.errors import PlanFileError
from glidepath.clinical.planfile.node import Node, parsed_json
from glidepath.clinical.planfile.read_parts import Names, blocked, change, finding, items, product, settings
from glidepath.clinical.planfile.read_steps import StepReader, catalogue
from glidepath.clinical.planfile.values import FORMAT, OtherWay, PlanFile
from glidepath.clinical.regimen import DefaultTimes, Regimen, RegimenError, parse_regimen, regimen_of


@dataclass(frozen=True, slots=True)
class Written:
    """A schedule as it stands in a file. file: None where it holds steps only; then `goal` is None too, unless the file
    names one. faults: where it contradicts itself; such a dose has no products."""

    steps: tuple[Step, ...]
    file: PlanFile | None = None
    goal: Goal | None = None
    faults: tuple[Finding, ...] = ()


def read(text: str, *, formulary: Formulary, default_times: DefaultTimes) -> PlanFile:
    """The plan of a file that holds all of it. Raises PlanFileError for anything else, and for a contradiction."""
    written = read_written(text, formulary=formulary, default_times=default_times)
    if written.file is None:
        raise PlanFileError(
            "The file holds steps and no settings, so it cannot be made on from. Work out the rest of it first: "
            "glidepath check FILE --json > PLAN.json"
        )
    if written.faults:
        raise PlanFileError(f"The file contradicts itself. {written.faults[0].message}")
    return written.file


def read_written(text: str, *, formulary: Formulary, default_times: DefaultTimes) -> Written:
    """A full plan, or only `start` and `steps` of `start` and `doses`. Raises PlanFileError."""
    root, names = parsed_json(text), Names(formulary)
    named = root.maybe("format")
    if named is not None and named.text() != FORMAT:
        named.fail(f"is “{named.text()}”; this program reads “{FORMAT}”.")
    if root.maybe("settings") is not None:
        return _full(root, names, default_times)
    reader, goal = StepReader(names, None), root.maybe("goal")
    steps = reader.steps(root["steps"])
    if not steps:
        root["steps"].fail("is empty: the first step is the present dose.")
    _compare_start(root, steps)
    return Written(steps, goal=None if goal is None else names.goal(goal), faults=tuple(reader.faults))


def _full(root: Node, names: Names, default_times: DefaultTimes) -> Written:
    made_by = settings(root["settings"], names)
    earlier = [product(one, names) for one in items(root["settings"], "earlier_products")]
    reader, on_hold = StepReader(names, catalogue([*made_by.products, *earlier])), root.maybe("on_hold")
    steps = reader.steps(root["steps"])
    _compare_start(root, steps)
    plan = TaperPlan(
        start=root["start"].day(),
        goal=names.goal(root["goal"]),
        steps=steps,
        blocked=blocked(root.maybe("blocked_by"), names),
        findings=tuple(finding(one) for one in items(root, "findings")),
        on_hold=on_hold is not None and on_hold.yes_no(),
        table=names.table(root.maybe("exchange_table")),
    )
    file = PlanFile(
        plan=plan,
        regimen=_regimen(root["regimen"], steps, names, default_times),
        settings=made_by,
        facts_version=root["facts_version"].text(),
        version=root["version"].whole(),
        history=tuple(change(one) for one in items(root, "history")),
        alternatives=tuple(_alternative(one, names) for one in items(root, "alternatives")),
    )
    return Written(steps, file, plan.goal, tuple(reader.faults))


def _alternative(node: Node, names: Names) -> OtherWay:
    reader = StepReader(names, catalogue(product(one, names) for one in node["products"].items()))
    plan = TaperPlan(
        start=node["start"].day(),
        goal=names.goal(node["goal"]),
        steps=reader.steps(node["steps"]),
        blocked=blocked(node.maybe("blocked_by"), names),
        table=names.table(node.maybe("exchange_table")),
    )
    if reader.faults:
        node.fail(f"contradicts itself. {reader.faults[0].message}")
    return OtherWay(node["kind"].text(), node["what"].text(), plan)


def _regimen(node: Node, steps: Sequence[Step], names: Names, default_times: DefaultTimes) -> Regimen:
    """The regimen as typed; where step 1 is the same, its doses, which need no reading."""
    first = regimen_of([PlannedDose(one.time, one.dose) for one in steps[0].doses]) if steps else None
    if first is not None and first.text() == node.text():
        return first
    try:
        return parse_regimen(node.text(), formulary=names.formulary, default_times=default_times)
    except RegimenError as wrong:
        node.fail(f"cannot be read: {wrong}")


def _compare_start(root: Node, steps: Sequence[Step]) -> None:
    start = root["start"]
    if steps and start.day() != steps[0].start:
        start.fail(f"is {start.day()}, and the first step starts on {steps[0].start}. Write one day for both.")
