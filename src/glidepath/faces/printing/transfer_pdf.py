"""The transfer letter of one emergency out of the record: ready at any moment of it, as it stands then (PDF/UA-1).

The person is already one the viewer may see. Doses, orders and values are those the ward works with.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable

import typst

from glidepath.care.alarms.queries import OpenAlarm, open_alarms
from glidepath.care.assessment import queries as assessment
from glidepath.care.events import queries as events
from glidepath.care.events.course import Course, length_words
from glidepath.care.events.models import Running
from glidepath.care.medication import queries as medication
from glidepath.care.medication.models import DoseAnswer, Order
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.monitoring.models import CiwaB, Observation
from glidepath.care.taper import queries as taper
from glidepath.clinical.amounts import plain
from glidepath.clinical.monitoring.sedation import signed
from glidepath.faces.printing.pdf import HERE, Paper, compiled, is_printable
from glidepath.faces.printing.transfer_values import Section, TransferLetter, printable, transfer_sheet
from glidepath.faces.shell import words
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.episodes.queries import bed_of, current_episode
from glidepath.record.people import queries as people
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

BACK = dt.timedelta(hours=24)
DOSES_BACK = dt.timedelta(days=3)  # ours: the last dose of each medicine may be older than a day
CO_USE = {
    "alcohol_dependent": "Dependence on alcohol",
    "opioid_active": "Takes an opioid",
    "oud_med": "Opioid treatment",
}


def transfer_letter(running: Running, by: Staff) -> TransferLetter:
    """As everything stands now."""
    person, now = running.person, clock.now()
    centre, course = person.centre, events.course_of(running, now)
    return TransferLetter(
        name=person.legal_name,
        identity=_identity(person),
        centre_name=centre.name,
        centre_phone=centre.phone,
        made_at=clock.local(centre, now),
        made_by=f"{by.name}, {by.get_role_display()}",
        what=_what(course, centre),
        sections=(
            Section("Allergies", _allergies(person)),
            Section("What happened, what was done", _done(course, centre)),
            Section("Last doses", _doses(person, now)),
            Section("Active orders", _orders(person)),
            Section("Taper", _taper(person)),
            Section("Alcohol, opioids, earlier seizures", _co_use(person)),
            Section("Vital signs, last 24 hours", _signs(person, now)),
            Section("Scores, last 24 hours", _scores(person, now)),
            Section("Alarms that stand, and who has them", _alarms(person)),
            Section("Contacts", _contacts(person)),
        ),
    )


def transfer_pdf(letter: TransferLetter, *, paper: Paper) -> bytes:
    """As PDF/UA-1. Words in letters that cannot be printed are replaced by a line that says so, never left out.

    Raises PrintFault for a warning of the typesetter, typst.TypstError for a page that cannot be set.
    """
    try:
        return _set(letter, paper)
    except typst.TypstError:
        safe = printable(letter, lambda text: is_printable(text, letter.made_at))
        if safe == letter:
            raise
        return _set(safe, paper)


def _set(letter: TransferLetter, paper: Paper) -> bytes:
    data = {**transfer_sheet(letter), "paper": paper.value, "region": "US" if paper is Paper.LETTER else "GB"}
    return compiled(HERE / "transfer.typ", json.dumps(data), letter.made_at)


# --- Parts ------------------------------------------------------------------------------------------------------------


def _at(centre: Centre, moment: dt.datetime) -> str:
    local = clock.local(centre, moment)
    return f"{words.day(local.date())} {words.clock(local)}"


def _identity(person: Person) -> str:
    age = people.age_on(person.birth_date, clock.today(person.centre))
    bed, episode = bed_of(person), current_episode(person)
    since = f", admitted {_at(person.centre, episode.admitted_at)}" if episode and episode.admitted_at else ""
    lies = f", bed {bed.bed}" if bed else ""
    called = f"called {person.preferred_name}, " if person.preferred_name else ""
    born = words.birth_date(person.birth_date)
    return f"{called}born {born}, {age} years, number {person.number}{lies}{since}"


def _what(course: Course, centre: Centre) -> str:
    began = _at(centre, course.running.happened_at)
    said = f"{course.checklist.title}, began {began}."
    if course.fits:
        lengths = [
            f"seizure {one.number} {'lasts, so far' if one.stopped_at is None else 'lasted'} "
            f"{length_words(one, course.until)}"
            for one in course.fits
        ]
        said += f" {'; '.join(lengths).capitalize()}."
    status = course.status
    return f"{said} {status.message} Status epilepticus." if status else said


def _done(course: Course, centre: Centre) -> tuple[str, ...]:
    lines = [f"{_at(centre, one.at)} {one.words}" for one in course.said if not one.is_undone]
    return (f"{_at(centre, course.running.happened_at)} {course.checklist.title} began", *lines)


def _allergies(person: Person) -> tuple[str, ...]:
    known = people.allergies(person)
    if known.state == "not_asked":
        return ("NOT ASKED",)
    found = tuple(f"{one.substance}: {one.reaction}" if one.reaction else one.substance for one in known.known)
    return found or ("asked, none known",)


def _doses(person: Person, now: dt.datetime) -> tuple[str, ...]:
    """Everything given in the last 24 hours, and the last dose of each other medicine of three days."""
    given = medication.given(person, now - DOSES_BACK, now + dt.timedelta(seconds=1))
    last = {row.medicine_name: row for row in given}
    shown = [row for row in given if row.happened_at >= now - BACK or last[row.medicine_name] == row]
    return tuple(_dose(row, person.centre) for row in reversed(shown))


def _dose(row: DoseAnswer, centre: Centre) -> str:
    needed = " as needed" if row.order is not None and row.order.kind == Order.Kind.PRN else ""
    return f"{_at(centre, row.happened_at)} {row.given.medicine} {plain(row.given.mg)} mg{needed}"


def _orders(person: Person) -> tuple[str, ...]:
    return tuple(_order(one) for one in medication.orders(person) if one.stands(clock.now()))


def _order(one: Order) -> str:
    said = f"{one.clinical_name} {plain(one.dose.mg)} mg {one.route}"
    if one.kind == Order.Kind.PRN:
        return f"{said}, as needed for {one.prn_reason}"
    if one.kind == Order.Kind.INTERVAL:
        return f"{said}, every {one.every_hours} hours"
    if one.kind == Order.Kind.ONCE:
        return f"{said}, once"
    return f"{said} at {', '.join(one.times)}"


def _taper(person: Person) -> tuple[str, ...]:
    running = taper.running([person]).get(person.pk)
    frozen = any(until is None for _, until in monitoring.freezes(person))
    said = ("Frozen since the seizure: no cut.",) if frozen else ()
    if running is None:
        return (*said, "No taper runs.")
    daily = " + ".join(f"{one.medicine} {plain(one.mg)} mg a day" for one in running.daily.values()) or "no dose"
    doses = "; ".join(f"{one.time:%H:%M} {one.dose.medicine} {plain(one.dose.mg)} mg" for one in running.step.doses)
    hold = ("On hold by plan.",) if running.on_hold else ()
    return (*said, *hold, f"Step {running.step.number}: {daily}.", *([doses] if doses else []))


def _co_use(person: Person) -> tuple[str, ...]:
    told = assessment.answers([person], (*CO_USE, "past_seizure")).get(person.pk, {})
    asked = {**CO_USE, "past_seizure": "A seizure before this stay"}
    return tuple(f"{said}: {told[name].value if name in told else 'not asked'}" for name, said in asked.items())


def _signs(person: Person, now: dt.datetime) -> tuple[str, ...]:
    rows = monitoring.series(person, now - BACK, now + dt.timedelta(seconds=1)).observations
    return tuple(f"{_at(person.centre, row.happened_at)} {_sign(row)}" for row in reversed(rows))


def _sign(row: Observation) -> str:
    figures: Iterable[tuple[str, object]] = (
        ("breaths", row.rr),
        ("SpO2", None if row.spo2 is None else f"{row.spo2} %"),
        ("pressure", None if row.sbp is None else f"{row.sbp}/{row.dbp or '-'}"),
        ("pulse", row.pulse),
        ("temperature", row.temperature),
        ("mind", row.get_mind_display() or None),
        ("RASS", None if row.rass is None else signed(row.rass)),
        ("NEWS2", row.news2),
        ("also seen:", row.also_seen_words or None),
    )
    said = [f"{name} {value}" for name, value in figures if value is not None]
    partial = [] if row.news2 is not None else ["no NEWS2 total"]
    return ", ".join([row.get_state_display(), *said, *partial])


def _scores(person: Person, now: dt.datetime) -> tuple[str, ...]:
    rows = monitoring.series(person, now - BACK, now + dt.timedelta(seconds=1)).ciwa_b
    return tuple(f"{_at(person.centre, row.happened_at)} CIWA-B {_score(row)}" for row in reversed(rows))


def _score(row: CiwaB) -> str:
    return row.label if row.total is None else f"{row.total}, {row.band_words}"


def _alarms(person: Person) -> tuple[str, ...]:
    return tuple(_alarm(one, person.centre) for one in open_alarms([person]))


def _alarm(one: OpenAlarm, centre: Centre) -> str:
    answer = one.answer
    who = "no answer yet"
    if answer is not None and answer.recorded_by is not None:
        who = f"{answer.recorded_by.name} {answer.get_kind_display()} {_at(centre, answer.recorded_at)}"
    return f"{_at(centre, one.alarm.opened_at)} {one.alarm.message} ({who})"


def _contacts(person: Person) -> tuple[str, ...]:
    """The emergency contacts the person named, with the centre's own number: whom to ask."""
    named = [one for one in people.contacts(person) if one.is_emergency_contact]
    lines = [f"{one.name}, {one.relation}{f', {one.phone}' if one.phone else ''}" for one in named]
    centre = person.centre
    return (*lines, f"{centre.name}, {centre.phone}") if centre.phone else tuple(lines)
