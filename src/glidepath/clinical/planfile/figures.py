"""What is worked out of each step: totals, diazepam equivalents by table, and how large its cut really is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from glidepath.clinical.amounts import plain
from glidepath.clinical.dosing.equivalence import DiazepamEquivalent, Equivalents, equivalents
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Step, TaperPlan
from glidepath.clinical.dosing.ratios import InForce, Lowering, StepRatios, ratios
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.planfile.exact import shown_text

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one step as a file shows them.

    daily_mg: mg a calendar day of every medicine of the plan, "0" where none is taken. without_figure: the tables left
    out, with the medicines they say nothing of. cut_percent: the largest lowering by any measure the rules read (the
    total by the named table, else by every table, and each medicine that is not being exchanged), of the present dose;
    cut_percent_14_days: of the highest dose in the ceiling's calendar days. Negative for a rise.
    """

    daily_mg: Mapping[str, str]
    diazepam_equivalent_mg: Mapping[str, Any]
    without_figure: Mapping[str, list[str]]
    cut_percent: str
    cut_percent_14_days: str


def figures_of(
    plan: TaperPlan, *, limits: Limits, table: str | None, before: Sequence[InForce], formulary: Formulary
) -> tuple[Figures, ...]:
    """The figures of every step of a plan, in order. table: key of the table the prescriber named."""
    changes = {one.step: one for one in ratios(plan, formulary=formulary, limits=limits, history=before)}
    medicines = sorted({name for step in plan.steps for name in step.daily()})
    return tuple(_figures(step, medicines, changes.get(step.number), table, formulary) for step in plan.steps)


def equivalents_json(found: Equivalents, formulary: Formulary) -> dict[str, Any]:
    """mg of diazepam by each table's name; {"low", "high"} where the table prints a range."""
    return {formulary.table(key).name: _equivalent(one) for key, one in found.by_table.items()}


def without_figure_json(found: Equivalents, formulary: Formulary) -> dict[str, list[str]]:
    """The tables without a figure for one of the medicines, with the medicines they say nothing of."""
    return {formulary.table(key).name: list(names) for key, names in found.without_figure.items()}


def _figures(
    step: Step, medicines: Sequence[str], change: StepRatios | None, table: str | None, formulary: Formulary
) -> Figures:
    daily = step.daily()
    found = equivalents(daily, formulary=formulary)
    measures = [] if change is None else list(_measures(change, table))
    return Figures(
        daily_mg={name: plain(daily[name].mg) if name in daily else "0" for name in medicines},
        diazepam_equivalent_mg=equivalents_json(found, formulary),
        without_figure=without_figure_json(found, formulary),
        cut_percent=shown_text(100 * max((one.share for one in measures), default=NOTHING)),
        cut_percent_14_days=shown_text(100 * max((one.share_over_window for one in measures), default=NOTHING)),
    )


def _equivalent(one: DiazepamEquivalent) -> Any:
    if one.low == one.high:
        return shown_text(one.low)
    return {"low": shown_text(one.low), "high": shown_text(one.high)}


def _measures(change: StepRatios, table: str | None) -> Iterator[Lowering]:
    """As the rate rules read a change: of one medicine alone its own mg, of several the total too."""
    if len(change.medicine_equivalent) > 1:
        for by_table in (change.by_table, change.by_table_high):
            yield from (one for key, one in by_table.items() if table in (None, key))
    yield from (one for name, one in change.by_medicine.items() if name not in change.exchanged)
