"""`glidepath plan`: from the present doses to zero or a lower dose, in real products, within the limits."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import click

from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.planfile.making import plan_file
from glidepath.clinical.planfile.saying import exit_code
from glidepath.clinical.planfile.shelf import marketed
from glidepath.clinical.planfile.values import PlanFile
from glidepath.clinical.regimen import Regimen
from glidepath.faces.cli.asking import Asked, plan_options, read_goal, read_regimen, request_for, settings_of
from glidepath.faces.cli.outputs import Outputs, give, output_options
from glidepath.faces.cli.reading import Day, said_as_wrong_use

SWITCHED_TO = "diazepam"  # the medicine that guidance on a switch names (EQ-7)


@click.command()
@click.argument("regimen")
@click.option("--start", type=Day(), required=True, help="The first day of the plan: the present dose, without a cut.")
@plan_options
@output_options
@click.pass_context
def plan(context: click.Context, regimen: str, start: dt.date, **options: Any) -> None:
    """Plan a taper from what is taken now.

    REGIMEN is typed as it is said: names of medicines (generic or brand), mg or micrograms, and clock times or xN for
    the usual times of N doses a day; several medicines are joined by "+".

    The plan is exact: every dose is made of products that exist, and no limit is broken after rounding. Where products
    do not allow that, it stops at the step that binds and says what would free it.

    \b
    Examples:
      glidepath plan "alprazolam 1 mg 08:00 14:00 22:00" --start 2026-12-01
      glidepath plan "Xanax 1 mg x3" --start 2026-12-01 --switch-to diazepam --table va-dod-2021
      glidepath plan "diazepam 10 mg x2" --start 2026-12-01 --cut 5% --every 21d --liquids
      glidepath plan "diazepam 10 mg x2" --start 2026-12-01 --goal "diazepam 5 mg" --json > plan.json
      glidepath plan "diazepam 8 mg x1" --start 2026-12-01 --stock "diazepam 2 mg tablet (half)" --pdf taper.pdf
    """
    outputs, asked = Outputs.of(options), Asked(**options)
    made = planned(regimen, start, asked)
    give(made, outputs, title="Taper plan")
    context.exit(exit_code(made))


def planned(text: str, start: dt.date, asked: Asked) -> PlanFile:
    """The plan of a typed regimen and options. Raises WrongUse."""
    facts = formulary()
    regimen, goal = read_regimen(text, facts), read_goal(asked.goal or "0", facts)
    medicines = [*regimen.daily(), *([asked.switch_to] if asked.switch_to else [])]
    with said_as_wrong_use():
        settings = settings_of(asked, medicines, facts)
        return plan_file(
            replace(request_for(regimen, start, goal, settings), exchange=_exchanged(regimen, facts)),
            formulary=facts,
            facts=settings.facts,
            region=settings.region,
            split=settings.split,
            liquids=settings.liquids,
            could_be_had=marketed(
                [*medicines, SWITCHED_TO], region=settings.region, split=settings.split, liquids=True, formulary=facts
            ),
        )


def _exchanged(regimen: Regimen, facts: Formulary) -> tuple[str, ...]:
    """Every benzodiazepine is exchanged. Where only Z-drugs are taken, the switch itself names them (EQ-3)."""
    names = tuple(regimen.daily())
    return names if all(facts.find(name).is_z_drug for name in names) else ()
