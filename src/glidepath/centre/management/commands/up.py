"""`make run` after the environment stands: the database, the demo, the server and the worker, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from glidepath.centre import make_ready
from glidepath.centre.address import BIND, NotHere, check_host, free_port
from glidepath.centre.children import Child, KeepsDying, stop, watch_over
from glidepath.centre.demo_door import accounts, database_is_demo

READY_WITHIN_SECONDS = 60


class Command(BaseCommand):
    help = "Prepares the database, loads the demo into an empty one, and serves the centre on this machine."
    requires_system_checks = "__all__"  # a room that cannot be imported is told here, not by the first page

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--host", default=os.environ.get("HOST", ""), help="localhost, and nothing else")
        parser.add_argument("--empty", action="store_true", help="a new database stays empty: no demo centre")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            check_host(options["host"])
            port = free_port(options["port"])
        except NotHere as error:
            raise CommandError(str(error)) from error
        try:
            self.prepare(empty=options["empty"])
        except KeyboardInterrupt:
            self.say("\nStopped before it was ready. The next `make run` begins where nothing was left half done.")
            return
        except make_ready.HalfLoaded as error:
            raise CommandError(str(error)) from error
        self.serve(port)

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def prepare(self, *, empty: bool) -> None:
        if make_ready.is_new() and make_ready.sqlite_path() is not None:
            with make_ready.built_aside(self.say):
                self.fill(empty=empty)
        else:
            self.fill(empty=empty)
        make_ready.collect_static(self.say)

    def fill(self, *, empty: bool) -> None:
        """The tables; then the demo into an empty record, or the demo's days up to today. A real record stays."""
        make_ready.migrate(self.say)
        if not make_ready.is_empty():
            if database_is_demo():
                make_ready.live_forward(self.say)
        elif empty:
            make_ready.stay_empty(self.say)
        else:
            make_ready.load_demo(self.say)

    def serve(self, port: int) -> None:
        stopping = Stopping()
        children = [Child("web server", web_command(port)), Child("worker", worker_command())]
        for child in children:
            child.start()
        try:
            if answers(port, children[0], stopping):
                self.tell(port)
            elif not stopping():
                self.say("The server does not answer yet; what it says stands above.")
            watch_over(children, say=self.say, stopped=stopping)
        except KeepsDying as error:
            raise CommandError(str(error)) from error
        finally:
            stop(children)
        self.say("\nStopped. The record is kept; `make run` goes on from here.")

    def tell(self, port: int) -> None:
        self.say(f"\nGlidepath is up: http://localhost:{port}\n")
        if database_is_demo():
            from glidepath.centre.demo import load

            self.say("A demo: every person in it is invented. One click on the sign-in page signs in, or by name:")
            width = max(len(one.username) for one in accounts())
            for one in accounts():
                self.say(f"  {one.username:<{width}}  {one.name}, {one.get_role_display()}")
            self.say(f"  password of each: {load.PASSWORD}   PIN of each, to sign with: {load.PIN}\n")
        self.say("Ctrl-C stops it.")


class Stopping:
    """Whether somebody asked to stop: Ctrl-C, a closed terminal, or a service manager."""

    def __init__(self) -> None:
        self.asked = False
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._note)

    def _note(self, *_: object) -> None:
        self.asked = True

    def __call__(self) -> bool:
        return self.asked


def web_command(port: int) -> list[str]:
    options = ["--interface", "wsgi", "--host", BIND, "--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    quiet = ["--no-ws", "--log-level", "warning"]
    return [sys.executable, "-m", "granian", *options, *quiet, "glidepath.centre.wsgi:application"]


def worker_command() -> list[str]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glidepath.centre.settings")
    return [sys.executable, "-m", "django", "watch"]


def answers(port: int, web: Child, stopping: Stopping) -> bool:
    """Waits for the first answer. False when the server ended, or somebody asked to stop, before it."""
    until = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < until and not stopping() and not web.has_ended():
        try:
            with urllib.request.urlopen(f"http://{BIND}:{port}/alive/", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
