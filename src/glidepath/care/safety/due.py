"""When somebody speaks with the person next, and why a safety plan is to be read again. Worked out, never stored.

The caring contact: after an alert was closed, within the hours of the facts, or earlier where the clinician said so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from glidepath.care.alarms.models import Alarm
from glidepath.care.safety.models import CaringContact, RiskContact
from glidepath.clinical.facts.load import rule
from glidepath.record import clock


@dataclass(frozen=True, slots=True)
class NextContact:
    """Somebody speaks with the person by `by`. tries: how often nobody was reached since."""

    alarm: Alarm
    by: dt.datetime
    tries: int = 0

    @property
    def is_missed(self) -> bool:
        return self.by < clock.now()


def first_contact_hours() -> int:
    """The earliest usual hour of a caring contact: what a form proposes."""
    return int(rule("SUI-1").value("caring_contact_from_hours"))


def last_contact_hours() -> int:
    """The hours within which a caring contact follows; nobody can choose later."""
    return int(rule("SUI-1").value("caring_contact_within_hours"))


def next_contact(alarm: Alarm, contacts: Sequence[RiskContact], caring: Sequence[CaringContact]) -> NextContact | None:
    """The contact that is due for this alert. contacts, caring: of it, the oldest first.

    None: nobody has spoken with the person about an open alert yet (the alarm itself calls), or the last one was
    reached and no further contact is agreed.
    """
    latest = contacts[-1] if contacts else None
    reached = [one for one in caring if one.reached]
    last = reached[-1] if reached else None
    if last is not None and _settles(last, alarm, latest):
        by, since = last.next_contact_at, last.recorded_at
    elif latest is not None and (alarm.closed_at is None or latest.happened_at >= alarm.closed_at):
        by, since = latest.next_contact_at, latest.recorded_at
    elif alarm.closed_at is None:
        by, since = None, alarm.opened_at
    else:
        by, since = _after_closing(alarm.closed_at, latest), alarm.closed_at
    if by is None:
        return None
    return NextContact(alarm, by, sum(1 for one in caring if not one.reached and one.recorded_at >= since))


def _settles(last: CaringContact, alarm: Alarm, latest: RiskContact | None) -> bool:
    """Whether this contact was the one that was due: after the closing, and after the last clinician's record."""
    if alarm.closed_at is not None and last.happened_at < alarm.closed_at:
        return False
    return latest is None or last.happened_at >= latest.happened_at


def _after_closing(closed_at: dt.datetime, latest: RiskContact | None) -> dt.datetime:
    limit = closed_at + dt.timedelta(hours=last_contact_hours())
    chosen = latest.next_contact_at if latest else None
    return min(chosen, limit) if chosen is not None and chosen > closed_at else limit


def level_changed(contacts: Sequence[RiskContact], since: dt.datetime) -> tuple[str, str] | None:
    """(before, now) where the judged level changed after `since`. contacts: of the person, the oldest first."""
    later = [index for index, one in enumerate(contacts) if index and one.recorded_at > since]
    for index in reversed(later):
        before, now = contacts[index - 1], contacts[index]
        if before.level != now.level:
            return before.get_level_display(), now.get_level_display()
    return None
