"""What the core says about a proposal: a finding, with the person's own numbers, what to do and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """How far a finding stands in the way (guideline.md section 0)."""

    HARD_STOP = "hard_stop"  # cannot be saved unless a prescriber overrides with reason, name and time
    WARNING = "warning"  # must be acknowledged with a reason
    ADVICE = "advice"  # shown


class Status(StrEnum):
    FIRES = "fires"
    CANNOT_BE_ASSESSED = "cannot_be_assessed"  # a fact is unknown; unknown is never "no"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the guideline, or a rule of our own, has to say. `code` is the rule's id, unchanged."""

    code: str
    severity: Severity
    message: str
    do: str
    source: str
    strength: str
    status: Status = Status.FIRES
    missing: tuple[str, ...] = ()  # the facts to record, where it cannot be assessed
    overridable: bool = True  # False for the few rules marked HS*
    emergency: bool = False  # by a limit of the rule itself, closer than the one from which it fires (INP-11, INP-12)
    answered_by: str | None = None  # a table named, an override: still listed, no longer in the way
    step: int | None = None

    def answered(self, by: str) -> Finding:
        """The same finding, answered: it stays listed and no longer stands in the way."""
        return replace(self, answered_by=by)

    @property
    def stops(self) -> bool:
        """Whether this finding alone keeps a proposal from being signed."""
        return self.severity is Severity.HARD_STOP and self.answered_by is None


def in_the_way(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The hard stops nobody has answered; a hard stop that cannot be assessed is one of them."""
    return tuple(finding for finding in findings if finding.stops)
