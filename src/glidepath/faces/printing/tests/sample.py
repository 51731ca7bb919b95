"""One calendar written out by hand: London, over the end of summer time on 25 October 2026."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from glidepath.faces.printing.values import CalendarDay, CalendarDose, TaperCalendar

LONDON = ZoneInfo("Europe/London")
MORNING = CalendarDose(dt.time(8), "diazepam", Decimal(10), "1 × 10 mg tablet")
NIGHT = CalendarDose(dt.time(22), "diazepam", Decimal(10), "1 × 10 mg tablet")
SMALLER = CalendarDose(dt.time(22), "diazepam", Decimal("7.5"), "1 × 5 mg tablet and half a 5 mg tablet")
SLEEP = CalendarDose(dt.time(22), "zopiclone", Decimal("3.75"), "half a 7.5 mg tablet")


def sample(**other: object) -> TaperCalendar:
    """Four weeks from Monday 19 October 2026; from the eighth day on the night dose is smaller."""
    first = dt.date(2026, 10, 19)
    days = tuple(
        CalendarDay(
            first + dt.timedelta(days=number),
            (MORNING, NIGHT if number < 7 else SMALLER, SLEEP),
            "New: diazepam 17.5 mg a day. Before: diazepam 20 mg a day." if number == 7 else "",
        )
        for number in range(28)
    )
    values: dict[str, object] = {
        "key": "7b0c1f9e-0000-4000-8000-000000000001",
        "preferred_name": "Danilo",
        "centre_name": "Willowbrook",
        "centre_phone": "020 7946 0000",
        "crisis_line": "Emergency 999. Samaritans 116 123, day and night.",
        "made_at": dt.datetime(2026, 10, 19, 9, 30, tzinfo=LONDON),
        "version": 3,
        "signed_by": "Dr Ines Ferreira",
        "now_doses": (MORNING, NIGHT, SLEEP),
        "now_words": "Take your other medicines as they were ordered. This sheet is about your taper only.",
        "next_words": "From Mon 26 Oct 2026 you take diazepam 17.5 mg a day. This was decided with you.",
        "days": days,
        "ahead": ((dt.date(2026, 11, 23), "diazepam 16 mg a day"), (dt.date(2026, 12, 7), "no dose")),
    }
    return TaperCalendar(**(values | other))  # type: ignore[arg-type]
