"""The rows of a table of steps as markup: a plan has a hundred and more, and a template is slow at so many.

Every text is escaped here; pieces and states come as markup.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from glidepath.clinical.dosing.plan import Made, PlannedDose

if TYPE_CHECKING:
    from glidepath.care.taper.shown import Amount, StepLine

NOTHING = '<td><span class="quiet">—</span></td>'

Pieces = Callable[[tuple[Made, ...]], SafeString]
State = Callable[[str, bool], SafeString]


def rows(
    lines: Iterable[StepLine], *, several: bool, pieces: Pieces, state: State, day: Callable[[dt.date], str]
) -> SafeString:
    """several: the plan has more than one medicine, so that each is named in every row."""
    figures = _figures_of_each if several else _figures
    return SafeString(
        "".join(
            f'<tr class="{line.row_class}"><th scope="row">{line.number}</th>'
            f'<td class="nowrap">{escape(day(line.start))}</td>{figures(line.amounts)}'
            f"{_cells(line.cells, several, pieces)}{state(line.state, line.changed)}</tr>\n"
            for line in lines
        )
    )


def _figures(amounts: Sequence[Amount]) -> str:
    """The dose, the change and its two shares, of a plan of one medicine: a cell each."""
    if not amounts:
        return '<td class="n"><b>0</b></td>' + _number("") * 3
    one = amounts[0]
    dose = f'<td class="n"><b>{escape(one.daily)}</b></td>'
    return dose + "".join(_number(escape(words)) for words in (one.change, one.of_dose, one.of_window))


def _figures_of_each(amounts: Sequence[Amount]) -> str:
    doses = "".join(f"<div><b>{escape(one.daily)}</b></div>" for one in amounts) or "<b>0</b>"
    return (
        f"<td>{_each(one.medicine for one in amounts)}</td>"
        + _number(doses)
        + _number(_each(one.change for one in amounts))
        + _number(_each(one.of_dose for one in amounts))
        + _number(_each(one.of_window for one in amounts))
    )


def _number(markup: str) -> str:
    return f'<td class="n">{markup}</td>'


def _each(texts: Iterable[str]) -> str:
    return "".join(f"<div>{escape(text)}</div>" for text in texts)


def _cells(cells: Sequence[Sequence[PlannedDose]], several: bool, pieces: Pieces) -> str:
    """A cell for each time of day, as the head of the table says."""
    return "".join(_cell(cell, several, pieces) for cell in cells)


def _cell(doses: Sequence[PlannedDose], several: bool, pieces: Pieces) -> str:
    if not doses:
        return NOTHING
    if not several:
        return "<td>" + "".join(pieces(dose.made) for dose in doses) + "</td>"
    named = (f'<div class="tiny">{escape(dose.dose.medicine)}</div>{pieces(dose.made)}' for dose in doses)
    return f"<td>{''.join(named)}</td>"
