"""The stepwise exchange for a longer-acting medicine: one dose of the day at a time, the night dose first.

By one named table; where nobody has named one, by the table with the lower start, and where a table prints a range,
by its larger figure: both begin lower. What the products cannot make exactly is made smaller, never larger, so the
total by that table never rises; what is lost so counts as a cut and is held to the ceiling.
Source: joint guideline 7 and its Table 7 (over 1 to 2 weeks rather than 1 to 2 days); the order night first: Scottish
prescribing guide, its lorazepam example.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from math import ceil

from glidepath.clinical.amounts import NANOGRAMS_PER_MG, Dose, plain, rounded
from glidepath.clinical.dosing.bench import bench
from glidepath.clinical.dosing.blocking import NOT_MAKEABLE, OVER_THE_CEILING
from glidepath.clinical.dosing.course import Course
from glidepath.clinical.dosing.equivalence import Conversion, convert, figure
from glidepath.clinical.dosing.errors import NoPublishedFigure
from glidepath.clinical.dosing.plan import Blocked, PlannedDose
from glidepath.clinical.dosing.ratios import in_window, step_cut, total_at
from glidepath.clinical.dosing.request import TaperRequest, switched
from glidepath.clinical.dosing.tablets import made_dose
from glidepath.clinical.facts.formulary import Formulary

# Ours: a dose before this hour belongs to the night before it, so that it is the night dose.
_NIGHT_ENDS = dt.time(4)


def exchange_table(request: TaperRequest, *, formulary: Formulary) -> str | None:
    """The table that sets the exchange: the one named, else the one by which the new dose begins lowest.

    None when nothing is left to exchange. Raises NoPublishedFigure where the named table, or every table, is silent.
    """
    daily, target = request.regimen.daily(), request.switch_to
    gone = switched(daily, request, formulary)
    if not gone or target is None:
        return request.table
    if request.table is not None:
        for name in gone:
            _converted(daily[name], request, request.table, formulary)
        return request.table
    starts: dict[str, Fraction] = {}
    for table in formulary.usable_tables():
        if all(figure(formulary.find(name), table.key) is not None for name in (*gone, target)):
            starts[table.key] = sum(
                (_converted(daily[name], request, table.key, formulary).low for name in gone), Fraction(0)
            )
    if not starts:
        for name in gone:
            convert(daily[name], target, table=next(iter(formulary.tables)), formulary=formulary, z_drug_chosen=True)
        raise NoPublishedFigure(
            " with ".join(gone), "no table has a figure for all of them", "Exchange one of them, or taper directly."
        )
    return min(starts, key=lambda key: (starts[key], key))


def exchange(course: Course, request: TaperRequest, *, table: str, formulary: Formulary) -> Blocked | None:
    """Add the steps of the exchange to the course; what stops it, when it cannot be completed."""
    gone = switched(course.daily(), request, formulary)
    slots = [planned for planned in course.doses if planned.dose.medicine in gone]
    slots.sort(key=lambda planned: (_of_the_day(planned.time), planned.dose.medicine), reverse=True)
    every = request.switch_every_days or ceil(Fraction(request.limits.switch_days, len(slots)))
    for slot in slots:
        blocked = _exchange_one(course, slot, course.day + dt.timedelta(days=every), request, table, formulary)
        if blocked is not None:
            return blocked
    return None


def _of_the_day(time: dt.time) -> tuple[bool, dt.time]:
    return time < _NIGHT_ENDS, time


def _exchange_one(
    course: Course, slot: PlannedDose, day: dt.date, request: TaperRequest, table: str, formulary: Formulary
) -> Blocked | None:
    assert request.switch_to is not None
    wanted = _converted(slot.dose, request, table, formulary).low
    made = bench(request.switch_to, course.products)
    units = made.reachable(int(wanted * NANOGRAMS_PER_MG / made.unit_ng)) if made.products else [0]
    new = made.dose(units[-1]) if made.products else Dose.from_ng(0, request.switch_to)
    if new.mg == 0:
        return _too_small(slot, wanted, request, formulary)
    blocked = _over_the_ceiling(course, slot, new, wanted, day, request, table, formulary)
    if blocked is not None:
        return blocked
    have = course.of(request.switch_to).get(slot.time)
    stay = [
        planned
        for planned in course.doses
        if planned != slot and (planned.time, planned.dose.medicine) != (slot.time, request.switch_to)
    ]
    course.add(day, [*stay, made_dose(slot.time, new if have is None else have + new, course.products)])
    return None


def _over_the_ceiling(
    course: Course,
    slot: PlannedDose,
    new: Dose,
    wanted: Fraction,
    day: dt.date,
    request: TaperRequest,
    table: str,
    formulary: Formulary,
) -> Blocked | None:
    """Whether what is lost by making the new dose smaller is more than the ceiling lets go."""
    limits = request.limits
    window = in_window(course.history, day, days=limits.ceiling_days)
    totals = [total_at(entry.daily, table, formulary) for entry in window]
    out, into = (total_at({part.medicine: part}, table, formulary) for part in (slot.dose, new))
    if not limits.ceiling_holds or step_cut(max(totals), totals[-1] - out + into) <= limits.ceiling:
        return None
    return Blocked(
        OVER_THE_CEILING,
        (slot.dose,),
        f"{slot.dose} at {slot.time:%H:%M} equals {rounded(wanted, 2)} mg of {new.medicine} by "
        f"{formulary.table(table).name}; the stocked products make {plain(new.mg)} mg below that, and the total would "
        f"fall by more than {plain(rounded(limits.ceiling * 100))} % in {limits.ceiling_days} days.",
        f"Stock a smaller strength or a liquid of {new.medicine}, or taper {slot.dose.medicine} directly.",
    )


def _too_small(slot: PlannedDose, wanted: Fraction, request: TaperRequest, formulary: Formulary) -> Blocked:
    assert request.switch_to is not None
    least = _least(request)
    makes = f"the smallest dose that the stocked products make is {least}" if least else "no product of it is stocked"
    return Blocked(
        NOT_MAKEABLE,
        (slot.dose,),
        f"{slot.dose} at {slot.time:%H:%M} equals {rounded(wanted, 2)} mg of {request.switch_to}; {makes}.",
        f"Stock a smaller strength or a liquid of {request.switch_to}, or taper {slot.dose.medicine} directly.",
    )


def _least(request: TaperRequest) -> Dose | None:
    assert request.switch_to is not None
    made = bench(request.switch_to, request.products)
    return made.dose(min(made.parts)) if made.parts else None


def _converted(dose: Dose, request: TaperRequest, table: str, formulary: Formulary) -> Conversion:
    """A Z-drug is exchanged only where the request names it for that (EQ-3)."""
    assert request.switch_to is not None
    return convert(
        dose,
        request.switch_to,
        table=table,
        formulary=formulary,
        z_drug_chosen=dose.medicine in request.exchange,
    )
