"""A private PostgreSQL for one test run: its own folder, a socket and no port, gone when the run ends."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/usr/pgsql-*/bin")
# Tests are thrown away: nothing has to survive a power cut here.
# Emptying every table between two tests locks each of them, its indexes and its guard, in every worker at once.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "max_locks_per_transaction": "512",
}
UNPRIVILEGED = ("postgres", "nobody")


class NoPostgres(RuntimeError):
    """Why there is none, and what to do."""


@dataclass(frozen=True)
class Cluster:
    folder: Path
    programs: Path
    as_whom: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"postgres://glidepath@/postgres?host={self.folder}"

    def stop(self) -> None:
        _run(self, "pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def start() -> Cluster:
    """Raises NoPostgres when no server programs are installed, or they would not start."""
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="glidepath-pg-", dir="/tmp"))
    cluster = Cluster(folder, programs, _as_whom(folder))
    data, options = str(folder / "data"), " ".join(f"-c {name}={value}" for name, value in FAST.items())
    socket_only = f"-c listen_addresses='' -c unix_socket_directories={folder} {options}"
    try:
        _run(
            cluster,
            "initdb",
            "-D",
            data,
            "-U",
            "glidepath",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C.UTF-8",
        )
        _run(cluster, "pg_ctl", "-D", data, "-o", socket_only, "-l", str(folder / "log"), "-w", "-t", "60", "start")
    except subprocess.CalledProcessError as error:
        shutil.rmtree(folder, ignore_errors=True)
        said = (error.stderr or error.stdout or b"").decode(errors="replace").strip().splitlines()
        raise NoPostgres(f"PostgreSQL in {programs} would not start: {said[-1] if said else error}") from error
    return cluster


def find_programs() -> Path:
    """The folder of the newest installed server programs."""
    found = [path for place in PLACES for path in sorted(Path("/").glob(place[1:]), key=_version)]
    on_path = shutil.which("initdb")
    candidates = [*reversed(found), *([Path(on_path).resolve().parent] if on_path else [])]
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoPostgres(
        "no PostgreSQL server programs here: install them (Debian: apt-get install postgresql), "
        "or name a server with TEST_DATABASE_URL=postgres://..."
    )


def _version(folder: Path) -> int:
    digits = "".join(sign for sign in folder.parent.name if sign.isdigit())
    return int(digits or 0)


def _as_whom(folder: Path) -> tuple[str, ...]:
    """As root the server refuses to run: then it runs as a user without rights, who is given the folder."""
    if os.geteuid() != 0:
        return ()
    for name in UNPRIVILEGED:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return ("runuser", "-u", name, "--") if shutil.which("runuser") else ("su", name, "-s", "/bin/sh", "-c")
    raise NoPostgres("as root PostgreSQL does not run, and there is no user without rights here: run as a plain user")


def _run(cluster: Cluster, program: str, *arguments: str) -> None:
    command = [str(cluster.programs / program), *arguments]
    if cluster.as_whom[:1] == ("su",):
        quoted = " ".join("'" + part.replace("'", "'\\''") + "'" for part in command)
        command = [quoted]
    subprocess.run([*cluster.as_whom, *command], check=True, capture_output=True, cwd="/tmp")
