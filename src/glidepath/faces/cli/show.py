"""What people see: tables and colour where a terminal shows them, plain text where it does not."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from glidepath.clinical.amounts import exact_decimal, plain
from glidepath.clinical.dosing.plan import Kind, Made, PlannedDose, Product, Step, StepState
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.clinical.guidelines.missing import firing, group_by_subject
from glidepath.clinical.planfile.figures import Figures, figures_of
from glidepath.clinical.planfile.values import PlanFile
from glidepath.faces.shell.pills import in_words
from glidepath.faces.shell.words import NBSP

SIGNS = {Fraction(1, 4): "¼", Fraction(1, 2): "½", Fraction(3, 4): "¾"}
WIDE = 110  # columns where it is no terminal, so that the same plan is the same text
STYLES = {Severity.HARD_STOP: "bold red", Severity.WARNING: "yellow", Severity.ADVICE: "cyan"}
WORDS = {Severity.HARD_STOP: "hard stop", Severity.WARNING: "warning", Severity.ADVICE: "advice"}


def console() -> Console:
    """Standard output for people. No colour where it is no terminal or NO_COLOR is set."""
    width = None if sys.stdout.isatty() else WIDE
    return Console(file=sys.stdout, width=width, highlight=False)


def print_json(content: Any) -> None:
    """A value for programs."""
    click.echo(json.dumps(content, indent=2, ensure_ascii=False))


def table(*columns: str, title: str | None = None) -> Table:
    """A table without lines down its side, so that it can be copied."""
    found = Table(
        title=title, title_justify="left", box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0)
    )
    for column in columns:
        found.add_column(column)
    return found


def day(date: dt.date) -> str:
    return f"{date:%a} {date.day:>2} {date:%b %Y}"


def amount(count: Fraction, product: Product) -> str:
    """Pieces or mL with what they are: "1 × 10 mg tablet and half a 5 mg tablet"."""
    return in_words([Made(product, count)]).replace(NBSP, " ")


def show_plan(out: Console, file: PlanFile, title: str) -> None:
    """The steps of a plan as a table, why it ends where it does, and what there is to say about it."""
    plan = file.plan
    out.print(f"[bold]{escape(title)}[/]")
    out.print(escape(_what(file)))
    out.print()
    if plan.steps:
        out.print(steps_table(file))
        out.print()
    _show_end(out, file)
    show_findings(out, plan.findings)


def steps_table(file: PlanFile) -> Table:
    """One row a step: from when, daily amounts, how large the cut is, and what is taken when."""
    plan = file.plan
    found = table("Step", "From", "A day", "Cut", "In 14 days", "What is taken")
    settings = file.settings
    figures = figures_of(
        plan,
        limits=settings.limits,
        table=settings.table,
        before=settings.before,
        formulary=formulary(),
    )
    for step, one in zip(plan.steps, figures, strict=True):
        style = "" if step.state is StepState.RELEASED else "dim"
        cells = (f"{step.number}", _from(step), _a_day(step), _percent(one), _percent_14(one), _taken(step))
        found.add_row(*(escape(cell) for cell in cells), style=style)
    return found


def show_findings(out: Console, findings: Sequence[Finding]) -> None:
    """What fires, hard stops first; what was answered; and one line for each fact that is missing."""
    open_ones = [one for one in firing(findings) if one.answered_by is None]
    for (code, source), same in groupby(open_ones, key=lambda one: (one.code, f"{one.source}, {one.strength}")):
        for one in same:
            out.print(f"[{STYLES[one.severity]}]{escape(code)} · {WORDS[one.severity]}[/] · {escape(_said(one))}")
        out.print(f"  Source: {escape(source)}", style="dim")
    answered = [one for one in findings if one.answered_by is not None and one.status is Status.FIRES]
    for one in answered:
        out.print(
            f"{escape(one.code)} · answered ({escape(one.answered_by or '')}): {escape(one.message)}", style="dim"
        )
    _show_missing(out, findings)


def _said(one: Finding) -> str:
    return f"{one.message} {one.do}"


def _show_missing(out: Console, findings: Sequence[Finding]) -> None:
    """One line a subject, those first for which a hard stop waits."""
    subjects = group_by_subject(findings)
    if not subjects:
        return
    out.print()
    out.print("[bold]Not known[/] (give it with --facts; * a hard stop waits for it)")
    for subject in subjects:
        names = ", ".join(fact.name for fact in subject.facts)
        out.print(f"{'*' if subject.stops else ' '} {escape(str(subject))} [dim]{escape(names)}[/]")


def _show_end(out: Console, file: PlanFile) -> None:
    plan = file.plan
    if plan.complete:
        last = plan.steps[-1]
        lasts = (last.start - plan.start).days
        out.print(f"Reaches the goal on [bold]{day(last.start)}[/], after {lasts} days and {len(plan.steps)} steps.")
    elif plan.blocked is not None:
        out.print(f"[bold red]Not complete[/] ({escape(plan.blocked.code)}): {escape(plan.blocked.message)}")
        out.print(escape(plan.blocked.do))
    elif plan.on_hold:
        out.print("[bold yellow]On hold[/]: the present dose goes on, and nothing is cut until it resumes.")
    if file.alternatives:
        out.print("[bold]What would free it[/]")
    for one in file.alternatives:
        end = f"ends on {day(one.plan.steps[-1].start)}" if one.plan.complete else "does not reach the goal either"
        out.print(f"  {escape(one.kind.replace('_', ' '))}: {escape(one.what)} ({len(one.plan.steps)} steps, {end})")
    waiting = sum(step.state is StepState.PROJECTED for step in plan.steps)
    if waiting:
        out.print(f"{_count(waiting, 'step')} projected: none begins until a prescriber releases it.", style="dim")
    out.print()


def _what(file: PlanFile) -> str:
    settings = file.settings
    pace = f"{plain_percent(settings.cut)} every {_count(settings.interval_days, 'day')}, {settings.shape.value}"
    goal = " + ".join(map(str, file.plan.goal.kept)) or "zero"
    return f"{file.regimen.text()} → {goal} · {pace} · {settings.setting.value}, {settings.region.value}"


def plain_percent(share: Fraction) -> str:
    return f"{float(share * 100):.4g} %"


def _from(step: Step) -> str:
    return day(step.start) + (f" {step.from_time:%H:%M}" if step.from_time is not None else "")


def _a_day(step: Step) -> str:
    return " + ".join(str(dose) for dose in step.daily().values()) or "no doses"


def _percent(one: Figures) -> str:
    return _short(one.cut_percent)


def _percent_14(one: Figures) -> str:
    return _short(one.cut_percent_14_days)


def _short(percent: str) -> str:
    return "" if percent == "0" else f"{float(percent):.4g} %"


def _taken(step: Step) -> str:
    return "\n".join(f"{one.time:%H:%M} {_pieces(one)}" for one in step.doses)


def _pieces(one: PlannedDose) -> str:
    """Short, for a table: "1 × 10 mg tablet, ½ × 5 mg tablet"."""
    made = ", ".join(_part(part) for part in one.made)
    return made or f"{one.dose}: no product makes it"


def _part(part: Made) -> str:
    product = part.product
    if product.kind is Kind.LIQUID:
        return f"{plain(exact_decimal(part.count))} mL of {product.name}"
    whole, rest = divmod(part.count, 1)
    return f"{whole or ''}{SIGNS.get(rest, '')} × {product.name}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
