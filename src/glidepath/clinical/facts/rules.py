"""A guideline rule as the facts know it: its code, how far it stands in the way, its numbers and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.findings import Finding, Severity, Status


@dataclass(frozen=True, slots=True)
class RuleValue:
    """One number of a rule with its unit. `ours`: a centre may change it; the default is our reading."""

    name: str
    value: Decimal
    unit: str
    seen: Seen
    ours: bool
    source: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `source` is the text clinicians read; `source_key` the entry in sources.toml or references.toml.

    strength: the source's own grade ("CC-S"), "n/g" where it gives none, "OP" where the rule is our reading.
    """

    code: str
    title: str
    severity: Severity
    overridable: bool
    strength: str
    source: str
    source_key: str | None
    seen: Seen
    ours: bool
    values: Mapping[str, RuleValue]
    note: str | None = None

    def value(self, name: str) -> Decimal:
        """The number called `name`. Raises KeyError naming the rule and what it has."""
        try:
            return self.values[name].value
        except KeyError:
            raise KeyError(f"{self.code} has no value {name!r}; it has {sorted(self.values)}") from None

    def finding(
        self,
        *,
        message: str,
        do: str,
        severity: Severity | None = None,
        status: Status = Status.FIRES,
        missing: tuple[str, ...] = (),
        step: int | None = None,
    ) -> Finding:
        """A finding of this rule: code, severity, strength, source and overridable come from the facts.

        Raises ValueError for an unverified rule: nobody has seen it in a source, so it is never shown as guidance.
        """
        if self.seen is Seen.UNVERIFIED:
            raise ValueError(f"{self.code} is unverified and is never shown as guidance")
        return Finding(
            code=self.code,
            severity=self.severity if severity is None else severity,
            message=message,
            do=do,
            source=self.source,
            strength=self.strength,
            status=status,
            missing=missing,
            overridable=self.overridable,
            step=step,
        )

    def cannot_be_assessed(self, *, message: str, do: str, missing: tuple[str, ...]) -> Finding:
        """The finding that says which facts are missing: unknown is never "no"."""
        return self.finding(message=message, do=do, status=Status.CANNOT_BE_ASSESSED, missing=missing)
