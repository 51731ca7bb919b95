"""What the taper pages draw: steps with their exact pieces, tables side by side, paces, what a change does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.utils.safestring import SafeString, mark_safe

from glidepath.care.taper.planning import Proposal
from glidepath.clinical.amounts import Dose, plain, rounded
from glidepath.clinical.dosing import plan as core
from glidepath.clinical.dosing.alternatives import Alternative, Way
from glidepath.clinical.dosing.equivalence import equivalents
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import PlannedDose, Product, Step
from glidepath.clinical.dosing.ratios import InForce, StepRatios, ratios
from glidepath.clinical.dosing.revise import Difference
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.day_review import DayValues, StopConditions
from glidepath.clinical.monitoring.sedation import signed
from glidepath.drawing.pace import Fall, pace

FIRST_ROWS = 12  # a long plan shows so many rows ahead; the rest opens on demand
DIFFERENCE_ROWS = 6
HARD = {
    "gentle": "If it gets hard: wait one more interval, nothing is lost.",
    "steady": "If it gets hard: hold at any step, or go on gentler.",
    "usual": "If it gets hard: hold, or step back to the last dose that was borne well.",
}
NBSP = "\N{NO-BREAK SPACE}"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Amount:
    """One medicine of a step: its daily dose, what changed to the step before, and the share of that dose."""

    medicine: str
    mg: Dose | None  # None: none of it any more
    change: str
    share: Fraction | None  # of the dose before; None for a rise, a first step, or no change
    over_window: Fraction | None  # below the highest dose of the ceiling's days, as a share of it
    is_last: bool  # to zero
    is_exchanged: bool = False  # for another medicine: no cut by itself

    @property
    def daily(self) -> str:
        return plain(self.mg.mg) if self.mg else "0"

    @property
    def of_dose(self) -> str:
        if self.is_exchanged:
            return "exchanged"
        if self.is_last:
            return "last step"
        return _percent(self.share) if self.share is not None else ""

    @property
    def of_window(self) -> str:
        return _percent(self.over_window) if self.over_window is not None and not self.is_last else ""


def _percent(share: Fraction) -> str:
    return f"{rounded(share * 100):f}{NBSP}%"


@dataclass(frozen=True, slots=True)
class StepLine:
    number: int
    start: dt.date
    amounts: tuple[Amount, ...]
    cells: tuple[tuple[PlannedDose, ...], ...]  # by time of day, as the head of the table says
    state: str  # past, now, hold, released or projected
    changed: bool = False

    @property
    def row_class(self) -> str:
        look = {"past": "is-past", "now": "is-now", "hold": "is-now"}.get(self.state, "is-projected")
        return f"{look} is-changed" if self.changed else look


@dataclass(frozen=True, slots=True)
class StepTable:
    times: tuple[dt.time, ...]
    first: tuple[StepLine, ...]
    more: tuple[StepLine, ...]
    several: bool  # more than one medicine: each is named in every row
    window_days: int  # the days of the ceiling

    @property
    def parts(self) -> tuple[tuple[StepLine, ...], ...]:
        return (self.first, self.more) if self.more else (self.first,)


def step_table(
    plan: core.TaperPlan,
    *,
    now: int | None = None,
    on_hold: bool = False,
    changed: Collection[int] = (),
    history: Sequence[InForce] = (),
) -> StepTable:
    """Every step with its exact pieces. now: the number of the step in force; without one, nothing has begun.

    history: what was in force before; of it counts what lies before the plan's first step.
    """
    times = tuple(sorted({dose.time for step in plan.steps for dose in step.doses}))
    limits = Limits.of()
    earlier = [one for one in history if one.since < plan.steps[0].start]
    lowered = {one.step: one for one in ratios(plan, formulary=formulary(), limits=limits, history=earlier)}
    lines: list[StepLine] = []
    before: Step | None = None
    for step in plan.steps:
        cells = tuple(tuple(dose for dose in step.doses if dose.time == time) for time in times)
        state = _state(step, now, on_hold)
        amounts = _amounts(before, step, lowered.get(step.number))
        lines.append(StepLine(step.number, step.start, amounts, cells, state, step.number in changed))
        before = step
    names = {name for step in plan.steps for name in step.daily()}
    cut = FIRST_ROWS + sum(line.state in ("past", "now", "hold") for line in lines)
    if len(lines) <= cut + 4:
        cut = len(lines)
    return StepTable(times, tuple(lines[:cut]), tuple(lines[cut:]), len(names) > 1, limits.ceiling_days)


def part_of(plan: core.TaperPlan, steps: tuple[Step, ...]) -> core.TaperPlan:
    """The same plan with some of its steps alone, for a table of those."""
    return replace(plan, steps=steps)


def _state(step: Step, now: int | None, on_hold: bool) -> str:
    if now is not None and step.number < now:
        return "past"
    if now is not None and step.number == now:
        return "hold" if on_hold else "now"
    return "released" if step.state is core.StepState.RELEASED else "projected"


def _amounts(before: Step | None, step: Step, lowered: StepRatios | None) -> tuple[Amount, ...]:
    was, now = (before.daily() if before else {}), step.daily()
    names = [*was, *(name for name in now if name not in was)]
    return tuple(_amount(name, was.get(name), now.get(name), before is None, lowered) for name in names)


def _amount(name: str, was: Dose | None, now: Dose | None, first: bool, lowered: StepRatios | None) -> Amount:
    old = was.exact if was else Fraction(0)
    new = now.exact if now else Fraction(0)
    if first or old == new:
        return Amount(name, now, "", None, None, False)
    sign = "+" if new > old else "\N{MINUS SIGN}"
    is_exchanged = lowered is not None and name in lowered.exchanged
    share = (old - new) / old if old > new and not is_exchanged else None
    found = lowered.by_medicine.get(name) if lowered else None
    counts = found is not None and found.share_over_window > 0 and not is_exchanged
    window = found.share_over_window if found is not None and counts else None
    return Amount(name, now, f"{sign}{plain(rounded(abs(new - old), 4))}", share, window, new == 0, is_exchanged)


@dataclass(frozen=True, slots=True)
class TableLine:
    """What one published table makes of the day's doses, in diazepam."""

    name: str
    title: str
    low: Fraction | None  # None: the table says nothing of `without`
    high: Fraction | None
    without: tuple[str, ...]
    mark: str  # named, used or nothing

    @property
    def is_range(self) -> bool:
        return self.low != self.high


