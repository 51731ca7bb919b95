"""A measured value over time as one drawing: its reference range behind it, in the unit it came in, never another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from glidepath.drawing.scores import BAND_FILLS, BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Place, Scale, days_across
from glidepath.drawing.svg import GRID, INK, Point, box, figure, haloed, line, path, runs, tag, text

ROOM = 0.12  # of the span, above and below
HALF_FLAT = 1.0  # of the value, where all are the same: a drawing needs a height


@dataclass(frozen=True, slots=True)
class Reading:
    """One value with the range it was read against, in the unit of the drawing. limit: "<" or ">", not a figure."""

    at: dt.datetime
    value: float
    low: float | None = None
    high: float | None = None
    limit: str = ""


def drawing(
    name: str,
    unit: str,
    readings: Sequence[Reading],
    *,
    since: dt.datetime,
    until: dt.datetime,
    zone: ZoneInfo,
    bridged: dt.timedelta | None = None,
    from_zero: bool = False,
) -> str:
    """The SVG, or nothing where no value was given. bridged: a longer silence breaks the line; None joins all.

    from_zero: the axis starts at zero, for amounts that add up (fluids, hours).
    """
    if not readings:
        return ""
    bottom, top = _ends(readings, from_zero)
    span = (until - since).total_seconds()

    def x(at: dt.datetime) -> float:
        return LEFT + (at - since).total_seconds() / span * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (value - bottom) / (top - bottom) * (HEIGHT - TOP - BOTTOM)

    marks = [*_range(readings, bottom, top, y), *days_across(since, until, zone, x)]
    marks += [
        text(LEFT - 4, y(at) + 4, f"{at:.4g}", "t-axis", text_anchor="end") for at in _labelled(readings, from_zero)
    ]
    marks += _line(readings, x, y, bridged)
    last = readings[-1]
    marks.append(haloed(x(last.at) + 7, y(last.value) + 4, f"{last.limit}{last.value:g}", font_size=13))
    return figure(WIDTH, HEIGHT, "plot", _sentence(name, unit, readings), marks)


def _labelled(readings: Sequence[Reading], from_zero: bool) -> tuple[float, ...]:
    """The ends of the newest range; without one the lowest and the highest value, or zero."""
    last, seen = readings[-1], [one.value for one in readings]
    ends = (last.low if last.low is not None else min(seen), last.high if last.high is not None else max(seen))
    return tuple(dict.fromkeys((0.0, ends[1]) if from_zero else ends))


def _ends(readings: Sequence[Reading], from_zero: bool) -> tuple[float, float]:
    """The lowest and the highest of the axis: every value and the newest range, with some room."""
    seen = [one.value for one in readings]
    seen += [end for end in (readings[-1].low, readings[-1].high) if end is not None]
    low, high = min(seen), max(seen)
    room = (high - low) * ROOM or abs(high) * ROOM or HALF_FLAT
    return (0.0 if from_zero else low - room), high + room


def _range(readings: Sequence[Reading], bottom: float, top: float, y: Scale) -> list[str]:
    """The newest range, shaded; a range with one end goes to the edge."""
    last = readings[-1]
    if last.low is None and last.high is None:
        return []
    low, high = bottom if last.low is None else last.low, top if last.high is None else last.high
    shaded = box(LEFT, y(high), WIDTH - LEFT - RIGHT, y(low) - y(high), "c-sev1", BAND_FILLS[0])
    edges = [end for end in (last.low, last.high) if end is not None]
    return [shaded, *(line(LEFT, y(end), WIDTH - RIGHT, y(end), "c-grid", GRID) for end in edges)]


def _line(readings: Sequence[Reading], x: Place, y: Scale, bridged: dt.timedelta | None) -> list[str]:
    joined: list[Point | None] = []
    dots: list[str] = []
    before: dt.datetime | None = None
    for one in readings:
        if before is not None and bridged is not None and one.at - before > bridged:
            joined.append(None)
        if one.limit:  # a limit of the assay is no figure: hollow, and not joined
            dots.append(tag("circle", "c-ev", cx=x(one.at), cy=y(one.value), r=3.4, fill="#fff", stroke=INK))
        else:
            joined.append((x(one.at), y(one.value)))
            dots.append(tag("circle", "c-sparkdot", cx=x(one.at), cy=y(one.value), r=3, fill=INK))
        before = one.at
    return [*(path(run, "c-spark", INK, 1.6) for run in runs(joined) if len(run) > 1), *dots]


def _sentence(name: str, unit: str, readings: Sequence[Reading]) -> str:
    seen, last = [one.value for one in readings], readings[-1]
    low, high = last.low, last.high
    range_words = ""
    if low is not None or high is not None:
        ends = (f"from {low:g}" if low is not None else "", f"to {high:g}" if high is not None else "")
        range_words = f" Reference range {' '.join(end for end in ends if end)}."
    return (
        f"{name} in {unit}: {len(seen)} values, between {min(seen):g} and {max(seen):g}, "
        f"last {last.limit}{last.value:g}.{range_words}"
    )
