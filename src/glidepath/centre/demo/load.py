"""Loads the demo centre: thirty invented people over 120 days, made only by calling services under the demo's clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from glidepath.care.assessment import services as assessing
from glidepath.care.assessment.models import Source
from glidepath.care.flow import services as flow
from glidepath.care.flow.admission import ALWAYS_ASKED
from glidepath.care.flow.going_through import going_through
from glidepath.care.medication import services as medication
from glidepath.care.medication.models import Order, YesNoUnknown
from glidepath.care.taper import services as taper
from glidepath.care.taper.rows import Chosen
from glidepath.centre.demo import (
    assessments,
    callers,
    centre as house_of,
    days,
    duty,
    plans,
    questionnaires,
    register,
    risks,
    scores,
    troubles,
)
from glidepath.centre.demo.centre import House
from glidepath.centre.demo.live import look_now
from glidepath.centre.demo.people import CALLS, GONE, HERE, Story
from glidepath.clinical.amounts import Dose, parse_mg
from glidepath.clinical.dosing.plan import Goal, Setting, Shape
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.medicines_at_a_move import Decided, Reply
from glidepath.clinical.regimen import parse_regimen
from glidepath.record import clock
from glidepath.record.audit import services as audit
from glidepath.record.centres.queries import dose_times
from glidepath.record.centres.services import mark_database
from glidepath.record.consent import services as consent
from glidepath.record.consent.models import Consent
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.people import services as registering
from glidepath.record.people.models import Person

PASSWORD = "linden-path-demo"
PIN = "2580"
DAYS = 120
LATELY = 7  # days in which everybody signs on; before it those who went round do
ARRIVES = dt.time(6, 30)
Say = Callable[[str], None]


def load(progress: Say = print, *, stories: Sequence[Story] = (*GONE, *HERE), back: int = DAYS) -> None:
    """The whole demo, or some of its people, over the last `back` days up to now. One transaction a day."""
    mark_database(is_demo=True)
    today = clock.now().date()
    first = today - dt.timedelta(days=back)
    with clock.at(dt.datetime.combine(first, dt.time(5), dt.UTC)), transaction.atomic():
        house = house_of.build(PASSWORD, PIN)
    people: dict[str, Person] = {}
    for day in (first + dt.timedelta(days=offset) for offset in range(back + 1)):
        with transaction.atomic(), audit.together():
            if day == max(first, today - dt.timedelta(days=register.KEPT_DAYS)):
                register.open_register(house, day, list(people.values()))
            _live(house, people, stories, day, today)
        done = (day - first).days
        if done % 20 == 0:
            progress(f"  day {done} of {back}: {len(people)} people so far")
    with transaction.atomic():
        days.begin_shifts_anew(house)
        duty.keep_list(house)
        look_now(house)
    progress(f"  {len(people)} invented people, up to this minute")


def _live(house: House, people: dict[str, Person], stories: Sequence[Story], day: dt.date, today: dt.date) -> None:
    now = clock.now()
    _calls(house, people, day, today)
    callers.live(house, day, today)
    here = []
    for story in stories:
        stay_day = (day - (today - dt.timedelta(days=story.came))).days
        if stay_day < 0 or (story.left is not None and stay_day > story.left):
            continue
        if stay_day == 0:
            with clock.at(days.at(house, day, ARRIVES)):
                people[story.name] = _admit(house, story)
        here.append(days.Stay(people[story.name], story, stay_day))
    for time in days.ROUNDS:
        moment = days.at(house, day, time)
        staying = [one for one in here if one.day != one.story.left or time != days.EVENING]
        if moment <= now and staying:
            with clock.at(moment):
                _round(house, staying, day, time, (today - day).days)


def _round(house: House, here: Sequence[days.Stay], day: dt.date, time: dt.time, ago: int) -> None:
    if time == days.MORNING:
        days.start_shifts(house, only_the_round=ago > LATELY)
        register.live(house, ago)
        for one in here:
            if one.story.course is not None and one.day == one.story.course.on:
                _plan(house, one.person, one.story)
    days.live_round(house, here, day, time, lately=ago <= LATELY)
    if time == days.MORNING:
        for one in here:
            if one.day in one.story.acts:
                troubles.happen(house, one.person, one.story.acts[one.day])
        days.review_and_release(house, here)
    if time == days.MIDDAY:
        for one in here:
            plans.live(house, one)
            days.measure(house, one)
            assessments.live(house, one)
            scores.live(house, one)
            if one.story in HERE:
                questionnaires.live(house, one)
            risks.live(house, one)
            if one.day == one.story.left:
                _leave(house, one.person, one.story, day)


def _calls(house: House, people: dict[str, Person], day: dt.date, today: dt.date) -> None:
    moment = days.at(house, day, dt.time(10, 30))
    if moment <= clock.now():
        with clock.at(moment):
            assessments.call_again(house, people, (today - day).days)
    for name, legal, born, pronouns, caller, words, ago, stage in CALLS:
        moment = days.at(house, day, dt.time(10, 30))
        if (today - day).days != ago or moment > clock.now():
            continue
        with clock.at(moment):
            who = flow.Identity(legal, dt.date.fromisoformat(born), name, pronouns)
            person = flow.take_call(
                who=who,
                caller=caller,
                told_not_to_stop=True,
                words=words,
                by=house.admissions,
                once=days.key("call", name),
            )
            people[name] = person
            episode = current_episode(person)
            assert episode is not None
            if stage == "pre_admission":
                episodes.change_stage(episode=episode, stage=Stage.PRE_ADMISSION, by=house.admissions)
            elif stage == "redirected":
                callers.went_elsewhere(house, person, words)


def _admit(house: House, story: Story) -> Person:
    """Registered, asked, agreed, in a bed, and the first orders signed before the first dose is due."""
    nurse = house.nurse
    days.start_shifts(house, only_the_round=story.came > LATELY)
    person = registering.register(
        preferred_name=story.name, legal_name=story.legal, birth_date=story.born, pronouns=story.pronouns,
        by=house.admissions, once=days.key("person", story.name),
    )  # fmt: skip
    episode = flow.open_episode(person=person, by=house.admissions)
    if story.allergy:
        registering.record_allergy(person=person, substance=story.allergy[0], reaction=story.allergy[1], by=nurse)
    else:
        registering.no_known_allergies(person=person, by=nurse)
    for part in _by_medicine(house, story):
        assessing.record_use(person=person, episode=episode, use=part, by=nurse)
    assessing.record_facts(person=person, answers=_answers(story), by=nurse)
    consent.record(
        episode=episode, kind=Consent.Kind.TREATMENT, decision=Consent.Decision.GIVEN, how="signed on paper", by=nurse
    )
    bed = house.beds[story.bed - 1] if story.bed else _first_free(house)
    flow.admit(person=person, bed=bed, by=nurse, once=days.key("admit", story.name))
    _order(house, person, story)
    return person


def _first_free(house: House) -> house_of.Bed:
    """People of the past used the last beds; those here now have theirs by number."""
    from glidepath.record.episodes.queries import taken_beds

    taken = taken_beds(house.centre)
    return next(bed for bed in reversed(house.beds) if bed.pk not in taken)


def _by_medicine(house: House, story: Story) -> Iterator[assessing.ReportedUse]:
    regimen = parse_regimen(story.regimen, formulary=formulary(), default_times=dose_times(house.centre))
    for name in regimen.daily():
        own = " + ".join(
            f"{planned.dose} at {planned.time:%H:%M}" for planned in regimen.doses if planned.dose.medicine == name
        )
        yield assessing.ReportedUse(
            medicine_name=name, source=story.source, beginning=story.beginning, regimen=own, days_per_week=7,
            months=story.months, last_dose_at=clock.now() - dt.timedelta(hours=8), first_reason=story.reason,
        )  # fmt: skip


def _answers(story: Story) -> dict[str, str]:
    answers = dict.fromkeys(ALWAYS_ASKED, "no") | {"oud_med": "none", "naloxone_offered": "no"}
    more = dict.fromkeys(("dx_mood", "sud_any", "injects_bzd", "major_medical", "major_psych", "sleep_disturbed"), "no")
    if story.source is not Source.PRESCRIBED:
        answers["naloxone_offered"] = "yes"
    return answers | more | {"psychosocial_offered": "yes"} | dict(story.told)


def _order(house: House, person: Person, story: Story) -> None:
    """Regular orders for what the person takes, until a plan takes over; and for what else they need."""
    regimen = parse_regimen(story.regimen, formulary=formulary(), default_times=dose_times(house.centre))
    grouped: dict[tuple[str, int], list[dt.time]] = {}
    for planned in regimen.doses:
        grouped.setdefault((planned.dose.medicine, planned.dose.ng), []).append(planned.time)
    last = next(reversed(grouped))
    for (medicine, ng), times in grouped.items():
        _sign(house, person, medication.OrderDraft(
            medicine=medicine, ng=ng, kind=Order.Kind.REGULAR, start_at=clock.now(), times=tuple(times),
            until_plan=True, more_follow=(medicine, ng) != last,
        ))  # fmt: skip
    for name, mg, times_text, sedative, opioid in story.also:
        _sign(house, person, medication.OrderDraft(
            medicine=name, ng=int(parse_mg(mg) * 1_000_000), kind=Order.Kind.REGULAR, start_at=clock.now(),
            times=tuple(dt.time.fromisoformat(one) for one in times_text.split()), form="tablet",
            is_sedative=YesNoUnknown(sedative), is_opioid=YesNoUnknown(opioid),
        ))  # fmt: skip
    _sign(house, person, medication.OrderDraft(
        medicine="paracetamol", ng=1_000_000_000, kind=Order.Kind.PRN, start_at=clock.now(), form="tablet",
        is_sedative=YesNoUnknown.NO, is_opioid=YesNoUnknown.NO, prn_reason="pain or headache",
        min_interval_minutes=360, max_24h_ng=4_000_000_000, recheck_minutes=60,
    ))  # fmt: skip


def _sign(house: House, person: Person, draft: medication.OrderDraft) -> None:
    by = house.physician
    seen = "seen at admission; watched closely in the first days"
    medication.sign_order(
        person=person, draft=draft, by=by, proof=days.proof(by), once=_order_key(person, draft),
        overrides=dict.fromkeys(("EQ-5", "JCG-17", "POL-8"), seen), acknowledged=seen,
    )  # fmt: skip


def _order_key(person: Person, draft: medication.OrderDraft) -> str:
    return days.key("order", person.number, draft.medicine, draft.ng, len(draft.times))


def _plan(house: House, person: Person, story: Story) -> None:
    course = story.course
    assert course is not None
    chosen = Chosen(
        shape=Shape.PROPORTIONAL,
        cut=Fraction(course.cut, 100),
        interval_days=course.every,
        setting=Setting.RESIDENTIAL,
        goal=_goal(course.kept),
        table=course.table,
        switch_to=course.switch_to,
    )
    draft = taper.Draft(
        regimen=story.regimen,
        start=clock.today(house.centre),
        chosen=chosen,
        agreed=f"{story.name} chose this pace with Dr Ferreira",
    )
    by = house.physician
    reason = "discussed with the person; steps stay as small as the liquid allows"
    hard = ("EQ-1", "EQ-3", "JCG-28", "JCG-17", "POL-1", "JCG-6c")
    taper.sign_plan(
        person=person, draft=draft, by=by, proof=days.proof(by), overrides=dict.fromkeys(hard, reason),
        acknowledged=reason, once=days.key("plan", story.name),
    )  # fmt: skip


def _goal(kept: str) -> Goal:
    if not kept:
        return Goal()
    name, mg, _ = kept.split()
    return Goal((Dose(Decimal(mg), name),))


def _leave(house: House, person: Person, story: Story, day: dt.date) -> None:
    leaving = flow.Leaving(
        kind="completed",
        to_aftercare=story.to_aftercare,
        prescriber="Dr Alan Whitby, Elm Street Practice",
        prescriber_contact="020 7946 0456",
        first_visit=day + dt.timedelta(days=5),
        supply_until=day + dt.timedelta(days=14),
        naloxone="given" if story.source is not Source.PRESCRIBED else "not_due",
        told=("tolerance", "written_plan", "driving", "crisis"),
        contact_on=day + dt.timedelta(days=2),
        reason="goes on with the taper at home",
    )
    by = house.physician
    episode = current_episode(person)
    assert episode is not None
    replies = {one.medicine.key: Reply(Decided.CONTINUE) for one in going_through(person, episode).lines}
    flow.go_through(
        person=person, replies=replies, by=by, proof=days.proof(by), once=days.key("gone through", story.name)
    )  # fmt: skip
    flow.discharge(person=person, leaving=leaving, by=by, proof=days.proof(by), once=days.key("leave", story.name))
