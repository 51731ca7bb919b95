"""The processes under `glidepath up`: started together, a dead one started again, all stopped together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

UNDER_UP = "GLIDEPATH_UNDER_UP"  # set for the children, so that the web server's own workers know whose they are
SET_PARENT_DEATH_SIGNAL = 1  # prctl(2), PR_SET_PDEATHSIG
TOO_OFTEN = 5  # so many ends of one child within ...
WITHIN_SECONDS = 60.0  # ... this long, and it is not started again
GRACE_SECONDS = 10.0


class KeepsDying(RuntimeError):
    """A child ended again and again; starting it once more would only hide why."""


@dataclass
class Child:
    """One process of ours. `ends`: when it ended, as the monotonic clock counts."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    ends: list[float] = field(default_factory=list)

    def start(self) -> None:
        """In a session of its own: a Ctrl-C reaches us alone, and each child is told once, by us."""
        prepare = die_with_parent() if sys.platform == "linux" else None
        self.process = subprocess.Popen(
            self.command, preexec_fn=prepare, env={**os.environ, UNDER_UP: "1"}, start_new_session=True
        )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def start_again(self, now: float) -> None:
        """Raises KeepsDying when it ended five times within a minute."""
        self.ends = [end for end in (*self.ends, now) if now - end < WITHIN_SECONDS]
        if len(self.ends) >= TOO_OFTEN:
            raise KeepsDying(f"the {self.name} ended {TOO_OFTEN} times within a minute; the reason stands above")
        self.start()


def die_with_parent() -> Callable[[], None]:
    """For the child, before it becomes its program: when the parent is gone, whatever ended it, so is the child."""
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def prepare() -> None:
        libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:  # it was gone before we asked
            os._exit(1)

    return prepare


def end_with_the_server() -> None:
    """For a process the web server starts for itself: it does not outlive the server either."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def watch_over(children: Sequence[Child], *, say: Callable[[str], None], stopped: Callable[[], bool]) -> None:
    """Until `stopped`: a child that ends is started again. Raises KeepsDying; the caller stops the rest."""
    while not stopped():
        for child in children:
            if child.has_ended():
                say(f"The {child.name} ended; starting it again.")
                child.start_again(time.monotonic())
        time.sleep(0.5)


def stop(children: Sequence[Child]) -> None:
    """Asks each to end, waits a little, and ends what is left, with whatever it had started itself."""
    alive = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in alive:
        process.terminate()
    until = time.monotonic() + GRACE_SECONDS
    for process in alive:
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
