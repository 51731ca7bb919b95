"""One pace beside the others: how the dose would fall, if every step were released."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from glidepath.drawing.svg import GRID, INK, QUIET, Point, figure, line, path, text

WIDTH, HEIGHT, LEFT, FOOT = 300, 88, 26, 18
MONTH = 30.4

Fall = Sequence[tuple[float, float]]  # (day from now, mg a day from then on)


def pace(fall: Fall, others: Sequence[Fall], *, sentence: str) -> str:
    """The chosen fall in ink, the others faint behind it, on one scale that starts at zero."""
    everything = [point for one in (fall, *others) for point in one]
    top = max(mg for _, mg in everything) * 1.05 or 1
    span = max(day for day, _ in everything) or 1

    def x(day: float) -> float:
        return LEFT + day * (WIDTH - LEFT - 24) / span

    def y(mg: float) -> float:
        return HEIGHT - FOOT - mg / top * (HEIGHT - 26)

    start = fall[0][1]
    marks = [
        line(LEFT, y(0), WIDTH - 4, y(0), "c-axis", QUIET),
        text(LEFT - 4, y(start) + 4, f"{start:g}", text_anchor="end"),
        text(LEFT - 4, y(0) + 4, "0", text_anchor="end"),
    ]
    for months in _months(span):
        marks.append(line(x(months * MONTH), 6, x(months * MONTH), y(0), "c-grid", GRID))
        marks.append(text(x(months * MONTH), HEIGHT - 4, f"{months} mo", text_anchor="middle"))
    marks += [path(_stairs(other, x, y), "c-was", "#a9b0b5", 1, stroke_opacity=0.55) for other in others]
    marks.append(path(_stairs(fall, x, y), "c-dose", INK, 2.4, stroke_linejoin="round"))
    return figure(WIDTH, HEIGHT, "plot", sentence, marks)


def _months(span_days: float) -> list[int]:
    every = next((m for m in (1, 3, 6, 12, 24) if span_days / MONTH / m <= 4.5), 36)
    return list(range(every, int(span_days / MONTH) + 1, every))


def _stairs(fall: Fall, x: Callable[[float], float], y: Callable[[float], float]) -> list[Point]:
    points: list[Point] = []
    before = fall[0][1]
    for day, mg in fall:
        points += [(x(day), y(before)), (x(day), y(mg))]
        before = mg
    return points
