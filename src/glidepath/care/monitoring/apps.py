from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from glidepath.care.instruments.ports import AtBedside, Known
    from glidepath.clinical.instruments.schedule import Stay
    from glidepath.record.people.models import Person


class MonitoringConfig(AppConfig):
    name = "glidepath.care.monitoring"
    label = "monitoring"

    def ready(self) -> None:
        """Which forms are due follows a change of mood too, which this room knows; and what is measured or seen here is
        shown where a form asks it."""
        from glidepath.care.instruments.ports import tell_at_bedside, tell_known, tell_stays

        tell_stays(_stays)
        tell_known(_known)
        tell_at_bedside(_scored)


def _stays(people: Sequence[Person]) -> Mapping[int, Sequence[Stay]]:
    from glidepath.care.monitoring.moods import stays

    return stays(people)


def _known(person: Person, facts: Collection[str]) -> Sequence[Known]:
    from glidepath.care.monitoring.nights import known

    return known(person, facts)


def _scored(people: Sequence[Person]) -> Mapping[int, Sequence[AtBedside]]:
    from glidepath.care.monitoring.scales_told import at_bedside

    return at_bedside(people)
