"""How far the ladder of an alarm has gone: worked out from times whenever it is asked, so that no timer can die.

The ladder runs from a trigger until somebody whose answer counts is with the person (or has ordered, where that
counts). It begins with the first trigger nobody has answered: a further trigger never pushes it back. To acknowledge
rests it until the time by which somebody must be there; then it goes on with those who come next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from glidepath.clinical.facts.escalation import LadderFact
from glidepath.clinical.facts.load import clinical_settings, escalation_policy
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.monitoring.escalation import within_minutes

# From a rung and a moment to the first moment from then on at which somebody whose answer counts is on that rung; None:
# nobody until further notice.
SomebodyFrom = Callable[[int, dt.datetime], dt.datetime | None]


class Sign(StrEnum):
    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    ATTENDED = "attended"
    ORDERED = "ordered"


class State(StrEnum):
    CALLS = "calls"
    RESTS = "rests"  # acknowledged; it goes on at `attend_by` unless somebody is there
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Happened:
    """One act on the alarm. counts: whether it is by somebody whose answer counts for this ladder."""

    at: dt.datetime
    sign: Sign
    counts: bool = True
    ended: bool = False  # it ended a milder ladder that ran until then: it is not asked again whether that was enough


@dataclass(frozen=True, slots=True)
class Ladder:
    """A ladder with its times: `waits` by rung, and within which time somebody must be with the person."""

    fact: LadderFact
    waits: tuple[dt.timedelta, ...]
    attend_within: dt.timedelta


@dataclass(frozen=True, slots=True)
class Call:
    """Rung number `rung` (from 0) is called at `at`. empty: nobody is on it whose answer counts, so the next is too."""

    rung: int
    at: dt.datetime
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the ladder stands. since: when this run of it began. calls: those made by now, the oldest first.

    following: the call that comes unless somebody answers; None when ended, or when nobody is there to be called.
    nobody: the ladder calls, and at this moment nobody on any rung could answer. None everywhere where it has ended.
    """

    state: State
    since: dt.datetime | None = None
    calls: tuple[Call, ...] = ()
    following: Call | None = None
    attend_by: dt.datetime | None = None
    is_late: bool = False  # `attend_by` has passed and nobody is there
    nobody: bool = False

    @property
    def called(self) -> Call | None:
        """The newest call."""
        return self.calls[-1] if self.calls else None


def ladder_for(
    cause: str, *, hard_stop: bool, emergency: bool = False, settings: ClinicalSettings | None = None
) -> Ladder:
    """The ladder of a cause such as "INP-7". hard_stop: whether only a prescriber closes it. emergency: whether a
    trigger of it was one by the rule's own limit.

    The time by which somebody must be there is the rule's own, where it gives one; else the ladder's setting.
    """
    chosen = settings or clinical_settings()
    fact = escalation_policy().of(cause, hard_stop=hard_stop, emergency=emergency)
    own = within_minutes(cause, settings=chosen)
    return Ladder(
        fact=fact,
        waits=tuple(_minutes(getattr(chosen, rung.wait)) for rung in fact.rungs),
        attend_within=_minutes(getattr(chosen, fact.attend) if own is None else own),
    )


def standing(ladder: Ladder, happened: Sequence[Happened], now: dt.datetime, somebody_from: SomebodyFrom) -> Standing:
    """Who has been called by `now`, who is next and when. happened: the acts in their order, the first a trigger.

    Raises ValueError where no act is a trigger.
    """
    past = [one for one in happened if one.at <= now]
    if not any(one.sign is Sign.TRIGGERED for one in past):
        raise ValueError("An alarm without a trigger has no ladder: give the acts with the one that opened it.")
    open_ = _after_last(past, lambda one: _ends(one, ladder.fact))
    if not open_:
        return Standing(State.ENDED)
    attend_by = open_[0].at + ladder.attend_within
    begins, rung, since = _run(ladder, open_, attend_by)
    calls, following = _walk(ladder, begins, rung, now, somebody_from)
    return Standing(
        state=State.CALLS if begins <= now else State.RESTS,
        since=since,
        calls=calls,
        following=following,
        attend_by=attend_by,
        is_late=now > attend_by,
        nobody=begins <= now and not any(somebody_from(i, now) == now for i in range(len(ladder.waits))),
    )


def _run(ladder: Ladder, open_: Sequence[Happened], attend_by: dt.datetime) -> tuple[dt.datetime, int, dt.datetime]:
    """When the present run calls first, at which rung, and the moment that names the run: its trigger or its answer."""
    answers = [one for one in open_ if one.counts and one.sign in (Sign.ACKNOWLEDGED, Sign.ORDERED)]
    if not answers:
        return open_[0].at, 0, open_[0].at
    answer = answers[-1]
    goes_on = max(attend_by, answer.at + ladder.waits[0])
    again = _after_last(open_, lambda one: one is answer)
    if again and again[0].at <= goes_on:
        return again[0].at, 0, again[0].at
    return goes_on, min(1, len(ladder.waits) - 1), answer.at


def _after_last(past: Sequence[Happened], such: Callable[[Happened], bool]) -> Sequence[Happened]:
    """From the first trigger after the last act that is such; everything where none is; empty where no trigger came."""
    last = max((index for index, one in enumerate(past) if such(one)), default=-1)
    rest = past[last + 1 :]
    first = next((index for index, one in enumerate(rest) if one.sign is Sign.TRIGGERED), len(rest))
    return rest[first:]


def _ends(one: Happened, fact: LadderFact) -> bool:
    ordered = one.sign is Sign.ORDERED and (fact.order_counts or one.ended)
    return one.counts and (one.sign is Sign.ATTENDED or ordered)


def _walk(
    ladder: Ladder, begins: dt.datetime, first: int, now: dt.datetime, somebody_from: SomebodyFrom
) -> tuple[tuple[Call, ...], Call | None]:
    """The calls made by now from `begins` on, and the one that follows. The last rung is called again and again."""
    calls: list[Call] = []
    last, rung, at = len(ladder.waits) - 1, first, begins
    while at <= now:
        there = [i for i in range(last + 1) if somebody_from(i, at) == at]
        ahead = [i for i in there if i >= rung]
        called = ahead[0] if ahead else there[-1] if there else None
        passed = range(rung, called if ahead and called is not None else last + 1)
        calls += [Call(i, at, empty=True) for i in passed]
        if called is not None:
            calls.append(Call(called, at))
            at, rung = at + ladder.waits[called], min(called + 1, last)
            continue
        moments = [(found, i) for i in range(last + 1) if (found := somebody_from(i, at)) is not None]
        if not moments:
            return tuple(calls), None
        at, rung = min(moments)
    return tuple(calls), Call(rung, at)


def _minutes(number: int) -> dt.timedelta:
    return dt.timedelta(minutes=number)
