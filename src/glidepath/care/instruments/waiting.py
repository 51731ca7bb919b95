"""Which forms wait to be filled in, and which were missed: the schedule of the facts held against each person's care.

The same number of queries for 20 people and for 200.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.instruments import ports, queries
from glidepath.clinical.facts.instrument_schedule import Stage as Part
from glidepath.clinical.facts.load import instrument_schedule, screens
from glidepath.clinical.instruments.schedule import Done, Due, State, Stay, due
from glidepath.record import clock
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import current_episodes
from glidepath.record.people.models import Person

ON_THE_ROUNDS = frozenset({"news2", "rass", "ciwa_b"})  # asked there, and overdue there


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one person's forms wait for, the longest missed first."""

    person: Person
    forms: tuple[Due, ...]

    @property
    def now(self) -> tuple[Due, ...]:
        return tuple(one for one in self.forms if one.state is State.DUE)

    @property
    def missed(self) -> tuple[Due, ...]:
        return tuple(one for one in self.forms if one.state is State.MISSED)


def waiting(people: Sequence[Person]) -> tuple[Waiting, ...]:
    """What waits for each, in the order given; who has nothing to fill in is left out."""
    if not people:
        return ()
    episodes = current_episodes(people)
    finished, wanted = queries.finished(people), queries.asked_for(people)
    stays = _stays(people, episodes)
    bedside = ports.at_bedside(people)
    switched_on = {centre.pk: queries.switched_on(centre) for centre in {person.centre for person in people}}
    found = []
    for person in people:
        own = finished.get(person.pk, ())
        forms = due(
            instrument_schedule(),
            stays.get(person.pk, ()),
            [*(Done(one.instrument, one.day, one.at) for one in own), *_scored(person, bedside.get(person.pk, ()))],
            clock.today(person.centre),
            switched_on=switched_on[person.centre_id],
            indicated=wanted.get(person.pk, ()),
            positive=_positive(own),
        )
        here = tuple(one for one in forms if ON_THE_ROUNDS.isdisjoint(one.instruments))
        if here:
            found.append(Waiting(person, here))
    return tuple(found)


def waiting_for(person: Person) -> Waiting:
    """`waiting` for one; with no forms where nothing waits."""
    found = waiting([person])
    return found[0] if found else Waiting(person, ())


def window_of(person: Person, instrument: str) -> tuple[dt.date, dt.date] | None:
    """The days in which this instrument is due now, the window that ends first; None where it is not due."""
    due_now = [one for one in waiting_for(person).now if instrument in one.instruments]
    first = min(due_now, key=lambda one: one.last_day, default=None)
    return None if first is None else (first.first_day, first.last_day)


def _scored(person: Person, rows: Iterable[ports.AtBedside]) -> list[Done]:
    """What was scored whole on the observation round is not asked again."""
    return [Done(one.instrument, clock.local(person.centre, one.at).date(), one.at) for one in rows if one.whole]


def _positive(finished: Iterable[queries.Finished]) -> frozenset[str]:
    """Instruments whose last result is a reason to look further."""
    last = {one.instrument: one.band for one in finished}
    return frozenset(key for key, band in last.items() if key in screens() and band in screens()[key].bands)


def _stays(people: Sequence[Person], episodes: Mapping[int, Episode]) -> Mapping[int, Sequence[Stay]]:
    elsewhere = ports.stays_elsewhere(people)
    changes = queries.level_changes(episodes.values())
    return {
        person.pk: (
            *_of_episode(person, episodes[person.pk], changes.get(episodes[person.pk].pk, ())),
            *elsewhere.get(person.pk, ()),
        )
        for person in people
        if person.pk in episodes
    }


def _of_episode(person: Person, episode: Episode, changes: Collection[dt.datetime]) -> list[Stay]:
    """The stages of one episode. The whole stay in a bed counts as withdrawal: a taper is being made or lies ahead."""

    def day(at: dt.datetime) -> dt.date:
        return clock.local(person.centre, at).date()

    left = day(episode.left_at) if episode.left_at else None
    found = [Stay(Part.ENQUIRY, day(episode.opened_at), day(episode.opened_at))] if _called_first(episode) else []
    if episode.admitted_at:
        came = day(episode.admitted_at)
        found += [Stay(Part.ADMISSION, came, left), Stay(Part.WITHDRAWAL, came, left)]
    if left and episode.admitted_at:
        found.append(Stay(Part.DISCHARGE, left, left))
    return found + [Stay(Part.LEVEL_OF_CARE_CHANGE, day(at), day(at)) for at in changes]


def _called_first(episode: Episode) -> bool:
    """Whether somebody called before they came; who comes through the door is asked on the day of admission."""
    return episode.admitted_at is None or episode.opened_at.date() < episode.admitted_at.date()
