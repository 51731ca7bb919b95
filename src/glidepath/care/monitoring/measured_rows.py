"""Reads of weight, glucose, fluids, ECG figures and laboratory values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from glidepath.care.monitoring.models import Measurement
from glidepath.care.monitoring.standing_rows import standing
from glidepath.record.people.models import Person

Named = tuple[str, str]  # a name and a unit: what one line holds, for unlike units never share one


def measurements(person: Person, since: dt.datetime, until: dt.datetime) -> Mapping[Named, tuple[Measurement, ...]]:
    """What stands of these days by name and unit, oldest first; the names in the order of the alphabet."""
    rows = standing(Measurement).filter(
        person=person, thousandths__isnull=False, happened_at__gte=since, happened_at__lt=until
    )
    found: dict[Named, list[Measurement]] = {}
    for row in rows.select_related("recorded_by").order_by("happened_at", "id"):
        found.setdefault((row.name, row.unit), []).append(row)
    return {key: tuple(found[key]) for key in sorted(found)}


def measurement_entries(person: Person, limit: int = 60) -> tuple[Measurement, ...]:
    """The newest entries, corrected and corrections alike, newest first."""
    rows = Measurement.objects.filter(person=person).select_related("recorded_by", "superseded_by__recorded_by")
    return tuple(rows.order_by("-happened_at", "-id")[:limit])


def measurement_of(person: Person, public_id: UUID) -> Measurement:
    """This person's entry under this address. Raises Measurement.DoesNotExist."""
    return Measurement.objects.select_related("person__centre", "recorded_by").get(person=person, public_id=public_id)


def stands_already(person: Person, columns: Mapping[str, object], at: dt.datetime) -> bool:
    """Whether the same figure of the same moment was written before: a file that is imported twice."""
    same = {name: columns[name] for name in ("name", "unit", "thousandths", "sign")}
    return Measurement.objects.filter(person=person, happened_at=at, **same).exists()


def names_measured(person: Person) -> tuple[str, ...]:
    """The names this person's values have, for the box that asks what was measured."""
    rows = Measurement.objects.filter(person=person).order_by("name").values_list("name", flat=True)
    return tuple(rows.distinct())
