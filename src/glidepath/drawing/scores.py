"""A score over time as one drawing: its bands behind it, complete scores joined, partial ones hollow and alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from glidepath.drawing.svg import GRID, INK_2, Point, box, figure, haloed, line, path, runs, tag, text

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 150, 42, 30, 12, 22
SYMPTOM = "#6a2c7d"
BAND_FILLS = ("#f7f3f8", "#eee5f1", "#e1d3e6", "#d0bad8")
Place = Callable[[dt.datetime], float]
Scale = Callable[[float], float]
A_DAY = dt.timedelta(hours=24)
ROOM_FOR_WORDS = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """One score. `value` None: partial, drawn hollow at the foot and never joined."""

    at: dt.datetime
    value: int | None


@dataclass(frozen=True, slots=True)
class Band:
    label: str
    low: int
    high: int


def drawing(
    name: str,
    marks: Sequence[Mark],
    within: Sequence[Band],
    *,
    since: dt.datetime,
    until: dt.datetime,
    zone: ZoneInfo,
    top: int | None = None,
    bridged: dt.timedelta | None = A_DAY,
    named: bool = False,
) -> str:
    """The SVG, or nothing where no score was given: an empty axis would read as zero.

    top: the highest value of the axis; None makes it high enough for the scores and the first band. bridged: a longer
    silence breaks the line, None joins all. named: the bands carry their names, and none is darker than another, for a
    scale on which more may be better.
    """
    if not marks:
        return ""
    top = top or max([mark.value for mark in marks if mark.value is not None] + [band.high for band in within[:1]])
    span = (until - since).total_seconds()

    def x(at: dt.datetime) -> float:
        return LEFT + (at - since).total_seconds() / span * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - min(value, top) / top * (HEIGHT - TOP - BOTTOM)

    behind = _named(within, top, y) if named else _bands(within, top, y)
    painted = [*behind, *days_across(since, until, zone, x), *_line(marks, x, y, bridged), *_last(marks, x, y)]
    return figure(WIDTH, HEIGHT, "plot", _sentence(name, marks), painted)


def _bands(within: Sequence[Band], top: int, y: Scale) -> list[str]:
    found = []
    for index, band in enumerate(within):
        if band.low > top:
            break
        high, low = y(min(band.high, top)), y(max(band.low - 1, 0))
        found.append(box(LEFT, high, WIDTH - LEFT - RIGHT, low - high, f"c-sev{index + 1}", BAND_FILLS[index]))
        found.append(text(LEFT - 4, low, str(band.low), "t-axis", text_anchor="end"))
    return found


def _named(within: Sequence[Band], top: int, y: Scale) -> list[str]:
    """Bands of equal weight, each with its name and a line where it begins."""
    ends = ((0, y(0)), (top, y(top) + 4))
    found = [text(LEFT - 4, at, str(value), "t-axis", text_anchor="end") for value, at in ends]
    for index, band in enumerate(within):
        high, low = y(min(band.high, top)), y(max(band.low - 1, 0))
        found.append(box(LEFT, high, WIDTH - LEFT - RIGHT, low - high, f"c-sev{index % 2 + 1}", BAND_FILLS[index % 2]))
        if low - high >= ROOM_FOR_WORDS:
            words = f"{band.label} {band.low}–{band.high}"
            found.append(text(LEFT + 6, high + 11, words, "t-axis"))
    return found


def days_across(since: dt.datetime, until: dt.datetime, zone: ZoneInfo, x: Place) -> list[str]:
    """A thin line and a date every few days."""
    day = since.astimezone(zone).replace(hour=0, minute=0, second=0) + dt.timedelta(days=1)
    every = next((days for days in (1, 2, 7, 14, 28, 91) if (until - since).days <= 8 * days), 182)
    found = []
    while day < until:
        at = x(day)
        found.append(line(at, TOP, at, HEIGHT - BOTTOM, "c-grid", GRID))
        found.append(text(at, HEIGHT - 6, f"{day:%-d %b}", "t-axis", text_anchor="middle"))
        day += dt.timedelta(days=every)
    return found


def _line(marks: Sequence[Mark], x: Place, y: Scale, bridged: dt.timedelta | None) -> list[str]:
    joined: list[Point | None] = []
    dots: list[str] = []
    before: dt.datetime | None = None
    for mark in marks:
        if mark.value is None:
            at, foot = x(mark.at), y(0) - 4
            dots.append(
                tag("circle", "c-symopen", cx=at, cy=foot, r=3.6, fill="#fff", stroke=SYMPTOM, stroke_width=1.8)
            )
            continue
        if bridged is not None and before is not None and mark.at - before > bridged:
            joined.append(None)
        joined.append((x(mark.at), y(mark.value)))
        dots.append(tag("circle", "c-symdot", cx=x(mark.at), cy=y(mark.value), r=3, fill=SYMPTOM))
        before = mark.at
    return [*(path(run, "c-sym", SYMPTOM, 2) for run in runs(joined) if len(run) > 1), *dots]


def _last(marks: Sequence[Mark], x: Place, y: Scale) -> list[str]:
    whole = [(mark.at, mark.value) for mark in marks if mark.value is not None]
    if not whole:
        return [text(LEFT + 6, TOP + 12, "partial only: no total yet", fill=INK_2)]
    at, value = whole[-1]
    return [haloed(x(at) + 7, y(value) + 4, str(value), font_size=13)]


def _sentence(name: str, marks: Sequence[Mark]) -> str:
    whole = [mark.value for mark in marks if mark.value is not None]
    partial = len(marks) - len(whole)
    if not whole:
        return f"{name}: {partial} partial, no total yet."
    rest = f" {partial} partial, not joined." if partial else ""
    return f"{name}: {len(whole)} complete, between {min(whole)} and {max(whole)}, last {whole[-1]}.{rest}"
