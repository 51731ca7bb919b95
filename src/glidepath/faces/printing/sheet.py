"""The sentences of the printed sheet, in order: the template lays them out and computes nothing."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from glidepath.faces.printing.advice import AFTER_THE_LAST_DOSE, EMERGENCY_SIGNS, WHEN_IT_IS_HARD, Advice
from glidepath.faces.printing.values import CalendarDay, CalendarDose, TaperCalendar
from glidepath.faces.shell import words

NOT_SETTLED = "Planned. It will be decided with you. It is not settled."


def sheet(calendar: TaperCalendar) -> dict[str, Any]:
    """Everything that stands on the pages, as plain text in plain lists."""
    return {
        "title": f"Your taper calendar, {calendar.preferred_name}"
        if calendar.preferred_name
        else "Your taper calendar",
        "made": _made(calendar),
        "date": [calendar.made_on.year, calendar.made_on.month, calendar.made_on.day],
        "now": [_dose(dose) for dose in calendar.now_doses],
        "now_words": calendar.now_words,
        "next_words": calendar.next_words,
        "call": f"Call us early: {calendar.centre_phone or 'your team here'}.",
        "hard": [_advice(one) for one in (WHEN_IT_IS_HARD if _takes_any(calendar) else AFTER_THE_LAST_DOSE)],
        "signs": [one.lead for one in EMERGENCY_SIGNS],
        "numbers": [text for text in (calendar.crisis_line, _centre(calendar)) if text],
        "weeks": [_week(list(days)) for _, days in groupby(calendar.days, key=lambda day: _monday(day.date))],
        "not_settled": NOT_SETTLED,
        "ahead": [[_long_day(date), text] for date, text in calendar.ahead],
        "foot": f"Plan version {calendar.version}, printed {words.day(calendar.made_on)}",
    }


def _made(calendar: TaperCalendar) -> str:
    signed = f", signed by {calendar.signed_by}" if calendar.signed_by else ""
    return (
        f"Version {calendar.version} of your plan{signed}. Printed {words.day(calendar.made_on)}. "
        "If you get a newer sheet, throw this one away."
    )


def _takes_any(calendar: TaperCalendar) -> bool:
    return bool(calendar.now_doses) or any(day.doses for day in calendar.days)


def _centre(calendar: TaperCalendar) -> str:
    return ": ".join(text for text in (calendar.centre_name, calendar.centre_phone) if text)


def _dose(dose: CalendarDose) -> dict[str, str]:
    return {
        "time": words.clock(dose.time),
        "amount": f"{dose.medicine} {words.mg(dose.mg)}",
        "pieces": dose.in_words,
    }


def _advice(one: Advice) -> list[str]:
    return [one.lead, one.words]


def _week(days: list[CalendarDay]) -> dict[str, Any]:
    return {"title": f"Week of {words.day(days[0].date)}", "days": [_day(day) for day in days]}


def _day(day: CalendarDay) -> dict[str, Any]:
    return {"day": words.weekday(day.date), "change": day.change, "doses": [_dose(dose) for dose in day.doses]}


def _long_day(date: dt.date) -> str:
    return f"{words.WEEKDAYS[date.weekday()]} {words.day(date)}"


def _monday(date: dt.date) -> dt.date:
    return date - dt.timedelta(days=date.weekday())
