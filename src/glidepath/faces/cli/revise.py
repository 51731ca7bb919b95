"""`glidepath revise`: release a step, hold, go on, slow down, step back. What was in force stays."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from fractions import Fraction

import click
from rich.console import Console
from rich.markup import escape

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Product, Step
from glidepath.clinical.dosing.revise import Difference, in_force
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import clinical_settings, formulary
from glidepath.clinical.planfile.read import read
from glidepath.clinical.planfile.saying import exit_code
from glidepath.clinical.planfile.shelf import marketed
from glidepath.clinical.planfile.turning import Turn, turn
from glidepath.clinical.planfile.values import PlanFile, Turned
from glidepath.faces.cli.asking import read_goal
from glidepath.faces.cli.outputs import Outputs, give
from glidepath.faces.cli.plan import SWITCHED_TO
from glidepath.faces.cli.reading import Day, Interval, Share, TimeOfDay, read_text, said_as_wrong_use
from glidepath.faces.cli.show import amount, console, day

_AMOUNT_ALONE = re.compile(r"\s*[\d.,]+\s*(mg|mcg|micrograms?)\s*", re.IGNORECASE)


@click.command()
@click.argument("file", metavar="PLAN.json")
@click.argument("kind", metavar="release|hold|resume|slow|step-back", type=click.Choice([one.value for one in Turned]))
@click.option("--on", type=Day(), required=True, help="The day from which it counts.")
@click.option("--time", type=TimeOfDay(), help="The dose time from which it counts. Default: the first of that day.")
@click.option("--to", metavar="DOSE", help="Step back to this daily dose. Default: the last that was higher.")
@click.option("--cut", type=Share(), help="The new share of each cut. Default: half of the present one.")
@click.option("--every", type=Interval(), help="The new interval. Default: the present one.")
@click.option("--reason", required=True, help="What was seen or asked for; of a release, what the review found.")
@click.option("--json", "as_json", is_flag=True, help="Print the new plan file with the difference.")
@click.pass_context
def revise(
    context: click.Context,
    file: str,
    kind: str,
    on: dt.date,
    time: dt.time | None,
    to: str | None,
    cut: Fraction | None,
    every: int | None,
    reason: str,
    as_json: bool,
) -> None:
    """Turn a plan that runs.

    \b
    release    the next step begins on its day; --on is the day of the symptom review
    hold       no more cuts; the present dose goes on
    resume     go on after a hold, more slowly than before
    slow       smaller cuts or longer intervals from here
    step-back  back to an earlier dose, then on more slowly

    Nothing before the day changes. The file is not written over: the new version is printed.

    \b
    Examples:
      glidepath revise plan.json release --on 2026-12-10 --reason "reviewed: sleeps well" --json > v2.json
      glidepath revise v2.json hold --on 2026-12-20 --time 14:00 --reason "exam week" --json > v3.json
      glidepath revise v3.json resume --on 2027-01-10 --cut 5% --reason "steady again" --json > v4.json
      glidepath revise v2.json step-back --on 2026-12-20 --to "diazepam 20 mg" --reason "tremor" --json > v3.json
    """
    facts, text = formulary(), read_text(file)
    with said_as_wrong_use():
        before = read(text, formulary=facts, default_times=clinical_settings().default_dose_times)
        doses = () if to is None else _doses(to, before, on, time, facts)
        asked = Turn(Turned(kind), on, reason, time, doses, cut, every)
        turned = turn(before, asked, formulary=facts, could_be_had=_could_be_had(before, facts))
    give(turned.file, Outputs(as_json), title=f"Version {turned.file.version}", difference=turned.difference)
    if not as_json:
        _show_difference(console(), turned.difference)
    context.exit(exit_code(turned.file))


def _could_be_had(file: PlanFile, facts: Formulary) -> tuple[Product, ...]:
    """What is sold of the medicines of the plan, and of the one most often switched to: for a plan that is blocked."""
    medicines = sorted({name for step in file.plan.steps for name in step.daily()} | {SWITCHED_TO})
    settings = file.settings
    return marketed(medicines, region=settings.region, split=settings.split, liquids=True, formulary=facts)


def _doses(text: str, file: PlanFile, on: dt.date, time: dt.time | None, facts: Formulary) -> tuple[Dose, ...]:
    """The daily doses to go back to; of the only medicine that is taken the amount alone will do."""
    taken = list(in_force(file.plan, on, time or dt.time.min).daily())
    named = f"{taken[0]} {text}" if _AMOUNT_ALONE.fullmatch(text) and len(taken) == 1 else text
    return read_goal(named, facts).kept


def _show_difference(out: Console, difference: Difference) -> None:
    out.print()
    out.print("[bold]What changes[/]")
    ends = [difference.end_before, difference.end_after]
    before, after = ("not reached" if end is None else day(end) for end in ends)
    out.print(f"  The goal: {before} → {after}")
    for one in difference.steps[:8]:
        out.print(f"  Step {one.number}: {escape(_step(one.before))} → {escape(_step(one.after))}")
    if len(difference.steps) > 8:
        out.print(f"  and {len(difference.steps) - 8} more steps")
    out.print(f"  Needed for the {difference.supply_days} days from then:")
    for word, needed in (("before", difference.needed_before), ("now", difference.needed_after)):
        out.print(f"    {word}: {escape(_needed(needed))}")


def _step(step: Step | None) -> str:
    if step is None:
        return "none"
    return f"{' + '.join(map(str, step.daily().values())) or 'no doses'} from {day(step.start)} ({step.state.value})"


def _needed(needed: Mapping[Product, Fraction]) -> str:
    return "; ".join(f"{one.medicine} {amount(count, one)}" for one, count in needed.items()) or "nothing"
