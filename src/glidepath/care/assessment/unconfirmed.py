"""What a finding says where it rests on an earlier stay's answer that nobody has confirmed in this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from glidepath.care.assessment import queries
from glidepath.care.assessment.standing import Heard
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.domains import asked_question
from glidepath.record import clock
from glidepath.record.people.models import Person


def dated(person: Person, findings: Iterable[Finding], said: Mapping[str, Heard] | None = None) -> tuple[Finding, ...]:
    """The findings, each with "as of DATE, not confirmed in this stay" for the earlier warnings its rule asks for.

    said: what was told and stands, where it was read already.
    """
    kept = queries.unconfirmed(person, said)
    return tuple(_dated(person, one, kept) for one in findings)


def _dated(person: Person, finding: Finding, kept: Sequence[Heard]) -> Finding:
    of_rule = [one for one in kept if finding.code in asked_question(one.name).rules]
    if not of_rule:
        return finding
    said = "; ".join(f"{asked_question(one.name).words} as of {_day(person, one)}" for one in of_rule)
    return replace(finding, message=f"{finding.message} Not confirmed in this stay: {said}.")


def _day(person: Person, one: Heard) -> str:
    return f"{clock.local(person.centre, one.answer.happened_at):%-d %b %Y}"
