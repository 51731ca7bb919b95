"""Thin covers for the bedside pages."""

from __future__ import annotations

from django import template

from glidepath.clinical.monitoring.sedation import signed as signed_rass

register = template.Library()


@register.filter
def signed(value: int | None) -> str:
    """{{ row.rass|signed }}: "+1", "0", "−3"; nothing where it was not looked at."""
    return "" if value is None else signed_rass(value)
