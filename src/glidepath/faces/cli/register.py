"""`glidepath register verify`: every movement of the controlled-drug register by its hash, every balance by its sum."""

from __future__ import annotations

import click

from glidepath.faces.cli.audit import BROKEN, read_kept
from glidepath.faces.cli.exits import WrongUse
from glidepath.faces.cli.server import start_django


@click.group()
def register() -> None:
    """The controlled-drug register."""


@register.command()
@click.option(
    "--kept",
    metavar="COUNT:HASH",
    help="What an earlier run printed and was kept elsewhere: shows a chain rewritten to its end.",
)
@click.option("--centre", "centre_name", metavar="NAME", help="Only this centre's register.")
@click.pass_context
def verify(context: click.Context, kept: str | None, centre_name: str | None) -> None:
    """Check the register of each centre, and reconcile it with its last counts. Prints COUNT:HASH, to keep elsewhere.

    Exit code 1 where a movement is not as it was written, a balance is not its sum, or something is left unexplained.
    """
    expected = read_kept(kept)
    start_django()
    from django.db import DatabaseError

    from glidepath.care.supply.queries import Whole, reconcile, verify as verify_register
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
        found = verify_register(
            centre, kept=expected, progress=lambda count: click.echo(f"  {count} movements ...", err=True)
        )
        if not isinstance(found, Whole):
            whole = False
            click.echo(f"{centre.name}: broken at movement {found.seq}. {found.says}")
            continue
        click.echo(f"{centre.name}: whole, {found.count} movements. Keep elsewhere: {found.count}:{found.hash}")
        for line in reconcile(centre):
            if not line.is_explained:
                whole = False
                click.echo(f"  not explained: lot {line.batch.lot} in {line.location.name}, {line.apart} base units")
    context.exit(0 if whole else BROKEN)
