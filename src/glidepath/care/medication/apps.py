from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from glidepath.clinical.guidelines.reported_dose import Before
    from glidepath.record.people.models import Person


class MedicationConfig(AppConfig):
    name = "glidepath.care.medication"
    label = "medication"

    def ready(self) -> None:
        """A first plan is held against what orders give now, or what was told; this room knows the orders."""
        from glidepath.care.taper.ports import tell_before_plan

        tell_before_plan(_before_plan)


def _before_plan(person: Person) -> Before:
    from glidepath.care.medication.held_against import before_plan

    return before_plan(person)
