from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from glidepath.clinical.guidelines.facts import PersonFacts
    from glidepath.record.people.models import Person


class AssessmentConfig(AppConfig):
    name = "glidepath.care.assessment"
    label = "assessment"

    def ready(self) -> None:
        """What vital signs mean depends on what was told (pregnant, an opioid), which this room knows."""
        from glidepath.care.monitoring.ports import tell_facts

        tell_facts(_facts)


def _facts(person: Person) -> PersonFacts:
    from glidepath.care.assessment.queries import facts

    return facts(person)
