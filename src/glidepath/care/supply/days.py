"""The day a report was asked for."""

from __future__ import annotations

import datetime as dt


def asked_day(text: str, today: dt.date) -> dt.date | None:
    """The calendar day in an address, today where none is named; None for what is no day, or lies ahead."""
    if not text:
        return today
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if dt.date(1970, 1, 1) <= day <= today else None
