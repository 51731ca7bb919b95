"""The paces that sources state, side by side, for this person's dose. None is chosen here, and none is invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.load import Seen, cks_schedule, rule
from glidepath.clinical.guidelines.conversion import DIAZEPAM
from glidepath.clinical.guidelines.wording import mg, number


@dataclass(frozen=True, slots=True)
class PaceProposal:
    """A pace as a source states it: `cut` and `every` in words, for what, and where it comes from."""

    code: str
    cut: str
    every: str
    why: str
    source: str
    seen: Seen


def pace_proposals(daily: Mapping[str, Dose]) -> tuple[PaceProposal, ...]:
    """The joint guideline's usual pace, and for diazepam alone the row of NICE CKS for this dose.

    daily: mg of each medicine a calendar day. CKS prints its rows for diazepam, so no other medicine is read by them.
    Sources: JCG-6 and TPR-4.
    """
    return (_usual(), *_cks(daily))


def _usual() -> PaceProposal:
    found = rule("JCG-6")
    low, high = (number(found.value(name)) for name in ("cut_percent_low", "cut_percent_high"))
    weeks = [number(found.value(name)) for name in ("weeks_low", "weeks_high")]
    return PaceProposal(
        code="JCG-6",
        cut=f"{low} to {high} % of the present dose",
        every=f"{weeks[0]} to {weeks[1]} weeks",
        why="the usual pace",
        source=found.source,
        seen=found.seen,
    )


def _cks(daily: Mapping[str, Dose]) -> tuple[PaceProposal, ...]:
    diazepam = daily.get(DIAZEPAM)
    row = cks_schedule().row(diazepam.mg) if diazepam is not None and len(daily) == 1 else None
    if row is None:
        return ()
    cut = _span(Fraction(row.cut_low_mg), Fraction(row.cut_high_mg))
    return (
        PaceProposal(
            code="TPR-4",
            cut=f"{cut} of diazepam",
            every=f"{number(row.weeks_low)} to {number(row.weeks_high)} weeks",
            why=f"diazepam from {mg(row.from_mg)} down to {mg(row.to_mg)} a day: smaller steps at lower doses",
            source=rule("TPR-4").source,
            seen=cks_schedule().seen,
        ),
    )


def _span(low: Fraction, high: Fraction) -> str:
    return mg(low) if low == high else f"{number(low)} to {mg(high)}"
