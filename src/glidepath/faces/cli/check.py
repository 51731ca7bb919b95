"""`glidepath check`: a plan or a schedule that somebody wrote, and everything there is to say about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from glidepath.clinical.dosing.plan import Goal, Shape
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import clinical_settings, formulary
from glidepath.clinical.planfile.checking import Judged, check as check_written
from glidepath.clinical.planfile.read import Written, read_written
from glidepath.clinical.planfile.saying import exit_code
from glidepath.clinical.planfile.schedule_csv import read_csv
from glidepath.faces.cli.asking import Asked, plan_options, products_of, read_goal, settings_of, with_options
from glidepath.faces.cli.outputs import Outputs, give, output_options
from glidepath.faces.cli.reading import read_text, said_as_wrong_use


@click.command()
@click.argument("file", metavar="PLAN.json|SCHEDULE.csv")
@plan_options
@output_options
@click.pass_context
def check(context: click.Context, file: str, **options: Any) -> None:
    """Check a plan, or a schedule that was made elsewhere.

    It reads a plan file, a JSON with only “start” and “steps” (each with “start” and “doses” of “time”, “medicine”,
    “mg”), or a table date,time,medicine,mg; “-” is standard input. What is not in it is worked out: which products
    make each dose, how large each cut really is, what it equals in diazepam. A full plan is judged by its own settings,
    unless an option says otherwise. With --json the answer is a plan file that can be revised.

    \b
    Examples:
      glidepath check plan.json
      glidepath check schedule.csv --region uk --facts person.toml
      glidepath check schedule.csv --goal "diazepam 5 mg" --json > plan.json
    """
    outputs, asked = Outputs.of(options), Asked(**options)
    facts = formulary()
    text = read_text(file)
    with said_as_wrong_use():
        written = _written(text, facts)
        judged = _judged(written, asked, facts)
        found = check_written(written, judged, formulary=facts)
    give(found, outputs, title="Checked plan")
    context.exit(exit_code(found))


def _written(text: str, facts: Formulary) -> Written:
    if text.lstrip().startswith(("{", "[")):
        return read_written(text, formulary=facts, default_times=clinical_settings().default_dose_times)
    return Written(read_csv(text, formulary=facts))


def _judged(written: Written, asked: Asked, facts: Formulary) -> Judged:
    goal = written.goal or Goal() if asked.goal is None else read_goal(asked.goal, facts)
    medicines = sorted({name for step in written.steps for name in step.daily()})
    if written.file is None:
        typed = settings_of(asked, medicines, facts)
        shape = typed.shape if asked.shape is not None else Shape.TYPED
        return Judged(replace(typed, shape=shape), goal, make_again=True)
    settings = with_options(written.file.settings, asked, facts)
    if not asked.other_products:
        return Judged(settings, goal)
    return Judged(replace(settings, products=products_of(asked, settings, medicines, facts)), goal, make_again=True)
