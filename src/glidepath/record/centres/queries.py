"""Reads about the centre itself: nothing here is about a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from glidepath.clinical.amounts import plain
from glidepath.clinical.facts.centre_settings import setting_facts
from glidepath.clinical.facts.settings import ClinicalSettings, SettingFact
from glidepath.record.centres.limits import LIMITS
from glidepath.record.centres.models import Bed, Centre, CentreSettings, Room, Unit
from glidepath.record.centres.readings import clinical_of
from glidepath.record.history import version_of
from glidepath.record.prepared import Many, prepared


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One value of one setting that somebody changed."""

    at: dt.datetime
    by: str
    label: str
    before: str
    after: str


def all_centres() -> list[Centre]:
    """Every centre of this database, by name."""
    return list(Centre.objects.order_by("name", "pk"))


def settings_of(centre: Centre) -> CentreSettings:
    return CentreSettings.objects.get(centre=centre)


def settings_version(centre: Centre) -> int:
    """What the settings form carries as `seen`."""
    return version_of(settings_of(centre))


def dose_times(centre: Centre) -> tuple[dt.time, ...]:
    """The centre's default times of day, in order."""
    return tuple(dt.time.fromisoformat(text) for text in settings_of(centre).dose_times)


def clinical_settings_of(centre: Centre) -> ClinicalSettings:
    """The centre's numbers for the core; its row is read once for one `centre`."""
    return clinical_of(centre.settings)


def settings_of_all(centres: Iterable[Centre]) -> Mapping[int, CentreSettings]:
    """By id; the row is read once for a centre, and once for one `centre`."""
    return {centre.pk: centre.settings for centre in {one.pk: one for one in centres}.values()}


def clinical_settings_by_centre(centres: Iterable[int]) -> Mapping[int, ClinicalSettings]:
    """The same for several centres, by id, in one query."""
    wanted = set(centres)
    return {row.centre_id: clinical_of(row) for row in _settings_of(wanted)}


@prepared
def _settings_of(centres: Many[int]) -> QuerySet[CentreSettings]:
    return CentreSettings.objects.filter(centre_id__in=centres)


def units(centre: Centre) -> list[Unit]:
    return list(Unit.objects.filter(centre=centre).order_by("name"))


def unit_at(centre: Centre, public_id: UUID | str) -> Unit:
    """The unit under this address. Raises Http404 when the centre has none."""
    unit = Unit.objects.filter(centre=centre, public_id=public_id).first()
    if unit is None:
        raise Http404("no such unit here")
    unit.centre = centre
    return unit


def rooms(centre: Centre) -> list[Room]:
    """Every room with its unit and beds, in order."""
    return list(
        Room.objects.filter(centre=centre).select_related("unit").prefetch_related("beds").order_by("unit__name", "pk")
    )


def beds(centre: Centre, *, unit: Unit | None = None) -> list[Bed]:
    """Every bed of the centre or of one unit, by number."""
    found = Bed.objects.filter(centre=centre).select_related("room__unit")
    if unit is not None:
        found = found.filter(room__unit=unit)
    return list(found.order_by("room__unit__name", "number"))


def bed_at(centre: Centre, public_id: UUID | str) -> Bed | None:
    return Bed.objects.filter(centre=centre, public_id=public_id).select_related("room__unit").first()


def setting_changes(centre: Centre) -> list[SettingChange]:
    """Who changed which setting from what to what, the newest first."""
    history: Any = settings_of(centre)
    entries = list(history.history.select_related("history_user").order_by("history_id"))
    changes = [change for old, new in pairwise(entries) for change in _between(old, new)]
    return changes[::-1]


_LABELS = {
    **{limit.name: limit.label for limit in LIMITS},
    "dose_times": "Times of day",
    "default_table": "Equivalence table",
    "inpatient_protocols": "Rapid inpatient protocols used here",
}


def _between(old: Any, new: Any) -> list[SettingChange]:
    who = new.history_user.name if new.history_user else "the system"
    columns = ((label, _shown(getattr(old, name)), _shown(getattr(new, name))) for name, label in _LABELS.items())
    readings = ((fact.label, _read(old, fact), _read(new, fact)) for fact in setting_facts().values())
    return [
        SettingChange(new.history_date, who, label, before, after)
        for label, before, after in (*columns, *readings)
        if before != after
    ]


def _read(entry: Any, fact: SettingFact) -> str:
    return str(entry.readings.get(fact.name, f"{plain(fact.default)} (default)"))


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return "none named" if value in ("", None) else str(value)


def centres() -> list[Centre]:
    """Every centre of this database: for the worker, which looks after all of them."""
    return list(Centre.objects.order_by("pk"))
