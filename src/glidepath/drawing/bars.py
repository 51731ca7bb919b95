"""A few counts side by side, one bar each on a common height, its figure on the bar; nothing is a nought and no bar."""

from __future__ import annotations

from collections.abc import Sequence

from glidepath.drawing.svg import QUIET, box, figure, line, text

STEP, BAR, HEIGHT, FOOT, HEAD = 22, 14, 52, 3, 16


def bars(counts: Sequence[int], *, most: int, sentence: str) -> str:
    """counts: oldest first, each 0 or more. most: what the full height stands for, at least 1. Empty without counts."""
    if not counts:
        return ""
    width, ground = STEP * len(counts) + 2, HEIGHT - FOOT
    marks = [line(0, ground, width, ground, "c-axis", QUIET)]
    for place, count in enumerate(counts):
        x, high = 1 + place * STEP + (STEP - BAR) / 2, count * (ground - HEAD) / max(most, count, 1)
        if count:
            marks.append(box(x, ground - high, BAR, high, "c-sleep", "#6f8fa3"))
        marks.append(text(x + BAR / 2, ground - high - 3, str(count), text_anchor="middle"))
    return figure(width, HEIGHT, "plot bars", sentence, marks)
