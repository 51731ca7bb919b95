"""The rows of this room as its reads begin with them: what stands, what holds something, what counts as done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TypeVar

from django.db.models import OuterRef, Q, QuerySet, Subquery

from glidepath.care.monitoring.models import CiwaB, Observation
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.monitoring.also_seen import AlsoSeen
from glidepath.record.prebuilt import prebuilt
from glidepath.record.prepared import Many, prepared
from glidepath.record.rows import ClinicalRow


def quiet_breaths() -> tuple[int, int]:
    """The lowest and the highest breathing rate that scores nothing, from the facts."""
    quiet = next(one for one in instrument("news2").parameter("rr").ranges if one.score == 0)
    if quiet.low is None or quiet.high is None:
        raise LookupError("the facts give no range of breaths that scores nothing")
    return int(quiet.low), int(quiet.high)


Row = TypeVar("Row", bound=ClinicalRow)
SIGNS = ("rr", "spo2", "sbp", "dbp", "pulse", "temperature_tenths", "rass")
MEASURED = Q(*((f"{name}__isnull", False) for name in SIGNS), _connector=Q.OR)
_LOOKED_AT = ("mind", "breathing", "colour", "position")
SOMETHING = (
    MEASURED
    | Q(*((f"{name}__gt", "") for name in _LOOKED_AT), _connector=Q.OR)
    | Q(*((sign.value, True) for sign in AlsoSeen), _connector=Q.OR)
    | Q(state=Observation.State.HARD_TO_ROUSE)
)
# Asleep counts as done only without a doubt: a rate that scores, or anything not as it should be, asks to wake.
ASLEEP_WHOLE = Q(
    state=Observation.State.ASLEEP,
    rr__range=quiet_breaths(),
    breathing=Observation.Breathing.EASY,
    colour=Observation.Colour.USUAL,
    position=Observation.Position.SAFE,
)
AWAKE_WHOLE = Q(news2__isnull=False) & (Q(rass__isnull=False) | Q(state=Observation.State.HARD_TO_ROUSE))
WHOLE = AWAKE_WHOLE | ASLEEP_WHOLE  # what counts as done: a partial set never does


@prebuilt
def standing(model: type[Row]) -> QuerySet[Row]:
    return model._default_manager.filter(superseded_by__isnull=True)


@prebuilt
def observations() -> QuerySet[Observation]:
    return standing(Observation).filter(SOMETHING)


@prebuilt
def whole_scores() -> QuerySet[CiwaB]:
    """Without those taken back: a correction that holds no answer."""
    nothing = [None] * len(instrument("ciwa_b").items)
    return standing(CiwaB).exclude(supersedes__isnull=False, oriented=True, items=nothing)


def newest_of(rows: QuerySet[Row], order: str = "-happened_at", value: str = "pk") -> Subquery:
    return Subquery(rows.filter(person=OuterRef("pk")).order_by(order, "-id").values(value)[:1])


def fetch(model: type[Row], ids: Mapping[int, Mapping[str, int | None]], names: Sequence[str]) -> dict[int | None, Row]:
    wanted = {pk for row in ids.values() for name in names if (pk := row[name]) is not None}
    return {row.pk: row for row in _with_writer(model)(wanted)} if wanted else {}


@cache
def _with_writer(model: type[Row]) -> Callable[[Iterable[int]], list[Row]]:
    @prepared
    def rows(wanted: Many[int]) -> QuerySet[Row]:
        return model._default_manager.filter(pk__in=wanted).select_related("recorded_by")

    return rows
