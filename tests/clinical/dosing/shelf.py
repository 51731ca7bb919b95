"""Products, regimens and requests for the tests, written as a pharmacist would say them."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Goal, Kind, PlannedDose, Product, Shape, Step, TaperPlan
from glidepath.clinical.dosing.taper import TaperRequest, plan
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.regimen import parse_regimen

START = dt.date(2026, 12, 1)
TIMES = {
    1: (dt.time(22),),
    2: (dt.time(8), dt.time(22)),
    3: (dt.time(8), dt.time(14), dt.time(22)),
    4: (dt.time(8), dt.time(12), dt.time(18), dt.time(22)),
}
WHOLE, HALF, QUARTER = Fraction(1), Fraction(1, 2), Fraction(1, 4)
NIGHT = dt.time(22)


def mg(amount: str, medicine: str = "diazepam") -> Dose:
    return Dose(Decimal(amount), medicine)


def tablet(strength: str, step: Fraction = WHOLE, medicine: str = "diazepam") -> Product:
    return Product(medicine, Decimal(strength), "tablet", Kind.SOLID, step)


def liquid(strength: str, step: Fraction = Fraction(1, 10), medicine: str = "diazepam") -> Product:
    return Product(medicine, Decimal(strength), "oral solution", Kind.LIQUID, step)


def each_night(amount: str, medicine: str = "diazepam") -> PlannedDose:
    return PlannedDose(NIGHT, mg(amount, medicine))


def request(text: str, *products: Product, cut: str = "1/10", every: int = 14, **more: object) -> TaperRequest:
    return TaperRequest(
        regimen=parse_regimen(text, formulary=formulary(), default_times=TIMES),
        start=START,
        products=products,
        cut=Fraction(cut),
        interval_days=every,
        **{"limits": Limits.of(), "goal": Goal(), "shape": Shape.PROPORTIONAL, **more},  # type: ignore[arg-type]
    )


def planned(text: str, *products: Product, **more: object) -> TaperPlan:
    return plan(request(text, *products, **more), formulary=formulary())  # type: ignore[arg-type]


def totals(steps: TaperPlan | tuple[Step, ...], medicine: str = "diazepam") -> list[Decimal]:
    """The daily mg of one medicine, step by step."""
    taken = steps.steps if isinstance(steps, TaperPlan) else steps
    return [step.daily()[medicine].mg if medicine in step.daily() else Decimal(0) for step in taken]


def each_interval(found: TaperPlan, every: int, medicine: str = "diazepam") -> list[Decimal]:
    """The daily mg after each interval: a step that lasts longer is counted as often."""
    days = [step.start for step in found.steps]
    lasts = [(later - day).days // every for day, later in itertools.pairwise(days)]
    doses = totals(found, medicine)
    return [dose for dose, times in zip(doses, [*lasts, 1], strict=True) for _ in range(times)][1:]
