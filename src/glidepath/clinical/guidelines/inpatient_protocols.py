"""JCG-6d, INP-14: faster than the ceiling as an inpatient, by a named protocol with two signatures.

Of planned steps no reason answers these two rules. A protocol of the facts does, inside its own limits, in inpatient
medical care, signed by two different people of whom one is an addiction physician. A single dose that a prescriber sets
now (an order, or the step that a signature lets begin) may be far lower for a reason: somebody can be too sedated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from glidepath.clinical.dosing.equivalence import equivalents
from glidepath.clinical.dosing.plan import Setting, Step
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import InpatientProtocol, rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.daily_dose import dde
from glidepath.clinical.guidelines.wording import days, listed, mg


@dataclass(frozen=True, slots=True)
class Protocol:
    """A rapid inpatient protocol of the facts, and who signed for it. `addiction_physician`: one of them is one."""

    named: InpatientProtocol
    signed_by: tuple[str, ...] = ()
    addiction_physician: bool = False

    @property
    def name(self) -> str:
        return self.named.name

    @property
    def carries(self) -> bool:
        """Whether it stands: signed by two different people, an addiction physician among them."""
        return len(set(self.signed_by)) >= 2 and self.addiction_physician

    @property
    def words(self) -> str:
        return f"protocol {self.name}, signed by {listed(self.signed_by)}"


def check_over_ceiling_inpatient(
    cut: Fraction, *, message: str, protocol: Protocol | None, step: int | None, is_planned: bool
) -> tuple[Finding, ...]:
    """JCG-6d for a lowering over the ceiling as an inpatient. Answered by a protocol that carries it.

    is_planned: a step that is to follow by plan, which a reason does not answer.
    """
    found = rule("JCG-6d").finding(
        message=message,
        do="Name the inpatient protocol, and have an addiction physician and a second clinician sign for it; or lower "
        "more slowly.",
        step=step,
    )
    finding = replace(found, overridable=not is_planned)
    answered = protocol is not None and protocol.carries and cut > 0
    return (finding.answered(protocol.words) if answered and protocol else finding,)


def check_rapid_protocol(
    protocol: Protocol | None, steps: Sequence[Step], *, setting: Setting, table: str | None, formulary: Formulary
) -> tuple[Finding, ...]:
    """INP-14: a rapid protocol is used. Answered by its signatures, where nothing of the plan lies outside of it.

    steps: those of the plan, the first without a cut. table: the equivalence table the prescriber named.
    """
    if protocol is None:
        return ()
    faults = outside(protocol.named, steps, setting=setting, table=table, formulary=formulary)
    seen = (f"The plan follows the rapid protocol {protocol.name}, which is faster than the joint guideline.", *faults)
    finding = rule("INP-14").finding(
        message=" ".join(seen),
        do="Change what lies outside of the protocol, or plan without it."
        if faults
        else "Two clinicians sign for it, an addiction physician among them; each cut waits for that day's review.",
    )
    return (finding.answered(protocol.words) if protocol.carries and not faults else finding,)


def outside(
    named: InpatientProtocol, steps: Sequence[Step], *, setting: Setting, table: str | None, formulary: Formulary
) -> tuple[str, ...]:
    """What of a plan lies outside the protocol, a sentence each; nothing where its signatures can carry it."""
    here = () if setting is Setting.INPATIENT_MEDICAL else ("The setting is not inpatient medical care.",)
    medicines = sorted({name for step in steps for name in step.daily()})
    if len(medicines) > 1:
        return (*here, f"It is for one medicine, and the plan holds {listed(medicines)}: exchange first, then name it.")
    totals = [dde(equivalents(step.daily(), formulary=formulary), table) for step in steps]
    if None in totals:
        return (*here, f"No table has a figure for {listed(medicines)}, so its limits cannot be read.")
    daily = [total for total in totals if total is not None]
    return (
        *here,
        *_start(named, steps[0], daily[0]),
        *_too_soon(named, steps),
        *_too_much(named, steps, daily),
        *_too_far(named, steps, daily),
    )


def _start(named: InpatientProtocol, first: Step, total: Fraction) -> Iterable[str]:
    most, single = named.start_at_most_mg, named.dose_at_most_mg
    if most is not None and total > most:
        yield f"It begins with {mg(total, against=most)} a day; by {named.name} with {mg(most)} at most."
    of_day = sum((planned.dose.exact for planned in first.doses), Fraction(0))
    largest = max((planned.dose.exact for planned in first.doses), default=Fraction(0))
    if single is not None and of_day and largest / of_day * total > single:
        largest = largest / of_day * total
        yield f"One dose is {mg(largest, against=single)}; by {named.name} {mg(single)} at most at one time."


def _too_soon(named: InpatientProtocol, steps: Sequence[Step]) -> Iterable[str]:
    if named.stabilise_days is None or len(steps) < 2:
        return
    low, high = named.stabilise_days
    if steps[1].start < steps[0].start + dt.timedelta(days=low):
        waited = (steps[1].start - steps[0].start).days
        yield f"The first cut comes after {days(waited)}; {named.name} stabilises for {low} to {days(high)} before it."


def _too_much(named: InpatientProtocol, steps: Sequence[Step], daily: Sequence[Fraction]) -> Iterable[str]:
    limit = named.most_a_day(daily[0])
    cuts = zip(steps[1:], pairwise(daily), strict=True)
    over = [(step, old, new) for step, (old, new) in cuts if old - new > limit]
    if over:
        step, old, new = max(over, key=lambda one: one[1] - one[2])
        fell = f"from {mg(old)} to {mg(new)} in a day: {mg(old - new, against=limit)} less"
        yield f"Step {step.number} goes {fell}; {named.name} allows {mg(limit)}."


def _too_far(named: InpatientProtocol, steps: Sequence[Step], daily: Sequence[Fraction]) -> Iterable[str]:
    least = named.discharge_at_most_mg
    if least is None:
        return
    cuts = zip(steps[1:], pairwise(daily), strict=True)
    further = next((step for step, (old, new) in cuts if new < old <= least), None)
    if further is not None:
        yield (
            f"Step {further.number} cuts on below {mg(least)}: down to {mg(least)} or less goes {named.name}, for "
            f"discharge, and no further. Write {mg(least)} as the goal."
        )
