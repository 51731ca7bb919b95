from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from glidepath.care.instruments.ports import Known
    from glidepath.clinical.guidelines.facts import PersonFacts
    from glidepath.record.episodes.models import Episode
    from glidepath.record.people.models import Person


class AssessmentConfig(AppConfig):
    name = "glidepath.care.assessment"
    label = "assessment"

    def ready(self) -> None:
        """What vital signs mean depends on what was told (pregnant, an opioid), which this room knows; and what was
        told is not asked again by a form."""
        from glidepath.care.instruments.ports import tell_known
        from glidepath.care.monitoring.ports import tell_facts
        from glidepath.clinical.guidelines.domains import domains

        domains()  # a question that is asked twice, or of nobody, stops the start-up

        tell_facts(_facts)
        tell_known(_told)


def _facts(person: Person, only: Collection[str], episode: Episode | None) -> PersonFacts:
    from glidepath.care.assessment.queries import facts, facts_told

    return facts_told(person, only, episode=episode) if only else facts(person)


def _told(person: Person, facts: Collection[str]) -> Sequence[Known]:
    from glidepath.care.assessment.known import told

    return told(person, facts)
