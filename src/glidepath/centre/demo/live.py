"""Lives a demo forward to this minute, so that the next start does not find everything overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from django.db import transaction

from glidepath.centre.demo import centre as house_of
from glidepath.centre.demo import days
from glidepath.centre.demo.people import HERE, Story
from glidepath.record import clock
from glidepath.record.audit.queries import newest_moment
from glidepath.record.centres.models import Centre
from glidepath.record.centres.queries import beds, units
from glidepath.record.episodes.queries import admitted_people, current_episode
from glidepath.record.people.models import Person
from glidepath.record.staff.queries import everybody_ever

LONGEST = 21  # days lived forward at most; a demo that slept longer has a gap, and says so


def live_forward(progress: Callable[[str], None] = print) -> None:
    """Every round between the last one and now, for everybody still admitted. What you did yourself stays."""
    centre = Centre.objects.order_by("pk").first()
    if centre is None:
        return
    unit = units(centre)[0]
    house = house_of.found(centre, unit, tuple(beds(centre, unit=unit)), everybody_ever(centre))
    since = newest_moment(centre)
    now = clock.now()
    moments = list(_rounds(house, since, now))
    if moments:
        progress(f"Living the demo forward: {len(moments)} rounds since {clock.local(centre, since):%-d %b %H:%M}")
    for day, time, moment in moments:
        with clock.at(moment), transaction.atomic():
            _live(house, day, time)
    with transaction.atomic():
        days.start_shifts(house)


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
    if time == days.MORNING:
        days.start_shifts(house)
    for person in admitted_people(house.centre):
        story = _story(person)
        episode = current_episode(person)
        if story is None or episode is None or episode.admitted_at is None:
            continue
        stay_day = (day - clock.local(house.centre, episode.admitted_at).date()).days
        days.live_round(house, person, story, day, time, stay_day)
        if time == days.MORNING:
            days.review_and_release(house, person, story)


def _story(person: Person) -> Story | None:
    """Only the demo's own people are lived forward; whom you admitted is yours to look after."""
    return next((one for one in HERE if one.legal == person.legal_name), None)
