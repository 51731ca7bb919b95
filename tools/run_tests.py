"""`make test`: the suite on SQLite, then on PostgreSQL. What cannot be run here is said in one line, with what to do.

PostgreSQL comes from TEST_DATABASE_URL, else from the server programs installed here: a private cluster in a temporary
folder, reached by a socket, gone afterwards. REQUIRE_POSTGRES=1 and REQUIRE_BROWSER=1 make what is missing a failure.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests import postgres  # noqa: E402
from tests.browser import chromium  # noqa: E402

# On one database they say all they can: the core and the drawings know none, and bad input stops before it.
ON_ONE_DATABASE = (
    "tests/clinical",
    "tests/pages",
    "tests/properties",
    "tests/drawing",
    "tests/browser",
    "tests/architecture",
    "src/glidepath/clinical",
)
# Nor does a page: what it asks and what it writes are the queries and services of its room, tested beside it on both.
# No test of two writers, of a killed process or of real transactions may stand in such a file
# (tests/architecture/test_two_databases.py).
PAGES_ON_ONE_DATABASE = ("test_*page.py", "test_*pages.py")
# Of the rest, whatever pytest-django lets through to a database, and whatever starts processes to break them.
ON_BOTH = "database or crash or race or clock"
NOTHING_COLLECTED = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("paths", nargs="*", help="tests to run; all of them when none is named")
    wanted = parser.parse_args()
    ended: dict[str, int] = {}
    if wanted.only != "postgres":
        if chromium.find() is None and chromium.fetch() is None:
            print(f"No browser tests: {chromium.NONE_FOUND}", flush=True)
        ended["SQLite"] = run("SQLite", wanted.paths, {"DATABASE_URL": ""})
    if wanted.only != "sqlite":
        ended["PostgreSQL"] = on_postgres(wanted.paths)
    return report(ended)


def run(name: str, paths: list[str], environment: dict[str, str], chosen: tuple[str, ...] = ()) -> int:
    started = time.monotonic()
    print(f"\n=== Tests on {name} ===", flush=True)
    workers = os.environ.get("TEST_WORKERS", str(min(os.cpu_count() or 1, 4)))
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "loadfile", *chosen, *paths]
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}).returncode
    print(f"=== {name}: {time.monotonic() - started:.0f} s ===", flush=True)
    return 0 if code == NOTHING_COLLECTED and paths else code


def on_postgres(paths: list[str]) -> int:
    with server() as (url, why_not):
        if url:
            return run("PostgreSQL", paths, {"DATABASE_URL": url}, () if paths else about_a_database())
    if os.environ.get("REQUIRE_POSTGRES") == "1":
        print(f"REQUIRE_POSTGRES=1, and {why_not}", flush=True)
        return 1
    print(f"SKIPPED the whole run on PostgreSQL: {why_not}", flush=True)
    return 0


def about_a_database() -> tuple[str, ...]:
    """pytest's options for what has to run on both; the others ran on SQLite."""
    folders = (f"--ignore={path}" for path in ON_ONE_DATABASE)
    pages = (f"--ignore-glob=*/{name}" for name in PAGES_ON_ONE_DATABASE)
    return (*folders, *pages, "-m", ON_BOTH)


@contextmanager
def server() -> Iterator[tuple[str, str]]:
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield named, ""
        return
    try:
        cluster = postgres.start()
    except postgres.NoPostgres as error:
        yield "", str(error)
        return
    try:
        yield cluster.url, ""
    finally:
        cluster.stop()


def report(ended: dict[str, int]) -> int:
    print()
    for name, code in ended.items():
        print(f"{name}: {'passed' if code == 0 else f'FAILED (pytest ended with {code})'}")
    return max(ended.values(), default=0)


if __name__ == "__main__":
    sys.exit(main())
