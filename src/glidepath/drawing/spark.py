"""A word-sized line: the usual range as a band, the last value as a dot, a gap where nothing was measured."""

from __future__ import annotations

from collections.abc import Sequence

from glidepath.drawing.svg import INK, box, figure, path, runs, tag

WIDTH, HEIGHT, PAD = 120, 28, 4


def spark(values: Sequence[float | None], *, usual: tuple[float, float] | None = None, sentence: str) -> str:
    """`values`: oldest first, None where nothing was measured. `usual`: the range behind. Empty without values."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low: float = min([*known, *(usual or ())])
    high: float = max([*known, *(usual or ())])
    span: float = (high - low) or 1.0

    def y(value: float) -> float:
        return HEIGHT - PAD - (value - low) / span * (HEIGHT - 2 * PAD)

    def x(index: int) -> float:
        return 3 + index * (WIDTH - 10) / max(len(values) - 1, 1)

    points = [None if value is None else (x(index), y(value)) for index, value in enumerate(values)]
    marks = [box(0, y(usual[1]), WIDTH, y(usual[0]) - y(usual[1]), "c-sparkband", "#edebe5")] if usual else []
    marks += [path(run, "c-spark", "#43505a", 1.8, stroke_linejoin="round") for run in runs(points) if len(run) > 1]
    last = [point for point in points if point][-1]
    marks.append(tag("circle", "c-sparkdot", cx=last[0], cy=last[1], r=3.2, fill=INK))
    return figure(WIDTH, HEIGHT, "spark", sentence, marks)
