"""The predicted level over a plan: what its doses would do, if every step were released in time. It explains and never
doses.

On daily averages, from the plan's first dose taken as steady: over months the rise and fall within a day is no longer
seen, and what is left of each medicine after the last step is. A medicine without parameters or without a figure is
left out and named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil

from django.utils.safestring import SafeString, mark_safe

from glidepath.care.taper.drawn_lines import Line, asked_on, drawn_line
from glidepath.clinical.dosing import plan as core
from glidepath.clinical.dosing.equivalence import equivalents
from glidepath.clinical.dosing.ratios import diazepam_per_mg as diazepam_at
from glidepath.clinical.dosing.request import Milestone
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.pharmacokinetics.exposure import Band, DailyDoses, sustained_on_averages
from glidepath.clinical.pharmacokinetics.from_facts import diazepam_per_mg, models_of
from glidepath.drawing.timeline import DoseStretch, Glidepath, Level, Stretch, draw_ahead

HOURS = 24.0
BEFORE = 7  # days of the first dose before the plan begins
AFTER = 28  # days after the last change, in which what is left goes
POINTS = 100
KEPT_CURVES = 64  # each some tens of kilobytes
CLOSER = (0.0, 1.0, 2.0, 4.0)  # days after each change, in which the level bends


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One step of the table beside the picture. level: when the step begins, the lowest to the highest figure."""

    number: int
    start: dt.date
    doses: str
    diazepam: str
    level: str
    drawn: str = ""  # what a drawn line asks for on that day; empty where it does not lead yet


@dataclass(frozen=True, slots=True)
class Curve:
    drawing: SafeString
    rows: tuple[LevelRow, ...]
    left_out: tuple[str, ...]
    basis: str  # by which table the dose line is drawn
    drawn: bool = False  # whether the line that a prescriber drew is beside it


def curve(plan: core.TaperPlan, *, table: str, today: dt.date, drawn: Sequence[Milestone] = ()) -> Curve | None:
    """The level over the steps of a plan. None where no medicine of it can be drawn.

    table: the equivalence table named, for the dose line; empty: the one by which the first dose is least.
    drawn: the milestones of a way that a prescriber drew, for its line beside the doses.
    """
    return _curve(replace(plan, findings=()), table, today, tuple(drawn))


@lru_cache(maxsize=KEPT_CURVES)  # of all it rests on beside the facts, which one process reads once
def _curve(plan: core.TaperPlan, table: str, today: dt.date, drawn: tuple[Milestone, ...]) -> Curve | None:
    table = table or _lowest(plan)
    origin = plan.steps[0].start
    starts = [float((step.start - origin).days) for step in plan.steps]
    last = starts[-1] + AFTER
    every = max(0.25, (last + BEFORE) / POINTS)
    even = {-BEFORE + every * index for index in range(ceil((last + BEFORE) / every) + 1)}
    band = _band(plan, starts, sorted(even | {start + more for start in starts for more in CLOSER}))
    levels = _levels(band)
    if not levels:
        return None
    left_out = tuple(f"{one.name}: {one.reason}" for one in band.left_out)
    doses = _stretches(plan, starts, last, table)
    line = drawn_line(plan, drawn, _per_mg(plan, table)) if drawn else ()
    sheet = Glidepath(
        origin=origin,
        first=float(-BEFORE),
        last=last,
        now=float((today - origin).days),
        now_label="Today",
        doses=doses,
        levels=levels,
        happenings=(),
        scores=(),
        score_bands=(),
        nights=(),
        usual_sleep=None,
        as_needed=(),
        sentence=_sentence(doses, levels),
        drawn=tuple((float(day), float(mg)) for day, mg in line),
    )
    # The drawing is made of numbers and of text that it escapes itself.
    rows = _rows(plan, starts, doses, levels, line)
    return Curve(mark_safe(draw_ahead(sheet)), rows, left_out, _basis(table), bool(line))


