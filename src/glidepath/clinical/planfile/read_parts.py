"""The parts of a plan's file beside its steps: names, products, settings, findings, turns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from glidepath.clinical.amounts import AmountError, Dose
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Blocked, Goal, Kind, Product, Setting, Shape
from glidepath.clinical.dosing.ratios import InForce
from glidepath.clinical.dosing.request import Milestone
from glidepath.clinical.facts.centre_settings import BadSetting, UnknownSetting, settings_with
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import clinical_settings
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.clinical.guidelines.facts import BadFact, PersonFacts
from glidepath.clinical.planfile.node import Node
from glidepath.clinical.planfile.values import Change, PlanSettings, Region, Split, Turned
from glidepath.clinical.regimen import RegimenError, parse_goal


@dataclass(frozen=True, slots=True)
class Names:
    """Medicines, tables and goals by the names of one formulary."""

    formulary: Formulary

    def medicine(self, node: Node) -> str:
        return str(node.named(self.formulary.find).name)

    def table(self, node: Node | None) -> str | None:
        return None if node is None else str(node.named(self.formulary.table).key)

    def goal(self, node: Node) -> Goal:
        try:
            return parse_goal(node.text(), formulary=self.formulary)
        except RegimenError as wrong:
            node.fail(f"cannot be read: {wrong}")


def items(node: Node, key: str) -> Iterable[Node]:
    """The entries of a list that may be missing."""
    found = node.maybe(key)
    return () if found is None else found.items()


def product(node: Node, names: Names) -> Product:
    key = node.maybe("key")
    try:
        return Product(
            medicine=names.medicine(node["medicine"]),
            strength_mg=node["strength_mg"].mg(),
            form=node["form"].text(),
            kind=node["kind"].one_of(Kind),
            step=node["smallest"].exact(),
            key="" if key is None else key.text(),
        )
    except AmountError as wrong:
        node.fail(f"cannot be: {wrong}.")


def settings(node: Node, names: Names) -> PlanSettings:
    first_cut, every, switch_to = node.maybe("first_cut"), node.maybe("switch_every_days"), node.maybe("switch_to")
    return PlanSettings(
        products=tuple(product(one, names) for one in items(node, "products")),
        limits=_limits(node["limits"]),
        cut=node["cut_percent"].share(),
        interval_days=_days(node["interval_days"]),
        shape=node["shape"].one_of(Shape),
        setting=node["setting"].one_of(Setting),
        region=node["region"].one_of(Region),
        split=node["split"].one_of(Split),
        liquids=node["liquids"].yes_no(),
        first_cut=None if first_cut is None else first_cut.day(),
        times=tuple(one.time() for one in items(node, "times")),
        table=names.table(node.maybe("table")),
        switch_to=None if switch_to is None else names.medicine(switch_to),
        switch_every_days=None if every is None else _days(every),
        exchange=tuple(names.medicine(one) for one in items(node, "exchange")),
        cut_order=tuple(names.medicine(one) for one in items(node, "cut_order")),
        milestones=tuple(Milestone(one["on"].day(), _dose(one, names)) for one in items(node, "milestones")),
        over_ceiling=tuple(_dose(one, names) for one in items(node, "over_ceiling")),
        before=tuple(_in_force(one, names) for one in items(node, "before")),
        facts=_facts(node["facts"]),
    )


def blocked(node: Node | None, names: Names) -> Blocked | None:
    if node is None:
        return None
    at = tuple(_dose(one, names) for one in node["at"].items())
    return Blocked(node["code"].text(), at, node["message"].text(), node["do"].text())


def finding(node: Node) -> Finding:
    """One thing that was said of the plan when it was written."""
    answered, step = node.maybe("answered_by"), node.maybe("step")
    return Finding(
        code=node["code"].text(),
        severity=node["severity"].one_of(Severity),
        message=node["message"].text(),
        do=node["do"].text(),
        source=node["source"].text(),
        strength=node["strength"].text(),
        status=node["status"].one_of(Status),
        missing=tuple(one.text() for one in items(node, "missing")),
        overridable=node["overridable"].yes_no(),
        answered_by=None if answered is None else answered.text(),
        step=None if step is None else step.whole(),
    )


def change(node: Node) -> Change:
    at = node.maybe("time")
    return Change(
        version=node["version"].whole(),
        kind=node["change"].one_of(Turned),
        on=node["on"].day(),
        reason=node["reason"].text(),
        in_force=node["step_in_force"].whole(),
        cut=node["cut_percent_before"].share(),
        interval_days=_days(node["interval_days_before"]),
        time=None if at is None else at.time(),
    )


def _dose(node: Node, names: Names) -> Dose:
    return node["mg"].dose(names.medicine(node["medicine"]))


def _limits(node: Node) -> Limits:
    holds = node.maybe("ceiling_holds")
    return Limits(
        usual_cut=node["usual_cut_percent"].share(),
        ceiling=node["ceiling_percent"].share(),
        ceiling_days=_days(node["ceiling_days"]),
        last_step_max_diazepam=node["last_step_max_diazepam_mg"].mg(),
        switch_days=_days(node["switch_days"]),
        ceiling_holds=holds is None or holds.yes_no(),
        settings=_of_the_centre(node.maybe("settings")),
    )


def _of_the_centre(node: Node | None) -> ClinicalSettings:
    """The centre's own numbers, each in its range; ours where the file has none."""
    if node is None:
        return clinical_settings()
    try:
        return settings_with({name: str(value) for name, value in node.object().items()})
    except (BadSetting, UnknownSetting) as wrong:
        node.fail(f"cannot be read: {wrong}")


def _days(node: Node) -> int:
    days = node.whole()
    if days < 1:
        node.fail("is 0 days: write one day or more.")
    return days


def _in_force(node: Node, names: Names) -> InForce:
    total = node["daily_mg"]
    daily = [Node(mg, total.path).dose(names.medicine(Node(name, total.path))) for name, mg in total.object().items()]
    return InForce(node["since"].day(), {dose.medicine: dose for dose in daily})


def _facts(node: Node) -> PersonFacts:
    try:
        return PersonFacts.of(node.object())
    except BadFact as wrong:
        node.fail(f"cannot be read: {wrong}.")
