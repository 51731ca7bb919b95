"""The glidepath: dose and predicted level, events, CIWA-B, sleep and as-needed doses on one time axis.

Times are days since `origin` (the centre's midnight), as floats. The caller has worked everything out; this file only
lays the tracks under each other and hands each its strip of the sheet (tracks.py).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from glidepath.drawing.svg import ACCENT, GRID, QUIET, box, figure, line, strong, text


class Stretch(StrEnum):
    ASSUMED = "assumed"  # reported before admission
    GIVEN = "given"  # under a released step or an order
    HELD = "held"  # on hold by plan
    PROJECTED = "projected"  # nobody has released it


@dataclass(frozen=True, slots=True)
class DoseStretch:
    """From `start` to `end` this daily dose, on the diazepam axis; `label` stands where it begins ("20", or words)."""

    start: float
    end: float
    mg: float
    kind: Stretch
    label: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """The predicted level at one time: the lowest and the highest daily diazepam dose that would hold it."""

    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Happening:
    """An event on the axis. kind: admit, cut, up, back, hold, review, event, seizure. Seizure is drawn in red."""

    at: float
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class ScoreMark:
    """A complete score, a partial one (drawn hollow, never joined), or None: due and not done."""

    at: float
    value: int | None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class ScoreBand:
    low: int
    high: int
    name: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The scores of one instrument in one version: a row of its own, from 0 to `top`. Partial ones are hollow."""

    name: str
    top: int
    marks: Sequence[ScoreMark]


