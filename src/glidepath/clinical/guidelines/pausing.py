"""JCG-11, JCG-11p, TPR-6 to TPR-9: when a taper gets hard, is paused, turned or resumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.missing import not_assessed
from glidepath.clinical.guidelines.wording import days, doses, percent
from glidepath.clinical.language import blame


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast: `cut` is a share of the present dose, `interval_days` calendar days between two cuts."""

    cut: Fraction
    interval_days: int

    def __str__(self) -> str:
        return f"{percent(self.cut)} every {days(self.interval_days)}"

    def slower_than(self, other: Pace) -> bool:
        """Smaller cuts or longer between them, and neither of the two faster."""
        no_faster = self.cut <= other.cut and self.interval_days >= other.interval_days
        return no_faster and self != other


def check_symptoms(*, interfere: bool | None, step: int | None = None) -> tuple[Finding, ...]:
    """JCG-11: symptoms that interfere stand against the next cut. `interfere`: as the last symptom review says."""
    if interfere is None:
        return (not_assessed("JCG-11", ("symptoms_interfere",), step=step),)
    if not interfere:
        return ()
    return (
        rule("JCG-11").finding(
            message="The last symptom review says that symptoms interfere with the person's life.",
            do="Pause or slow first. Then consider treating the symptom, psychological support, a longer-acting "
            "benzodiazepine, or staying at a lower dose.",
            step=step,
        ),
    )


def check_resume(*, before: Pace, after: Pace) -> tuple[Finding, ...]:
    """JCG-11p: after a pause go on more slowly than before. Answered when the new pace is slower."""
    finding = rule("JCG-11p").finding(
        message=f"The taper was paused at a pace of {before}; it would go on at {after}.",
        do="Choose smaller cuts or more days between them than before the pause.",
    )
    return (finding.answered(f"slower than before: {after}") if after.slower_than(before) else finding,)


def check_between_doses(*, missed: bool | None, interdose_withdrawal: bool | None) -> tuple[Finding, ...]:
    """TPR-6: doses missed, or withdrawal felt between doses."""
    if missed or interdose_withdrawal:
        seen = "Doses were missed" if missed else "Withdrawal is felt between doses"
        do = "Do not skip doses. Consider smaller doses more often, or a longer-acting benzodiazepine."
        return (rule("TPR-6").finding(message=f"{seen}.", do=do),)
    known = {"missed_dose": missed, "interdose_withdrawal": interdose_withdrawal}
    missing = tuple(name for name, value in known.items() if value is None)
    return (not_assessed("TPR-6", missing),) if missing else ()


def check_increase(
    before: Mapping[str, Dose], after: Mapping[str, Dose], *, reason: str = "", step: int | None = None
) -> tuple[Finding, ...]:
    """TPR-7: a return to a higher dose, which `before` and `after` describe; answered by the prescriber's reason."""
    finding = rule("TPR-7").finding(
        message=f"The dose would go up, from {doses(tuple(before.values()))} to {doses(tuple(after.values()))} a day.",
        do="A brief return to the last dose that was tolerated is an exception, not an error: give the reason.",
        step=step,
    )
    return (finding.answered(f"reason: {reason.strip()}") if reason.strip() else finding,)


def check_end_point(*, cuts_tolerated: bool | None) -> tuple[Finding, ...]:
    """TPR-8: further cuts are not tolerated; a lower dose that stays is a valid end point."""
    if cuts_tolerated is None:
        return (not_assessed("TPR-8", ("cuts_tolerated",)),)
    if cuts_tolerated:
        return ()
    return (
        rule("TPR-8").finding(
            message="Further cuts are not tolerated.",
            do="Staying at this lower dose is a valid goal: offer it, and change the plan's goal if the person agrees.",
        ),
    )


def check_reason(reason: str) -> tuple[Finding, ...]:
    """TPR-9: a reason says what happened, never that the person failed."""
    found = blame(reason)
    if not found:
        return ()
    return (
        rule("TPR-9").finding(
            message=f"The reason says “{found[0].found}”.",
            do=f"Write what happened instead: the symptom, the dose and the day. For example: {found[0].use}",
        ),
    )
