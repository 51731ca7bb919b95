"""What a person's taper calendar holds, before anybody asks how it looks.

Doses stand in `days` only as far as they are due: a step that nobody released is in `ahead`, and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CalendarDose:
    """One dose at one named time of day. `mg`: exact. `in_words`: the pieces; empty where they are not known."""

    time: dt.time
    medicine: str
    mg: Decimal
    in_words: str = ""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A calendar day of the centre. No doses: none is due. `change`: what is new from this day on, in words."""

    date: dt.date
    doses: tuple[CalendarDose, ...]
    change: str = ""


@dataclass(frozen=True, slots=True)
class TaperCalendar:
    """One person's taper as they take it home.

    made_at: on the centre's clock. key: names the plan for ever, so that a newer calendar file replaces an older one.
    now_words, next_words: what to say beside the present doses, and what comes next and when it is decided.
    ahead: planned days and daily amounts that are not settled.
    """

    key: str
    preferred_name: str
    centre_name: str
    centre_phone: str
    crisis_line: str
    made_at: dt.datetime
    version: int
    signed_by: str
    now_doses: tuple[CalendarDose, ...]
    now_words: str
    next_words: str
    days: tuple[CalendarDay, ...]
    ahead: tuple[tuple[dt.date, str], ...] = ()

    @property
    def made_on(self) -> dt.date:
        return self.made_at.date()
