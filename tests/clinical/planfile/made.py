"""Plan files for the tests, made as the command line makes them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Goal, Product
from glidepath.clinical.dosing.taper import TaperRequest
from glidepath.clinical.facts.load import clinical_settings, formulary
from glidepath.clinical.planfile.making import plan_file
from glidepath.clinical.planfile.read import read
from glidepath.clinical.planfile.shelf import parse_stock
from glidepath.clinical.planfile.turning import Turn, TurnedPlan, turn
from glidepath.clinical.planfile.values import PlanFile, Turned
from glidepath.clinical.planfile.write import write
from glidepath.clinical.regimen import parse_regimen

START = dt.date(2026, 12, 1)
TIMES = clinical_settings().default_dose_times
SHELF = "diazepam 2 mg tablet (half); diazepam 5 mg tablet; diazepam 10 mg tablet; diazepam 1 mg/mL liquid (0.1 mL)"


def day(number: int) -> dt.date:
    """So many days after the start."""
    return START + dt.timedelta(days=number)


def stock(text: str = SHELF) -> tuple[Product, ...]:
    return parse_stock(text, formulary=formulary())


def asked(
    text: str = "diazepam 10 mg x2",
    shelf: str = SHELF,
    *,
    start: dt.date = START,
    cut: str = "1/10",
    every: int = 14,
    **more: Any,
) -> TaperRequest:
    return TaperRequest(
        regimen=parse_regimen(text, formulary=formulary(), default_times=TIMES),
        start=start,
        products=stock(shelf),
        cut=Fraction(cut),
        interval_days=every,
        **{"limits": Limits.of(), "goal": Goal(), **more},
    )


def made(text: str = "diazepam 10 mg x2", shelf: str = SHELF, **more: Any) -> PlanFile:
    return plan_file(asked(text, shelf, **more), formulary=formulary())


def turned(file: PlanFile, kind: Turned, on: int, *, reason: str = "as agreed", **more: Any) -> TurnedPlan:
    return turn(file, Turn(kind, day(on), reason, **more), formulary=formulary())


def released(count: int, **more: Any) -> PlanFile:
    """A plan of which so many steps are released, each after a review three days before."""
    file = made(**more)
    for number in range(1, count):
        file = turned(file, Turned.RELEASE, (file.plan.steps[number].start - START).days - 3).file
    return file


def text_of(file: PlanFile) -> str:
    return write(file, formulary=formulary())


def read_back(text: str) -> PlanFile:
    return read(text, formulary=formulary(), default_times=TIMES)


def totals(file: PlanFile, medicine: str = "diazepam") -> list[str]:
    """The daily mg of a medicine, step by step."""
    return [
        f"{step.daily()[medicine].mg.normalize():f}" if medicine in step.daily() else "0" for step in file.plan.steps
    ]
