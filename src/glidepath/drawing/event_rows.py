"""Where the events of the glidepath stand: in the first row with room, a label never over another mark or label."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from glidepath.drawing.timeline import Happening, Sheet

EVENT_ROW = 24  # from one row of marks to the next
ROWS = 3  # on the wide sheet; the narrower ones have one row and no labels
MARK_ENDS = 12  # from a mark's middle to where another may begin
LETTER = 6.6  # a letter of a label, on average


@dataclass(slots=True)
class PlacedEvent:
    """An event at x in a row. `labelled`: whether its words have room; those without stand in the table alone."""

    happening: Happening
    x: float
    row: int
    labelled: bool

    @property
    def ends(self) -> float:
        words = 8 + LETTER * len(self.happening.label) if self.labelled else 0.0
        return self.x + MARK_ENDS + words


def place_events(happenings: Iterable[Happening], paper: Sheet) -> list[PlacedEvent]:
    """In order of time, those on the sheet. Where no row has room, the row whose words end first gives them up; a
    seizure keeps its words."""
    rows: list[list[PlacedEvent]] = [[] for _ in range(ROWS if paper.wide else 1)]
    placed = []
    for happening in sorted(happenings, key=lambda one: one.at):
        if paper.first <= happening.at <= paper.last:
            one = PlacedEvent(happening, paper.x(happening.at), 0, paper.wide)
            one.row = _row_for(one.x, rows)
            rows[one.row].append(one)
            placed.append(one)
    return placed


def _row_for(x: float, rows: list[list[PlacedEvent]]) -> int:
    free = next((number for number, row in enumerate(rows) if not row or row[-1].ends + MARK_ENDS <= x), None)
    if free is not None:
        return free
    number = min(range(len(rows)), key=lambda one: (rows[one][-1].happening.kind == "seizure", rows[one][-1].ends))
    rows[number][-1].labelled = False
    return number
