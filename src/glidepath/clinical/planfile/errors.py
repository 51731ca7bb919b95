"""What somebody is told whose file cannot be read, or whose plan cannot be turned as they asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class PlanFileError(ValueError):
    """One sentence or two: what was given, what is wrong with it, what to do."""


@contextmanager
def within_the_calendar() -> Iterator[None]:
    """A plan that would go on beyond the last year there is, is asked for by mistake."""
    try:
        yield
    except OverflowError:
        raise PlanFileError(
            "The plan would go on beyond the end of the calendar. Look at the days and the pace."
        ) from None
