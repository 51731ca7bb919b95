"""Lives a demo forward to this minute, so that the next start does not find everything overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from django.db import transaction

from glidepath.care.monitoring import queries as monitoring
from glidepath.centre.demo import centre as house_of, days, duty, questionnaires, register
from glidepath.centre.demo.people import HERE, Story
from glidepath.record import clock
from glidepath.record.audit.queries import last_under
from glidepath.record.centres.models import Centre
from glidepath.record.centres.queries import beds, units
from glidepath.record.episodes.queries import admitted_people, current_episodes
from glidepath.record.people.models import Person
from glidepath.record.staff.queries import everybody_ever

LONGEST = 21  # days lived forward at most; a demo that slept longer has a gap, and says so


def live_forward(progress: Callable[[str], None] = print) -> None:
    """Every round between the last one lived and now, for everybody still admitted.

    What you did yourself meanwhile stays: a dose you answered is answered, and your reading makes no round done.
    """
    centre = Centre.objects.order_by("pk").first()
    if centre is None:
        return
    unit = units(centre)[0]
    house = house_of.found(centre, unit, tuple(beds(centre, unit=unit)), everybody_ever(centre))
    now = clock.now()
    since = last_under(days.key("look")) or now - dt.timedelta(days=LONGEST)
    moments = list(_rounds(house, since, now))
    if moments:
        progress(f"Living the demo forward: {len(moments)} rounds since {clock.local(centre, since):%-d %b %H:%M}")
    for day, time, moment in moments:
        with clock.at(moment), transaction.atomic():
            _live(house, day, time)
    with transaction.atomic():
        days.begin_shifts_anew(house)
        duty.keep_list(house)
        look_now(house)
    for words in dict.fromkeys(house.left or ()):
        progress(f"  left to you. {words}")


def look_now(house: house_of.House) -> None:
    """The physician sets how often each is seen, and the nurse sees whoever is late by more than half an hour, or has
    a score due: a centre opened at noon has not slept till then."""
    days.set_observation_plans(house)
    people = admitted_people(house.centre)
    due, scales = monitoring.due(people), days.scales_due(people)
    for person in people:
        story, asked = _story(person), scales.get(person.pk, [])
        if story is not None and person.pk in due and (due[person.pk].late_minutes > 30 or asked):
            days.look(person, story, house.nurse, asked)


def _rounds(
    house: house_of.House, since: dt.datetime, now: dt.datetime
) -> Iterator[tuple[dt.date, dt.time, dt.datetime]]:
    first = max(clock.local(house.centre, since).date(), clock.today(house.centre) - dt.timedelta(days=LONGEST))
    for offset in range((clock.today(house.centre) - first).days + 1):
        day = first + dt.timedelta(days=offset)
        for time in days.ROUNDS:
            moment = days.at(house, day, time)
            if since < moment <= now:
                yield day, time, moment


def _live(house: house_of.House, day: dt.date, time: dt.time) -> None:
    here = list(_here(house, day))
    if time == days.MORNING:
        days.start_shifts(house)
        register.live(house, -1)
    days.live_round(house, here, day, time)
    if time == days.MIDDAY:
        for one in here:
            days.tried(house, one.person, partial(questionnaires.live, house, one))
    if time == days.MORNING:
        days.review_and_release(house, here)


def _here(house: house_of.House, day: dt.date) -> Iterator[days.Stay]:
    people = admitted_people(house.centre)
    episodes = current_episodes(people)
    for person in people:
        story, admitted_at = _story(person), episodes[person.pk].admitted_at
        if story is not None and admitted_at is not None:
            yield days.Stay(person, story, (day - clock.local(house.centre, admitted_at).date()).days)


def _story(person: Person) -> Story | None:
    """Only the demo's own people are lived forward; whom you admitted is yours to look after."""
    return next((one for one in HERE if one.legal == person.legal_name), None)
