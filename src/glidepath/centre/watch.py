"""What the worker looks at once a minute. It only carries messages: what is due or overdue is worked out when asked."""

from __future__ import annotations

from glidepath.care.alarms.services import note_look
from glidepath.care.medication.services import alarm_doses_not_taken, alarm_nothing_ordered
from glidepath.care.monitoring.services import alarm_overdue_observations
from glidepath.record.centres.queries import centres


def tick() -> None:
    """By time alone: doses nobody answered or ordered, and sets nobody took. Only a look that ended is noted as one."""
    for centre in centres():
        alarm_doses_not_taken(centre)
        alarm_nothing_ordered(centre)
        alarm_overdue_observations(centre)
        note_look(centre)
