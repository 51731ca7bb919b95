"""What stands before the first page: tables, the demo's people, static files. Each says what it does."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from glidepath.record.centres.models import Centre, DatabaseMark
from glidepath.record.centres.services import mark_database

Say = Callable[[str], None]
HALF_LOADED = "demo-half-loaded"


class HalfLoaded(RuntimeError):
    """A demo that was stopped while it was made, in a database that could not be thrown away with it."""


def is_new() -> bool:
    """Whether there is no record yet: no file, or a database without our tables."""
    path = sqlite_path()
    if path is not None and not path.exists():
        return True  # asked first: opening it would make it
    return Centre._meta.db_table not in connection.introspection.table_names()


def is_empty() -> bool:
    """Whether the tables are there and nobody has said what they are for."""
    return not DatabaseMark.objects.exists() and not Centre.objects.exists()


def sqlite_path() -> Path | None:
    return Path(settings.DATABASES["default"]["NAME"]) if connection.vendor == "sqlite" else None


def migrate(say: Say) -> None:
    """The tables as this version wants them; silent when they are."""
    if not connection.introspection.table_names():
        say("Making the database")
        make_from_models()
    executor = MigrationExecutor(connection)
    steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if steps:
        say(f"Preparing the database: {len(steps)} steps")
        call_command("migrate", interactive=False, verbosity=0)
    if settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names():
        call_command("createcachetable", verbosity=0)


def make_from_models() -> None:
    """The tables of an untouched database as the models speak of them, and every migration noted as done.

    Walking the migrations makes the same record (a test compares the two) and takes eight times as long.
    """
    before = settings.MIGRATION_MODULES
    whole_or_not_at_all = nullcontext() if connection.vendor == "sqlite" else transaction.atomic()
    with whole_or_not_at_all:  # on SQLite it is built aside
        settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
        try:
            call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
        finally:
            settings.MIGRATION_MODULES = before
        call_command("migrate", fake=True, interactive=False, verbosity=0)


@contextmanager
def built_aside(say: Say) -> Iterator[None]:
    """A new SQLite record is built in a file beside its place and moved there whole: stopped half-way, it never was."""
    path = sqlite_path()
    assert path is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.being-made")
    for leftover in parts_of(aside):
        say(f"Removing what an earlier start left unfinished ({leftover.name})")
        leftover.unlink()
    connection.close()
    before = connection.settings_dict
    connection.settings_dict = {**before, "NAME": str(aside), "OPTIONS": unhurried_by_the_disk(before["OPTIONS"])}
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict = before
    move_whole(aside, path)


def unhurried_by_the_disk(options: dict[str, Any]) -> dict[str, Any]:
    """Nobody reads the file before it is whole, so the disk is waited for once, at the end."""
    return {**options, "init_command": options["init_command"].replace("synchronous=FULL", "synchronous=OFF")}


def move_whole(aside: Path, path: Path) -> None:
    """On the disk first, then in its place."""
    with aside.open("rb") as written:
        os.fsync(written.fileno())
    for leftover in parts_of(path):
        leftover.unlink()
    os.replace(aside, path)


def parts_of(path: Path) -> list[Path]:
    """The database file and what SQLite keeps beside it."""
    return [part for end in ("", "-wal", "-shm", "-journal") if (part := path.with_name(path.name + end)).exists()]


def load_demo(say: Say) -> None:
    from glidepath.centre.demo.load import load

    refuse_half_loaded()
    say("Loading the demo centre (about a minute; every person in it is invented)")
    cache.set(HALF_LOADED, "yes", timeout=None)
    load(progress=say)
    cache.delete(HALF_LOADED)


def stay_empty(say: Say) -> None:
    """A record for real people: marked so for good, and nothing in it."""
    mark_database(is_demo=False)
    say("The database is ready, empty, and marked for good as no demo.")


def live_forward(say: Say) -> None:
    from glidepath.centre.demo.live import live_forward

    refuse_half_loaded()
    live_forward(progress=say)


def refuse_half_loaded() -> None:
    if cache.get(HALF_LOADED):
        raise HalfLoaded("An earlier start was stopped while it loaded the demo. Empty this database and start again.")


def collect_static(say: Say) -> None:
    """Copies the static files, when any of them changed since the last time."""
    digest = static_digest()
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == digest:
        return
    say("Collecting static files")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(digest)


def static_digest() -> str:
    """Of names, sizes and times of every static file."""
    seen = hashlib.sha256()
    for finder in get_finders():
        listed: Any = finder.list([])
        for name, storage in sorted(listed, key=lambda pair: str(pair[0])):
            status = os.stat(storage.path(name))
            seen.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()
