"""Rows of taps as HTML: a card of the round has some two hundred, and a template would take most of its time."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from glidepath.care.monitoring.cards import Tap, TapRow


@lru_cache(maxsize=4096)  # the same rows again and again, with last time's ring at one tap or another
def taps(row: TapRow, kinds: tuple[str, ...]) -> SafeString:
    """Real radios; the ring is last time's and never chosen. kinds: "ward", "item", "wrap", "fit"."""
    classes = " ".join(["taps", *(f"taps--{kind}" for kind in kinds)])
    marks = (_tap(row, tap, is_first=number == 0, ward="ward" in kinds) for number, tap in enumerate(row.taps))
    return mark_safe(f'<div class="{classes}">{"".join(marks)}</div>')  # every value is escaped below


def _tap(row: TapRow, tap: Tap, *, is_first: bool, ward: bool) -> str:
    name, label, small = escape(row.name), escape(tap.label), escape(tap.small)
    first = f' id="id_{name}"' if is_first else ""
    chosen = " checked" if tap.checked else ""
    said = ", ".join(filter(None, [f"{escape(row.label)}: {label}", small, "last time" if tap.last else ""]))
    under = small or ("last" if tap.last and ward else "")
    return (
        f'<label class="tap{" tap--last" if tap.last else ""}"><input type="radio" name="{name}" '
        f'value="{escape(tap.value)}"{first}{chosen} aria-label="{said}"><span>{label}'
        f"{f'<small>{under}</small>' if under else ''}</span></label>"
    )
