"""When an as-needed dose may be given next: by its least interval and by its ceiling of 24 hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

DAY = dt.timedelta(hours=24)


def next_allowed(
    given: Sequence[tuple[dt.datetime, int]],
    *,
    dose_ng: int,
    ceiling_ng: int,
    least: dt.timedelta,
    not_before: dt.datetime,
) -> dt.datetime:
    """The first moment at which one more dose of `dose_ng` keeps the interval and the ceiling.

    given: when and how much (whole nanograms) of this order, oldest first. A dose counts for 24 hours, up to and not
    including the moment at which they are over. ceiling_ng: at least one dose.
    """
    at = max([not_before, *(when + least for when, _ in given[-1:])])
    freed = sorted(when + DAY for when, _ in given)
    while _in_24_hours(given, at) + dose_ng > ceiling_ng:
        at = min(one for one in freed if one > at)
    return at


def _in_24_hours(given: Sequence[tuple[dt.datetime, int]], at: dt.datetime) -> int:
    return sum(amount for when, amount in given if at - DAY < when <= at)
