"""The one place that knows what time it is.

Only the demo loader and tests may set it; a database that is not marked as demo refuses (`at`). Days are the centre's
calendar days; rows keep UTC.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glidepath.record.centres.models import Centre

_set_to: dt.datetime | None = None  # for the whole process: a test's live server answers from other threads


class ClockRefused(RuntimeError):
    """The clock was to be set where it must not be."""


def now() -> dt.datetime:
    """This moment, in UTC, to the second."""
    return (_set_to or dt.datetime.now(dt.UTC)).replace(microsecond=0)


def today(centre: Centre) -> dt.date:
    """The centre's calendar day."""
    return local(centre, now()).date()


def local(centre: Centre, moment: dt.datetime) -> dt.datetime:
    """`moment` on the centre's clock."""
    return moment.astimezone(centre.zone)


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Live at `moment` for a while: for the demo loader and tests. Refused unless the database is marked as demo."""
    from glidepath.record.centres.models import DatabaseMark

    global _set_to
    if moment.tzinfo is None:
        raise ClockRefused("the clock is set to a moment with a time zone")
    if not DatabaseMark.objects.filter(is_demo=True).exists():
        raise ClockRefused("this database is not a demo: its clock is the real one")
    before, _set_to = _set_to, moment.astimezone(dt.UTC)
    try:
        yield
    finally:
        _set_to = before
