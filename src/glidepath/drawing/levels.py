"""Levels in plasma under the doses of one medicine: what was dosed and what it becomes, each on a track of its own.

The same sheet, time axis and marks as the glidepath (timeline.py, tracks.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from glidepath.drawing.svg import ACCENT, INK, Point, area, figure, haloed, path, tag
from glidepath.drawing.timeline import SHEETS, Glidepath, Sheet, ground, sheet, today_line
from glidepath.drawing.tracks import Scale, dose, round_up, tick_values, ticks, title

DOSE = (104.0, 84.0)  # heights, wide and not
LEVEL = (176.0, 140.0)
ROOM_FOR_THOUSANDS = 14  # levels have a digit more than doses
MOST_NAMED = 6  # measured points with their figure beside them; of more it stands in the table


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured level: filled where a clearance was found from it, hollow where it was kept without."""

    at: float
    value: float
    counts: bool = True


@dataclass(frozen=True, slots=True)
class LevelTrack:
    """One species: at each of `days` its own level and the lowest, middle and highest of the band, in ng/mL."""

    name: str
    days: Sequence[float]
    own: Sequence[float]
    low: Sequence[float]
    middle: Sequence[float]
    high: Sequence[float]
    measured: Sequence[Measured] = ()


def draw_levels(glidepath: Glidepath, tracks: Sequence[LevelTrack]) -> str:
    """One drawing for each of the three widths; the stylesheet shows one. glidepath: its axis, doses and sentence."""
    return "".join(_draw(glidepath, tracks, key) for key in SHEETS)


def _draw(glidepath: Glidepath, tracks: Sequence[LevelTrack], key: str) -> str:
    paper = _sheet(glidepath, tracks, key)
    marks = [*ground(glidepath, paper), *dose(glidepath, paper)]
    for track in tracks:
        marks += _level(track, glidepath.now, paper)
    marks += today_line(glidepath, paper)
    return figure(paper.width, paper.height, f"plot for-{key}", glidepath.sentence, marks)


def _sheet(glidepath: Glidepath, tracks: Sequence[LevelTrack], key: str) -> Sheet:
    whole = sheet(key, glidepath.first, glidepath.last)
    which, head = (0, 0.0) if whole.wide else (1, 20.0)
    strips, y = {}, 34.0
    for name, height in (("dose", DOSE[which]), *((track.name, LEVEL[which]) for track in tracks)):
        y += head
        strips[name] = (y, height)
        y += height + 18
    bottom = y - 18
    left = whole.left if whole.wide else whole.left + ROOM_FOR_THOUSANDS
    return replace(
        whole,
        left=left,
        strips=strips,
        top=strips["dose"][0],
        bottom=bottom,
        height=bottom + (22 if whole.titles_above else 10),
    )


def _level(track: LevelTrack, now: float, paper: Sheet) -> list[str]:
    counted = (one.value for one in track.measured if one.counts)
    highest = max([*track.high, *track.own, *counted], default=0)
    top_value = round_up((highest or 1) * 1.08)
    y = paper.scale(track.name, top_value)

    def points(values: Sequence[float]) -> list[Point]:
        return [(paper.x(day), y(value)) for day, value in zip(track.days, values, strict=True)]

    low, high, own = points(track.low), points(track.high), points(track.own)
    behind = sum(day <= now for day in track.days)
    return [
        *title(paper, track.name, track.name.capitalize(), "ng/mL in plasma", "predicted"),
        *ticks(paper, tick_values(top_value), y),
        area([*high, *reversed(low)], "c-band", ACCENT, 0.2),
        *(path(edge, "c-bandline", ACCENT, 1) for edge in (low, high)),
        path(points(track.middle), "c-bandline", ACCENT, 1.5, stroke_dasharray="2 3"),
        *_own(own[: behind + 1], own[behind:]),
        *_points(track.measured, top_value, paper, y),
    ]


def _own(behind: Sequence[Point], ahead: Sequence[Point]) -> list[str]:
    """Solid from doses that were given, dashed from those projected, as the dose line above."""
    marks = []
    if len(behind) > 1:
        marks.append(path(behind, "c-dose", INK, 2.5, stroke_linejoin="round"))
    if len(ahead) > 1:
        marks.append(path(ahead, "c-proj", "#5b6770", 2.5, stroke_dasharray="7 5"))
    return marks


def _points(measured: Sequence[Measured], top_value: float, paper: Sheet, y: Scale) -> list[str]:
    """One that does not count may lie above the axis: it stands at its upper edge and says its figure."""
    marks = []
    for one in measured:
        x, up, above = paper.x(one.at), y(one.value), one.value > top_value
        cls, fill, edge = ("c-symdot", "#6a2c7d", "#fff") if one.counts else ("c-symopen", "#fff", "#6a2c7d")
        marks.append(tag("circle", cls, cx=x, cy=up, r=5.0, fill=fill, stroke=edge, stroke_width=1.8))
        if above or len(measured) <= MOST_NAMED:
            said = f"{one.value:.6g}{' ↑' if above else ''}"
            marks.append(haloed(x, up - 10, said, font_size=13, text_anchor="middle"))
    return marks