@dataclass(frozen=True, slots=True)
class Equivalences:
    lines: tuple[TableLine, ...]
    apart: Fraction | None  # how many times the highest is the lowest


def equivalences(daily: Mapping[str, Dose], *, named: str = "", used: str | None = None) -> Equivalences:
    """named: the table the prescriber named. used: the one an exchange went by, where nobody named one."""
    known = formulary()
    found = equivalents(daily, formulary=known)
    lines = []
    for key in [*found.by_table, *found.without_figure]:
        table, figure = known.table(key), found.by_table.get(key)
        lines.append(
            TableLine(
                name=table.name,
                title=table.title,
                low=figure.low if figure else None,
                high=figure.high if figure else None,
                without=found.without_figure.get(key, ()),
                mark="named" if key == named else "used" if key == used and not named else "",
            )
        )
    return Equivalences(tuple(lines), found.differ_ratio)


@dataclass(frozen=True, slots=True)
class WayOn:
    """One way on from a blocked plan, and what it leads to. `fields`: what to ask for instead, where a form can."""

    what: str
    leads_to: str
    fields: tuple[tuple[str, str], ...]


def ways_on(found: Sequence[Alternative], stocked: Collection[str]) -> tuple[WayOn, ...]:
    """stocked: the medicines on the shelf, because a switch to another is nothing that can be planned today."""
    return tuple(WayOn(one.what, _leads_to(one.plan), _instead(one, stocked)) for one in found)


def _leads_to(plan: core.TaperPlan) -> str:
    last = plan.steps[-1]
    daily = " + ".join(str(dose) for dose in last.daily().values()) or "zero"
    day = f"{last.start.day}{NBSP}{MONTHS[last.start.month - 1]}{NBSP}{last.start.year}"
    if not plan.complete:
        return f"Leads down to {daily} by {day}, no further"
    return f"Reaches {daily} on {day}, in {len(plan.steps)} steps"


