"""JCG-13a, JCG-13b, PHB-1: phenobarbital for the taper."""

from __future__ import annotations

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.predicates import Condition, assessed
from glidepath.clinical.guidelines.wording import number

PHENOBARBITAL = "phenobarbital"


def check_phenobarbital(
    medicine: str, *, for_taper: bool | None, setting: Setting | None, experienced: bool | None
) -> tuple[Finding, ...]:
    """All three for an order of `medicine`. `experienced`: somebody experienced in this use prescribes or advises."""
    given = (Condition(medicine.strip().lower() == PHENOBARBITAL), Condition(for_taper, ("for_taper",)))
    elsewhere = None if setting is None else setting is not Setting.INPATIENT_MEDICAL
    outside = assessed(
        "JCG-13a",
        *given,
        Condition(elsewhere, ("setting",)),
        message="Phenobarbital for the taper, outside of inpatient medical care.",
        do="Give it in inpatient medical care alone; else taper the benzodiazepine.",
    )
    unversed = assessed(
        "JCG-13b",
        *given,
        Condition(None if experienced is None else not experienced, ("experienced",)),
        message="Phenobarbital for the taper, and nobody experienced in this use prescribes it or advises.",
        do="Ask somebody experienced before the first dose.",
    )
    study = assessed("PHB-1", *given, message=_what_was_found(), do="Look at alertness before each dose, and after.")
    return (*outside, *unversed, *study)


def _what_was_found() -> str:
    value = {name: number(one.value) for name, one in rule("PHB-1").values.items()}
    return (
        f"Of {value['people']} people in inpatient care with a fixed {value['course_days']}-day course about "
        f"{value['held_percent']} % had a dose held for sedation; none had a seizure, fall or injury. Within "
        f"{value['within_days']} days {value['emergency_percent']} % came to an emergency department and "
        f"{value['readmitted_percent']} % were admitted again, {value['for_withdrawal']} people for withdrawal. "
        "A look back at records."
    )
