"""The command `glidepath`. The core's commands need no server; Django is imported only inside the server's own."""

from __future__ import annotations

import click

from glidepath import __version__
from glidepath.faces.cli.audit import audit
from glidepath.faces.cli.server import up, watch


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="glidepath")
def main() -> None:
    """Glidepath: plans benzodiazepine tapers, and runs a centre that accompanies them."""


main.add_command(audit)
main.add_command(up)
main.add_command(watch)
