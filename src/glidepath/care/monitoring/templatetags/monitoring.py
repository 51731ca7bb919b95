"""Thin covers for the bedside pages."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from glidepath.care.monitoring import tap_rows
from glidepath.care.monitoring.cards import TapRow
from glidepath.clinical.monitoring.sedation import signed as signed_rass

register = template.Library()


@register.filter
def signed(value: int | None) -> str:
    """{{ row.rass|signed }}: "+1", "0", "−3"; nothing where it was not looked at."""
    return "" if value is None else signed_rass(value)


@register.filter
def figure(value: Decimal | None) -> str:
    """{{ row.value|figure }}: 4.20 as "4.2", 70.000 as "70"; nothing where there is none."""
    return "" if value is None else f"{value.normalize():f}"


@register.simple_tag
def taps(row: TapRow, *kinds: str) -> SafeString:
    """{% taps row "ward" "wrap" %}: the answers of one row to tap; an empty kind counts for nothing."""
    return tap_rows.taps(row, tuple(kind for kind in kinds if kind))
