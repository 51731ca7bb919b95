"""A rule's predicate as its conditions: it fires when all hold, is silent when one does not, else names what it needs.

Conditions stand in the order in which they are asked: only the first that is open is asked for, so that a person who is
not pregnant is not asked about an obstetric plan.
"""

from __future__ import annotations

from dataclasses import dataclass

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import all_of, any_of, not_assessed


@dataclass(frozen=True, slots=True)
class Condition:
    """One part of a predicate: whether it holds, and what could decide it where that is unknown (None)."""

    holds: bool | None
    waits_for: tuple[str, ...] = ()


def yes(facts: PersonFacts, *names: str) -> Condition:
    """One of these yes/no facts is yes."""
    answers = [None if facts.get(name) is None else bool(facts.get(name)) for name in names]
    return Condition(any_of(*answers), facts.unknown(*names))


def no(facts: PersonFacts, name: str) -> Condition:
    """This yes/no fact is no."""
    answer = facts.get(name)
    return Condition(None if answer is None else not answer, (name,))


def one_of(facts: PersonFacts, name: str, *choices: str) -> Condition:
    """The answer to this choice is one of `choices`."""
    answer = facts.get(name)
    return Condition(None if answer is None else answer in choices, (name,))


def either(*conditions: Condition) -> Condition:
    """One of them holds; where that is open, it waits for all that are."""
    waits_for = tuple(name for one in conditions if one.holds is None for name in one.waits_for)
    return Condition(any_of(*(one.holds for one in conditions)), waits_for)


def assessed(
    code: str, *conditions: Condition, message: str, do: str, severity: Severity | None = None
) -> tuple[Finding, ...]:
    """The finding of rule `code`, that it cannot be assessed, or nothing."""
    fires = all_of(*(one.holds for one in conditions))
    if fires:
        return (rule(code).finding(message=message, do=do, severity=severity),)
    if fires is None:
        still_open = next(one for one in conditions if one.holds is None)
        return (not_assessed(code, still_open.waits_for),)
    return ()
