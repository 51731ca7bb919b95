"""A change of mood makes the C-SSRS "since last contact" due at once: the stages of care that this room knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from glidepath.care.instruments.waiting import waiting_for
from glidepath.care.monitoring.queries import mood_changes
from glidepath.clinical.facts.instrument_schedule import Stage
from glidepath.clinical.instruments.schedule import Due, Stay
from glidepath.record import clock
from glidepath.record.people.models import Person

SCREEN = "c_ssrs_since"


def stays(people: Sequence[Person]) -> Mapping[int, Sequence[Stay]]:
    """For the forms that are due, by person id: the day each change of mood became known, and when it happened."""
    centres = {person.pk: person.centre for person in people}
    found: dict[int, list[Stay]] = {}
    for event, written_at in mood_changes(people):
        day = clock.local(centres[event.person_id], written_at).date()
        found.setdefault(event.person_id, []).append(Stay(Stage.MOOD_CHANGE, day, day, event.happened_at))
    return found


def screen_waiting(person: Person) -> Due | None:
    """The C-SSRS since last contact where it waits, the longest missed; None where nobody has to ask."""
    return next((one for one in waiting_for(person).forms if SCREEN in one.instruments), None)
