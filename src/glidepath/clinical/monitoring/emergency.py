"""What an emergency has come to, by its taps and by time alone: how long each seizure lasted, and whether SEI-2 fires.

Nothing here waits for anybody: the same taps at a later moment say more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.seizures import check_seizure

STATUS = "SEI-2"
AGAIN, STOPPED, RECOVERED = "again", "stopped", "recovered"


@dataclass(frozen=True, slots=True)
class Fit:
    """One seizure of an event. stopped_at: None while it lasts. recovered: whether recovery after it was seen."""

    number: int
    began_at: dt.datetime
    stopped_at: dt.datetime | None
    recovered: bool

    def lasted(self, now: dt.datetime) -> dt.timedelta:
        """Its length, so far where it lasts still."""
        return (self.stopped_at or now) - self.began_at


def key(act: str, number: int) -> str:
    """The key of a tap about seizure `number` (from 1): "stopped_1", "again_2", "recovered_1"."""
    return f"{act}_{number}"


def fits(began_at: dt.datetime, taps: Mapping[str, dt.datetime]) -> tuple[Fit, ...]:
    """Each seizure in order: the first began with the event, each further one with its own tap.

    taps: by key, those that stand. A seizure that was never said to have stopped ends where the next one begins.
    """
    found = [_fit(1, began_at, taps)]
    for number in count(2):
        began = taps.get(key(AGAIN, number))
        if began is None:
            return tuple(found)
        found.append(_fit(number, began, taps))
    raise AssertionError("count never ends")


def status_epilepticus(seizures: tuple[Fit, ...], now: dt.datetime) -> Finding | None:
    """SEI-2: one seizure has lasted the rule's minutes, or two came with no recovery seen between them.

    Recovery that nobody recorded is not recovery. It goes on firing after the seizure has stopped.
    """
    longest = max(one.lasted(now) for one in seizures)
    without = any(not one.recovered for one in seizures[:-1])
    minutes = Decimal(int(longest.total_seconds())) / 60
    return next((one for one in check_seizure(minutes=minutes, without_recovery=without) if one.code == STATUS), None)


def status_at(seizures: tuple[Fit, ...]) -> dt.datetime | None:
    """When SEI-2 fires by time alone if the seizure goes on; None where the last one has stopped."""
    last = seizures[-1]
    if last.stopped_at is not None:
        return None
    return last.began_at + dt.timedelta(minutes=float(rule(STATUS).value("minutes")))


def debrief_by(ended_at: dt.datetime, settings: ClinicalSettings | None = None) -> dt.datetime:
    """By when those who were there talk it over: a centre setting, ours."""
    return ended_at + dt.timedelta(hours=(settings or clinical_settings()).debrief_within_hours)


def review_by(ended_at: dt.datetime, settings: ClinicalSettings | None = None) -> dt.datetime:
    """By when a manager and a prescriber have signed the review: a centre setting, ours."""
    return ended_at + dt.timedelta(days=(settings or clinical_settings()).incident_review_within_days)


def _fit(number: int, began_at: dt.datetime, taps: Mapping[str, dt.datetime]) -> Fit:
    stopped = taps.get(key(STOPPED, number)) or taps.get(key(AGAIN, number + 1))
    return Fit(number, began_at, stopped, key(RECOVERED, number) in taps)
