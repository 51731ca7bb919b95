"""One day at a time: what nurses and physicians of the demo do, through the same services as anybody."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.db import transaction

from glidepath.care.alarms import queries as ringing, services as alarms
from glidepath.care.alarms.closing import SUICIDE_RISK
from glidepath.care.alarms.models import Alarm
from glidepath.care.medication import queries as doses, services as medication
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.monitoring import queries as seen, services as monitoring
from glidepath.care.monitoring.bedside import Bedside
from glidepath.care.monitoring.models import Observation
from glidepath.care.monitoring.services import Measured
from glidepath.care.taper import measured, queries as tapers, services as taper
from glidepath.care.taper.queries import Running
from glidepath.centre.demo.centre import House
from glidepath.centre.demo.people import Story
from glidepath.clinical.dosing.schedule import StepInForce
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.monitoring.scale_choice import Scale
from glidepath.record import clock
from glidepath.record.episodes.queries import admitted_people, current_episodes
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff import services as staffing
from glidepath.record.staff.models import Staff
from glidepath.record.staff.queries import on_duty
from glidepath.record.staff.signing import Proof

MORNING, MIDDAY, EVENING = dt.time(8, 10), dt.time(14, 10), dt.time(22, 5)
BEFORE_BREAKFAST = dt.time(7, 30)
ROUNDS = (MORNING, MIDDAY, EVENING)
FIRST_DAYS, AFTER_A_CUT = 7, 3  # days of a stay in which somebody is seen on every round
LATER = 30  # a day of the stay long after the first hard ones


def proof(by: Staff) -> Proof:
    """What the PIN gives."""
    return Proof(by.pk, clock.now())


def key(*parts: object) -> str:
    """A submit's key that is the same in every loading: a day lived twice does nothing twice."""
    return "-".join(str(part) for part in ("demo", *parts))[:64]


def at(house: House, day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, house.centre.zone).astimezone(dt.UTC)


def start_shifts(house: House, *, only_the_round: bool = False) -> None:
    """Everybody who works shifts signs on; only_the_round: of the days long past those who went round, nobody else."""
    rounds = (house.nurse, house.night_nurse, house.physician)
    wanted = [
        one for one in (rounds if only_the_round else house.by_username.values())
        if one.role in ("physician", "nurse", "pharmacist", "counsellor", "psychologist", "case_manager")
    ]  # fmt: skip
    here = on_duty(one.pk for one in wanted)
    for one in wanted:
        if one.pk not in here:
            staffing.start_shift(unit=house.unit, by=one)


def begin_shifts_anew(house: House) -> None:
    """Everybody's shift begins now: opened at night, the demo would else close its charts when the shift lapses."""
    for one in house.by_username.values():
        staffing.end_shift(unit=house.unit, by=one)
    start_shifts(house)


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


def live_round(house: House, here: Sequence[Stay], day: dt.date, time: dt.time, *, lately: bool = True) -> None:
    """One round of the unit: alarms are answered, everybody is looked at, then what is due is given.

    lately: every score is taken when it is due, a CIWA-B with the set; before that it is the morning's CIWA-B alone.
    """
    by = house.night_nurse if time == EVENING else house.nurse
    people = [one.person for one in here]
    chance = {one.person.pk: random.Random(f"{one.person.number}-{day}-{time:%H}") for one in here}
    _answer_alarms(house, people, by)
    scales = scales_due(people) if lately else {}
    for one in here:
        due, rng = scales.get(one.person.pk, ()), chance[one.person.pk]
        others = [scale for scale in due if scale is not Scale.CIWA_B]
        if time != MORNING and not _is_watched(one) and not others:
            continue
        observation = _observe(one.person, one.story, by, rng, one.day, time)
        if time == MORNING:
            _score(one.person, one.story, by, rng, one.day, day, observation)
        elif Scale.CIWA_B in due:
            tried(house, one.person, partial(_score_ciwa_b, one.story, by, rng, one.day, observation))
        for scale in others:
            tried(house, one.person, partial(_score_by, scale, by, rng, observation))
    standing = medication.lock_people(people)
    for row in doses.for_round(people, standing=standing):
        if row.answer is None and row.due.due_at > clock.now() - dt.timedelta(hours=5):
            tried(house, row.person, partial(_answer, house, row, by, chance[row.person.pk], standing))


def scales_due(people: Sequence[Person]) -> dict[int, list[Scale]]:
    """By person id the scales whose time has come."""
    return {pk: [one.scale for one in due.scales_due] for pk, due in seen.due(people).items()}


def _score_by(scale: Scale, by: Staff, rng: random.Random, observation: Observation) -> None:
    """A quiet score: here and there the least that is more than nothing."""
    items = [sorted(item.allowed)[int(rng.random() < 0.15)] for item in instrument(scale.value).items]
    monitoring.record_scale(
        person=observation.person, scale=scale, items=items, by=by, observation=observation,
        once=key(scale.value, observation.person.number, clock.now().isoformat()),
    )  # fmt: skip


def set_observation_plans(house: House) -> None:
    """The physician looks at everybody and signs what is proposed, where no plan of this stay stands."""
    people = admitted_people(house.centre)
    standing = seen.observation_plans(people, current_episodes(people))
    for person in people:
        plan = standing.get(person.pk)
        if plan is None or plan.until <= clock.now():
            tried(house, person, partial(_set_plan, house, person))


def _set_plan(house: House, person: Person) -> None:
    proposed = seen.proposed_for(person).proposal
    monitoring.set_observation_plan(
        person=person, intervals=proposed.intervals, until=clock.now() + dt.timedelta(days=14),
        reason=f"Seen on the round: {proposed.why}.", by=house.physician,
        proof=proof(house.physician), once=key("watch", person.number, clock.now().isoformat()),
    )  # fmt: skip


