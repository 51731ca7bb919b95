"""The calendar of one person out of the record: what is due in the next four weeks, and what is planned after it.

The person is already one the viewer may see. Doses are those of `care.medication.queries.due`, dose by dose, so that
what is printed is what the round gives. A projected step is never among them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from glidepath.care.medication.queries import DueRow, due as due_rows
from glidepath.care.taper import queries as tapers
from glidepath.care.taper.interruptions import bridge_of
from glidepath.care.taper.models import Version
from glidepath.care.taper.rows import chosen_of
from glidepath.clinical.amounts import Dose, plain, rounded
from glidepath.clinical.dosing.plan import Kind, PlannedDose, Product
from glidepath.clinical.dosing.schedule import Course, PlanInForce, Segment, StepInForce, moment, segments
from glidepath.clinical.regimen import Regimen
from glidepath.faces.printing.values import CalendarDay, CalendarDose, TaperCalendar
from glidepath.faces.shell import words
from glidepath.faces.shell.pills import in_words
from glidepath.record import clock
from glidepath.record.people.models import Person

DAYS = 28

HELD = "Right now doses are held by the team for your safety. Take one only when your nurse or prescriber says so."
ON_HOLD = "Your plan is on hold. Nothing goes down. Your prescriber decides with you when it goes on."
WAITS = (
    "The next step is waiting: something is looked at first. You stay on the dose above until your prescriber "
    "decides with you."
)
KEPT = "This is the dose you chose to keep. Nothing more goes down."
NO_MORE_PLANNED = "No further step is planned yet. Your prescriber plans it with you. Until then you stay on this dose."
AT_ZERO = "You take no dose from this plan any more."
DONE = "Your plan has reached its end. Nothing more is planned. Call us if something changes."


@dataclass(frozen=True, slots=True)
class Taper:
    """What the record says of one running taper. `now`: the moment the sheet calls now, see `_moment_of_the_sheet`."""

    person: Person
    now: dt.datetime
    version: Version  # the newest
    last: PlanInForce  # the same as a value
    course: Course
    running: tapers.Running | None

    @property
    def today(self) -> dt.date:
        return self.day_of(self.now)

    def day_of(self, at: dt.datetime) -> dt.date:
        return clock.local(self.person.centre, at).date()

    @property
    def upcoming(self) -> Segment | None:
        """The next change of dose that will begin as things stand: released, or the first dose of a new version."""
        before = self.course.in_force(self.now)
        ahead = [one for one in self.course.segments if one.begins_at > self.now]
        return next((one for one in ahead if before is None or _daily(one.step) != _daily(before.step)), None)

    @property
    def projected(self) -> tuple[StepInForce, ...]:
        """The steps of the newest version that nobody has released."""
        return tuple(step for step in self.last.steps if step.released_at is None)


def taper_calendar(person: Person, now: dt.datetime | None = None) -> TaperCalendar | None:
    """The person's calendar as things stand at `now`; None when no taper runs."""
    made_at = now or clock.now()
    taper = _taper(person, made_at)
    if taper is None:
        return None
    centre = person.centre
    rows = _rows(taper)
    held = any(row.is_held for row in rows)
    return TaperCalendar(
        key=str(taper.version.plan.public_id),
        preferred_name=person.preferred_name,
        centre_name=centre.name,
        centre_phone=centre.phone,
        crisis_line=centre.crisis_line,
        made_at=clock.local(centre, made_at),
        version=taper.version.number,
        signed_by=taper.version.recorded_by.name,
        now_doses=_now_doses(taper.running),
        now_words=" ".join([*([HELD] if held else []), _now_words(taper)]).strip(),
        next_words=_next_words(taper),
        days=_days(taper, rows),
        ahead=tuple((step.start, _ahead_words(step, taper.today)) for step in taper.projected),
    )


def _taper(person: Person, now: dt.datetime) -> Taper | None:
    version = tapers.newest(person)
    if version is None:
        return None
    plans = tapers.plans_in_force([person])[person.pk]
    course = segments(plans, tapers.standing(person), zone=person.centre.zone)
    at = _moment_of_the_sheet(course, person, now)
    return Taper(person, at, version, plans[-1], course, tapers.running([person], at).get(person.pk))


def _moment_of_the_sheet(course: Course, person: Person, now: dt.datetime) -> dt.datetime:
    """`now`; of a plan signed today that begins with a later dose of today, the moment of that dose."""
    first = course.segments[0].begins_at if course.segments else now
    today = clock.local(person.centre, now).date()
    return max(now, first) if clock.local(person.centre, first).date() == today else now


def _rows(taper: Taper) -> list[DueRow]:
    """What is due by the taper, and by the orders that bridge to it, from the beginning of today."""
    zone = taper.person.centre.zone
    since, until = (moment(day, dt.time.min, zone) for day in (taper.today, taper.today + dt.timedelta(days=DAYS)))
    rows = due_rows([taper.person], since, until)
    return [row for row in rows if row.due.version_id is not None or (row.order is not None and row.order.until_plan)]


