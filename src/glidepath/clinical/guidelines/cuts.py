"""The lowerings of a proposal as the rate rules read them: the total by table, and each medicine by itself.

How they are measured, and over which calendar days, stands in dosing/ratios.py. A medicine that is being exchanged is
read in the total alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.equivalence import equivalents
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import PlannedDose, Step
from glidepath.clinical.dosing.ratios import InForce, Lowering, StepRatios, history_of, ratios
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.medicines import watch_days
from glidepath.clinical.guidelines.taper_rate import AN_ORDER, Cut

Daily = Mapping[str, Dose]
ANY_TIME = dt.time(0)


@dataclass(frozen=True, slots=True)
class EarlierDose:
    """Daily doses in force before the proposal, and the day on which they were replaced."""

    until: dt.date
    daily: Daily


@dataclass(frozen=True, slots=True)
class Change:
    """One change of dose: from `before` to `after` on a calendar day. `step` is the number of the step it begins."""

    step: int
    on: dt.date
    before: Daily
    after: Daily


def day_as_step(on: dt.date, daily: Daily, number: int = AN_ORDER) -> Step:
    """A day's doses as a step, where only the total of the day matters."""
    return Step(number, on, tuple(PlannedDose(ANY_TIME, dose) for dose in daily.values()))


def changes(steps: Sequence[Step], earlier: Sequence[EarlierDose] = ()) -> tuple[Change, ...]:
    """Every change of dose that `steps` make, in the order of days; the first changes what was replaced that day."""
    known, proposed = _divided(steps, earlier)
    in_order = pairwise((*known[-1:], *history_of(proposed)))
    numbers = [step.number for step in (proposed if known else proposed[1:])]
    found = zip(numbers, in_order, strict=True)
    return tuple(Change(number, new.since, old.daily, new.daily) for number, (old, new) in found)


def cuts(
    steps: Sequence[Step],
    *,
    formulary: Formulary,
    limits: Limits,
    table: str | None,
    earlier: Sequence[EarlierDose] = (),
    last_cut_on: dt.date | None = None,
) -> tuple[tuple[Cut, ...], ...]:
    """For each step that lowers something, its cuts by every measure.

    table: the named table's key; None reads the total by every usable table. earlier: doses in force before the
    steps, in order of days; last_cut_on: the day of the last cut before all of them, where known.
    """
    known, proposed = _divided(steps, earlier)
    past = ratios(_as_steps(known[1:]), formulary=formulary, limits=limits, history=known[:1])
    for change in past:
        if any(_cuts_of(change, table, last_cut_on, formulary, limits)):
            last_cut_on = change.on
    found = []
    for change in ratios(proposed, formulary=formulary, limits=limits, history=known):
        lowered = tuple(_cuts_of(change, table, last_cut_on, formulary, limits))
        if lowered:
            found.append(lowered)
            last_cut_on = change.on
    return tuple(found)


def rises(change: Change, *, formulary: Formulary, table: str | None) -> bool:
    """Whether the day's total goes up: by the named table, else by every table; one medicine by itself."""
    if len(change.before.keys() | change.after.keys()) == 1:
        return any(amount(change.after, name) > amount(change.before, name) for name in change.after)
    before, after = (equivalents(daily, formulary=formulary).by_table for daily in (change.before, change.after))
    tables = [key for key in before.keys() & after.keys() if table in (None, key)]
    if not tables:
        return any(amount(change.after, name) > amount(change.before, name) for name in change.after)
    return all(after[key].low > before[key].low and after[key].high > before[key].high for key in tables)


def amount(daily: Daily, medicine: str) -> Fraction:
    """mg of one medicine a day, zero where it is not taken."""
    return daily[medicine].exact if medicine in daily else Fraction(0)


def _cuts_of(
    change: StepRatios, table: str | None, last_cut_on: dt.date | None, formulary: Formulary, limits: Limits
) -> Iterable[Cut]:
    watch = max(
        (watch_days(formulary.find(name).acting, limits.settings) for name in change.medicine_equivalent), default=None
    )
    for what, medicine, lowering in _measures(change, table, formulary):
        if lowering.after >= lowering.before:
            continue
        yield Cut(
            step=change.step,
            on=change.on,
            what=what,
            before=lowering.before,
            after=lowering.after,
            highest=lowering.highest,
            highest_equivalent=change.equivalent if medicine is None else change.medicine_equivalent[medicine],
            last_cut_on=last_cut_on,
            watch_days=watch,
        )


def _measures(
    change: StepRatios, table: str | None, formulary: Formulary
) -> Iterable[tuple[str, str | None, Lowering]]:
    """What each measure is of (None: the total) and how it changes; one medicine alone is read in its own mg."""
    if len(change.medicine_equivalent) > 1:
        for by_table in (change.by_table, change.by_table_high):
            for key, lowering in by_table.items():
                if table in (None, key):
                    yield f"diazepam equivalent by {formulary.table(key).name}", None, lowering
    for name, lowering in change.by_medicine.items():
        if name not in change.exchanged:
            yield name, name, lowering


def _divided(steps: Sequence[Step], earlier: Sequence[EarlierDose]) -> tuple[tuple[InForce, ...], tuple[Step, ...]]:
    """What was in force before, each dose from the day it replaced the one before; and the steps still proposed.

    The first step is the present dose: where the last earlier dose was replaced before it starts, by then it was in
    force already, and is no change of the proposal.
    """
    since = [dt.date.min, *(one.until for one in earlier)]
    known = tuple(InForce(day, one.daily) for day, one in zip(since, earlier, strict=False))
    if earlier and steps and earlier[-1].until < steps[0].start:
        return (*known, InForce(earlier[-1].until, steps[0].daily())), tuple(steps[1:])
    return known, tuple(steps)


def _as_steps(history: Sequence[InForce]) -> tuple[Step, ...]:
    return tuple(day_as_step(entry.since, entry.daily) for entry in history)
