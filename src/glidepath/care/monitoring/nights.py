"""The last night from three sides: what staff saw, what the person says in their sleep log, and beside CIWA-B.

The hours that staff saw are the record's own; what the person says stands beside, with its source. Who asks sees both,
so that nobody is asked twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from glidepath.care.instruments.beside import OF_ONE_NIGHT, from_forms
from glidepath.care.instruments.ports import Known
from glidepath.care.monitoring.models import CiwaB, Observation, Sleep
from glidepath.care.monitoring.queries import Latest, latest
from glidepath.clinical.facts.load import instrument
from glidepath.record import clock
from glidepath.record.people.models import Person

SEEN = "hours_slept"


def known(person: Person, facts: Collection[str]) -> Sequence[Known]:
    """For forms that ask it too: the last pulse, and what is known of last night."""
    wanted = {SEEN, "hr", *OF_ONE_NIGHT} & set(facts)
    if not wanted:
        return ()
    newest = latest([person])[person.pk]
    found = [*_pulse(person, newest.awake), *_seen(person, newest.sleep), *_told(person, newest.ciwa_b_any)]
    return [one for one in found if one.fact in wanted]


def beside_ciwa_b(person: Person, newest: Latest) -> Mapping[str, tuple[str, ...]]:
    """By fact, what is known of last night before CIWA-B asks it."""
    return _by_fact([*_seen(person, newest.sleep), *from_forms(person, OF_ONE_NIGHT)])


def beside_hours(person: Person, newest: Latest) -> tuple[str, ...]:
    """What the person says of last night, for whoever writes down the hours that were seen."""
    said = _by_fact([*_told(person, newest.ciwa_b_any), *from_forms(person, OF_ONE_NIGHT)])
    return tuple(words for fact in sorted(OF_ONE_NIGHT) for words in said.get(fact, ()))


def _by_fact(found: Sequence[Known]) -> dict[str, tuple[str, ...]]:
    return {fact: tuple(one.words for one in found if one.fact == fact) for fact in {one.fact for one in found}}


def _pulse(person: Person, row: Observation | None) -> list[Known]:
    if row is None or row.pulse is None:
        return []
    at = clock.local(person.centre, row.happened_at)
    return [Known("hr", f"{row.pulse} a minute, measured by {row.recorded_by.name}, {at:%-d %b %H:%M}")]


def _seen(person: Person, row: Sleep | None) -> list[Known]:
    if row is None or row.night_of != clock.today(person.centre):
        return []
    hours, minutes = divmod(row.minutes, 60)
    return [Known(SEEN, f"{hours} h {minutes:02d} min, as staff saw it; {row.recorded_by.name}")]


def _told(person: Person, row: CiwaB | None) -> list[Known]:
    if row is None or clock.local(person.centre, row.happened_at).date() != clock.today(person.centre):
        return []
    asked = [item for item in instrument("ciwa_b").items if item.fact in OF_ONE_NIGHT]
    answers = dict(enumerate(row.items, start=1))
    return [
        Known(item.fact or "", f"{item.label}: {answers[item.number]} {item.unit} (CIWA-B, {row.recorded_by.name})")
        for item in asked
        if answers.get(item.number) is not None
    ]
