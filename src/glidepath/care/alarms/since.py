"""Which alarms of many people were raised or closed since a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from glidepath.care.alarms.models import AlarmAct
from glidepath.record.people.models import Person

TOLD = (AlarmAct.Kind.TRIGGERED, AlarmAct.Kind.CLOSED)


def acts_since(people: Sequence[Person], since: dt.datetime) -> Mapping[int, tuple[AlarmAct, ...]]:
    """What triggered and what closed, oldest first, by person id, everybody asked for; one query."""
    rows = (
        AlarmAct.objects.filter(alarm__person__in=[one.pk for one in people], recorded_at__gte=since, kind__in=TOLD)
        .select_related("alarm", "recorded_by")
        .order_by("recorded_at", "id")
    )
    found: dict[int, list[AlarmAct]] = {one.pk: [] for one in people}
    for row in rows:
        found[row.alarm.person_id].append(row)
    return {pk: tuple(acts) for pk, acts in found.items()}
