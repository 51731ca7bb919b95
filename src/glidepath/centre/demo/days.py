"""One day at a time: what nurses and physicians of the demo do, through the same services as anybody."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.db import transaction

from glidepath.care.alarms import queries as ringing
from glidepath.care.alarms import services as alarms
from glidepath.care.alarms.models import Alarm
from glidepath.care.medication import queries as doses
from glidepath.care.medication import services as medication
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.monitoring import happenings
from glidepath.care.monitoring import queries as seen
from glidepath.care.monitoring import services as monitoring
from glidepath.care.monitoring.bedside import Bedside
from glidepath.care.monitoring.models import Event, Observation
from glidepath.care.taper import queries as tapers
from glidepath.care.taper import services as taper
from glidepath.care.taper.queries import Running
from glidepath.centre.demo.centre import House
from glidepath.centre.demo.people import Story
from glidepath.clinical.dosing.schedule import StepInForce
from glidepath.record import clock
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff import services as staffing
from glidepath.record.staff.models import Staff
from glidepath.record.staff.signing import Proof

MORNING, MIDDAY, EVENING = dt.time(8, 10), dt.time(14, 10), dt.time(22, 5)
ROUNDS = (MORNING, MIDDAY, EVENING)
LATER = 30  # a day of the stay long after the first hard ones


def proof(by: Staff) -> Proof:
    """What the PIN gives."""
    return Proof(by.pk, clock.now())


def key(*parts: object) -> str:
    """A submit's key that is the same in every loading: a day lived twice does nothing twice."""
    return "-".join(str(part) for part in ("demo", *parts))[:64]


def at(house: House, day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, house.centre.zone).astimezone(dt.UTC)


def start_shifts(house: House) -> None:
    """Everybody who works shifts signs on."""
    for one in house.by_username.values():
        if one.role in ("physician", "nurse", "pharmacist", "counsellor", "psychologist", "case_manager"):
            staffing.start_shift(unit=house.unit, by=one)


@dataclass(frozen=True, slots=True)
class Stay:
    """One person of the demo on one day of their stay."""

    person: Person
    story: Story
    day: int


def tried(house: House, person: Person, act: Callable[[], object]) -> None:
    """Does it; where you have changed the record so that it is refused, it is yours to see to, and is said."""
    if house.left is None:
        act()
        return
    try:
        with transaction.atomic():
            act()
    except ServiceError as refused:
        house.left.append(f"{person.preferred_name}: {refused.message}")


def live_round(house: House, here: Sequence[Stay], day: dt.date, time: dt.time) -> None:
    """One round of the unit: alarms are answered, everybody is looked at, then what is due is given."""
    by = house.night_nurse if time == EVENING else house.nurse
    people = [one.person for one in here]
    chance = {one.person.pk: random.Random(f"{one.person.number}-{day}-{time:%H}") for one in here}
    _answer_alarms(house, people, by)
    for one in here:
        observation = _observe(one.person, one.story, by, chance[one.person.pk], one.day, time)
        if time == MORNING:
            _score(one.person, one.story, by, chance[one.person.pk], one.day, day, observation)
    for row in doses.for_round(people):
        if row.answer is None and row.due.due_at > clock.now() - dt.timedelta(hours=5):
            tried(house, row.person, partial(_answer, row, by, chance[row.person.pk]))


def look(person: Person, story: Story, by: Staff) -> None:
    """One whole set now, between two rounds."""
    _observe(person, story, by, random.Random(f"{person.number}-{clock.now():%F %H:%M}"), LATER, MIDDAY)


def _answer_alarms(house: House, people: Sequence[Person], by: Staff) -> None:
    """What called in the round before was attended; the physician closes it when no event stands open any more."""
    open_events = seen.open_events(people)
    for one in ringing.open_alarms(people):
        if one.alarm.opened_at > clock.now():
            continue  # it rang after this round, which is lived only now
        tried(house, one.alarm.person, partial(_see_to, house, one.alarm, by, not open_events[one.alarm.person_id]))


def _see_to(house: House, alarm: Alarm, by: Staff, is_over: bool) -> None:
    alarms.attend(alarm=alarm, by=by, once=key("attend", alarm.public_id))
    if is_over:
        alarms.close(
            alarm=alarm, words="Seen at once, settled within the hour. Watched more closely that day.",
            by=house.physician, proof=proof(house.physician), once=key("close", alarm.public_id),
        )  # fmt: skip


def review_and_release(house: House, here: Sequence[Stay]) -> None:
    """The physician reviews before each next step is due, and releases it when nothing stands against it."""
    people = [one.person for one in here]
    soon = clock.today(house.centre) + dt.timedelta(days=2)
    open_events, running = seen.open_events(people), tapers.running(people)
    for one in here:
        step = running.get(one.person.pk)
        if step is None or step.on_hold or step.following is None or step.following_released:
            continue
        if step.following.start <= soon and not open_events[one.person.pk]:
            tried(house, one.person, partial(_release, house, one.person, one.story, step, step.following))


