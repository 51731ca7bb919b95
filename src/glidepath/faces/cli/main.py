"""The command `glidepath`. The core's commands need no server; Django is imported only inside the server's own."""

from __future__ import annotations

import click

from glidepath import __version__
from glidepath.faces.cli.exits import Commands

HERE = "glidepath.faces.cli"
PLACES = {
    "formulary": f"{HERE}.formulary:formulary",
    "equivalence": f"{HERE}.equivalence:equivalence",
    "plan": f"{HERE}.plan:plan",
    "check": f"{HERE}.check:check",
    "revise": f"{HERE}.revise:revise",
    "due": f"{HERE}.due:due",
    "simulate": f"{HERE}.simulate:simulate",
    "score": f"{HERE}.score:score",
    "up": f"{HERE}.server:up",
    "watch": f"{HERE}.server:watch",
    "audit": f"{HERE}.audit:audit",
    "register": f"{HERE}.register:register",
}


@click.group(cls=Commands, places=PLACES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="glidepath")
def main() -> None:
    """Glidepath: plans benzodiazepine tapers, and runs a centre that accompanies them.

    \b
    A taper from nothing but the present doses:
      glidepath plan "alprazolam 1 mg 08:00 14:00 22:00" --start 2026-12-01
    Keep it in a file, check it, turn it, see what is due:
      glidepath plan "diazepam 10 mg x2" --start 2026-12-01 --json > plan.json
      glidepath check plan.json
      glidepath revise plan.json hold --on 2026-12-10 --reason "sleeps badly" --json > held.json
      glidepath due held.json --from 2026-12-10 --to 2026-12-12

    Decision support for licensed clinicians: it proposes, a prescriber decides. Exit codes: 0 clean; 1 a warning, or a
    hard-stop rule that cannot be assessed; 2 a hard stop, or no complete plan; 64 wrong use.
    """
