"""What the parts of one person's chart have in common, read once for one page and handed to each of them."""

from __future__ import annotations

from dataclasses import dataclass

from glidepath.care.medication.queries import Standing, standing_now
from glidepath.care.monitoring.queries import Seen, holds_among, seen
from glidepath.care.taper.queries import Running, Tapers, running, tapers
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import InBed, bed_of, current_episode
from glidepath.record.people.models import Person


@dataclass(frozen=True, slots=True)
class Chart:
    """One person as the record stands now. None: no episode, in no bed, no step of a taper in force."""

    person: Person
    episode: Episode | None
    bed: InBed | None
    tapers: Tapers
    running: Running | None
    standing: Standing
    seen: Seen

    @property
    def episodes(self) -> dict[int, Episode]:
        """As reads over many people take it; empty without an episode."""
        return {self.person.pk: self.episode} if self.episode else {}


def chart_of(person: Person) -> Chart:
    read, values = tapers([person]), seen([person])
    held = holds_among(values.events[person.pk])
    return Chart(
        person=person,
        episode=current_episode(person),
        bed=bed_of(person),
        tapers=read,
        running=running([person], known=read).get(person.pk),
        standing=standing_now([person], known=read, holds=held),
        seen=values,
    )
