"""What the worker looks at once a minute. It only carries messages: what is due or overdue is worked out when asked."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings

from glidepath.care.alarms.services import note_look, page_who_is_called
from glidepath.care.events.services import alarm_status_epilepticus
from glidepath.care.medication.services import (
    alarm_doses_not_taken,
    alarm_going_on,
    alarm_nothing_ordered,
    alarm_running_out,
    alarm_unsigned,
)
from glidepath.care.monitoring.services import alarm_looks_due, alarm_overdue_observations
from glidepath.care.supply.queries import shelf_warnings
from glidepath.faces.printing.downtime_pdf import keep_packs
from glidepath.record.centres.models import Centre
from glidepath.record.centres.queries import centres

log = logging.getLogger("glidepath.watch")


def tick() -> None:
    """By time alone: doses nobody answered or ordered, orders that run out or wait for a signature, moves and shelves
    before which a prescriber is asked, sets nobody took, what stands and nobody looked at again, a seizure that goes
    on, the messages of alarms nobody answered.

    Only a look that ended is noted as one. Once an hour the downtime pack of each unit is kept anew, and what of the
    shelf runs out or drifts.
    """
    for centre in centres():
        alarm_doses_not_taken(centre)
        alarm_nothing_ordered(centre)
        alarm_running_out(centre)
        alarm_going_on(centre)
        alarm_unsigned(centre)
        alarm_overdue_observations(centre)
        alarm_looks_due(centre)
        alarm_status_epilepticus(centre)
        page_who_is_called(centre)
        note_look(centre)
    for centre in centres():  # after every look: a pack that cannot be made keeps no alarm from going out
        _keep_packs(centre)
        shelf_warnings(centre)


def _keep_packs(centre: Centre) -> None:
    """A disk that is full or a page that cannot be set is said in the log, and does not end the worker: it carries the
    alarms. The pack that is there stays as it was, and says on each page when it was made."""
    try:
        keep_packs(centre, Path(settings.VAR) / "downtime")
    except (OSError, RuntimeError):  # what the disk and the typesetter say
        log.exception("a downtime pack was not made")
