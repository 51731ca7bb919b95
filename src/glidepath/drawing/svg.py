"""The few SVG elements the drawings are made of, in print colours and with text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape

INK, INK_2, QUIET, GRID, ACCENT, DANGER = "#16212a", "#43505a", "#7c858c", "#e6e3dc", "#0a5a69", "#b3161b"

Point = tuple[float, float]
Attribute = str | float | int


def tag(name: str, cls: str = "", body: str | None = None, **attributes: Attribute) -> str:
    """One element. Attribute names use `_` for `-`; `body` must be markup or text already escaped."""
    return element(name, cls, attributes, body)


def element(name: str, cls: str, attributes: Mapping[str, Attribute], body: str | None = None) -> str:
    inside = f' class="{escape(cls)}"' if cls else ""
    inside += "".join([f' {_written(key)}="{_value(value)}"' for key, value in attributes.items()])
    return f"<{name}{inside}/>" if body is None else f"<{name}{inside}>{body}</{name}>"


def text(x: float, y: float, words: str, cls: str = "", **attributes: Attribute) -> str:
    style: dict[str, Attribute] = {"x": float(x), "y": float(y), "font_size": 12, "fill": INK_2, "text_anchor": "start"}
    return element("text", cls, style | attributes, escape(words))


def strong(x: float, y: float, words: str, cls: str = "t-strong", **attributes: Attribute) -> str:
    style: dict[str, Attribute] = {"fill": INK, "font_weight": 650}
    return text(x, y, words, cls, **(style | attributes))


def haloed(x: float, y: float, words: str, cls: str = "t-strong", **attributes: Attribute) -> str:
    """Strong text that stays readable over lines."""
    halo: dict[str, Attribute] = {"stroke": "#fff", "stroke_width": 3, "paint_order": "stroke"}
    return strong(x, y, words, f"{cls} c-halo", **(halo | attributes))


def line(x1: float, y1: float, x2: float, y2: float, cls: str, stroke: str, **attributes: Attribute) -> str:
    return element(
        "line",
        cls,
        {"x1": float(x1), "y1": float(y1), "x2": float(x2), "y2": float(y2), "stroke": stroke, **attributes},
    )


def path(points: Sequence[Point], cls: str, stroke: str, width: float, **attributes: Attribute) -> str:
    return element(
        "path", cls, {"d": through(points), "fill": "none", "stroke": stroke, "stroke_width": width, **attributes}
    )


def area(points: Sequence[Point], cls: str, fill: str, opacity: float) -> str:
    return tag("path", cls, d=through(points) + "Z", fill=fill, fill_opacity=opacity, stroke="none")


def box(x: float, y: float, width: float, height: float, cls: str, fill: str, **attributes: Attribute) -> str:
    place = {"x": float(x), "y": float(y), "width": float(max(width, 0)), "height": float(max(height, 0))}
    return element("rect", cls, {**place, "fill": fill, **attributes})


def through(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def figure(width: float, height: float, cls: str, sentence: str, marks: Iterable[str]) -> str:
    """The whole drawing: a picture to a screen reader, with a sentence that says what it shows."""
    return tag("svg", cls, "".join(marks), viewBox=f"0 0 {width:.0f} {height:.0f}", role="img", aria_label=sentence)


def runs(values: Sequence[Point | None]) -> list[list[Point]]:
    """The stretches between gaps: a gap is never bridged."""
    found: list[list[Point]] = [[]]
    for value in values:
        if value is None:
            found.append([])
        else:
            found[-1].append(value)
    return [run for run in found if run]


@cache
def _written(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: Attribute) -> str:
    if isinstance(value, str):
        return escape(value)
    return f"{value:.1f}" if isinstance(value, float) else str(value)
