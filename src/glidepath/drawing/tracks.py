"""The tracks of the glidepath, one function each. Chart grammar: docs/explanation/chart-grammar.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from glidepath.drawing.event_rows import EVENT_ROW, place_events
from glidepath.drawing.svg import (
    ACCENT,
    DANGER,
    GRID,
    INK,
    QUIET,
    Point,
    area,
    box,
    haloed,
    line,
    path,
    runs,
    strong,
    tag,
    text,
)
from glidepath.drawing.timeline import TRAIL, DoseStretch, Glidepath, Happening, ScoreMark, Sheet, Stretch, Trail

Scale = Callable[[float], float]

GLYPHS = {
    "admit": "m-4 0h7m-3 -3l3.500 3l-3.500 3",
    "cut": "m-4 -3l4 6l4 -6",
    "up": "m-4 3l4 -6l4 6",
    "back": "m4.500 3.500v-3a3 3 0 0 0 -3 -3h-5.500m2.500 -3l-3 3l3 3",
    "hold": "m-2.500 -4v8m5 -8v8",
    "review": "m-4.500 4.500l1 -3.500l6 -6l2.500 2.500l-6 6z",
    "event": "m0 -5v6m0 3v.5",
}
SLEEP_TOP_HOURS = 10
SYMPTOM = "#6a2c7d"
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)  # of an axis


def dose(glidepath: Glidepath, paper: Sheet) -> list[str]:
    """Given doses solid, projected ones dashed, the predicted level a band between two lines."""
    highest = max([s.mg for s in glidepath.doses] + [p.high for p in glidepath.levels], default=0)
    top_value = round_up((highest or 1) * 1.08)  # nothing drawn above zero: the axis still needs a height
    y = paper.scale("dose", top_value)
    marks = title(paper, "dose", "Dose", glidepath.unit, "and predicted level" if glidepath.levels else "")
    marks += ticks(paper, tick_values(top_value), y)
    marks += _band(glidepath, paper, y)
    for stretch in glidepath.doses:
        if stretch.kind is Stretch.HELD:
            x1, x2 = paper.x(max(stretch.start, paper.first)), paper.x(stretch.end)
            marks.append(box(x1, y(stretch.mg), x2 - x1, y(0) - y(stretch.mg), "c-hold", INK, fill_opacity=0.09))
            if x2 - x1 > 56:
                marks.append(strong((x1 + x2) / 2, y(stretch.mg / 2), "on hold", text_anchor="middle"))
    marks += _drawn(glidepath, paper, y)
    marks += _stairs(glidepath.doses, paper, y)
    marks += _amounts(glidepath.doses, paper, y)
    marks += [
        strong(paper.left + 6, y(mg) - 6, words, "t-strong c-halo", stroke="#fff", stroke_width=3, paint_order="stroke")
        for mg, words in glidepath.notes
    ]
    return marks


def events(glidepath: Glidepath, paper: Sheet) -> list[str]:
    """Each event a mark, tied by a hairline to everything below it; labels where there is room."""
    start, _ = paper.track("events")
    placed = place_events(glidepath.happenings, paper)
    marks = title(paper, "events", "Events", "")
    marks += [_hairline(one.happening, one.x, paper) for one in placed]
    for one in placed:
        y = start + 11 + one.row * EVENT_ROW
        marks.append(_event_mark(one.happening.kind, one.x, y))
        if one.labelled:
            cls = "t-danger" if one.happening.kind == "seizure" else "t-strong"
            marks.append(haloed(one.x + 15, y + 4, one.happening.label, cls))
    return marks


def ciwa(glidepath: Glidepath, paper: Sheet) -> list[str]:
    """Complete scores joined, partial ones hollow and alone, a cross where one was due and not done."""
    highest = max([mark.value for mark in glidepath.scores if mark.value is not None], default=0)
    shown = [band for band in glidepath.score_bands if band.low <= max(highest, 41)]
    top_value = shown[-1].high if shown else 60
    y = paper.scale("ciwa", top_value)
    last = glidepath.score_bands[-1].high if glidepath.score_bands else top_value
    marks = title(paper, "ciwa", "CIWA-B", f"0 to {last}, shown to {top_value}")
    fills = ("#f4eef6", "#eadfee", "#dccbe2", "#cbb4d4")
    for index, band in enumerate(band for band in shown if band.high > 0):
        high, low = y(band.high), y(max(band.low - 1, 0))
        marks.append(box(paper.left, high, paper.edge - paper.left, low - high, f"c-sev{index + 1}", fills[index]))
        marks.append(text(paper.left - 6, high + 4, str(band.high), text_anchor="end"))
        words = f"{band.name} {band.low}–{band.high}"
        if paper.wide:
            marks.append(text(paper.edge + 8, (high + low) / 2 + 4, words))
        else:
            marks.append(text(paper.edge - 4, high + 14, band.name, text_anchor="end"))
    return marks + _scores(glidepath, paper, y)


def forms(glidepath: Glidepath, paper: Sheet) -> list[str]:
    """A row an instrument: its scores joined on its own scale, the last one as a number."""
    if not glidepath.trails:
        return []
    start, _ = paper.track("forms")
    marks = title(paper, "forms", "Forms", "each on its own scale")
    for row, trail in enumerate(glidepath.trails):
        marks += _trail(trail, paper, start + row * TRAIL)
    return marks


def _trail(trail: Trail, paper: Sheet, top: float) -> list[str]:
    foot = top + TRAIL - 6

    def y(value: float) -> float:
        return foot - min(value, trail.top) / (trail.top or 1) * (TRAIL - 14)

    shown = [mark for mark in trail.marks if paper.first <= mark.at <= paper.last]
    whole = [(mark.at, mark.value) for mark in shown if mark.value is not None]
    points: list[Point] = [(paper.x(at), y(value)) for at, value in whole]
    drawn = [line(paper.left, foot, paper.edge, foot, "c-grid", GRID)]
    drawn += [path(points, "c-sym", SYMPTOM, 2)] if len(points) > 1 else []
    drawn += [
        tag("circle", "c-symdot", cx=x, cy=at, r=3, fill=SYMPTOM, stroke="#fff", stroke_width=1) for x, at in points
    ]
    drawn += [
        tag(
            "circle",
            "c-symopen",
            cx=paper.x(mark.at),
            cy=foot - 4,
            r=3.6,
            fill="#fff",
            stroke=SYMPTOM,
            stroke_width=1.8,
        )
        for mark in shown
        if mark.value is None
    ]
    words = f"{trail.name}, of {trail.top}"
    if whole:
        x, at = points[-1]
        drawn.append(haloed(min(x + 7, paper.edge - 22), at + 4, str(whole[-1][1]), font_size=13))
    return [*drawn, haloed(paper.left + 6, top + 11, words)]


def sleep(glidepath: Glidepath, paper: Sheet) -> list[str]:
    """A bar a night; the dotted line is the person's own usual, where they said it."""
    y = paper.scale("sleep", SLEEP_TOP_HOURS)
    marks = title(paper, "sleep", "Sleep", "hours last night")
    if glidepath.usual_sleep is not None:
        at = y(glidepath.usual_sleep)
        marks.append(line(paper.left, at, paper.edge, at, "c-ref", QUIET, stroke_dasharray="2 3"))
        marks.append(text(paper.left - 6, at + 4, f"{glidepath.usual_sleep:g}", text_anchor="end"))
        if paper.wide:
            marks.append(text(paper.edge + 8, at + 4, f"their usual, {glidepath.usual_sleep:g} h"))
    bar = max(2.0, paper.x(1) - paper.x(0) - 3)
    for day, hours in glidepath.nights:
        if paper.first <= day <= paper.last:
            marks.append(box(paper.x(day) + 1.5, y(hours), bar, y(0) - y(hours), "c-sleep", "#4d6390"))
    return marks


