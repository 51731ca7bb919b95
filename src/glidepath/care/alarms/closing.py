"""Who closes an alarm by name. A hard stop: a prescriber. That of suicide risk: a physician or a psychologist too."""

from __future__ import annotations

from glidepath.care.alarms.models import Alarm
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may

SUICIDE_RISK = "SUI-1"


def closing_actions(alarm: Alarm) -> tuple[str, ...]:
    """What allows closing it: one of these. The first is the one that is named to whom it is not allowed."""
    if not alarm.prescriber_closes:
        return ("alarm.close",)
    if alarm.cause == SUICIDE_RISK:
        return ("alarm.close_suicide_risk", "alarm.close_hard_stop")
    return ("alarm.close_hard_stop",)


def may_close(viewer: Staff, alarm: Alarm) -> bool:
    """Whether this member of staff may close it; the service asks again."""
    return any(may(viewer, action) for action in closing_actions(alarm))


def who_closes(alarm: Alarm) -> str:
    """For somebody who may not: who does."""
    if not alarm.prescriber_closes:
        return "A nurse or a physician closes it."
    if alarm.cause == SUICIDE_RISK:
        return (
            "A physician or a psychologist closes it. You can say that you are with them, and write down your contact."
        )
    return "A prescriber closes it. You can say that you are with them."
