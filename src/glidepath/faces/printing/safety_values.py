"""A person's safety plan for their hand, as values and as the sentences that are printed. Their words stay theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from glidepath.faces.printing.plan_values import NOT_PRINTABLE
from glidepath.faces.shell import words


@dataclass(frozen=True, slots=True)
class OwnSafetyPlan:
    """The sheet. parts: heading and lines, in order. made_at: on the centre's clock. No number here is ours."""

    preferred_name: str
    centre_name: str
    centre_phone: str
    crisis_line: str
    made_at: dt.datetime
    version: int
    written_on: dt.date
    parts: tuple[tuple[str, tuple[str, ...]], ...]


def safety_sheet(plan: OwnSafetyPlan) -> dict[str, Any]:
    """Everything that stands on the page, as plain text in plain lists."""
    made = plan.made_at.date()
    return {
        "title": f"My safety plan, {plan.preferred_name}" if plan.preferred_name else "My safety plan",
        "made": f"Written together on {words.day(plan.written_on)}. These are my words, and I can change them.",
        "date": [made.year, made.month, made.day],
        "parts": [[f"{number} {heading}", list(lines)] for number, (heading, lines) in enumerate(plan.parts, 1)],
        "numbers": [text for text in (plan.crisis_line, _centre(plan)) if text],
        "foot": f"Safety plan, version {plan.version}, printed {words.day(made)}",
    }


def printable(plan: OwnSafetyPlan, is_printable: Callable[[str], bool]) -> OwnSafetyPlan:
    """The plan with each line that the print letters lack replaced by a line that says so; names are left out."""

    def safe(text: str) -> str:
        return text if is_printable(text) else NOT_PRINTABLE

    def name(text: str) -> str:
        return text if is_printable(text) else ""

    return replace(
        plan,
        preferred_name=name(plan.preferred_name),
        centre_name=name(plan.centre_name),
        centre_phone=name(plan.centre_phone),
        crisis_line=name(plan.crisis_line),
        parts=tuple((heading, tuple(safe(line) for line in lines)) for heading, lines in plan.parts),
    )


def _centre(plan: OwnSafetyPlan) -> str:
    """The centre, where it has a telephone: a name alone is nobody to call."""
    return ": ".join(text for text in (plan.centre_name, plan.centre_phone) if text) if plan.centre_phone else ""
