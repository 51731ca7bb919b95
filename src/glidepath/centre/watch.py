"""What the worker looks at once a minute. It only carries messages: what is due or overdue is worked out when asked."""

from __future__ import annotations

from glidepath.care.medication.services import alarm_doses_not_taken
from glidepath.record.centres.queries import centres


def tick() -> None:
    """Doses nobody answered alarm the prescriber, by time alone."""
    for centre in centres():
        alarm_doses_not_taken(centre)
