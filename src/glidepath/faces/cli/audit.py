"""`glidepath audit verify`: reads every line of every chain, and names the first that is not as it was written."""

from __future__ import annotations

import re

import click

from glidepath.faces.cli.exits import WrongUse
from glidepath.faces.cli.server import start_django

BROKEN = 1


@click.group()
def audit() -> None:
    """The audit chain."""


@audit.command()
@click.option(
    "--kept",
    metavar="COUNT:HASH",
    help="What an earlier run printed and was kept elsewhere: shows a chain rewritten to its end.",
)
@click.option("--centre", "centre_name", metavar="NAME", help="Only this centre's chain.")
@click.pass_context
def verify(context: click.Context, kept: str | None, centre_name: str | None) -> None:
    """Check the chain of each centre. Prints COUNT:HASH, to be kept elsewhere; exit code 1 where a line is broken."""
    expected = read_kept(kept)
    start_django()
    from django.db import DatabaseError

    from glidepath.record.audit.verify import Verified, verify as verify_chain
    from glidepath.record.centres.queries import all_centres

    try:
        centres = [one for one in all_centres() if centre_name in (None, one.name)]
    except DatabaseError as nothing:
        raise WrongUse(f"There is no record in this database ({nothing}). `glidepath up` makes one.") from nothing
    if not centres:
        raise WrongUse(f"There is no centre {centre_name!r} here." if centre_name else "There is no centre here.")
    if expected and len(centres) > 1:
        raise WrongUse("--kept belongs to one chain: name it with --centre.")
    whole = True
    for centre in centres:
        found = verify_chain(centre, kept=expected, progress=lambda count: click.echo(f"  {count} lines ...", err=True))
        if isinstance(found, Verified):
            click.echo(f"{centre.name}: whole, {found.count} lines. Keep elsewhere: {found.count}:{found.hash}")
        else:
            whole = False
            click.echo(f"{centre.name}: broken at line {found.seq}, {found.what}. {found.says}")
    context.exit(0 if whole else BROKEN)


def read_kept(kept: str | None) -> tuple[int, str] | None:
    if kept is None:
        return None
    parts = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", kept.strip())
    if parts is None:
        raise WrongUse(f"--kept is COUNT:HASH as printed by an earlier run, not {kept!r}.")
    return int(parts[1]), parts[2]
