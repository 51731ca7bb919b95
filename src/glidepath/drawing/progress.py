"""How one objective goes: a line over its own days, from the first value to the newest, both with their figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from glidepath.drawing.svg import INK, INK_2, QUIET, Point, figure, line, path, strong, tag, text

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 300, 96, 34, 40, 14, 22

Points = Sequence[tuple[dt.date, float]]


def progress(points: Points, *, stairs: bool, sentence: str) -> str:
    """`points`: in order of their days. stairs: a value holds until the next (a dose); else a line joins them.

    Empty without points. A scale that begins at zero, so that a small change does not look large.
    """
    if not points:
        return ""
    first, last = points[0][0], points[-1][0]
    days = max((last - first).days, 1)
    top = max(*(value for _, value in points), 0.0) or 1.0

    def place(day: dt.date, value: float) -> Point:
        x = LEFT + (day - first).days * (WIDTH - LEFT - RIGHT) / days
        return x, HEIGHT - FOOT - value / top * (HEIGHT - FOOT - TOP)

    at = [place(day, value) for day, value in points]
    drawn = _stairs(at) if stairs else at
    ground = HEIGHT - FOOT
    marks = [line(LEFT, ground, WIDTH - RIGHT, ground, "c-axis", QUIET)]
    if len(at) > 1:
        marks.append(path(drawn, "c-spark", INK_2, 1.8, stroke_linejoin="round"))
        marks.append(text(LEFT - 4, at[0][1] + 4, f"{points[0][1]:g}", text_anchor="end"))
        marks.append(text(LEFT, HEIGHT - 5, _day(first)))
    marks.append(tag("circle", "c-sparkdot", cx=at[-1][0], cy=at[-1][1], r=3.2, fill=INK))
    marks.append(strong(at[-1][0] + 8, at[-1][1] + 4, f"{points[-1][1]:g}"))
    marks.append(text(at[-1][0], HEIGHT - 5, _day(last), text_anchor="end" if len(at) > 1 else "start"))
    return figure(WIDTH, HEIGHT, "plot plot--small", sentence, marks)


def _stairs(points: Sequence[Point]) -> list[Point]:
    drawn = [points[0]]
    for before, after in pairwise(points):
        drawn += [(after[0], before[1]), after]
    return drawn


def _day(day: dt.date) -> str:
    return f"{day:%-d %b}"
