"""`glidepath due`: which doses a plan gives on some days, as the released steps stand."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

import click

from glidepath.clinical.amounts import plain
from glidepath.clinical.dosing.schedule import DueDose
from glidepath.clinical.facts.load import clinical_settings, formulary
from glidepath.clinical.planfile.due import due_doses, waiting
from glidepath.clinical.planfile.read import read_written
from glidepath.clinical.planfile.write import as_lines, clock, made_json
from glidepath.faces.cli.exits import WrongUse
from glidepath.faces.cli.reading import Day, Zone, read_text, said_as_wrong_use
from glidepath.faces.cli.show import console, day, table
from glidepath.faces.shell.pills import in_words
from glidepath.faces.shell.words import NBSP

LONGEST = 3660  # days that one look may span, ours


@click.command()
@click.argument("file", metavar="PLAN.json")
@click.option("--from", "first", type=Day(), required=True, help="The first day.")
@click.option("--to", "last", type=Day(), required=True, help="The last day; it is counted too.")
@click.option("--zone", type=Zone(), default="UTC", show_default=True, help="Whose clock, like Europe/London.")
@click.option("--projected", is_flag=True, help="As if every projected step were released in time.")
@click.option("--json", "as_json", is_flag=True, help="Print one object a dose.")
def due(file: str, first: dt.date, last: dt.date, zone: dt.tzinfo, projected: bool, as_json: bool) -> None:
    """Show the doses of some days.

    A step that nobody has released does not begin: the present dose goes on past its planned end, and a line on
    standard error says so. Each named time comes once a calendar day, also on the days on which clocks change.

    \b
    Examples:
      glidepath due plan.json --from 2026-12-01 --to 2026-12-07
      glidepath due plan.json --from 2027-03-27 --to 2027-03-29 --zone Europe/London --json
    """
    if last < first:
        raise WrongUse(f"The last day, {last}, comes before the first, {first}. Write --from before --to.")
    if (last - first).days > LONGEST:
        raise WrongUse(f"{first} to {last} is more than {LONGEST} days. Choose fewer.")
    text = read_text(file)
    with said_as_wrong_use():
        written = read_written(text, formulary=formulary(), default_times=clinical_settings().default_dose_times)
        if written.faults:
            raise WrongUse(f"The file contradicts itself. {written.faults[0].message}")
        doses = due_doses(written.steps, first=first, last=last, zone=zone, as_projected=projected)
    held_back = None if projected else waiting(written.steps, last)
    if as_json:
        click.echo(as_lines([_object(dose, zone) for dose in doses]), nl=False)
    else:
        _show(doses, zone)
    if held_back is not None:
        click.echo(
            f"A step planned for {held_back} is not released: until it is, the dose before it goes on. "
            "glidepath revise PLAN.json release releases it.",
            err=True,
        )


def _object(dose: DueDose, zone: dt.tzinfo) -> dict[str, Any]:
    return {
        "at": dose.due_at.astimezone(zone).isoformat(),
        "time": clock(dose.local_time),
        "medicine": dose.medicine,
        "mg": plain(dose.dose.mg),
        "products": [made_json(part) for part in dose.made],
        "step": dose.step_number,
    }


def _show(doses: tuple[DueDose, ...], zone: dt.tzinfo) -> None:
    rows = table("Day", "Time", "Dose", "Pieces", "Step")
    for date, of_day in groupby(doses, key=lambda dose: dose.due_at.astimezone(zone).date()):
        for number, dose in enumerate(of_day):
            pieces = in_words(dose.made).replace(NBSP, " ") if dose.made else ""
            rows.add_row(
                "" if number else day(date), clock(dose.local_time), str(dose.dose), pieces, f"{dose.step_number}"
            )
    out = console()
    out.print(rows if doses else "No dose is due on these days.")
