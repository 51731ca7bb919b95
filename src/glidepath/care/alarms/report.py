"""How often each kind of alarm fired in a period, and what was done: few and true is shown, not claimed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from glidepath.care.alarms.models import Alarm, AlarmAct
from glidepath.clinical.facts.load import rules
from glidepath.record.centres.models import Centre

ENOUGH_FOR_A_MEDIAN = 5  # ours: below it the single values say more, and more honestly
MINUTE = dt.timedelta(minutes=1)
ANSWERS = (AlarmAct.Kind.ACKNOWLEDGED, AlarmAct.Kind.ATTENDED, AlarmAct.Kind.ORDERED)
OURS = {
    "help": "a call for help",
    "doses_not_taken": "doses not taken",
    "ORD-4": "nothing, or only a part, ordered of what was told",
    "order_unsigned": "an order that waits for a signature",
    "order_ends": "an order that asks whether it goes on",
    "goes_on": "a move, or a stock, before which a prescriber is asked",
    "day_review": "a daily cut that did not go on",
}


@dataclass(frozen=True, slots=True)
class Minutes:
    """How long it took, each in whole minutes, the shortest first; `of`: of how many alarms."""

    values: tuple[int, ...]
    of: int

    @property
    def words(self) -> str:
        """ "median 7 (9 of 11)"; fewer than five: each of them, "3, 7 (2 of 4)"; none: "none of 4"."""
        if not self.values:
            return f"none of {self.of}"
        told = (
            f"median {median(self.values):g}"
            if len(self.values) >= ENOUGH_FOR_A_MEDIAN
            else ", ".join(map(str, self.values))
        )
        return f"{told} ({len(self.values)} of {self.of})"


@dataclass(frozen=True, slots=True)
class KindOfAlarm:
    """One cause in the period, by when it was opened. joined: further triggers of alarms that stood open already."""

    cause: str
    title: str
    fired: int
    joined: int
    answered: Minutes  # until the first who acknowledged, came or ordered
    attended: Minutes  # until the first who was with the person
    called_on: int  # for how many a second rung or a later one was called
    not_sent: int  # messages that did not leave
    closed_by: tuple[tuple[str, int], ...]  # role, how many; the most first
    still_open: int

    @property
    def closed_in_words(self) -> str:
        told = [f"{role} {count}" for role, count in self.closed_by]
        return ", ".join([*told, *([f"still open {self.still_open}"] if self.still_open else [])])


def kinds_of_alarm(centre: Centre, begins: dt.datetime, ends: dt.datetime) -> tuple[KindOfAlarm, ...]:
    """Every kind that fired at the centre from `begins` until before `ends`, the most frequent first. Two queries."""
    alarms = list(
        Alarm.objects.filter(centre=centre, opened_at__gte=begins, opened_at__lt=ends).order_by("opened_at", "pk")
    )
    rows = AlarmAct.objects.filter(alarm__centre=centre, alarm__opened_at__gte=begins, alarm__opened_at__lt=ends)
    acts: dict[int, list[AlarmAct]] = {alarm.pk: [] for alarm in alarms}
    for act in rows.select_related("recorded_by", "sent").order_by("recorded_at", "pk"):
        acts[act.alarm_id].append(act)
    by_cause: dict[str, list[Alarm]] = {}
    for alarm in alarms:
        by_cause.setdefault(alarm.cause, []).append(alarm)
    found = [_kind(cause, those, [acts[alarm.pk] for alarm in those]) for cause, those in by_cause.items()]
    return tuple(sorted(found, key=lambda one: (-one.fired, one.cause)))


def title_of(cause: str) -> str:
    """What the alarm is about, in the words of its rule."""
    return OURS.get(cause) or (rules()[cause].title if cause in rules() else cause)


def _kind(cause: str, alarms: Sequence[Alarm], acts: Sequence[Sequence[AlarmAct]]) -> KindOfAlarm:
    closers = [act for one in acts for act in one if act.kind == AlarmAct.Kind.CLOSED]
    return KindOfAlarm(
        cause=cause,
        title=title_of(cause),
        fired=len(alarms),
        joined=sum(_count(one, AlarmAct.Kind.TRIGGERED) - 1 for one in acts),
        answered=_minutes(alarms, acts, ANSWERS),
        attended=_minutes(alarms, acts, (AlarmAct.Kind.ATTENDED,)),
        called_on=sum(any((act.rung or 0) > 1 for act in one) for one in acts),
        not_sent=sum(bool(getattr(act, "sent", None) and act.sent.failed) for one in acts for act in one),
        closed_by=tuple(Counter(_role(act) for act in closers).most_common()),
        still_open=sum(alarm.closed_at is None for alarm in alarms),
    )


def _minutes(alarms: Sequence[Alarm], acts: Sequence[Sequence[AlarmAct]], kinds: Sequence[str]) -> Minutes:
    firsts = [next((act for act in one if act.kind in kinds), None) for one in acts]
    values = [
        (first.recorded_at - alarm.opened_at) // MINUTE
        for alarm, first in zip(alarms, firsts, strict=True)
        if first is not None
    ]
    return Minutes(tuple(sorted(values)), len(alarms))


def _count(acts: Sequence[AlarmAct], kind: str) -> int:
    return sum(act.kind == kind for act in acts)


def _role(act: AlarmAct) -> str:
    return act.recorded_by.get_role_display() if act.recorded_by else "the system"
