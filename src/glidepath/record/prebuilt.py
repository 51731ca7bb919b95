"""A query that is put together once for the process and read anew each time it is asked.

Putting a query together costs Django more than the database needs to answer it. Only what never changes may stand in
one: kinds of rows, their joins and their order; never a person, a moment, or a number that a centre may set.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from django.db.models import Model, QuerySet

P = ParamSpec("P")
Row = TypeVar("Row", bound=Model)


def prebuilt(build: Callable[P, QuerySet[Row]]) -> Callable[P, QuerySet[Row]]:
    """What `build` puts together, once for each set of its arguments (kinds of rows); each call gives a copy of its
    own that has read nothing, so that no row is ever kept."""
    kept = cache(build)

    @wraps(build)
    def fresh(*args: P.args, **kwargs: P.kwargs) -> QuerySet[Row]:
        return kept(*args, **kwargs).all()  # type: ignore[arg-type]

    return fresh
