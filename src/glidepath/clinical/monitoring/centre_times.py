"""Until when something may be written, how long a value counts, and when a task becomes another's: the centre's times.

No source gives these numbers; each is our own reading and a setting of the centre (facts/settings.toml).
"""

from __future__ import annotations

import datetime as dt

from glidepath.clinical.facts.settings import ClinicalSettings


def fresh_for(settings: ClinicalSettings) -> dt.timedelta:
    """How long a sign that was measured says how somebody is now, before a sedative."""
    return dt.timedelta(minutes=settings.fresh_look_minutes)


def sign_by(ordered_at: dt.datetime, settings: ClinicalSettings) -> dt.datetime:
    """Until when an order that is valid already is signed; from then on the task is for now."""
    return ordered_at + dt.timedelta(hours=settings.order_signed_within_hours)


def back_by_at_most(leaving_at: dt.datetime, settings: ClinicalSettings) -> dt.datetime:
    """Until when doses can be taken along: a longer absence is a discharge with its own supply."""
    return leaving_at + dt.timedelta(days=settings.leave_longest_days)


def witnessed_since(now: dt.datetime, settings: ClinicalSettings) -> dt.datetime:
    """Since when a loss of stock may still be written as seen by its witness."""
    return now - dt.timedelta(minutes=settings.register_witnessed_minutes)


def dated_back_to(now: dt.datetime, settings: ClinicalSettings) -> dt.datetime:
    """How far back an entry of the register may be dated."""
    return now - dt.timedelta(hours=settings.register_dated_back_hours)


def with_manager_from(opened_at: dt.datetime, settings: ClinicalSettings) -> dt.datetime:
    """From when an open difference is the manager's too."""
    return opened_at + dt.timedelta(hours=settings.difference_to_manager_hours)


def drifts_apart(issued: int, expected: int, settings: ClinicalSettings) -> bool:
    """Whether what was issued and what was due differ by more than the centre's percentage of what was due."""
    return abs(issued - expected) * 100 > settings.register_drift_percent * max(expected, 1)
