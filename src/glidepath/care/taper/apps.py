from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from glidepath.record.people.models import Person


class TaperConfig(AppConfig):
    name = "glidepath.care.taper"
    label = "taper"

    def ready(self) -> None:
        """How often a person is observed follows the last change of dose, which this room knows."""
        from glidepath.care.monitoring.ports import tell_dose_changes

        tell_dose_changes(_last_changes)


def _last_changes(people: Sequence[Person], now: dt.datetime) -> Mapping[int, dt.datetime]:
    from glidepath.care.taper.queries import last_changes

    return last_changes(people, now)
