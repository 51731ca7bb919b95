"""`glidepath score`: an instrument scored; an unanswered item gives no total."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from glidepath.clinical.facts.load import instrument
from glidepath.clinical.instruments.score import AnswersError, BadAnswer, Score
from glidepath.clinical.instruments.typed import Scored, score_typed
from glidepath.clinical.planfile.saying import code_of
from glidepath.faces.cli.asking import facts_of
from glidepath.faces.cli.exits import WrongUse
from glidepath.faces.cli.reading import FROM_STDIN, read_text
from glidepath.faces.cli.show import console, print_json, show_findings


@click.command()
@click.argument("name", metavar="INSTRUMENT")
@click.argument("answers", metavar='"1,0,,2 ..."|ANSWERS.json')
@click.option("--facts", metavar="FILE", help="What is known of the person, where a rule asks for it: TOML or JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print the score for programs.")
@click.pass_context
def score(context: click.Context, name: str, answers: str, facts: str | None, as_json: bool) -> None:
    """Score an instrument: PHQ-9, GAD-7, CIWA-B, CIWA-Ar, COWS, C-SSRS and the others (an unknown name lists them).

    Answers stand in the order of the items, with commas between them; an empty place is unanswered, and then there is
    no total. NEWS2 takes breaths, oxygen saturation, air or oxygen, systolic pressure, pulse, consciousness (A C V P
    U), temperature. They may be given by name too, and as a JSON file; then sex=female, age=67 and bands=NAME may stand
    beside them, where bands differ. A score is no diagnosis and sets no dose.

    \b
    Examples:
      glidepath score ciwa-b "1,1,2,0,1,0,1,1,1,2,1,3,1,3,0,1,1,0,1,0,5,60"
      glidepath score news2 "18,97,air,128,96,A,37.2"
      glidepath score news2 "rr=18, spo2=91, spo2_scale=2, on_oxygen=no, sbp=128, pulse=96, mind=A, temp_c=37.2"
      glidepath score phq-9 "1,2,1,1,0,0,1,0,0"
      glidepath score audit-c "frequency=2, quantity=1, occasions=0, sex=female"
      glidepath score ciwa-b answers.json --json
    """
    text = (
        read_text(answers)
        if answers == FROM_STDIN or answers.lower().endswith(".json") or _is_file(answers)
        else answers
    )
    try:
        found = score_typed(name, text, facts=facts_of(facts))
    except (AnswersError, BadAnswer) as wrong:
        raise WrongUse(f"{str(wrong).rstrip('.')}.") from wrong
    if as_json:
        print_json(_object(found))
    else:
        _show(found)
    context.exit(code_of(found.findings))


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False


def _object(found: Scored) -> dict[str, Any]:
    score = found.score
    return {
        "instrument": score.instrument,
        "version": score.version,
        "total": score.total,
        "band": _band(score.band),
        "complete": score.complete,
        "answered": score.answered,
        "items": score.items,
        "subscales": dict(score.subscales or {}),
        "alerts": [{"code": one.code, "message": one.message, "do": one.do} for one in found.alerts],
        "notes": list(found.notes),
    }


def _show(found: Scored) -> None:
    out, score, named = console(), found.score, instrument(found.score.instrument)
    out.print(f"[bold]{escape(named.name)}[/]: {escape(_result(score))}")
    for key, points in (score.subscales or {}).items():
        out.print(f"  {escape(key)}: {points}")
    out.print(escape(f"{named.origin}. {named.missing_rule}"), style="dim")
    show_findings(out, found.findings)
    for note in score.notes:
        out.print(escape(note))


def _result(score: Score) -> str:
    """Total and band in words; without a total what there is instead."""
    band = score.band_label or _band(score.band)
    if score.total is not None:
        prorated = f" ({score.label})" if score.prorated else ""
        return f"{score.total}{prorated}, {band}" if band else f"{score.total}{prorated}"
    if score.complete:
        return band or "answered; it has no total"
    partial = f"no total ({score.label}; so far {score.subtotal})"
    return f"{band}; {partial}" if band else partial


def _band(key: str | None) -> str | None:
    """A band in words, as the instrument prints it."""
    return None if key is None else key.replace("_", " ")
