"""The worker: once a minute it looks at what is due, late or unanswered, and carries the message."""

from __future__ import annotations

import logging
import os
import signal
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

EVERY_SECONDS = 60.0
log = logging.getLogger("glidepath.watch")


class Command(BaseCommand):
    help = "Looks once a minute at what is due, late or unanswered. `glidepath up` starts it and keeps it running."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from glidepath.centre.watch import tick

        self.asked_to_stop = False
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        parent = os.getppid()
        while not self.asked_to_stop and os.getppid() == parent:
            close_old_connections()
            try:
                tick()
            except OperationalError:
                # The database was locked or away for longer than we wait: the next look comes in a minute, and the
                # board shows how long the worker has been silent.
                log.exception("this look at what is due did not finish")
            self._rest(parent)

    def _rest(self, parent: int) -> None:
        """Until the next look, in small sips, so that a stop is heard at once."""
        until = time.monotonic() + EVERY_SECONDS
        while time.monotonic() < until and not self.asked_to_stop and os.getppid() == parent:
            time.sleep(0.25)

    def _stop(self, *_: object) -> None:
        self.asked_to_stop = True
