"""What one emergency has come to: its rows put together with its checklist and the clock. Nothing is read here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.events.models import Disclosure, EventStep, Outcome, Running
from glidepath.care.monitoring.models import Event
from glidepath.clinical.facts.event_checklists import Checklist, ChecklistLine
from glidepath.clinical.facts.load import event_checklists
from glidepath.clinical.findings import Finding
from glidepath.clinical.monitoring.emergency import (
    AGAIN,
    RECOVERED,
    STOPPED,
    Fit,
    fits,
    key,
    status_at,
    status_epilepticus,
)
from glidepath.record.staff.models import Staff

END, HERE, CALL = "end", "here", "call"
KINDS = tuple(Event.Kind(kind) for kind in event_checklists())


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist as it stands. step: the tap that stands. due_at: when time alone asks for it."""

    line: ChecklistLine
    step: EventStep | None
    due_at: dt.datetime | None
    is_due: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One row of what was done, in words. is_undone: a tap that was taken back, or the taking back of one."""

    at: dt.datetime
    words: str
    by: str
    is_undone: bool


@dataclass(frozen=True, slots=True)
class Course:
    """One emergency at one moment. rows: every tap in order, those taken back among them."""

    running: Running
    rows: Sequence[EventStep]
    disclosures: Sequence[Disclosure]
    now: dt.datetime

    @property
    def kind(self) -> Event.Kind:
        return Event.Kind(self.running.kind)

    @property
    def checklist(self) -> Checklist:
        return event_checklists()[self.running.kind]

    @property
    def standing(self) -> Mapping[str, EventStep]:
        """By line, the newest row of each that was not taken back."""
        newest = {row.line: row for row in self.rows}
        return {line: row for line, row in newest.items() if row.done}

    @property
    def taps(self) -> Mapping[str, dt.datetime]:
        return {line: row.happened_at for line, row in self.standing.items()}

    @property
    def end(self) -> EventStep | None:
        return self.standing.get(END)

    @property
    def outcome(self) -> Outcome | None:
        return Outcome(self.end.outcome) if self.end else None

    @property
    def until(self) -> dt.datetime:
        """Up to when it is counted: its end, or now."""
        return self.end.happened_at if self.end else self.now

    @property
    def elapsed(self) -> str:
        """The clock of the whole event: "04:32", "1:04:32"."""
        return as_clock(self.until - self.running.happened_at)

    @property
    def fits(self) -> tuple[Fit, ...]:
        """Each seizure; empty for another kind."""
        return fits(self.running.happened_at, self.taps) if self.kind is Event.Kind.SEIZURE else ()

    @property
    def lasts(self) -> Fit | None:
        """The seizure that lasts still."""
        last = self.fits[-1] if self.fits else None
        return last if last is not None and last.stopped_at is None and self.end is None else None

    @property
    def fit_clock(self) -> str:
        """The clock of the last seizure, running or stopped."""
        return as_clock(self.fits[-1].lasted(self.until)) if self.fits else ""

    @property
    def status(self) -> Finding | None:
        """SEI-2, by time alone."""
        return status_epilepticus(self.fits, self.until) if self.fits else None

    @property
    def status_at(self) -> dt.datetime | None:
        """When SEI-2 will fire if the seizure goes on."""
        return status_at(self.fits) if self.lasts else None

    @property
    def next_act(self) -> tuple[str, str] | None:
        """The line and the words of what is asked about the seizure now."""
        if not self.fits or self.end:
            return None
        last = self.fits[-1]
        if last.stopped_at is None:
            return key(STOPPED, last.number), "Seizure stopped"
        return key(AGAIN, last.number + 1), "Another seizure"

    @property
    def recovery(self) -> str:
        """The line that says recovery after the last seizure, while it can still be said."""
        last = self.fits[-1] if self.fits else None
        open_ = last is not None and last.stopped_at is not None and not last.recovered and self.end is None
        return key(RECOVERED, last.number) if open_ and last is not None else ""

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(self._line(one) for one in self.checklist.lines)

    @property
    def asked(self) -> tuple[Line, ...]:
        """Lines without a tap, those that time alone asks for first."""
        found = [one for one in self.lines if one.step is None]
        return tuple(sorted(found, key=lambda one: not one.is_due))

    @property
    def there(self) -> tuple[Staff, ...]:
        """Who is said to be there, in the order of the taps."""
        return tuple(row.who for row in self.standing.values() if row.who is not None)

    @property
    def next_call(self) -> str:
        """The line of the next call for more hands."""
        return key(CALL, 1 + sum(row.line.startswith(f"{CALL}_") and row.turn == 0 for row in self.rows))

    @property
    def said(self) -> tuple[Said, ...]:
        """Everything that was tapped, in order, with what was taken back."""
        undone = {row.supersedes_id for row in self.rows if not row.done}
        return tuple(
            Said(row.happened_at, self.words_of(row), row.recorded_by.name, not row.done or row.pk in undone)
            for row in self.rows
        )

    def words_of(self, row: EventStep) -> str:
        """The tap in words: "Airway open", "Seizure 1 stopped", "taken back: Airway open"."""
        said = _words(row, self.checklist)
        return said if row.done else f"Taken back: {said[0].lower()}{said[1:]}"

    def _line(self, line: ChecklistLine) -> Line:
        """A line with a time is asked for by it while a seizure lasts, and once SEI-2 has fired."""
        step = self.standing.get(line.key)
        due_at = None if line.at is None or not self.lasts else self.lasts.began_at + line.at
        fired = line.at is not None and self.status is not None
        return Line(line, step, due_at, step is None and fired)


def as_clock(span: dt.timedelta) -> str:
    """ "04:32" below an hour, then "1:04:32"."""
    seconds = max(0, int(span.total_seconds()))
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    return f"{hours}:{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes:02d}:{seconds % 60:02d}"


def length_words(fit: Fit, now: dt.datetime) -> str:
    """ "3 min 20 s", for a letter and the timeline."""
    seconds = int(fit.lasted(now).total_seconds())
    return f"{seconds // 60} min {seconds % 60} s" if seconds >= 60 else f"{seconds} s"


def _words(row: EventStep, checklist: Checklist) -> str:
    line = checklist.line(row.line)
    if line is not None:
        return line.words
    if row.line == END:
        return f"Ended: {Outcome(row.outcome).label}" if row.outcome else "Ended"
    act, _, number = row.line.partition("_")
    if act == HERE:
        return f"{row.who.name} is there" if row.who else "Somebody is there"
    said: dict[str, str] = {
        STOPPED: f"Seizure {number} stopped",
        AGAIN: f"Seizure {number} began",
        RECOVERED: f"Recovered after seizure {number}",
        CALL: f"Called for more hands, call {number}",
    }
    return said[act]


def by_running(rows: Iterable[EventStep]) -> dict[int, list[EventStep]]:
    """Taps by the id of their emergency, in the order they were written."""
    found: dict[int, list[EventStep]] = {}
    for row in rows:
        found.setdefault(row.running_id, []).append(row)
    return found
