"""A schedule as a table: date, time, medicine, mg. One row a dose; a date gives all doses of its day.

What holds on a date goes on until the next date in the table, so a table may list only the days on which something
changes, or every day. A day without doses is written with an amount of 0.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from glidepath.clinical.amounts import AmountError, Dose, parse_mg, plain
from glidepath.clinical.dosing.plan import PlannedDose, Step, StepState
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.planfile.errors import PlanFileError
from glidepath.clinical.planfile.node import read_day
from glidepath.clinical.planfile.read_steps import MOST_STEPS
from glidepath.clinical.regimen import RegimenError, parse_time

COLUMNS = ("date", "time", "medicine", "mg")
_DAY = dt.timedelta(days=1)
MOST_ROWS = 200_000  # ours: centuries of doses


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    day: dt.date
    dose: PlannedDose


def write_csv(steps: Sequence[Step]) -> str:
    """The steps as a table, one row a dose on the day a step begins. Read back, it gives the same doses."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    last: Sequence[PlannedDose] = ()
    for step in steps:
        rows = step.doses or tuple(PlannedDose(one.time, Dose.from_ng(0, one.dose.medicine)) for one in last)
        for one in rows:
            table.writerow((step.start.isoformat(), f"{one.time:%H:%M}", one.dose.medicine, plain(one.dose.mg)))
        last = step.doses
    return out.getvalue()


def read_csv(text: str, *, formulary: Formulary) -> tuple[Step, ...]:
    """The steps of a table, without products. Days that repeat the day before make no step of their own.

    Raises PlanFileError naming the line: a missing column, an amount or a name that cannot be read, a dose that stands
    twice, a day that is left out of a table which lists every day.
    """
    days: dict[dt.date, list[_Row]] = {}
    for row in _rows(text, formulary):
        days.setdefault(row.day, []).append(row)
    if not days:
        raise PlanFileError("The table has no row. Write one row for each dose under date,time,medicine,mg.")
    doses = {day: _doses(days[day]) for day in sorted(days)}
    _none_left_out(doses)
    return _steps(doses)


def _rows(text: str, formulary: Formulary) -> Iterator[_Row]:
    lines = text.removeprefix("\ufeff")
    delimiter = ";" if ";" in lines.split("\n", 1)[0] else ","
    table = csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter)
    try:
        places = _places(next(table, []))
        for cells in table:
            if table.line_num > MOST_ROWS:
                raise PlanFileError(f"The table has more than {MOST_ROWS} lines, which is no plan of a person.")
            if any(cell.strip() for cell in cells):
                yield _row(cells, places, table.line_num, formulary)
    except csv.Error as wrong:
        raise PlanFileError(f"Line {table.line_num} is not a row of a table: {wrong}.") from None


def _places(header: Sequence[str]) -> dict[str, int]:
    names = [cell.strip().lower() for cell in header]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        given = ", ".join(names) or "nothing"
        raise PlanFileError(
            f"The first line of the table has no {' and no '.join(missing)}: it says “{given[:80]}”. Write "
            "date,time,medicine,mg."
        )
    return {name: names.index(name) for name in COLUMNS}


def _row(cells: Sequence[str], places: dict[str, int], line: int, formulary: Formulary) -> _Row:
    if len(cells) <= max(places.values()):
        raise PlanFileError(f"Line {line} has {len(cells)} cells and needs {max(places.values()) + 1}.")
    given = {name: cells[place] for name, place in places.items()}
    try:
        medicine = formulary.find(given["medicine"]).name
        dose = Dose(parse_mg(given["mg"]), medicine)
        return _Row(line, read_day(given["date"]), PlannedDose(parse_time(given["time"]), dose))
    except UnknownMedicine as wrong:
        raise PlanFileError(f"Line {line}: {wrong}") from None
    except AmountError as wrong:
        raise PlanFileError(f"Line {line}: {wrong}.") from None
    except (RegimenError, PlanFileError) as wrong:
        raise PlanFileError(f"Line {line}: {wrong}") from None


def _doses(rows: Sequence[_Row]) -> tuple[PlannedDose, ...]:
    found: dict[tuple[dt.time, str], PlannedDose] = {}
    for row in rows:
        key = row.dose.time, row.dose.dose.medicine
        if key in found:
            raise PlanFileError(
                f"Line {row.line}: {row.dose.dose.medicine} at {row.dose.time:%H:%M} on {row.day} stands twice. Write "
                "one amount for each time."
            )
        found[key] = row.dose
    return tuple(found[key] for key in sorted(found) if found[key].dose.mg > 0)


def _none_left_out(doses: dict[dt.date, tuple[PlannedDose, ...]]) -> None:
    """A table that repeats a day lists every day: then a missing day could be a day without doses."""
    repeats = any(after - before == _DAY and doses[before] == doses[after] for before, after in pairwise(doses))
    for before, after in pairwise(doses):
        if repeats and after - before > _DAY:
            raise PlanFileError(
                f"The table lists single days and leaves out {before + _DAY}. Write that day too, with 0 mg where "
                "nothing is taken; or write only the days on which a dose changes."
            )


def _steps(doses: dict[dt.date, tuple[PlannedDose, ...]]) -> tuple[Step, ...]:
    steps: list[Step] = []
    for day, taken in doses.items():
        if steps and steps[-1].doses == taken:
            continue
        state = StepState.PROJECTED if steps else StepState.RELEASED
        steps.append(Step(len(steps) + 1, day, taken, state))
    if len(steps) > MOST_STEPS:
        raise PlanFileError(f"The table makes more than {MOST_STEPS} steps, which is no plan of a person.")
    return tuple(steps)
