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
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

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

    def __post_init__(self) -> None:
        """What was handed over is frozen, so that nothing kept by it can change under it."""
        object.__setattr__(self, "daily", MappingProxyType(dict(self.daily)))

    def __hash__(self) -> int:
        return hash((self.since, frozenset(self.daily.items())))

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


@dataclass(frozen=True)  # no slots, so that a total that is asked for can be kept with it
class StepRatios:
    """One change of the daily dose.

    by_medicine: each medicine that changes. exchanged: those of them that are exchanged for one another here, for
    which only the total counts. medicine_equivalent: each medicine before the change in diazepam by the highest table;
    None where no table has a figure. last_change_on: the day of the change before this one, None when none is known.
    totals: of each dose in the window, the last of them the one before the change; total: of the dose after it.
    """

    step: int
    on: dt.date
    by_medicine: Mapping[str, Lowering]
    exchanged: frozenset[str]
    medicine_equivalent: Mapping[str, Fraction | None]
    last_change_on: dt.date | None
    totals: tuple[Equivalents, ...]
    total: Equivalents

    @cached_property
    def by_table(self) -> Mapping[str, Lowering]:
        """The total in diazepam by each table that covers every medicine of the window, at the table's larger figures
        (the lower result, which an exchange uses). Of a plan of one medicine nobody asks for it."""
        return _by_table(self.totals, self.total, high=False)

    @cached_property
    def by_table_high(self) -> Mapping[str, Lowering]:
        """The same at the table's smaller figures."""
        return _by_table(self.totals, self.total, high=True)

    @property
    def equivalent(self) -> Fraction | None:
        """The total before the change in diazepam by the highest table; None where no table has a figure."""
        return self.totals[-1].highest

    def is_small_last_step(self, medicine: str, limits: Limits) -> bool:
        """Whether this takes a medicine to zero from a dose that may go at once (TPR-10); not where no table says."""
        found, equal = self.by_medicine.get(medicine), self.medicine_equivalent.get(medicine)
        return found is not None and found.after == 0 and equal is not None and equal <= limits.last_step_max_diazepam


def step_cut(before: Fraction, after: Fraction) -> Fraction:
    """The lowering as a share of the dose before; negative for a rise, zero from nothing."""
    return (before - after) / before if before else Fraction(0)


def in_window(history: Sequence[InForce], on: dt.date, *, days: int) -> tuple[InForce, ...]:
    """The doses in force at any moment of the `days` calendar days that end with the day of a change.

    history: in order of time, the present dose last; each is replaced on the day the next begins, and counts that day.
    """
    first = len(history) - 1
    while first and (on - history[first].since).days < days:
        first -= 1
    return tuple(history[first:])


def exchanged(before: Mapping[str, Dose], after: Mapping[str, Dose]) -> frozenset[str]:
    """The medicines that change while others change the other way: they are exchanged, not cut."""
    names = before.keys() | after.keys()
    if len(names) < 2:
        return frozenset()
    up = {name for name in names if _decimal(after, name) > _decimal(before, name)}
    down = {name for name in names if _decimal(after, name) < _decimal(before, name)}
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
    known, totals = [*history], [equivalents(entry.daily, formulary=formulary) for entry in history]
    found: list[StepRatios] = []
    for step in steps:
        now = InForce(step.start, step.daily())
        total = equivalents(now.daily, formulary=formulary)
        if known:
            found.append(_ratios_of(step, now, total, known, totals, formulary, limits))
        known.append(now)
        totals.append(total)
    return tuple(found)


def _ratios_of(
    step: Step,
    now: InForce,
    new: Equivalents,
    known: Sequence[InForce],
    worked: Sequence[Equivalents],
    formulary: Formulary,
    limits: Limits,
) -> StepRatios:
    """known: what was in force before, in order of time; worked: the totals of each."""
    before, after = known[-1].daily, now.daily
    swapped = exchanged(before, after)
    window = in_window(known, step.start, days=limits.ceiling_days)
    medicines = sorted(before.keys() | after.keys())
    changed = [name for name in medicines if _decimal(before, name) != _decimal(after, name)]
    return StepRatios(
        step=step.number,
        on=step.start,
        by_medicine={name: _by_medicine(name, window, after) for name in changed},
        exchanged=swapped,
        medicine_equivalent={name: equivalent_of(_mg(before, name), name, formulary) for name in medicines},
        last_change_on=known[-1].since if len(known) > 1 else None,
        totals=tuple(worked[-len(window) :]),
        total=new,
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


def _decimal(daily: Mapping[str, Dose], medicine: str) -> Decimal:
    """To compare amounts of one medicine, which a fraction does no better and slower."""
    return daily[medicine].mg if medicine in daily else Decimal(0)
