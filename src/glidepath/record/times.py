"""The two times of a clinical row: when it was true, when it was written."""

from __future__ import annotations

import datetime as dt

from glidepath.record import clock
from glidepath.record.errors import BadInput


def when(happened_at: dt.datetime | None) -> tuple[dt.datetime, dt.datetime]:
    """(when it was true, now). Not said, it is true now. Raises BadInput (field `happened_at`) for a time to come."""
    now = clock.now()
    if happened_at is None:
        return now, now
    if happened_at.tzinfo is None:
        raise BadInput("This time has no time zone.", field="happened_at")
    if happened_at > now:
        raise BadInput("This time lies ahead. Give the time it happened, or now.", field="happened_at")
    return happened_at.astimezone(dt.UTC), now