def _days(taper: Taper, rows: Sequence[DueRow]) -> tuple[CalendarDay, ...]:
    """Every day of the four weeks from the first on which something is due or the plan is in force."""
    doses = {
        day: tuple(map(_due_dose, due)) for day, due in groupby(rows, key=lambda row: taper.day_of(row.due.due_at))
    }
    changes = _changes(taper)
    if any(row.is_held for row in rows):
        changes[taper.today] = f"{HELD} {changes.get(taper.today, '')}".strip()
    begins = [taper.day_of(one.begins_at) for one in taper.course.segments]
    first = min([*doses, *begins], default=taper.today)
    span = [taper.today + dt.timedelta(days=number) for number in range(DAYS)]
    return tuple(CalendarDay(day, doses.get(day, ()), changes.get(day, "")) for day in span if day >= first)


def _due_dose(row: DueRow) -> CalendarDose:
    return _calendar_dose(row.due.local_time, row.due.dose, in_words(row.due.made) if row.due.made else "")


def _calendar_dose(time: dt.time, dose: Dose, pieces: str) -> CalendarDose:
    return CalendarDose(time.replace(second=0, microsecond=0), dose.medicine, dose.mg, pieces)


def _now_doses(running: tapers.Running | None) -> tuple[CalendarDose, ...]:
    return tuple(_planned(one) for one in running.step.doses) if running else ()


def _planned(one: PlannedDose) -> CalendarDose:
    return _calendar_dose(one.time, one.dose, in_words(one.made) if one.made else "")


def _now_words(taper: Taper) -> str:
    if taper.running is None:
        return _not_begun(taper)
    if not taper.running.step.doses:
        return AT_ZERO
    return "Take your other medicines as they were ordered. This sheet is about your taper only."


def _not_begun(taper: Taper) -> str:
    begins = taper.upcoming
    on = f" on {_day(taper.day_of(begins.begins_at))}" if begins else ""
    return f"Your plan has not begun; it begins{on}. Until then change nothing on your own."


def _bridge(version: Version) -> str:
    """Of a bridging plan: with whom it goes on, and how long the supply lasts; empty for any other hold."""
    bridge = bridge_of(version)
    if bridge is None or version.first_visit is None or version.bridged_until is None:
        return ""
    supply = " and ".join(f"{_pieces(product, count)} of {product.name}" for product, count in bridge.supply)
    return (
        f"Your dose stays the same. Nothing goes down before you see {version.prescriber} on "
        f"{_day(version.first_visit)}. Your supply lasts until {_day(version.bridged_until)}: {supply}."
    )


def _pieces(product: Product, count: Fraction) -> str:
    number = plain(rounded(count, 2))
    return f"{number} mL" if product.kind is Kind.LIQUID else number


def _next_words(taper: Taper) -> str:
    """What comes next and when it is decided. A released step that something stands against is not promised."""
    if taper.upcoming is not None:
        return _decided(taper, taper.upcoming)
    if taper.version.on_hold:
        return _bridge(taper.version) or ON_HOLD
    following = taper.running.following if taper.running else None
    if following is None:
        return _nothing_follows(taper)
    return WAITS if following.released_at is not None else _to_decide(following, taper.today)


def _decided(taper: Taper, segment: Segment) -> str:
    at = clock.local(taper.person.centre, segment.begins_at)
    first = min((one.time for one in segment.step.doses), default=dt.time.min)
    since = f", from the {words.clock(at)} dose on" if at.time() > first else ""
    return f"From {_day(at.date())}{since} you take {_a_day(_daily(segment.step))}. This was decided with you."


def _to_decide(step: StepInForce, today: dt.date) -> str:
    planned = f"The next step is planned for {_day(step.start)}: {_a_day(_daily(step))}."
    if step.start <= today:
        planned = f"The next step was planned for {_day(step.start)} and waits for you: {_a_day(_daily(step))}."
    return (
        f"{planned} It is not settled. Before it begins your prescriber asks how you are and decides it with you. "
        "Until then you stay on the dose above."
    )


def _nothing_follows(taper: Taper) -> str:
    if taper.running is None:
        return NO_MORE_PLANNED
    if not taper.running.step.doses:
        return DONE
    return KEPT if taper.version.complete and not chosen_of(taper.version).goal.is_zero else NO_MORE_PLANNED


def _changes(taper: Taper) -> dict[dt.date, str]:
    """By day: the new daily amount, from the second amount on. A day that changes twice says where it ends."""
    said = {}
    before: Mapping[str, Dose] | None = None
    for segment in taper.course.segments:
        daily = _daily(segment.step)
        if before is not None and daily != before:
            said[taper.day_of(segment.begins_at)] = f"New: {_a_day(daily)}. Before: {_a_day(before)}."
        before = daily
    return said


def _ahead_words(step: StepInForce, today: dt.date) -> str:
    waits = " (its day has come; it waits until it is decided with you)" if step.start <= today else ""
    return _a_day(_daily(step)) + waits


def _daily(step: StepInForce) -> Mapping[str, Dose]:
    return Regimen(step.doses).daily()


def _a_day(daily: Mapping[str, Dose]) -> str:
    """ "diazepam 18 mg a day", "no dose"."""
    said = " and ".join(f"{dose.medicine} {words.mg(dose)}" for dose in daily.values())
    return f"{said} a day" if said else "no dose"


def _day(date: dt.date) -> str:
    return f"{words.WEEKDAYS[date.weekday()]} {words.day(date)}"
