"""A person's own copy of their plan, as values and as the sentences that are printed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from glidepath.faces.printing.advice import EMERGENCY_SIGNS
from glidepath.faces.shell import words

NOT_PRINTABLE = "(These words are in letters that this sheet cannot print. Ask your team to write them here by hand.)"


@dataclass(frozen=True, slots=True)
class OwnObjective:
    """What will be different, how it shows, by when, and who does what."""

    words: str
    target: str
    by: dt.date | None
    does: tuple[tuple[str, str], ...]  # what is done; who and how often


@dataclass(frozen=True, slots=True)
class OwnGoal:
    """One goal in the person's words, with what it is about."""

    words: str
    about: str
    objectives: tuple[OwnObjective, ...]


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """The whole sheet. made_at: on the centre's clock. agreed: how the person stands to it, in their words."""

    preferred_name: str
    centre_name: str
    centre_phone: str
    crisis_line: str
    made_at: dt.datetime
    version: int
    signed_by: str
    signed_on: dt.date
    agreed: str
    goals: tuple[OwnGoal, ...]
    next_review: dt.date | None


def plan_sheet(plan: OwnPlan) -> dict[str, Any]:
    """Everything that stands on the pages, as plain text in plain lists: their words first."""
    made = plan.made_at.date()
    return {
        "title": f"Your plan, {plan.preferred_name}" if plan.preferred_name else "Your plan",
        "made": f"Version {plan.version}, signed by {plan.signed_by or 'your team'} on {words.day(plan.signed_on)}.",
        "date": [made.year, made.month, made.day],
        "goals": [goal.words for goal in plan.goals],
        "agreed": plan.agreed,
        "parts": [_part(goal) for goal in plan.goals],
        "review": _review(plan.next_review),
        "call": f"Call us: {plan.centre_phone or 'your team here'}.",
        "signs": [one.lead for one in EMERGENCY_SIGNS],
        "numbers": [text for text in (plan.crisis_line, _centre(plan)) if text],
        "foot": f"Plan version {plan.version}, printed {words.day(made)}",
    }


def printable(plan: OwnPlan, is_printable: Any) -> OwnPlan:
    """The plan with each text that the print letters lack replaced by a line that says so; names are left out."""

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
        signed_by=name(plan.signed_by),
        agreed=safe(plan.agreed),
        goals=tuple(
            OwnGoal(
                safe(goal.words),
                safe(goal.about),
                tuple(
                    OwnObjective(
                        safe(one.words), safe(one.target), one.by, tuple((safe(a), safe(b)) for a, b in one.does)
                    )
                    for one in goal.objectives
                ),
            )
            for goal in plan.goals
        ),
    )


def _part(goal: OwnGoal) -> dict[str, Any]:
    return {
        "goal": goal.words,
        "about": goal.about,
        "objectives": [
            {
                "words": one.words,
                "target": f"It is reached when: {one.target}" + (f", by {words.day(one.by)}." if one.by else "."),
                "does": [list(each) for each in one.does],
            }
            for one in goal.objectives
        ],
    }


def _review(day: dt.date | None) -> str:
    when = f"We look at this plan with you again by {words.day(day)}. " if day else ""
    return f"{when}You can ask for it earlier, on any day. You can ask to slow down or to pause at any time."


def _centre(plan: OwnPlan) -> str:
    return ": ".join(text for text in (plan.centre_name, plan.centre_phone) if text)
