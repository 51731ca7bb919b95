"""What the fixtures of tests make is made once by the services, then put back as rows: a centre, a person, a house.

Nothing is shared between tests. Each puts the rows into its own transaction, or its own emptied database, and gets its
own objects. The rows are those that the services wrote under the same clock, with the same arguments, after the same
lines of audit; where any of these differs, the services run. Under the real clock what was made is used for ten
minutes: a cast that came on shift that long ago. Only fixtures remember: in the body of a test the services always run.
"""

from __future__ import annotations

import datetime as dt
import functools
import pickle
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from glidepath.record import clock
from glidepath.record.audit.models import AuditHead
from tests import rows

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Made:
    """What a function left behind: the rows it changed, what it returned, and the time when it was done."""

    changed: tuple[rows.Change, ...]
    returned: bytes
    stopped_at: dt.datetime
    under_real_clock: bool

    def is_stale(self) -> bool:
        return self.under_real_clock and clock.now() - self.stopped_at > FRESH


FRESH = dt.timedelta(minutes=10)
_memory: dict[Hashable, Made] = {}
_allowed = True


def remembered(make: Callable[P, T]) -> Callable[P, T]:
    """For a function that writes by services only and returns rows, or dataclasses of rows, that can be pickled."""

    @functools.wraps(make)
    def once(*args: P.args, **kwargs: P.kwargs) -> T:
        key = _key(make, args, kwargs) if _allowed else None
        if key is None:
            return make(*args, **kwargs)
        made = _memory.get(key)
        if made is None or made.is_stale() or not _done_again(made):
            made = _memory[key] = _watched(lambda: make(*args, **kwargs))
        else:
            _stop_clock(made.stopped_at, (*args, *kwargs.values()))
        return pickle.loads(made.returned)  # what comes back is the same kind of thing the first time too

    return once


@contextmanager
def allowed(whether: bool) -> Iterator[None]:
    """Inside, what was made may be remembered, or the services make everything."""
    global _allowed
    before, _allowed = _allowed, whether
    try:
        yield
    finally:
        _allowed = before


def _watched(make: Callable[[], Any]) -> Made:
    before = rows.all_rows()
    with allowed(False), transaction.atomic():
        returned = make()
    return Made(
        tuple(rows.changes(before, rows.all_rows())), pickle.dumps(returned), clock.now(), clock._set_to is None
    )


def _done_again(made: Made) -> bool:
    """False where a row in between got another number than last time: databases count on after what was undone."""
    try:
        rows.apply(made.changed)
    except rows.OtherRows:
        return False
    return True


def _key(make: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable:
    """None where nothing may be remembered, because an argument says nothing about itself."""
    given = [("", one) for one in args] + sorted(kwargs.items())
    marks = tuple((name, _mark(value)) for name, value in given)
    if any(mark is None for _, mark in marks):
        return None
    chains = tuple(AuditHead.objects.order_by("pk").values_list("pk", "centre_id", "count", "hash"))
    return (make.__module__, make.__qualname__, marks, clock._set_to, chains)


def _mark(value: Any) -> Hashable:
    """What tells this argument from another; None for what this cannot be said of."""
    if value is None or isinstance(value, str | int | bool | dt.date | dt.time):
        return (type(value).__name__, value)
    if isinstance(value, models.Model):
        return (value._meta.label, value.pk)
    if hasattr(value, "tick"):  # the clock in a fixture's hand: its time is in the key already
        return "the clock"
    centre = getattr(value, "centre", None)  # the cast
    return (type(value).__name__, centre.pk) if isinstance(centre, models.Model) else None


def _stop_clock(moment: dt.datetime, given: tuple[Any, ...]) -> None:
    for one in given:
        if hasattr(one, "tick"):
            one.set(moment)
