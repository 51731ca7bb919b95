"""JCG-14, JCG-15: medicines that are not used to taper a benzodiazepine."""

from __future__ import annotations

import re

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.missing import not_assessed

ANTAGONIST = "flumazenil"
ANAESTHETICS = frozenset({"propofol", "ketamine"})


def check_purpose(medicine: str, *, for_taper: bool | None) -> tuple[Finding, ...]:
    """JCG-14 and JCG-15 for an order of `medicine`, as it was typed: the generic name with whatever stands beside it,
    such as "ketamine hydrochloride 50 mg/mL". `for_taper`: whether it is ordered for the taper."""
    name = medicine.strip().lower()
    if for_taper is False:
        return ()
    words = {*re.findall(r"\w+", name)}
    if ANTAGONIST in words:
        return (_finding("JCG-14", name, for_taper, "it can cause a seizure that does not stop, and arrhythmia"),)
    if words & ANAESTHETICS:
        return (_finding("JCG-15", name, for_taper, "anaesthetics are to be avoided for tapering"),)
    return ()


def _finding(code: str, medicine: str, for_taper: bool | None, why: str) -> Finding:
    if for_taper is None:
        return not_assessed(code, ("for_taper",))
    return rule(code).finding(
        message=f"{medicine.capitalize()} is ordered for the taper: {why}.",
        do="Choose another way: a slower taper, a longer-acting benzodiazepine, support for symptoms.",
    )
