"""`glidepath equivalence`: what a day's doses equal in diazepam, by every table side by side."""

from __future__ import annotations

from typing import Any

import click
from rich.markup import escape

from glidepath.clinical.amounts import plain
from glidepath.clinical.dosing.equivalence import Equivalents, equivalents
from glidepath.clinical.facts.load import formulary, rule
from glidepath.clinical.planfile.exact import shown_text
from glidepath.clinical.planfile.figures import equivalents_json, without_figure_json
from glidepath.clinical.planfile.saying import CLEAN, LOOK
from glidepath.clinical.regimen import Regimen
from glidepath.faces.cli.asking import read_regimen
from glidepath.faces.cli.show import console, print_json, table


@click.command()
@click.argument("regimen")
@click.option("--json", "as_json", is_flag=True, help="Print it for programs.")
@click.pass_context
def equivalence(context: click.Context, regimen: str, as_json: bool) -> None:
    """Show what is taken in a day as diazepam, by each published table.

    Nothing is averaged, and no number stands for what no table says. A figure is where a prescriber begins to think,
    never a dose. Exit code 1: no table covers all of it.

    \b
    Examples:
      glidepath equivalence "alprazolam 1 mg x3 + lorazepam 1 mg x1"
      glidepath equivalence "clonazepam 500 micrograms 08:00 20:00" --json
    """
    facts = formulary()
    read = read_regimen(regimen, facts)
    found = equivalents(read.daily(), formulary=facts)
    if as_json:
        print_json(_object(read, found))
    else:
        _show(read, found)
    context.exit(CLEAN if found.by_table else LOOK)


def _object(regimen: Regimen, found: Equivalents) -> dict[str, Any]:
    facts = formulary()
    return {
        "regimen": regimen.text(),
        "daily_mg": {name: plain(dose.mg) for name, dose in regimen.daily().items()},
        "diazepam_equivalent_mg": equivalents_json(found, facts),
        "without_figure": without_figure_json(found, facts),
        "lowest_mg": None if found.lowest is None else shown_text(found.lowest),
        "highest_mg": None if found.highest is None else shown_text(found.highest),
        "differ_ratio": None if found.differ_ratio is None else shown_text(found.differ_ratio),
        "facts_version": facts.version,
    }


def _show(regimen: Regimen, found: Equivalents) -> None:
    out, facts = console(), formulary()
    out.print(f"[bold]{escape(regimen.text())}[/]")
    rows = table("Table", "Diazepam a day", "From")
    for key, one in found.by_table.items():
        high = "" if one.low == one.high else f" to {shown_text(one.high)}"
        rows.add_row(*map(escape, (facts.table(key).name, f"{shown_text(one.low)}{high} mg", facts.table(key).title)))
    for key, names in found.without_figure.items():
        rows.add_row(*map(escape, (facts.table(key).name, f"no figure for {', '.join(names)}", facts.table(key).title)))
    out.print(rows)
    ratio = found.differ_ratio
    if ratio is None:
        out.print("[bold yellow]No table covers all of it[/]: find the dose under watch. Nothing is converted.")
    elif ratio >= rule("EQ-1").value("ratio"):
        out.print(
            f"[bold yellow]The tables differ by {float(ratio):.3g} times[/] (EQ-1): for an exchange a prescriber names "
            "the table, begins at the lower figure, and watches."
        )