def as_needed(glidepath: Glidepath, paper: Sheet) -> list[str]:
    """A diamond a dose, stacked by day."""
    start, height = paper.track("prn")
    marks = title(paper, "prn", "As needed", "each mark one dose")
    inside = [at for at in sorted(glidepath.as_needed) if paper.first <= at <= paper.last]
    for day, doses in groupby(inside, key=int):
        for index, _ in enumerate(doses):
            x, y = paper.x(day + 0.5), start + height - 6 - index * 11
            marks.append(tag("path", "c-prn", d=f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z", fill="#7d4a00"))
    return marks


def title(paper: Sheet, name: str, label: str, unit: str, second: str = "") -> list[str]:
    start, _ = paper.track(name)
    if paper.titles_above:
        below = f' <tspan font-weight="400">{unit}</tspan>' if unit else ""
        return [
            tag(
                "text",
                "t-track",
                label + below,
                x=float(paper.left),
                y=start - 6,
                font_size=13,
                fill=INK,
                font_weight=650,
            )
        ]
    lines = [
        text(0, start + 28 + 16 * index, words) for index, words in enumerate(filter(None, (*unit.split(", "), second)))
    ]
    return [strong(0, start + 11, label, "t-track", font_size=13), *lines]


def ticks(paper: Sheet, values: Iterable[float], y: Scale) -> list[str]:
    marks = []
    for value in values:
        marks.append(line(paper.left, y(value), paper.edge, y(value), "c-grid", GRID))
        marks.append(text(paper.left - 6, y(value) + 4, f"{value:g}", text_anchor="end"))
    return marks


def _band(glidepath: Glidepath, paper: Sheet, y: Scale) -> list[str]:
    shown = [level for level in glidepath.levels if paper.first <= level.at <= paper.last]
    if len(shown) < 2:
        return []
    low = [(paper.x(level.at), y(level.low)) for level in shown]
    high = [(paper.x(level.at), y(level.high)) for level in shown]
    ring = [*high, *reversed(low)]
    return [area(ring, "c-band", ACCENT, 0.2), *(path(edge, "c-bandline", ACCENT, 1.5) for edge in (low, high))]


def _stairs(stretches: Sequence[DoseStretch], paper: Sheet, y: Scale) -> list[str]:
    marks = []
    for projected, group in groupby(stretches, key=lambda one: one.kind is Stretch.PROJECTED):
        points: list[Point] = []
        for stretch in group:
            if stretch.end <= paper.first or stretch.start >= paper.last:
                continue
            x1, x2 = paper.x(max(stretch.start, paper.first)), paper.x(min(stretch.end, paper.last))
            points += [(x1, y(stretch.mg)), (x2, y(stretch.mg))]
        if points and projected:
            marks.append(path(points, "c-proj", "#5b6770", 2.5, stroke_dasharray="7 5"))
        elif points:
            marks.append(path(points, "c-dose", INK, 3.5, stroke_linejoin="round"))
    return marks


def _drawn(glidepath: Glidepath, paper: Sheet, y: Scale) -> list[str]:
    """The line that was drawn, under the doses, with a ring at each of its points."""
    points = [(paper.x(day), y(mg)) for day, mg in glidepath.drawn if paper.first <= day <= paper.last]
    rings = [
        tag("circle", "c-drawn", cx=x, cy=at, r=4, fill="none", stroke=ACCENT, stroke_width=1.5) for x, at in points
    ]
    return [path(points, "c-drawn", ACCENT, 2), *rings] if len(points) > 1 else []


def _amounts(stretches: Sequence[DoseStretch], paper: Sheet, y: Scale) -> list[str]:
    """The amount stands where it begins; amounts that would print over each other are left to the table."""
    marks, taken = [], -99.0
    for stretch in stretches:
        x = paper.x(max(stretch.start, paper.first)) + 5
        wide = 8.5 * len(stretch.label)
        if not stretch.label or stretch.end <= paper.first or x < taken or x + wide > paper.edge:
            continue
        marks.append(haloed(x, y(stretch.mg) - 8, stretch.label, font_size=14))
        taken = x + wide + 6
    return marks


def _hairline(happening: Happening, x: float, paper: Sheet) -> str:
    if happening.kind == "seizure":
        return line(x, paper.top, x, paper.bottom, "c-line-danger", DANGER, stroke_width=1.5)
    return line(x, paper.top, x, paper.bottom, "c-step", QUIET, stroke_dasharray="1.500 4")


def _event_mark(kind: str, x: float, y: float, r: int = 10) -> str:
    if kind == "seizure":
        octagon = f"M{x - r:.1f} {y - r + 3:.1f}l3 -3h{2 * r - 6}l3 3v{2 * r - 6}l-3 3h-{2 * r - 6}l-3 -3z"
        flash = f"M{x + 1.5:.1f} {y - 6:.1f}l-4.500 7h6l-4 6"
        return tag("path", "c-danger", d=octagon, fill=DANGER, stroke=DANGER) + tag(
            "path", "c-dangermark", d=flash, fill="none", stroke="#fff", stroke_width=2, stroke_linejoin="round"
        )
    circle = tag("circle", "c-ev", cx=x, cy=y, r=r, fill="#fff", stroke=INK, stroke_width=1.5)
    glyph = f"M{x:.1f} {y:.1f}{GLYPHS.get(kind, GLYPHS['event'])}"
    return circle + tag(
        "path",
        "c-evmark",
        d=glyph,
        fill="none",
        stroke=INK,
        stroke_width=2,
        stroke_linecap="round",
        stroke_linejoin="round",
    )


def _scores(glidepath: Glidepath, paper: Sheet, y: Scale) -> list[str]:
    shown = [mark for mark in glidepath.scores if paper.first <= mark.at <= paper.last]
    joined: list[Point | None] = []
    dots = []
    for mark in shown:
        x = paper.x(mark.at)
        if mark.value is None:
            joined.append(None)
            dots.append(_cross(x, y(10)))
        elif mark.partial:
            dots.append(
                tag(
                    "circle",
                    "c-symopen",
                    cx=x,
                    cy=y(mark.value),
                    r=3.6,
                    fill="#fff",
                    stroke=SYMPTOM,
                    stroke_width=1.8,
                )
            )
        else:
            joined.append((x, y(mark.value)))
            dots.append(
                tag("circle", "c-symdot", cx=x, cy=y(mark.value), r=3, fill=SYMPTOM, stroke="#fff", stroke_width=1)
            )
    lines = [path(run, "c-sym", SYMPTOM, 2) for run in runs(joined) if len(run) > 1]
    return [*lines, *dots, *_peak_and_last(shown, paper, y)]


def _peak_and_last(shown: Sequence[ScoreMark], paper: Sheet, y: Scale) -> list[str]:
    complete = [(mark.at, mark.value) for mark in shown if mark.value is not None and not mark.partial]
    if not complete:
        return []
    (at, value), (peak_at, peak) = complete[-1], max(complete, key=lambda one: one[1])
    marks = [haloed(paper.x(at) + 7, y(value) + 4, str(value), font_size=13)]
    if peak_at != at:
        marks.append(haloed(paper.x(peak_at), y(peak) - 8, str(peak), font_size=13, text_anchor="middle"))
    return marks


def _cross(x: float, y: float) -> str:
    return path([(x - 4, y - 4), (x + 4, y + 4)], "c-gap", QUIET, 2) + path(
        [(x - 4, y + 4), (x + 4, y - 4)], "c-gap", QUIET, 2
    )


def round_up(value: float) -> float:
    step = next(step for step in STEPS if value <= step * 5)
    return step * -(-value // step)


def tick_values(top_value: float) -> list[float]:
    step = next(
        step for step in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000) if top_value / step <= 5.5
    )
    return [step * index for index in range(int(top_value / step) + 1)]