def _release(house: House, person: Person, story: Story, running: Running, following: StepInForce) -> None:
    plan = tapers.active(person)
    assert plan is not None
    by = house.physician
    taper.record_review(
        plan=plan, decision="go_on", interference="bearable" if story.misery > 15 else "none", sleep_disturbed=False,
        by=by, words="Seen on the round. Sleeps as before, ready for the next step.",
        once=key("review", person.number, running.version.number, following.number),
    )  # fmt: skip
    taper.release_step(
        plan=plan, step_number=following.number, by=by, proof=proof(by), seen=plan.latest,
        overrides=dict.fromkeys(("JCG-11", "JCG-26a", "JCG-28"), "discussed with the person; they wish to go on"),
        once=key("release", person.number, running.version.number, following.number),
    )  # fmt: skip


def happen(house: House, person: Person, story: Story, what: str) -> None:
    """The trouble of a story, by its name."""
    {
        "seizure": _seizure,
        "seizure_lifted": _lift,
        "over_sedation": _over_sedation,
        "hold": lambda house, person: _turn(house, person, "hold", "symptoms", "Shaky and tearful since the last cut."),
        "step_back": lambda house, person: _turn(house, person, "step_back", "symptoms", "No sleep since the cut."),
    }[what](house, person)


def _seizure(house: House, person: Person) -> None:
    happenings.record_event(
        person=person, kind=Event.Kind.SEIZURE, by=house.night_nurse, once=key("seizure", person.number),
        words="Generalised, two minutes, recovered. Physician at the bedside.",
    )  # fmt: skip


def _lift(house: House, person: Person) -> None:
    for event in seen.open_events([person])[person.pk]:
        happenings.review_event(
            event=event, lifted=True, words="Seen with neurology. No further seizure; the level is held.",
            by=house.physician, proof=proof(house.physician), once=key("lift", person.number, event.kind),
        )  # fmt: skip


def _over_sedation(house: House, person: Person) -> None:
    monitoring.record_observation(
        person=person,
        bedside=Bedside(state=Observation.State.AWAKE, rr=10, spo2=93, on_oxygen=False, sbp=104, dbp=62, pulse=58,
                        temperature=Decimal("36.4"), rass=-3),
        by=house.nurse,
        once=key("over-sedation", person.number),
    )  # fmt: skip


def _turn(house: House, person: Person, kind: str, code: str, words: str) -> None:
    plan = tapers.active(person)
    if plan is None:
        return
    taper.change(
        plan=plan, kind=kind, reason=taper.Reason(code, words, "agreed in person"), by=house.physician,
        proof=proof(house.physician), seen=plan.latest, once=key(kind, person.number, plan.latest),
    )  # fmt: skip


def _observe(person: Person, story: Story, by: Staff, rng: random.Random, stay_day: int, time: dt.time) -> Observation:
    heat = _heat(story, stay_day)
    bedside = Bedside(
        state=Observation.State.AWAKE,
        rr=rng.randint(13, 17),
        spo2=rng.randint(96, 99),
        on_oxygen=False,
        sbp=rng.randint(112, 128) + heat // 3,
        dbp=rng.randint(68, 80) + heat // 6,
        pulse=rng.randint(66, 80) + heat // 4,
        temperature=Decimal(rng.randint(365, 372)) / 10,
        mind=Observation.Mind.ALERT,
        rass=1 if heat > 28 and time == MORNING else 0,
    )
    once = key("look", person.number, clock.now().isoformat())
    return monitoring.record_observation(person=person, bedside=bedside, by=by, once=once).row


def _score(
    person: Person, story: Story, by: Staff, rng: random.Random, stay_day: int, day: dt.date, observation: Observation
) -> None:
    wanted = min(_heat(story, stay_day) + rng.randint(-3, 3), 46)
    items: list[int | None] = [0] * 20
    for _ in range(max(wanted, 0)):
        place = rng.choice([index for index, value in enumerate(items) if (value or 0) < 4])
        items[place] = (items[place] or 0) + 1
    if rng.random() < 0.04:
        items[rng.randrange(20)] = None  # somebody was called away
    monitoring.record_ciwa_b(
        person=person, items=[*items, None, None], oriented=True, by=by, observation=observation,
        once=key("ciwa", person.number, day),
    )  # fmt: skip
    minutes = int((story.nights - max(_heat(story, stay_day) - story.misery, 0) / 12 + rng.uniform(-0.7, 0.7)) * 60)
    monitoring.record_sleep(
        person=person, night_of=day, minutes=max(minutes, 120), by=by, once=key("sleep", person.number, day)
    )


def _heat(story: Story, stay_day: int) -> int:
    """How hard the day is: worst at the start, and some days after each cut."""
    early = max(0, 12 - 2 * stay_day)
    course = story.course
    since = (stay_day - course.on) % course.every if course and stay_day > course.on + course.every else 99
    after_cut = {3: 4, 4: 7, 5: 8, 6: 6, 7: 3}.get(since, 0)
    return story.misery + early + after_cut


def _answer(row: doses.DueRow, by: Staff, rng: random.Random) -> None:
    wanted = medication.Wanted(row.person, row.due.key, row.due.due_at)
    once = key(row.person.number, row.due.key, int(row.due.due_at.timestamp()))
    if row.is_held:
        medication.answer_dose(wanted=wanted, outcome="held", reason="sedation", by=by, once=once)
    elif rng.random() < 0.012:
        medication.answer_dose(
            wanted=wanted, outcome=DoseAnswer.Outcome.DECLINED, reason="talk_first", by=by, once=once
        )
    else:
        medication.give(wanted=wanted, by=by, rass=0 if row.needs_rass else None, once=once)