def _lowest(plan: core.TaperPlan) -> str:
    found = equivalents(plan.steps[0].daily(), formulary=formulary()).by_table
    return min(found, key=lambda key: (found[key].low, key), default="")


def _basis(table: str) -> str:
    return formulary().table(table).name if table else "no table"


def _band(plan: core.TaperPlan, starts: list[float], days: list[float]) -> Band:
    names = sorted({name for step in plan.steps for name in step.daily()})
    known = [one for one in formulary().medicines.values() if one.name in names]
    doses = {name: _daily(plan, starts, name) for name in names}
    return sustained_on_averages(doses, [one * HOURS for one in days], models_of(known), diazepam_per_mg(known))


def _daily(plan: core.TaperPlan, starts: list[float], name: str) -> DailyDoses:
    amounts = [float(step.daily()[name].mg) if name in step.daily() else 0.0 for step in plan.steps]
    changes = tuple((start * HOURS, mg) for start, mg in zip(starts[1:], amounts[1:], strict=True))
    return DailyDoses(amounts[0], changes, assumed_until_h=0.0)


def _levels(band: Band) -> tuple[Level, ...]:
    drawn = zip(band.times_h, band.low, band.high, strict=True)
    return tuple(Level(float(hour) / HOURS, float(low), float(high)) for hour, low, high in drawn if low == low)


def _stretches(plan: core.TaperPlan, starts: list[float], last: float, table: str) -> tuple[DoseStretch, ...]:
    """The daily dose step by step; before the plan the first one, taken as steady."""
    per_mg = _per_mg(plan, table)
    totals = [_total(step, per_mg) for step in plan.steps]
    found = [DoseStretch(float(-BEFORE), 0.0, totals[0], Stretch.ASSUMED)]
    for step, start, end, mg in zip(plan.steps, starts, [*starts[1:], last], totals, strict=True):
        kind = Stretch.GIVEN if step.state is core.StepState.RELEASED else Stretch.PROJECTED
        label = f"{mg:.3g}" if mg != found[-1].mg or start == 0 else ""
        found.append(DoseStretch(start, end, mg, kind, label))
    return tuple(found)


def _per_mg(plan: core.TaperPlan, table: str) -> dict[str, Fraction]:
    """Diazepam per mg of each medicine by one table; one that it has no figure for adds nothing and is named."""
    names = {name for step in plan.steps for name in step.daily()}
    found = {name: diazepam_at(name, table, formulary()) for name in names} if table else {}
    return {name: per_mg for name, per_mg in found.items() if per_mg is not None}


def _total(step: core.Step, per_mg: dict[str, Fraction]) -> float:
    parts = (dose.exact * per_mg[name] for name, dose in step.daily().items() if name in per_mg)
    return round(float(sum(parts, Fraction(0))), 3)


def _sentence(doses: tuple[DoseStretch, ...], levels: tuple[Level, ...]) -> str:
    return (
        f"Predicted level if every step is released in time: the dose goes from {doses[0].mg:g} to {doses[-1].mg:g} mg "
        f"of diazepam a day, the level from {_range(levels[0])} to {_range(levels[-1])} mg. To explain, never to dose. "
        "The values stand in the table below."
    )


def _rows(
    plan: core.TaperPlan,
    starts: list[float],
    doses: tuple[DoseStretch, ...],
    levels: tuple[Level, ...],
    line: Line,
) -> tuple[LevelRow, ...]:
    at = {level.at: level for level in levels}
    return tuple(
        LevelRow(
            number=step.number,
            start=step.start,
            doses=" + ".join(str(dose) for dose in step.daily().values()) or "zero",
            diazepam=f"{stretch.mg:g}",
            level=_range(at[start]),
            drawn=asked_on(line, int(start)),
        )
        for step, start, stretch in zip(plan.steps, starts, doses[1:], strict=True)
    )


def _range(level: Level) -> str:
    low, high = f"{level.low:.1f}", f"{level.high:.1f}"
    return low if low == high else f"{low} to {high}"
