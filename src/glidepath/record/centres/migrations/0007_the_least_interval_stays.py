"""The ranges of our own readings are narrower than the old bounds, and the least interval (TPR-1) gets its own box.

Until now the least interval was the one that is proposed: where a centre had chosen a longer one, a cut sooner than
that asks for a reason as before, as far as the range goes. A number outside its new range becomes its nearest end. Each
change is an entry of the history, made by nobody.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone

DEFAULT, MOST = 14, 28  # the least interval, as the facts had it when this was written
RANGES = {"last_step_max_micrograms": (1, 1000), "doses_not_taken_hours": (4, 36), "interval_days": (7, 90)}


def keep(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("centres", "HistoricalCentreSettings")
    for row in apps.get_model("centres", "CentreSettings").objects.all():
        if _changes(row):
            row.save()
            kept = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
            entries.objects.create(history_date=timezone.now(), history_type="~", **kept)


def _changes(row: Any) -> bool:
    """Whether anything of the row had to be brought in order."""
    before = {name: getattr(row, name) for name in RANGES}
    for name, (low, high) in RANGES.items():
        setattr(row, name, max(low, min(high, before[name])))
    longer = row.interval_days > DEFAULT and "min_interval_days" not in row.readings
    if longer:
        row.readings = {**row.readings, "min_interval_days": str(min(row.interval_days, MOST))}
    return longer or any(getattr(row, name) != value for name, value in before.items())


class Migration(migrations.Migration):
    dependencies = [("centres", "0006_our_own_readings")]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
