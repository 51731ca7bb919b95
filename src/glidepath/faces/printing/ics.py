"""The calendar as a file for a telephone (iCalendar, RFC 5545).

Titles are neutral and name no medicine: telephones show them on a locked screen. Amounts stand in the description.
Every event has its exact moment in UTC where the zone is known, so the clock changes need no further table, and an id
made of plan, day and time, so that a newer file replaces what an older one said of the same dose.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby

from glidepath.clinical.dosing.schedule import moment
from glidepath.faces.printing.values import CalendarDay, CalendarDose, TaperCalendar
from glidepath.faces.shell import words

TITLE = "Time for your daily plan"
LINE_OCTETS = 75  # RFC 5545, 3.1: a longer line is folded
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\r": None, "\n": "\\n"})


def calendar_ics(calendar: TaperCalendar, *, zone: dt.tzinfo | None) -> bytes:
    """One event with an alarm for each time of each day. zone: the centre's; None where nobody knows it: then each time
    is that of whatever zone the telephone is in. The same values give the same bytes."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Glidepath//Taper calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:My daily plan",
        *(line for day in calendar.days for line in _events(calendar, day, zone)),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _events(calendar: TaperCalendar, day: CalendarDay, zone: dt.tzinfo | None) -> Iterator[str]:
    for at, doses in groupby(day.doses, key=lambda dose: dose.time):
        yield from _event(calendar, day, at, tuple(doses), zone)


def _event(
    calendar: TaperCalendar, day: CalendarDay, at: dt.time, doses: Iterable[CalendarDose], zone: dt.tzinfo | None
) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{calendar.key}-{day.date:%Y%m%d}-{at:%H%M}@glidepath",
        f"DTSTAMP:{_utc(calendar.made_at)}",
        # Grows with every file made, so that a newer one is taken as newer also within one version of the plan.
        f"SEQUENCE:{int(calendar.made_at.timestamp()) // 60}",
        f"DTSTART:{_begins(day.date, at, zone)}",
        "DURATION:PT15M",
        f"SUMMARY:{TITLE}",
        f"DESCRIPTION:{_description(calendar, day, doses).translate(ESCAPED)}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{TITLE}",
        "TRIGGER:PT0S",
        "END:VALARM",
        "END:VEVENT",
    ]


def _description(calendar: TaperCalendar, day: CalendarDay, doses: Iterable[CalendarDose]) -> str:
    said = [f"{one.medicine} {words.mg(one.mg)}" + (f": {one.in_words}" if one.in_words else "") for one in doses]
    phone = f" {calendar.centre_phone}" if calendar.centre_phone else ""
    return "\n".join(
        [
            *said,
            *([day.change] if day.change else []),
            f"If it gets hard: stay on this dose and call {calendar.centre_name}{phone}. Never stop suddenly.",
            f"From version {calendar.version} of your plan, made on {words.day(calendar.made_on)}.",
            "A newer sheet or file takes its place: remove the old one first.",
        ]
    )


def _begins(day: dt.date, at: dt.time, zone: dt.tzinfo | None) -> str:
    """In UTC where the zone is known, else a floating time (RFC 5545, 3.3.5)."""
    return f"{day:%Y%m%d}T{at:%H%M%S}" if zone is None else _utc(moment(day, at, zone))


def _utc(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> bytes:
    """The line in UTF-8, broken after at most 75 octets and never inside a character, ended as the standard says."""
    parts, current = [], b""
    for character in line:
        piece = character.encode()
        if len(current) + len(piece) > LINE_OCTETS:
            parts.append(current)
            current = b" "
        current += piece
    return b"\r\n".join([*parts, current]) + b"\r\n"