def _instead(one: Alternative, stocked: Collection[str]) -> tuple[tuple[str, str], ...]:
    if one.kind is Way.KEPT_DOSE:
        return (("goal", " + ".join(str(dose) for dose in one.request.goal.kept)),)
    if one.kind is Way.SWITCH and one.request.switch_to in stocked:
        return (("switch_to", one.request.switch_to or ""),)
    return ()


@dataclass(frozen=True, slots=True)
class Pace:
    """One of the paces side by side."""

    key: str
    cut: Fraction
    interval_days: int
    proposal: Proposal
    drawing: SafeString  # empty where the doses of several medicines have no common measure
    chosen: bool

    @property
    def title(self) -> str:
        return self.key.capitalize()

    @property
    def words(self) -> str:
        return HARD[self.key]

    @property
    def end(self) -> str:
        end = self.proposal.end
        return f"{MONTHS[end.month - 1]} {end.year}" if end else "not reached"

    @property
    def steps_left(self) -> int:
        return len(self.proposal.plan.steps) - 1


def paces_shown(paces: Sequence[tuple[str, Proposal]], *, cut: Fraction, interval_days: int) -> tuple[Pace, ...]:
    falls = [fall(proposal.plan) for _, proposal in paces]
    drawn = all(falls)
    shown = []
    for place, (key, proposal) in enumerate(paces):
        chosen = proposal.draft.chosen
        others = [*falls[:place], *falls[place + 1 :]]
        # The drawing is made of numbers and of text that it escapes itself.
        drawing = mark_safe(pace(falls[place], others, sentence=sentence(proposal))) if drawn else SafeString("")
        same = (chosen.cut, chosen.interval_days) == (cut, interval_days)
        shown.append(Pace(key, chosen.cut, chosen.interval_days, proposal, drawing, same))
    return tuple(shown)


def fall(plan: core.TaperPlan) -> Fall:
    """(day, mg) of one medicine; of several in diazepam by the plan's table, since their mg do not add up. Empty where
    there is no such table."""
    start = plan.steps[0].start
    several = len({name for step in plan.steps for name in step.daily()}) > 1
    totals = [_in_diazepam(step, plan.table) if several else _alone(step) for step in plan.steps]
    if any(mg is None for mg in totals):
        return ()
    return [(float((step.start - start).days), float(mg or 0)) for step, mg in zip(plan.steps, totals, strict=True)]


def _alone(step: Step) -> Fraction:
    return sum((dose.exact for dose in step.daily().values()), Fraction(0))


def _in_diazepam(step: Step, table: str | None) -> Fraction | None:
    if table is None:
        return None
    found = equivalents(step.daily(), formulary=formulary(), tables=[table]).by_table
    return next((one.low for one in found.values()), None)


def sentence(proposal: Proposal) -> str:
    steps = proposal.plan.steps
    first = " + ".join(str(dose) for dose in steps[0].daily().values())
    last = " + ".join(str(dose) for dose in steps[-1].daily().values()) or "zero"
    return f"Dose falling from {first} a day to {last} in {len(steps) - 1} steps"


def pieces(needed: Mapping[Product, Fraction] | Sequence[tuple[Product, Fraction]]) -> tuple[str, ...]:
    """ "28 of diazepam 5 mg tablet", "12.5 mL of diazepam 2 mg/mL oral suspension"."""
    rows = needed.items() if isinstance(needed, Mapping) else needed
    return tuple(f"{counted(product, count)} of {product.name}" for product, count in rows)


def counted(product: Product, count: Fraction) -> str:
    number = plain(rounded(count, 2))
    return f"{number}{NBSP}mL" if product.kind is core.Kind.LIQUID else number


Row = tuple[str, str, str]


def difference_rows(difference: Difference) -> tuple[Row, ...]:
    """What a change does, for the diff: the steps, the end, and what the shelf needs."""
    rows = step_rows([(one.number, one.before, one.after) for one in difference.steps])
    rows.append(("Goal reached", _end(difference.end_before), _end(difference.end_after)))
    products = sorted({*difference.needed_before, *difference.needed_after})
    alone = len({product.medicine for product in products}) == 1
    for product in products:
        before, after = (found.get(product) for found in (difference.needed_before, difference.needed_after))
        rows.append(
            (
                product.name.removeprefix(f"{product.medicine} ") if alone else product.name,
                counted(product, before) if before else "0",
                counted(product, after) if after else "0",
            )
        )
    return tuple(rows)


