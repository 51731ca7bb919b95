"""Checks the colour pairs of the stylesheet against WCAG 2.2 AA: text 4.5:1, edges of controls and marks 3:1.

Standard library only. Ends with 1 when a pair falls short in any theme, or the device's own dark differs from ours.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

SHEET = Path(__file__).resolve().parents[1] / "src/glidepath/faces/shell/static/glidepath/glidepath.css"
THEMES = ("light", "dark", "night")
GROUNDS = ("paper", "surface", "sunken", "raised", "accent-soft", "caution-soft", "danger-soft", "ok-soft")
TEXT = [(ink, ground) for ink in ("ink", "ink-2") for ground in GROUNDS] + [
    *(("ink-3", ground) for ground in ("paper", "surface")),
    *(("accent", ground) for ground in ("surface", "paper", "sunken", "accent-soft")),
    *(("ok", ground) for ground in ("surface", "paper")),
    *(("caution", ground) for ground in ("surface", "paper", "caution-soft")),
    *(("danger", ground) for ground in ("surface", "paper", "danger-soft")),
    ("accent-ink", "accent"),
    ("danger-ink", "danger-fill"),
    ("fill-ink", "fill"),
    ("n-ink", "n1"),
    ("n-ink", "n2"),
    ("n3-ink", "n3"),
    ("paper", "ink"),
    ("d-prn", "surface"),
]
EDGE = [
    *(("line-2", ground) for ground in ("surface", "paper", "sunken")),
    *(("focus", ground) for ground in ("surface", "paper")),
    *((mark, "surface") for mark in ("caution-line", "danger-fill", "d-dose", "d-proj", "d-sleep", "d-band")),
    ("d-symptom", "band-4"),
]
Tokens = dict[str, str]


def tokens(sheet: str, opening: str, closing: str) -> Tokens:
    block = re.search(rf"{opening}\s*\{{(.*?)\n{closing}\}}", sheet, re.DOTALL)
    if block is None:
        raise SystemExit(f"{SHEET.name}: no block {opening}")
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block[1]))


def theme(sheet: str, name: str) -> Tokens:
    return tokens(sheet, rf'\[data-theme="{name}"\]', "  ")


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def short(colours: Tokens) -> list[str]:
    pairs = [(*pair, 4.5) for pair in TEXT] + [(*pair, 3.0) for pair in EDGE]
    found = [(one, other, ratio(colours[one], colours[other]), needed) for one, other, needed in pairs]
    return [f"{one} on {other}: {is_:.2f}, needs {needed}" for one, other, is_, needed in found if is_ < needed]


def device_dark_differs(sheet: str) -> list[str]:
    """With no theme chosen the device decides; its dark must be ours, value for value."""
    device = tokens(sheet, r":root:not\(\[data-theme\]\)", "    ")
    ours = theme(sheet, "light") | theme(sheet, "dark")
    return [
        f"device dark: {name} is {value}, ours {ours[name]}" for name, value in device.items() if ours[name] != value
    ]


def main() -> int:
    sheet = SHEET.read_text()
    faults = device_dark_differs(sheet)
    for name in THEMES:
        faults += [f"{name}: {fault}" for fault in short(theme(sheet, name))]
    print("\n".join(faults) or f"{len(TEXT) + len(EDGE)} pairs in {len(THEMES)} themes, none short")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
