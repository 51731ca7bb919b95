"""The steps of a file. A dose that contradicts itself becomes a finding and has no products."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from glidepath.clinical.amounts import AmountError, Dose, plain
from glidepath.clinical.dosing.plan import Made, PlannedDose, Product, Step, StepState
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.planfile.exact import exact_text
from glidepath.clinical.planfile.node import Node
from glidepath.clinical.planfile.read_parts import Names, items

CONTRADICTS = "GP-FILE"  # ours: a file that says two things of one dose
MOST_STEPS = 20_000  # ours: more is no plan of a person

Catalogue = Mapping[tuple[str, str], Product]


def catalogue(products: Iterable[Product]) -> Catalogue:
    """Products by name and key, as the doses of a file name them."""
    return {(product.name, product.key): product for product in products}


class StepReader:
    """Reads steps and gathers where they contradict themselves.

    known: the products that doses may name; None where the file lists none: then what a dose is made of is added up,
    and made again by whoever checks it.
    """

    def __init__(self, names: Names, known: Catalogue | None) -> None:
        self.names, self.known = names, known
        self.faults: list[Finding] = []

    def steps(self, node: Node) -> tuple[Step, ...]:
        entries = list(node.items())
        if len(entries) > MOST_STEPS:
            node.fail(f"has more than {MOST_STEPS} entries, which is no plan of a person.")
        found = tuple(self._step(one, number) for number, one in enumerate(entries, start=1))
        for (before, after), one in zip(pairwise(found), entries[1:], strict=True):
            if _begins(before) >= _begins(after):
                one.fail(
                    f"starts on {after.start}, not after the step before it ({before.start}). Write the steps in order."
                )
        return found

    def _step(self, node: Node, number: int) -> Step:
        state, from_time = node.maybe("state"), node.maybe("from_time")
        usual = StepState.PROJECTED if number > 1 else StepState.RELEASED
        doses = [self._dose(one, number) for one in node["doses"].items()]
        _each_once(node, doses)
        step = Step(
            number=number,
            start=node["start"].day(),
            doses=tuple(sorted((one for one in doses if one.dose.mg > 0), key=_in_the_day)),
            state=usual if state is None else state.one_of(StepState),
            from_time=None if from_time is None else from_time.time(),
        )
        self._compare_totals(node, step)
        return step

    def _dose(self, node: Node, step: int) -> PlannedDose:
        time, dose = node["time"].time(), node["mg"].dose(self.names.medicine(node["medicine"]))
        parts = list(items(node, "products"))
        try:
            if self.known is None:
                _add_up(dose, parts)
                return PlannedDose(time, dose)
            return PlannedDose(time, dose, tuple(_made(one, dose.medicine, self.known) for one in parts))
        except AmountError as wrong:
            what = f"the {time:%H:%M} dose of {dose} is not what it is made of: {wrong}"
            self.faults.append(_contradiction(step, what))
            return PlannedDose(time, dose)

    def _compare_totals(self, node: Node, step: Step) -> None:
        """A daily total that the doses do not give is a contradiction."""
        stated, daily = node.maybe("daily_mg"), step.daily()
        for name, mg in {} if stated is None else stated.object().items():
            at = f"{node.path}.daily_mg.{name}"
            medicine, said = self.names.medicine(Node(name, at)), Node(mg, at).mg()
            given = daily[medicine].mg if medicine in daily else Decimal(0)
            if said != given:
                what = f"the daily total of {medicine} says {plain(said)} mg, and its doses give {plain(given)} mg"
                self.faults.append(_contradiction(step.number, what))


def _made(node: Node, medicine: str, known: Catalogue) -> Made:
    name, key, count, strength = (
        node["product"].text(),
        node.maybe("key"),
        node["count"].exact(),
        node.maybe("strength_mg"),
    )
    product = known.get((name, "" if key is None else key.text()))
    if product is None:
        raise AmountError(f"“{name}” is not among the products of the plan")
    if strength is not None and strength.mg() != product.strength_mg:
        raise AmountError(f"“{name}” has {plain(product.strength_mg)} mg, and {plain(strength.mg())} mg is written")
    if product.medicine != medicine:
        raise AmountError(f"“{name}” holds no {medicine}")
    return Made(product, count)


def _add_up(dose: Dose, parts: Sequence[Node]) -> None:
    total = sum((Fraction(one["strength_mg"].mg()) * one["count"].exact() for one in parts), Fraction(0))
    if parts and total != dose.exact:
        raise AmountError(f"its products sum to {exact_text(total)} mg")


def _contradiction(step: int, what: str) -> Finding:
    return Finding(
        code=CONTRADICTS,
        severity=Severity.HARD_STOP,
        message=f"Step {step}: {what}.",
        do="Find out which is meant, and write only that.",
        source="our reading",
        strength="n/g",
        overridable=False,
        step=step,
    )


def _each_once(node: Node, doses: Iterable[PlannedDose]) -> None:
    seen: set[tuple[dt.time, str]] = set()
    for planned in doses:
        if _in_the_day(planned) in seen:
            node["doses"].fail(
                f"has {planned.dose.medicine} at {planned.time:%H:%M} twice. Write one amount for each time."
            )
        seen.add(_in_the_day(planned))


def _in_the_day(planned: PlannedDose) -> tuple[dt.time, str]:
    return planned.time, planned.dose.medicine


def _begins(step: Step) -> tuple[dt.date, dt.time]:
    return step.start, step.from_time or dt.time.min
