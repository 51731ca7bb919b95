"""JCG-29a, JCG-29b: a baby who was exposed to benzodiazepines before birth."""

from __future__ import annotations

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.predicates import assessed, no, yes
from glidepath.clinical.guidelines.wording import number


def check_infant(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-29a: encourage breastfeeding. JCG-29b: tell the baby's clinician, with a parent's consent alone."""
    value = rule("JCG-29a").value
    breastfeeding = assessed(
        "JCG-29a",
        yes(facts, "infant_exposed"),
        message="A baby was exposed before birth. Breastfeeding may lessen the baby's withdrawal; of "
        f"{number(value('infants'))} breastfed babies {number(value('sedated_infants'))} were drowsy.",
        do="Encourage breastfeeding, and watch the baby for drowsiness. Older texts advise against it.",
    )
    told = assessed(
        "JCG-29b",
        yes(facts, "infant_exposed"),
        yes(facts, "parental_consent"),
        no(facts, "infant_clinician_told"),
        message="A baby was exposed before birth, a parent consented, and the baby's clinician has not been told.",
        do="Tell the baby's clinician. Without a parent's consent nothing is sent.",
    )
    return (*breastfeeding, *told)
