"""How large a change of dose really is, after rounding: of the present dose, and over the ceiling's calendar days.

All shares are exact fractions; they are rounded only where they are shown. A rise is a negative share.
The window of a change is that calendar day and the days before it, `ceiling_days` in all: a dose replaced exactly
that many days earlier no longer counts, one replaced a day later does (its last day is inside). Calendar days, so a
clock change makes no difference.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.equivalence import DIAZEPAM_MG, Equivalents, equivalents, figure, highest_per_mg
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Step, TaperPlan
from glidepath.clinical.facts.formulary import Formulary


@dataclass(frozen=True, slots=True)
class InForce:
    """From the calendar day `since` this total of each medicine a day, until the next one."""

    since: dt.date
    daily: Mapping[str, Dose]

    def mg(self, medicine: str) -> Fraction:
        """The daily mg of one medicine, zero when it is not taken."""
        return self.daily[medicine].exact if medicine in self.daily else Fraction(0)


@dataclass(frozen=True, slots=True)
class Lowering:
    """One change of a daily amount in mg. `highest`: the highest in force at any moment of the window."""

    before: Fraction
    after: Fraction
    highest: Fraction

    @property
    def share(self) -> Fraction:
        """The cut as a share of the present dose; negative for a rise, zero where nothing was taken before."""
        return step_cut(self.before, self.after)

    @property
    def share_over_window(self) -> Fraction:
        """The lowering since the highest dose of the window, as a share of that dose."""
        return step_cut(self.highest, self.after)


@dataclass(frozen=True, slots=True)
class StepRatios:
    """One change of the daily dose.

    by_table: the total in diazepam by each table that covers every medicine of the window, at the table's larger
    figures (the lower result, which an exchange uses); by_table_high: at its smaller figures.
    by_medicine: each medicine that changes. exchanged: those of them that are exchanged for one another here, for
    which only the total counts. equivalent: the total before the change in diazepam by the highest table, and
    medicine_equivalent that of each medicine; None where no table has a figure.
    last_change_on: the day of the change before this one, None when none is known.
    """

    step: int
    on: dt.date
    by_table: Mapping[str, Lowering]
    by_table_high: Mapping[str, Lowering]
    by_medicine: Mapping[str, Lowering]
    exchanged: frozenset[str]
    equivalent: Fraction | None
    medicine_equivalent: Mapping[str, Fraction | None]
    last_change_on: dt.date | None

    def is_small_last_step(self, medicine: str, limits: Limits) -> bool:
        """Whether this takes a medicine to zero from a dose that may go at once (TPR-10); not where no table says."""
        found, equal = self.by_medicine.get(medicine), self.medicine_equivalent.get(medicine)
        return found is not None and found.after == 0 and equal is not None and equal <= limits.last_step_max_diazepam


def step_cut(before: Fraction, after: Fraction) -> Fraction:
    """The lowering as a share of the dose before; negative for a rise, zero from nothing."""
    return (before - after) / before if before else Fraction(0)


def cut_over_14_days(history: Sequence[InForce], on: dt.date, after: Fraction, medicine: str, *, days: int) -> Fraction:
    """The lowering of one medicine to `after` mg on a day, from its highest dose in the window of `days` before.

    history: in order of time, the present dose last.
    """
    return step_cut(max(entry.mg(medicine) for entry in in_window(history, on, days=days)), after)


def in_window(history: Sequence[InForce], on: dt.date, *, days: int) -> tuple[InForce, ...]:
    """The doses in force at any moment of the `days` calendar days that end with the day of a change.

    history: in order of time, the present dose last; each is replaced on the day the next begins, and counts that day.
    """
    replaced = [entry.since for entry in history[1:]]
    counted = [entry for entry, day in zip(history, replaced, strict=False) if (on - day).days < days]
    return (*counted, history[-1])


def exchanged(before: Mapping[str, Dose], after: Mapping[str, Dose]) -> frozenset[str]:
    """The medicines that change while others change the other way: they are exchanged, not cut."""
    names = before.keys() | after.keys()
    moves = {name: _mg(after, name) - _mg(before, name) for name in names}
    up, down = {n for n, move in moves.items() if move > 0}, {n for n, move in moves.items() if move < 0}
    return frozenset(up | down) if up and down else frozenset()


def since_exchange(history: Sequence[InForce], medicine: str) -> Sequence[InForce]:
    """The history of one medicine by itself: what it was before its last exchange is left aside."""
    since = 0
    for index, (before, after) in enumerate(itertools.pairwise(history), start=1):
        if medicine in exchanged(before.daily, after.daily):
            since = index
    return history[since:]


def history_of(steps: Iterable[Step]) -> tuple[InForce, ...]:
    """The daily doses of steps, in their order."""
    return tuple(InForce(step.start, step.daily()) for step in steps)


def ratios(
    plan: TaperPlan | Sequence[Step],
    *,
    formulary: Formulary,
    limits: Limits,
    history: Sequence[InForce] = (),
) -> tuple[StepRatios, ...]:
    """Every change of dose of a plan, in order; the first step too where `history` says what came before it.

    history: doses in force before the plan's first step, in order of time.
    """
    steps = plan.steps if isinstance(plan, TaperPlan) else tuple(plan)
    known = [(entry, equivalents(entry.daily, formulary=formulary)) for entry in history]
    found: list[StepRatios] = []
    for step in steps:
        now = InForce(step.start, step.daily())
        total = equivalents(now.daily, formulary=formulary)
        if known:
            found.append(_ratios_of(step, now, total, known, formulary, limits))
        known.append((now, total))
    return tuple(found)


def _ratios_of(
    step: Step,
    now: InForce,
    new: Equivalents,
    worked: Sequence[tuple[InForce, Equivalents]],
    formulary: Formulary,
    limits: Limits,
) -> StepRatios:
    """worked: what was in force before, in order of time, with its totals."""
    known = [entry for entry, _ in worked]
    before, after = known[-1].daily, now.daily
    swapped = exchanged(before, after)
    window = in_window(known, step.start, days=limits.ceiling_days)
    medicines = sorted(before.keys() | after.keys())
    changed = [name for name in medicines if _mg(before, name) != _mg(after, name)]
    totals = [total for _, total in worked[-len(window) :]]
    return StepRatios(
        step=step.number,
        on=step.start,
        by_table=_by_table(totals, new, high=False),
        by_table_high=_by_table(totals, new, high=True),
        by_medicine={name: _by_medicine(name, window, after) for name in changed},
        exchanged=swapped,
        equivalent=totals[-1].highest,
        medicine_equivalent={name: equivalent_of(_mg(before, name), name, formulary) for name in medicines},
        last_change_on=known[-1].since if len(known) > 1 else None,
    )


def _by_medicine(name: str, window: Sequence[InForce], after: Mapping[str, Dose]) -> Lowering:
    """window: the present dose last. An exchange before it leaves all of it to be counted."""
    counted = since_exchange(window, name)
    return Lowering(window[-1].mg(name), _mg(after, name), max(entry.mg(name) for entry in counted))


def _by_table(totals: Sequence[Equivalents], new: Equivalents, *, high: bool) -> dict[str, Lowering]:
    """totals: of each dose in the window, the last of them the one before the change. new: of the dose after it."""
    found: dict[str, Lowering] = {}
    for table in new.by_table:
        if any(table in total.without_figure for total in totals):
            continue
        before = [_total(total, table, high=high) for total in totals]
        found[table] = Lowering(before[-1], _total(new, table, high=high), max(before))
    return found


def _total(found: Equivalents, table: str, *, high: bool) -> Fraction:
    return found.by_table[table].high if high else found.by_table[table].low


def equivalent_of(mg: Fraction, medicine: str, formulary: Formulary) -> Fraction | None:
    """mg of a medicine in diazepam by the highest table; None where no table has a figure."""
    per_mg = highest_per_mg(formulary.find(medicine))
    return None if per_mg is None else mg * per_mg


def diazepam_per_mg(medicine: str, table: str, formulary: Formulary) -> Fraction | None:
    """mg of diazepam that 1 mg equals by a table at its larger figure (the lower result); None without a figure."""
    found = figure(formulary.find(medicine), table)
    return None if found is None else DIAZEPAM_MG / Fraction(found.high)


def total_at(daily: Mapping[str, Dose], table: str, formulary: Formulary) -> Fraction:
    """mg of diazepam a day by a table at its larger figures; what the table is silent about is left out."""
    parts = (dose.exact * (diazepam_per_mg(name, table, formulary) or 0) for name, dose in daily.items())
    return sum(parts, Fraction(0))


def _mg(daily: Mapping[str, Dose], medicine: str) -> Fraction:
    return daily[medicine].exact if medicine in daily else Fraction(0)
