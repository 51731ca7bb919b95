"""JCG-6d, INP-14: faster than the ceiling as an inpatient, by a named protocol with two signatures."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.wording import listed, percent


@dataclass(frozen=True, slots=True)
class Protocol:
    """A rapid inpatient protocol by name, and who signed for it. `addiction_physician`: one of them is one."""

    name: str
    signed_by: tuple[str, ...] = ()
    addiction_physician: bool = False

    @property
    def carries(self) -> bool:
        """Whether it stands: named, two different people, an addiction physician among them."""
        return bool(self.name.strip()) and len(set(self.signed_by)) >= 2 and self.addiction_physician

    @property
    def words(self) -> str:
        return f"protocol {self.name}, signed by {listed(self.signed_by)}"


def check_over_ceiling_inpatient(
    cut: Fraction, *, message: str, protocol: Protocol | None, step: int | None
) -> tuple[Finding, ...]:
    """JCG-6d for a lowering over the ceiling as an inpatient. Answered by a protocol that carries it."""
    finding = rule("JCG-6d").finding(
        message=message,
        do="Name the inpatient protocol, and have an addiction physician and a second clinician sign for it; or lower "
        "more slowly.",
        step=step,
    )
    answered = protocol is not None and protocol.carries and cut > 0
    return (finding.answered(protocol.words) if answered and protocol else finding,)


def check_rapid_protocol(
    protocol: Protocol | None, *, setting: Setting, fastest_day: Fraction | None = None
) -> tuple[Finding, ...]:
    """INP-14: a rapid protocol is used. `fastest_day`: the largest lowering in one day, of the starting equivalent."""
    if protocol is None:
        return ()
    found = rule("INP-14")
    limit = Fraction(found.value("cut_percent_per_day")) / 100
    seen = [f"The plan follows the rapid protocol {protocol.name}, which is faster than the joint guideline."]
    if setting is not Setting.INPATIENT_MEDICAL:
        seen.append("The setting is not inpatient medical care.")
    if fastest_day is not None and fastest_day > limit:
        seen.append(f"One day lowers by {percent(fastest_day, against=limit)} of the starting dose.")
    finding = found.finding(
        message=" ".join(seen),
        do="Only in inpatient medical care, by a named protocol with two signatures (JCG-6d), and with each day's "
        f"review; eTG goes by up to {percent(limit)} of the starting dose a day after stabilising.",
    )
    inside = setting is Setting.INPATIENT_MEDICAL and (fastest_day is None or fastest_day <= limit)
    return (finding.answered(protocol.words) if protocol.carries and inside else finding,)
