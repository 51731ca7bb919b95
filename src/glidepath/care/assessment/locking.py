"""What every act of this room does first: the person is ours, and nobody else changes them meanwhile."""

from __future__ import annotations

from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.people.locking import lock_person
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff


def lock(person: Person, by: Staff) -> None:
    """Raises NotAllowed for a person of another centre."""
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    lock_person(person.pk)


def present_stay(person: Person) -> Episode:
    """The stretch of care that is written into. Raises BadInput without one."""
    episode = current_episode(person)
    if episode is None:
        raise BadInput("There is no episode of care to write this into: open an enquiry or admit the person first.")
    return episode
