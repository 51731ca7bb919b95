"""INP-12, INP-13: too sedated, or breathing too little, for the next sedative. The cut-offs are centre settings."""

from __future__ import annotations

from dataclasses import replace

from glidepath.clinical.facts.centre_settings import of_the_centre
from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding, Status
from glidepath.clinical.guidelines.missing import not_assessed
from glidepath.clinical.guidelines.wording import listed

HOLD = "INP-12"
HOLD_AT = ("hold_rass_at_most", "hold_rr_below", "hold_spo2_below", "hold_spo2_below_scale_2", "emergency_rr_at_most")
REVIEW = "INP-13"


def sedation_hold(
    *,
    rass: int | None,
    rr: int | None,
    spo2: int | None,
    scale_two: bool = False,
    asleep: bool = False,
    unsteady: bool | None = None,
    opioid: bool | None = None,
    hard_to_rouse: bool = False,
    settings: ClinicalSettings | None = None,
) -> tuple[Finding, ...]:
    """INP-12 (hold every sedative, not overridable) and INP-13 (hold the next dose and look at the conversion).

    rass: -5 to +4. rr: breaths a minute. spo2: percent; `scale_two` where a prescriber set the 88-92 % target.
    asleep: RASS is not asked for. hard_to_rouse: said to be so, with or without a RASS.
    unsteady: slurred speech or unsteady walking after a dose, None where nobody looked.
    opioid: whether an opioid may be in the body; unless known not to be, naloxone is named.
    """
    limits = settings or clinical_settings()
    seen = _over_sedation(rass, rr, spo2, scale_two, hard_to_rouse, limits)
    if seen:
        return (_hold(seen, rr, opioid, limits),)
    missing = _missing(rass, rr, spo2, asleep)
    unknown = (not_assessed(HOLD, missing),) if missing else ()
    return (*unknown, *_review(rass, unsteady, limits))


def holds_sedatives(findings: tuple[Finding, ...]) -> bool:
    """Whether INP-12 fires among `findings`."""
    return any(finding.code == HOLD and finding.status is Status.FIRES for finding in findings)


def _over_sedation(
    rass: int | None, rr: int | None, spo2: int | None, scale_two: bool, hard_to_rouse: bool, limits: ClinicalSettings
) -> tuple[str, ...]:
    lowest = limits.hold_spo2_below_scale_2 if scale_two else limits.hold_spo2_below
    seen = []
    if rass is not None and rass <= limits.hold_rass_at_most:
        seen.append(f"RASS {signed(rass)}: hard to rouse")
    elif hard_to_rouse:
        seen.append("hard to rouse" if rass is None else f"RASS {signed(rass)}, and hard to rouse")
    if rr is not None and rr < limits.hold_rr_below:
        seen.append(f"{rr} breaths a minute, under {limits.hold_rr_below}")
    if spo2 is not None and spo2 < lowest:
        seen.append(f"oxygen saturation {spo2} %, under {lowest} %")
    return tuple(seen)


def _hold(seen: tuple[str, ...], rr: int | None, opioid: bool | None, limits: ClinicalSettings) -> Finding:
    do = "Hold every sedative and call the physician now."
    emergency = rr is not None and rr <= limits.emergency_rr_at_most
    if emergency:
        naloxone = "" if opioid is False else " Naloxone if an opioid is possible."
        do = f"Emergency: call for help and support breathing.{naloxone} {do}"
    words = listed(seen)
    said = f"{words[0].upper()}{words[1:]}.{of_the_centre(limits, *HOLD_AT)}"
    return replace(rule(HOLD).finding(message=said, do=do), emergency=emergency)


def _review(rass: int | None, unsteady: bool | None, limits: ClinicalSettings) -> tuple[Finding, ...]:
    drowsy = rass is not None and rass <= limits.review_rass
    if not drowsy and not unsteady:
        return ()
    seen = [f"RASS {signed(rass)}"] if drowsy and rass is not None else []
    seen += ["slurred speech or unsteady walking after a dose"] if unsteady else []
    words = listed(seen)
    return (
        rule(REVIEW).finding(
            message=f"{words[0].upper()}{words[1:]}.{of_the_centre(limits, 'review_rass')}",
            do="Hold the next dose, and ask a prescriber to look at the conversion: the dose is probably too high.",
        ),
    )


def _missing(rass: int | None, rr: int | None, spo2: int | None, asleep: bool) -> tuple[str, ...]:
    asked = {"rr": rr, "spo2": spo2} if asleep else {"rass": rass, "rr": rr, "spo2": spo2}
    return tuple(name for name, value in asked.items() if value is None)


def signed(rass: int) -> str:
    """A RASS as it is written: "+1", "0", "−3"."""
    return f"+{rass}" if rass > 0 else str(rass).replace("-", "−")
