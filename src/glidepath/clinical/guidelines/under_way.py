"""A taper that has begun, as the rules see it today: what is behind is done, and what was answered stays answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from glidepath.clinical.dosing.plan import TaperPlan
from glidepath.clinical.findings import Finding, Severity, Status


def from_today(plan: TaperPlan, *, step: int, today: dt.date) -> TaperPlan:
    """The plan as it stands on `today`: the step in force as the present dose, and what lies ahead.

    step: the number of the step in force. Where the next one is overdue because nobody released it, everything ahead
    moves by the days it is late, as it would if it were released today. Raises ValueError for a step the plan lacks.
    """
    now = next((one for one in plan.steps if one.number == step), None)
    if now is None:
        raise ValueError(f"step {step} is not in this plan: it has {', '.join(str(one.number) for one in plan.steps)}")
    ahead = [one for one in plan.steps if one.number > step]
    late = max(today - ahead[0].start, dt.timedelta(0)) if ahead else dt.timedelta(0)
    later = (replace(one, start=one.start + late) for one in ahead)
    return replace(plan, start=today, steps=(replace(now, start=today), *later))


def as_signed(findings: Iterable[Finding], signed: Iterable[Finding], *, reason: str) -> tuple[Finding, ...]:
    """The findings, those answered that were said in the same words when the plan was signed, and answered then.

    signed: what was said then. reason: why the signer went on although warnings stood. Other numbers, or another
    hard stop than was answered, is something new and stays unanswered.
    """
    kept = {_same(one): _answer(one, reason) for one in signed if one.status is Status.FIRES}
    return tuple(_answered(one, kept.get(_same(one))) for one in findings)


def _same(finding: Finding) -> tuple[str, int | None, str, Severity]:
    return finding.code, finding.step, finding.message, finding.severity


def _answer(finding: Finding, reason: str) -> str | None:
    """A hard stop has its own answer; warnings are acknowledged together; advice needs none."""
    if finding.answered_by is not None:
        return finding.answered_by
    return (reason.strip() or None) if finding.severity is Severity.WARNING else None


def _answered(finding: Finding, by: str | None) -> Finding:
    return finding if by is None or finding.answered_by is not None else finding.answered(by)