Changes = Sequence[tuple[int, Step | None, Step | None]]


def step_rows(changes: Changes) -> list[Row]:
    """The first changed steps as before and after; how many more there are is said."""
    several = len({name for _, *both in changes for step in both if step for name in step.daily()}) > 1
    rows = [_step_row(*change, several) for change in changes[:DIFFERENCE_ROWS]]
    left = changes[DIFFERENCE_ROWS:]
    if left:
        was, now = sum(before is not None for _, before, _ in left), sum(after is not None for _, _, after in left)
        rows.append(("Further steps", str(was) if was else "none", _further(was, now)))
    return rows


def _further(was: int, now: int) -> str:
    if not now:
        return "none"
    return f"{now}, changed" if was else str(now)


def _step_row(number: int, before: Step | None, after: Step | None, several: bool) -> Row:
    """One step; its day stands in front where it is the same for both, else with each."""
    starts = {step.start for step in (before, after) if step is not None}
    same = len(starts) == 1
    label = f"Step {number}, {day(starts.pop())}" if same else f"Step {number}"
    return label, _step(before, several, not same), _step(after, several, not same)


def changes_between(before: core.TaperPlan | None, after: core.TaperPlan) -> Changes:
    """The steps of a version that the one before did not have so."""
    old = {step.number: step for step in before.steps} if before else {}
    new = {step.number: step for step in after.steps}
    numbers = sorted(old.keys() | new.keys())
    return [(one, old.get(one), new.get(one)) for one in numbers if _seen(old.get(one)) != _seen(new.get(one))]


def _seen(step: Step | None) -> object:
    return None if step is None else (step.start, step.doses)


def _step(step: Step | None, several: bool, dated: bool) -> str:
    if step is None:
        return ""
    daily = step.daily().values()
    doses = " + ".join(str(dose) if several else f"{plain(dose.mg)}{NBSP}mg" for dose in daily) or "zero"
    return f"{doses}, {_unbroken(step.start)}" if dated else doses


def amounts(step: Step) -> str:
    """ "36 mg diazepam a day", or "zero"."""
    daily = step.daily().values()
    return " + ".join(f"{plain(dose.mg)}{NBSP}mg {dose.medicine} a day" for dose in daily) or "zero"


@dataclass(frozen=True, slots=True)
class DayValue:
    """One value of the day's review with its moment, beside what the batch allows. None: never measured."""

    name: str
    value: str | None
    at: dt.datetime | None
    inside: str


def conditions(of: StopConditions) -> tuple[tuple[str, str], ...]:
    """The stop conditions of a batch, as (what, inside)."""
    return (
        ("CIWA-B", f"{of.ciwa_b_at_most} or less, rising by less than {of.ciwa_b_rise_under} in a day"),
        ("RASS", f"{signed(of.rass_at_least)} to {signed(of.rass_at_most)}"),
        ("NEWS2", f"{of.news2_at_most} or less, no value scoring 3 alone"),
        ("Open events", "none"),
    )


def day_values(of: StopConditions, seen: DayValues) -> tuple[DayValue, ...]:
    score = seen.ciwa_b[-1] if seen.ciwa_b else None
    found = (
        (str(score.total), score.at) if score else (None, None),
        (signed(seen.rass.rass), seen.rass.at) if seen.rass else (None, None),
        (str(seen.news2.total), seen.news2.at) if seen.news2 else (None, None),
        (", ".join(seen.open_events) or "none", None),
    )
    rows = zip(conditions(of), found, strict=True)
    return tuple(DayValue(name, value, at, inside) for (name, inside), (value, at) in rows)


def _end(date: dt.date | None) -> str:
    return _unbroken(date) if date else "open"


def _unbroken(date: dt.date) -> str:
    return day(date).replace(" ", NBSP)


def day(date: dt.date) -> str:
    """17 Nov 2026."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"
