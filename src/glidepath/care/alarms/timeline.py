"""What was done about one alarm, in order: each act with its time and how long after the first trigger it came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from glidepath.care.alarms.models import Alarm, AlarmAct

MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """One line: one act, or all messages of one call together."""

    at: dt.datetime
    after_minutes: int  # since the alarm was opened
    what: str
    words: str
    by: str


def timeline(alarm: Alarm, acts: Sequence[AlarmAct]) -> tuple[Moment, ...]:
    """The acts, the oldest first; what one call sent to several stands in one line."""
    grouped = [list(together) for _, together in groupby(acts, key=_together)]
    return tuple(_moment(alarm, together) for together in grouped)


def _together(act: AlarmAct) -> tuple[object, ...]:
    if act.kind == AlarmAct.Kind.PAGED:
        return (act.called_at, act.rung)
    return (act.pk,)


def _moment(alarm: Alarm, acts: Sequence[AlarmAct]) -> Moment:
    first = acts[0]
    after = (first.recorded_at - alarm.opened_at) // MINUTE
    if first.kind == AlarmAct.Kind.PAGED:
        return Moment(first.recorded_at, after, f"Called, page {first.rung}", ", ".join(map(_page, acts)), "the system")
    what = first.get_kind_display().capitalize()
    if first.whom is not None and first.whom_id != first.recorded_by_id:
        what = f"{what} by {first.whom.name}"
    return Moment(first.recorded_at, after, what, first.words, _by(first))


def _by(act: AlarmAct) -> str:
    return act.recorded_by.name if act.recorded_by else "worked out by the system"


def _page(act: AlarmAct) -> str:
    assert act.whom is not None
    sent = getattr(act, "sent", None)
    unsure = act.way != AlarmAct.Way.BOARD and sent is None
    became = (
        " (not known yet whether it left)"
        if unsure
        else f" (did not leave: {sent.failed})"
        if sent and sent.failed
        else ""
    )
    return f"{act.whom.name} {act.get_way_display()}{became}"
