"""How amounts and times are written for people: one way each, everywhere (screens, print, PDF).

Doses: no trailing zero, always a leading zero, a no-break space before the unit. Times as 14:05, dates as 17 Nov,
birth dates as 12-Mar-1979, so that no reader has to know which country wrote them.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from glidepath.clinical.amounts import NANOGRAMS_PER_MG, Dose, plain, rounded

NBSP = "\u00a0"
MINUS = "\u2212"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Amount = Dose | Decimal | Fraction | int | str


def figure(value: Amount) -> str:
    """The number alone: "2.5". A dose or a decimal exactly; a ratio or estimate to one decimal."""
    if isinstance(value, Dose):
        return plain(value.mg)
    if isinstance(value, Fraction):
        return plain(rounded(value))
    return plain(Decimal(value))


def mg(value: Amount) -> str:
    """An amount in milligrams: "2.5 mg", with a space that never breaks."""
    return f"{figure(value)}{NBSP}mg"


def mg_from_ng(nanograms: int) -> str:
    """An amount as the record stores it, in whole nanograms."""
    return mg(Decimal(nanograms) / NANOGRAMS_PER_MG)


def percent(ratio: Fraction) -> str:
    """A ratio to one decimal: "9.1 %"."""
    return f"{rounded(ratio * 100):f}{NBSP}%"


def clock(moment: dt.datetime | dt.time) -> str:
    """14:05."""
    return f"{moment:%H:%M}"


def when(moment: dt.datetime, today: dt.date) -> str:
    """22:05; with its day where that is not today: "27 Nov 22:05"."""
    return clock(moment) if moment.date() == today else f"{day(moment.date(), today)} {clock(moment)}"


def day(date: dt.date, today: dt.date | None = None) -> str:
    """17 Nov; with its year where that is not today's."""
    text = f"{date.day}{NBSP}{MONTHS[date.month - 1]}"
    return text if today is not None and date.year == today.year else f"{text}{NBSP}{date.year}"


def weekday(date: dt.date) -> str:
    """Tue 17 Nov."""
    return f"{WEEKDAYS[date.weekday()]} {date.day}{NBSP}{MONTHS[date.month - 1]}"


def birth_date(date: dt.date) -> str:
    """12-Mar-1979: the same in every country."""
    return f"{date.day:02}-{MONTHS[date.month - 1]}-{date.year}"


def exactly(minutes: int) -> str:
    """A length of time with nothing rounded away: "45 min", "7 h", "2 h 30 min"."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return f"{rest}{NBSP}min" if rest else f"0{NBSP}h"
    return f"{whole}{NBSP}h {rest}{NBSP}min" if rest else f"{whole}{NBSP}h"


def span(length: dt.timedelta) -> str:
    """A duration in the one unit that says enough: "74 min", "5 h", "9 days"."""
    minutes = int(abs(length).total_seconds() // 60)
    if minutes < 120:
        return f"{minutes}{NBSP}min"
    if minutes < 48 * 60:
        return f"{minutes // 60}{NBSP}h"
    return f"{minutes // (24 * 60)}{NBSP}days"


def ago(moment: dt.datetime, now: dt.datetime) -> str:
    """How long since, or how long until: "3 min ago", "in 2 h", "now"."""
    apart = now - moment
    if abs(apart) < dt.timedelta(minutes=1):
        return "now"
    return f"{span(apart)} ago" if apart > dt.timedelta(0) else f"in {span(apart)}"


def over(due: dt.datetime, now: dt.datetime) -> str:
    """How long past its time: "74 min over"; empty before it."""
    return f"{span(now - due)} over" if now > due else ""


def initials(name: str) -> str:
    """First letters of the first and the last name."""
    parts = name.split()
    return "".join(part[0].upper() for part in (parts[:1] + parts[1:][-1:]))