@dataclass(frozen=True, slots=True)
class Glidepath:
    """Everything drawn on the sheet, worked out beforehand."""

    origin: dt.date
    first: float
    last: float
    now: float
    now_label: str
    doses: Sequence[DoseStretch]
    levels: Sequence[Level]
    happenings: Sequence[Happening]
    scores: Sequence[ScoreMark]
    score_bands: Sequence[ScoreBand]
    nights: Sequence[tuple[float, float]]  # (day, hours)
    usual_sleep: float | None
    as_needed: Sequence[float]
    sentence: str
    unit: str = "mg diazepam a day"
    notes: Sequence[tuple[float, str]] = field(default=())  # words on the dose axis at a level: "40 by Ashton"
    trails: Sequence[Trail] = field(default=())  # forms that were filled in
    drawn: Sequence[tuple[float, float]] = field(default=())  # (day, mg): the line a prescriber drew, point by point


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper: where days and tracks lie. Three widths, because text in an SVG shrinks with its drawing."""

    width: int
    left: int
    right: int
    wide: bool
    first: float
    last: float
    strips: dict[str, tuple[float, float]]
    height: float
    top: float
    bottom: float

    def x(self, day: float) -> float:
        return self.left + (day - self.first) * (self.width - self.left - self.right) / (self.last - self.first)

    @property
    def edge(self) -> float:
        return self.width - self.right

    @property
    def titles_above(self) -> bool:
        return self.left <= 60

    def track(self, name: str) -> tuple[float, float]:
        """(top, height) of a track."""
        return self.strips[name]

    def scale(self, name: str, top_value: float) -> Callable[[float], float]:
        """Value to y within a track; the axis starts at zero."""
        start, height = self.strips[name]
        return lambda value: start + height - min(value, top_value) / top_value * height


TRAIL = 34  # the height of one instrument's row
HEIGHTS = {
    "dose": (226, 160),
    "events": (70, 30),
    "ciwa": (124, 104),
    "forms": (TRAIL, TRAIL),
    "sleep": (58, 58),
    "prn": (36, 36),
}
SHEETS = {"wide": (1340, 152, 112), "mid": (760, 30, 12), "narrow": (358, 26, 12)}


def sheet(key: str, first: float, last: float, *, trails: int = 0) -> Sheet:
    """trails: how many rows of forms stand under the CIWA-B."""
    width, left, right = SHEETS[key]
    wide = key == "wide"
    head = 20 if left <= 60 else 0
    strips, y = {}, 34.0
    for name, (tall, low) in HEIGHTS.items():
        height = tall if wide else low
        if name == "forms":
            if not trails:
                continue
            height *= trails
        y += head
        strips[name] = (y, float(height))
        y += height + 16
    bottom = sum(strips["prn"])
    return Sheet(width, left, right, wide, first, last, strips, y + (14 if head else 4), strips["dose"][0], bottom)


def draw(glidepath: Glidepath, key: str) -> str:
    """One drawing for one width: "wide", "mid" or "narrow". The page carries all three; the stylesheet shows one."""
    from glidepath.drawing import tracks

    paper = sheet(key, glidepath.first, glidepath.last, trails=len(glidepath.trails))
    marks = [
        *ground(glidepath, paper),
        *tracks.dose(glidepath, paper),
        *tracks.events(glidepath, paper),
        *tracks.ciwa(glidepath, paper),
        *tracks.forms(glidepath, paper),
        *tracks.sleep(glidepath, paper),
        *tracks.as_needed(glidepath, paper),
        *today_line(glidepath, paper),
    ]
    return figure(paper.width, paper.height, f"plot for-{key}", glidepath.sentence, marks)


def draw_all(glidepath: Glidepath) -> str:
    return "".join(draw(glidepath, key) for key in SHEETS)


def ground(glidepath: Glidepath, paper: Sheet) -> list[str]:
    """What has not yet happened is tinted; days are hairlines, as far apart as the labels need."""
    now = paper.x(min(max(glidepath.now, glidepath.first), glidepath.last))
    tall = paper.bottom - paper.top + 8
    marks = [box(now, paper.top - 8, paper.edge - now, tall, "c-future", "#edebe5", opacity=0.7)]
    every = _label_every(paper)
    for day in range(math.ceil(glidepath.first / every) * every, math.floor(glidepath.last) + 1, every):
        x = paper.x(day)
        marks.append(line(x, paper.top - 8, x, paper.bottom, "c-grid", GRID))
        if x < paper.edge - 30 and (paper.titles_above or abs(x - now) > 62):
            y = paper.bottom + 15 if paper.titles_above else paper.top - 14
            marks.append(text(x + 3, y, _day_name(glidepath.origin, day), "t-axis"))
    return marks


def _label_every(paper: Sheet) -> int:
    room = (paper.last - paper.first) * 52 / (paper.width - paper.left - paper.right)
    return next((days for days in (1, 2, 7, 14, 28, 56) if days >= room), 112)


def _day_name(origin: dt.date, day: int) -> str:
    date = origin + dt.timedelta(days=day)
    return f"{date.day} {date:%b}"


def today_line(glidepath: Glidepath, paper: Sheet) -> list[str]:
    if not glidepath.first <= glidepath.now <= glidepath.last:
        return []
    now, head = paper.x(glidepath.now), 20 if paper.titles_above else 0
    wide = 7.2 * len(glidepath.now_label) + 16
    left = min(max(now - wide / 2, 0), paper.width - wide)
    return [
        line(paper.left, paper.bottom, paper.edge, paper.bottom, "c-axis", QUIET),
        line(now, paper.top - 10 - head, now, paper.bottom, "c-today", ACCENT, stroke_width=2),
        box(left, paper.top - 32 - head, wide, 22, "c-todaybox", ACCENT, rx=4),
        strong(
            left + wide / 2,
            paper.top - 16.5 - head,
            glidepath.now_label,
            "t-todaybox",
            fill="#fff",
            font_weight=700,
            text_anchor="middle",
        ),
    ]


def draw_ahead(glidepath: Glidepath) -> str:
    """The dose track alone, for what is only planned: the same three widths and the same marks."""
    return "".join(_ahead(glidepath, key) for key in SHEETS)


def _ahead(glidepath: Glidepath, key: str) -> str:
    from glidepath.drawing import tracks

    whole = sheet(key, glidepath.first, glidepath.last)
    top, height = whole.strips["dose"]
    paper = replace(whole, bottom=top + height, height=top + height + (22 if whole.titles_above else 10))
    marks = [*ground(glidepath, paper), *tracks.dose(glidepath, paper), *today_line(glidepath, paper)]
    return figure(paper.width, paper.height, f"plot for-{key}", glidepath.sentence, marks)
