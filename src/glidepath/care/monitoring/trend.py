"""A score over time as one drawing: its bands behind it, complete scores joined, partial ones hollow and alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from glidepath.care.monitoring.models import CiwaB, Observation
from glidepath.clinical.facts.load import instrument
from glidepath.drawing.svg import GRID, INK_2, Point, box, figure, haloed, line, path, runs, tag, text

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 150, 42, 30, 12, 22
SYMPTOM = "#6a2c7d"
BAND_FILLS = ("#f7f3f8", "#eee5f1", "#e1d3e6", "#d0bad8")
Place = Callable[[dt.datetime], float]
Scale = Callable[[float], float]
GAP = dt.timedelta(hours=24)  # a longer silence is not bridged by a line


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


def news2_marks(observations: Sequence[Observation]) -> tuple[Mark, ...]:
    """Awake sets only: asleep has no NEWS2."""
    awake = [row for row in observations if row.state != Observation.State.ASLEEP]
    return tuple(Mark(row.happened_at, row.news2) for row in awake)


def ciwa_b_marks(scores: Sequence[CiwaB]) -> tuple[Mark, ...]:
    return tuple(Mark(row.happened_at, row.total) for row in scores)


def bands(key: str) -> tuple[Band, ...]:
    """The bands of an instrument that hold more than a zero, with an end to each."""
    known = instrument(key)
    top = known.total_high
    if top is None:
        raise LookupError(f"{known.name} has no highest total in the facts")
    return tuple(Band(b.label, b.low, top if b.high is None else b.high) for b in known.bands if b.high != 0)


def drawing(
    name: str, marks: Sequence[Mark], within: Sequence[Band], *, since: dt.datetime, until: dt.datetime, zone: ZoneInfo
) -> str:
    """The SVG, or nothing where no score was given: an empty axis would read as zero."""
    if not marks:
        return ""
    top = max([mark.value for mark in marks if mark.value is not None] + [within[0].high])
    span = (until - since).total_seconds()

    def x(at: dt.datetime) -> float:
        return LEFT + (at - since).total_seconds() / span * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - min(value, top) / top * (HEIGHT - TOP - BOTTOM)

    painted = [*_bands(within, top, y), *_days(since, until, zone, x), *_line(marks, x, y), *_last(marks, x, y)]
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


def _days(since: dt.datetime, until: dt.datetime, zone: ZoneInfo, x: Place) -> list[str]:
    day = since.astimezone(zone).replace(hour=0, minute=0, second=0) + dt.timedelta(days=1)
    found = []
    while day < until:
        at = x(day)
        found.append(line(at, TOP, at, HEIGHT - BOTTOM, "c-grid", GRID))
        found.append(text(at, HEIGHT - 6, f"{day:%-d %b}", "t-axis", text_anchor="middle"))
        day += dt.timedelta(days=1 if (until - since).days <= 8 else 2)
    return found


def _line(marks: Sequence[Mark], x: Place, y: Scale) -> list[str]:
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
        if before is not None and mark.at - before > GAP:
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