def look(person: Person, story: Story, by: Staff, scales: Sequence[Scale] = ()) -> None:
    """One whole set now, between two rounds, and the scales that are due beside it."""
    chance = random.Random(f"{person.number}-{clock.now():%F %H:%M}")
    observation = _observe(person, story, by, chance, LATER, MIDDAY)
    for scale in scales:
        if scale is Scale.CIWA_B:
            _score_ciwa_b(story, by, chance, LATER, observation)
        else:
            _score_by(scale, by, chance, observation)


def _answer_alarms(house: House, people: Sequence[Person], by: Staff) -> None:
    """What called in the round before was attended; the physician closes it when no event stands open any more."""
    open_events = seen.open_events(people)
    for one in ringing.open_alarms(people):
        if one.alarm.cause == SUICIDE_RISK:
            continue  # no round closes it: see risks.py
        if one.alarm.opened_at > clock.now():
            continue  # it rang after this round, which is lived only now
        tried(house, one.alarm.person, partial(_see_to, house, one.alarm, by, not open_events[one.alarm.person_id]))


def _see_to(house: House, alarm: Alarm, by: Staff, is_over: bool) -> None:
    alarms.attend(alarm=alarm, by=by, once=key("attend", alarm.public_id))
    if alarm.prescriber_closes:
        alarms.attend(alarm=alarm, by=house.physician, once=key("came", alarm.public_id))
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


def measure(house: House, one: Stay) -> None:
    """What the laboratory found in blood drawn before the dose of this morning."""
    value = one.story.levels.get(one.day)
    if value is None:
        return
    drawn_at = at(house, clock.today(house.centre), BEFORE_BREAKFAST)
    found = Measured(one.story.medicine, Decimal(value), "Riverside Hospital, toxicology", words="before the dose")
    record = partial(
        measured.record, person=one.person, measured=found, drawn_at=drawn_at, by=house.nurse,
        once=key("level", one.person.number, one.day),
    )  # fmt: skip
    tried(house, one.person, record)


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


def _witness(house: House, by: Staff) -> Proof:
    """Somebody else who is on duty; where nobody is, a nurse comes."""
    others = [one for one in (house.night_nurse, house.nurse, house.physician, house.pharmacist) if one != by]
    here = on_duty(one.pk for one in others)
    found = next((one for one in others if one.pk in here), None)
    if found is None:
        staffing.start_shift(unit=house.unit, by=others[0])
    return proof(found or others[0])


def _score(
    person: Person, story: Story, by: Staff, rng: random.Random, stay_day: int, day: dt.date, observation: Observation
) -> None:
    """The morning's CIWA-B, now and then broken off, and the night before."""
    _score_ciwa_b(story, by, rng, stay_day, observation, broken_off=0.04)
    minutes = int((story.nights - max(_heat(story, stay_day) - story.misery, 0) / 12 + rng.uniform(-0.7, 0.7)) * 60)
    monitoring.record_sleep(
        person=person, night_of=day, minutes=max(minutes, 120), by=by, once=key("sleep", person.number, day)
    )


def _score_ciwa_b(
    story: Story, by: Staff, rng: random.Random, stay_day: int, observation: Observation, *, broken_off: float = 0.0
) -> None:
    wanted = min(_heat(story, stay_day) + rng.randint(-3, 3), 46)
    items: list[int | None] = [0] * 20
    for _ in range(max(wanted, 0)):
        place = rng.choice([index for index, value in enumerate(items) if (value or 0) < 4])
        items[place] = (items[place] or 0) + 1
    if rng.random() < broken_off:
        items[rng.randrange(20)] = None  # somebody was called away
    person = observation.person
    monitoring.record_ciwa_b(
        person=person, items=[*items, None, None], oriented=True, by=by, observation=observation,
        once=key("ciwa", person.number, clock.now().isoformat()),
    )  # fmt: skip


def _heat(story: Story, stay_day: int) -> int:
    """How hard the day is: worst at the start, and some days after each cut."""
    early = max(0, 12 - 2 * stay_day)
    after_cut = {3: 4, 4: 7, 5: 8, 6: 6, 7: 3}.get(_since_cut(story, stay_day), 0)
    return story.misery + early + after_cut


def _is_watched(one: Stay) -> bool:
    """More than once a day (care pathway 2.6): in the first week, and three days after each cut."""
    return one.day <= FIRST_DAYS or _since_cut(one.story, one.day) <= AFTER_A_CUT


def _since_cut(story: Story, stay_day: int) -> int:
    """Days since the last cut; many where there was none."""
    course = story.course
    return (stay_day - course.on) % course.every if course and stay_day > course.on + course.every else 99


def _answer(house: House, row: doses.DueRow, by: Staff, rng: random.Random, under: doses.Standing) -> None:
    wanted = medication.Wanted(row.person, row.due.key, row.due.due_at)
    once = key(row.person.number, row.due.key, int(row.due.due_at.timestamp()))
    if row.is_held:
        medication.answer_dose(wanted=wanted, outcome="held", reason="sedation", by=by, once=once, under=under)
    elif rng.random() < 0.012:
        medication.answer_dose(
            wanted=wanted, outcome=DoseAnswer.Outcome.DECLINED, reason="talk_first", by=by, once=once, under=under
        )
    else:
        witness = _witness(house, by) if row.needs_witness else None
        rass, breathing = (0, 14) if row.needs_rass else (None, None)
        medication.give(wanted=wanted, by=by, rass=rass, breathing=breathing, witness=witness, once=once, under=under)
