"""What the reads of this room give back: due doses, as-needed orders, doses not taken, the last look. Values only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from glidepath.care.medication.models import DoseAnswer, Order, OrderSignature, YesNoUnknown
from glidepath.care.monitoring.models import Event, Observation
from glidepath.care.monitoring.queries import WholeScore
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.schedule import DueDose
from glidepath.clinical.monitoring.scale_choice import NAMES, Scale
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
    ON_LEAVE = "on_leave"  # the person has it with them


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
    needs_witness: bool = False
    on_leave: bool = False  # taken along, and the person is not yet long overdue

    @property
    def state(self) -> State:
        if self.answer is not None:
            return State.ANSWERED
        if self.on_leave:
            return State.ON_LEAVE
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
            return not self.answer.was_taken
        if self.on_leave:
            return False  # counted back on their return
        return self.now >= self.due.due_at + 2 * self.late_after

    @property
    def not_taken_since(self) -> dt.datetime:
        """When it was known that it is not taken: by its answer, which may come before its time, or by time alone."""
        by_time = self.due.due_at + 2 * self.late_after
        return min(self.answer.recorded_at, by_time) if self.answer is not None else by_time

    @property
    def was_late(self) -> bool:
        """Given, and later than a dose may be without being called late."""
        given = self.answer is not None and self.answer.was_given
        return bool(given and self.answer and self.answer.happened_at >= self.due.due_at + self.late_after)

    @property
    def token(self) -> str:
        """What a button carries: the dose's key, its moment, and the answer that was shown, if there is one."""
        return f"{self.due.key}|{self.due.due_at.isoformat()}|{self.answer.pk if self.answer else ''}"

    @property
    def mark(self) -> str:
        """How a page names the dose that a pack was read for: its key and moment."""
        return f"{self.due.key}|{self.due.due_at.isoformat()}"

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
    needs_witness: bool = False

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


ASKS_BEFORE = dt.timedelta(hours=24)  # a prescriber is asked a day before an order's date


@dataclass(frozen=True, slots=True)
class Asking:
    """An order that asks a prescriber whether it goes on. `at`: its date, or that of its newest renewal."""

    order: Order
    at: dt.datetime
    now: dt.datetime

    @property
    def asks_from(self) -> dt.datetime:
        return self.at - ASKS_BEFORE

    @property
    def is_past(self) -> bool:
        return self.at <= self.now

    @property
    def since(self) -> dt.datetime:
        """When it last became more urgent: a day before its date, or at it."""
        return self.at if self.is_past else self.asks_from

    @property
    def words(self) -> str:
        local = clock.local(self.order.person.centre, self.at)
        dose = self.order.dose
        when = f"{local:%-d %b} at {local:%H:%M}"
        if self.is_past:
            return f"The order of {dose} was to be decided by {when}: nobody has, and the dose goes on."
        return f"The order of {dose} asks by {when} whether it goes on."


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A signature that a valid order waits for."""

    order: Order
    kind: OrderSignature.Kind

    @property
    def words(self) -> str:
        local = clock.local(self.order.person.centre, self.order.happened_at)
        when = f"{local:%-d %b} at {local:%H:%M}"
        if self.kind is OrderSignature.Kind.SECOND:
            return (
                f"The order of {self.order.dose} ({self.order.recorded_by.name}, {when}) waits for a second signature."
            )
        given = self.order.taken_from.name if self.order.taken_from else ""
        return (
            f"{given} gave the order of {self.order.dose} by word to {self.order.recorded_by.name}, {when}: not signed."
        )


@dataclass(frozen=True, slots=True)
class SinceDose:
    """The newest complete score before an as-needed dose, the newest after it by a scale that was scored before, and
    the newest look after it."""

    before: WholeScore | None
    after: WholeScore | None
    observation: Observation | None


@dataclass(frozen=True, slots=True)
class Recheck:
    """What an as-needed dose still wants: to be looked at again, its re-score, or both.

    due_at: by the order's minutes. is_recorded: the look was recorded; only the score is owed. owes: the scales the
    person was scored with before the dose and not since; one of them answers it. is_late: by the hour of INP-3.
    """

    answer: DoseAnswer
    due_at: dt.datetime
    is_recorded: bool
    owes: tuple[Scale, ...]
    is_late: bool

    @property
    def scales(self) -> str:
        """ "CIWA-B or COWS"."""
        return " or ".join(NAMES[scale] for scale in self.owes)

    @property
    def words(self) -> str:
        """ "re-check after lorazepam", "re-score owed after lorazepam: CIWA-B"."""
        name = self.answer.medicine_name
        return f"re-score owed after {name}: {self.scales}" if self.is_recorded else f"re-check after {name}"


@dataclass(frozen=True, slots=True)
class HoldSaid:
    """A sedation hold as it is stated at the bedside. again_at: when a prescriber said to look again; None: nobody has
    looked yet, so it is now."""

    what: tuple[str, ...]
    since: dt.datetime
    last_benzodiazepine: dt.datetime | None
    again_at: dt.datetime | None
    now: dt.datetime

    @property
    def without(self) -> str:
        """How long without a benzodiazepine, in hours and minutes; the withdrawal clock runs during a hold."""
        if self.last_benzodiazepine is None:
            return "no benzodiazepine was given here yet"
        minutes = int((self.now - self.last_benzodiazepine).total_seconds() // 60)
        return f"{minutes // 60} h {minutes % 60} min without a benzodiazepine"

    @property
    def is_look_due(self) -> bool:
        return self.again_at is None or self.again_at <= self.now
