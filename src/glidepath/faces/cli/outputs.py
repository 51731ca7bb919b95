"""Where a plan goes: to the terminal, to a program as JSON, to paper, to a calendar, to a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from glidepath.clinical.dosing.revise import Difference
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.planfile.schedule_csv import write_csv
from glidepath.clinical.planfile.values import PlanFile
from glidepath.clinical.planfile.write import write
from glidepath.faces.cli.reading import Zone, write_bytes
from glidepath.faces.cli.show import console, show_plan

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--json", "as_json", is_flag=True, help="Print the plan file, for programs and to keep."),
    click.option("--pdf", metavar="F", help="Write the person's sheet as a PDF."),
    click.option("--ics", metavar="F", help="Write the doses that are due as a calendar for a telephone."),
    click.option("--csv", metavar="F", help="Write the steps as a table: date,time,medicine,mg."),
    click.option("--zone", type=Zone(), help="Time zone of the calendar. Default: whatever zone the telephone is in."),
)


def output_options(command: Command) -> Command:
    """The options that say where a plan goes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Outputs:
    as_json: bool = False
    pdf: str | None = None
    ics: str | None = None
    csv: str | None = None
    zone: dt.tzinfo | None = None

    @classmethod
    def of(cls, options: dict[str, Any]) -> Outputs:
        """Takes its own options out of all that were given."""
        return cls(**{name: options.pop(name) for name in ("as_json", "pdf", "ics", "csv", "zone") if name in options})


def give(file: PlanFile, outputs: Outputs, *, title: str, difference: Difference | None = None) -> None:
    """Prints the plan and writes the files that were asked for."""
    if outputs.csv is not None:
        write_bytes(outputs.csv, write_csv(file.plan.steps).encode())
    if outputs.pdf is not None or outputs.ics is not None:
        _print_calendar(file, outputs)
    if outputs.as_json:
        click.echo(write(file, formulary=formulary(), difference=difference), nl=False)
    else:
        show_plan(console(), file, title)


def _print_calendar(file: PlanFile, outputs: Outputs) -> None:
    """Only here the typesetter is loaded."""
    from glidepath.faces.cli.calendar import calendar_of, paper_of
    from glidepath.faces.printing.ics import calendar_ics
    from glidepath.faces.printing.pdf import calendar_pdf

    calendar = calendar_of(file)
    if outputs.pdf is not None:
        write_bytes(outputs.pdf, calendar_pdf(calendar, paper=paper_of(file)))
    if outputs.ics is not None:
        write_bytes(outputs.ics, calendar_ics(calendar, zone=outputs.zone))
