from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from glidepath.care.instruments.ports import LastDose
    from glidepath.care.monitoring.ports import DoseChange
    from glidepath.clinical.instruments.schedule import Stay
    from glidepath.record.people.models import Person


class TaperConfig(AppConfig):
    name = "glidepath.care.taper"
    label = "taper"

    def ready(self) -> None:
        """How often a person is observed, and which forms are due, follows the steps, which this room knows."""
        from glidepath.care.instruments.ports import tell_last_doses, tell_stays
        from glidepath.care.monitoring.ports import tell_dose_changes

        tell_dose_changes(_last_changes)
        tell_stays(_stays)
        tell_last_doses(_last_doses)


def _last_changes(people: Sequence[Person], now: dt.datetime) -> Mapping[int, DoseChange]:
    from glidepath.care.taper.queries import last_changes

    return last_changes(people, now)


def _stays(people: Sequence[Person]) -> Mapping[int, Sequence[Stay]]:
    from glidepath.care.taper.queries import stays

    return stays(people)


def _last_doses(people: Sequence[Person]) -> Mapping[int, LastDose]:
    from glidepath.care.taper.queries import last_doses

    return last_doses(people)
