"""`glidepath simulate`: the level in plasma that a plan or a regimen would lead to, of one person or of many."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import click
from rich.markup import escape

from glidepath.clinical.facts.load import clinical_settings, formulary
from glidepath.clinical.pharmacokinetics.history import DoseHistory
from glidepath.clinical.pharmacokinetics.model import PharmacokineticsError
from glidepath.clinical.planfile.histories import histories_of_regimen, histories_of_steps
from glidepath.clinical.planfile.read import read_written
from glidepath.clinical.planfile.saying import CLEAN, LOOK
from glidepath.faces.cli.asking import read_regimen
from glidepath.faces.cli.curves import MOST_PEOPLE, UNIT, Curves, hours_of, of_many, of_one
from glidepath.faces.cli.curves_files import as_object, write_curves
from glidepath.faces.cli.exits import WrongUse
from glidepath.faces.cli.kinetic_figures import models_with, second_compartments
from glidepath.faces.cli.reading import FROM_STDIN, Hours, read_text, said_as_wrong_use
from glidepath.faces.cli.show import console, print_json, table

REGIMEN_DAYS = 28
AFTER_A_PLAN_DAYS = 28  # the wash-out after its last step
MOST_DAYS = 3660
MOST_TIMES = 2_000_000
WEEK = 7


@click.command()
@click.argument("what", metavar="PLAN.json|REGIMEN")
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), help="Days to look at. Default: the plan and 28 days; or 28."
)
@click.option(
    "--set",
    "changed",
    multiple=True,
    metavar="NAME=VALUE",
    help="Another figure: diazepam.half_life_h=90 (the clearance stays); lorazepam.compartments=2.",
)
@click.option("--people", type=click.IntRange(1, MOST_PEOPLE), help="So many virtual people, and their percentiles.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Which people they are.")
@click.option("--every", type=Hours(), default="1h", show_default=True, help="Hours between two values.")
@click.option(
    "--engine",
    type=click.Choice(["numpy", "dask"]),
    default="numpy",
    show_default=True,
    help="In this process, or on a Dask cluster.",
)
@click.option(
    "--before/--nothing-before", default=None, help="Were the first doses taken before? Default: of a plan yes."
)
@click.option("--out", metavar="F.csv|F.parquet", help="Write the values to a file.")
@click.option("--json", "as_json", is_flag=True, help="Print the values for programs.")
@click.pass_context
def simulate(
    context: click.Context,
    what: str,
    days: int | None,
    changed: tuple[str, ...],
    people: int | None,
    seed: int,
    every: Fraction,
    engine: str,
    before: bool | None,
    out: str | None,
    as_json: bool,
) -> None:
    """Simulate the plasma level of a plan or a regimen.

    Of a plan every step is taken as it is planned, released or not, and the present dose as taken long before; a
    regimen begins with its first dose. Hours count from the midnight that begins the first day. One person has the
    parameters of the facts, for 70 kg; with --people they vary as the facts say, and the 5th, 50th and 95th percentile
    are given.

    A curve explains what a cut does and when; it doses nobody. A medicine without sure parameters has no curve: exit
    code 1, and the reason.

    \b
    Examples:
      glidepath simulate "diazepam 10 mg x2" --days 14
      glidepath simulate plan.json --out levels.csv
      glidepath simulate plan.json --set diazepam.half_life_h=90 --json
      glidepath simulate plan.json --people 1000 --seed 7 --out levels.parquet
    """
    histories, length = _histories(what, days, before)
    if length * 24 / every > MOST_TIMES:
        raise WrongUse(
            f"That is more than {MOST_TIMES} values of each medicine. Choose fewer days, or a longer --every."
        )
    try:
        second, figures = second_compartments(histories, changed, formulary())
        if second and people is not None:
            raise WrongUse("How far people differ is known for one compartment alone. Leave out --people.")
        models, not_drawn = models_with(histories, figures, formulary())
        if not models:
            raise WrongUse(f"No curve can be drawn. {' '.join(not_drawn)}")
        chosen = {name: histories[name] for name in models}
        times = hours_of(length, every)
        curves = (
            of_one(models, chosen, times, second)
            if people is None
            else of_many(models, chosen, times, people, seed, engine)
        )
    except PharmacokineticsError as wrong:
        raise WrongUse(str(wrong)) from wrong
    if out is not None:
        write_curves(out, curves)
    if as_json:
        print_json(as_object(curves, not_drawn))
    elif out is None:
        _show(curves, length)
    for reason in not_drawn:
        click.echo(f"Not in the curves: {reason}", err=True)
    context.exit(LOOK if not_drawn else CLEAN)


def _histories(what: str, days: int | None, before: bool | None) -> tuple[Mapping[str, DoseHistory], int]:
    """The doses by medicine, and the days to look at."""
    if not _is_plan(what):
        regimen = read_regimen(what, formulary())
        length = days or REGIMEN_DAYS
        return histories_of_regimen(regimen.doses, length, taken_before=before is True), length
    text = read_text(what)
    with said_as_wrong_use():
        written = read_written(text, formulary=formulary(), default_times=clinical_settings().default_dose_times)
        if written.faults:
            raise WrongUse(f"The file contradicts itself. {written.faults[0].message}")
        if not written.steps:
            raise WrongUse("The plan has no step, so there is nothing to simulate. Plan again with other products.")
        length = days or (written.steps[-1].start - written.steps[0].start).days + AFTER_A_PLAN_DAYS
        return histories_of_steps(written.steps, length, taken_before=before is not False), length


def _is_plan(what: str) -> bool:
    try:
        return what == FROM_STDIN or what.lower().endswith(".json") or Path(what).is_file()
    except (OSError, ValueError):
        return False


def _show(curves: Curves, days: int) -> None:
    """The lowest and highest value of one day in each week, for people."""
    out = console()
    for curve in curves.curves:
        out.print(f"[bold]{escape(curve.medicine)}[/]: {escape(curve.species)}, {UNIT}")
        rows = table("Day", *(f"{name}: lowest to highest" for name in curves.columns))
        for day in range(0, days, 1 if days <= 2 * WEEK else WEEK):
            within = (curves.times_h >= day * 24) & (curves.times_h < (day + 1) * 24)
            if within.any():
                values = [curve.values[name][within] for name in curves.columns]
                rows.add_row(f"{day}", *(f"{one.min():.1f} to {one.max():.1f}" for one in values))
        out.print(rows)
    for note in curves.notes:
        out.print(escape(note), style="dim")
    out.print("A curve explains a cut and its delay. It sets no dose.", style="dim")
