"""What the reads of this room give back: due doses, as-needed orders, doses not taken, the last look. Values only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from glidepath.care.medication.models import DoseAnswer, Order, YesNoUnknown
from glidepath.care.monitoring.models import Event
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.schedule import DueDose
from glidepath.record import clock
from glidepath.record.people.models import Person


class State(StrEnum):
    """Where a due dose stands. Overdue is worked out from times; it never turns into anything by itself."""

    AHEAD = "ahead"
    DUE = "due"  # inside its window
    LATE = "late"
    OVERDUE = "overdue"
    HELD = "held"  # sedatives are held now
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class DueRow:
    """One due dose of one person, with its answer if it has one. `sedative` unknown waits for the prescriber's word."""

    person: Person
    due: DueDose
    order: Order | None
    answer: DoseAnswer | None
    sedative: YesNoUnknown
    is_benzodiazepine: bool
    held_by: Event | None
    now: dt.datetime
    window: dt.timedelta
    late_after: dt.timedelta

    @property
    def state(self) -> State:
        if self.answer is not None:
            return State.ANSWERED
        if self.due.due_at > self.now + self.window:
            return State.AHEAD
        if self.is_held:
            return State.HELD
        if self.now >= self.due.due_at + 2 * self.late_after:
            return State.OVERDUE
        return State.LATE if self.now >= self.due.due_at + self.late_after else State.DUE

    @property
    def is_held(self) -> bool:
        """Held for safety: an over-sedation is open, and this is a sedative, or nobody has said that it is none."""
        return self.held_by is not None and self.sedative is not YesNoUnknown.NO

    @property
    def needs_rass(self) -> bool:
        return self.sedative is not YesNoUnknown.NO

    @property
    def not_taken(self) -> bool:
        """Answered with anything but given, or long past its time without an answer."""
        if self.answer is not None:
            return not self.answer.was_given
        return self.now >= self.due.due_at + 2 * self.late_after

    @property
    def not_taken_since(self) -> dt.datetime:
        """When it was known that it is not taken: by its answer, which may come before its time, or by time alone."""
        by_time = self.due.due_at + 2 * self.late_after
        return min(self.answer.recorded_at, by_time) if self.answer is not None else by_time

    @property
    def token(self) -> str:
        """What a button carries: the dose's key, its moment, and the answer that was shown, if there is one."""
        return f"{self.due.key}|{self.due.due_at.isoformat()}|{self.answer.pk if self.answer else ''}"

    @property
    def form(self) -> str:
        """How it is given: "tablet, by mouth"."""
        forms = [part.product.form for part in self.due.made] or ([self.order.form] if self.order else [])
        route = self.order.route if self.order else "by mouth"
        return ", ".join([*dict.fromkeys(form for form in forms if form), route])


@dataclass(frozen=True, slots=True)
class PrnRow:
    """One as-needed order: when it may be given next, and how much of its ceiling is left."""

    person: Person
    order: Order
    last: DoseAnswer | None
    given_24h: Dose
    next_at: dt.datetime
    sedative: YesNoUnknown
    held_by: Event | None
    now: dt.datetime

    @property
    def left(self) -> Dose:
        """What the ceiling of 24 hours still allows."""
        return Dose.from_ng(max((self.order.max_24h_ng or 0) - self.given_24h.ng, 0), self.given_24h.medicine)

    @property
    def is_held(self) -> bool:
        return self.held_by is not None and self.sedative is not YesNoUnknown.NO

    @property
    def needs_rass(self) -> bool:
        return self.sedative is not YesNoUnknown.NO

    @property
    def why_not(self) -> str:
        """Why it may not be given now; empty when it may."""
        if self.is_held:
            return "Sedatives are held: a prescriber looks again first."
        local = clock.local(self.person.centre, self.next_at)
        if self.left.ng < self.order.ng:
            return f"The ceiling of 24 hours is reached: {self.given_24h} given. Not before {local:%-d %b %H:%M}."
        if self.next_at > self.now:
            return f"Not before {local:%H:%M}: at least {self.order.min_interval_minutes} min lie between two doses."
        return ""


@dataclass(frozen=True, slots=True)
class LastRass:
    """The last look at how sedated somebody is."""

    person_id: int
    rass: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Doses of one medicine that were due and not taken: the first of them, when that became too much, in words."""

    medicine: str
    first_due: dt.datetime
    since: dt.datetime
    words: str
