"""JCG-24, JCG-G2: what is diagnosed, and is it treated? Physical dependence is no use disorder."""

from __future__ import annotations

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.predicates import assessed, no, yes
from glidepath.clinical.guidelines.wording import listed, number

# The mental health conditions JCG-24 is about, and how a finding names them.
CONDITIONS = {
    "dx_ptsd": "post-traumatic stress disorder",
    "dx_mood": "a mood disorder",
    "dx_bipolar": "bipolar disorder",
    "dx_psychotic": "a psychotic disorder",
    "major_psych": "an untreated major mental illness",
    "dx_other_psych": "another mental health condition",
}


def check_mental_health(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-24: treat mental health conditions by their own evidence, before or beside the taper."""
    present = [words for name, words in CONDITIONS.items() if facts.get(name)]
    return assessed(
        "JCG-24",
        yes(facts, *CONDITIONS),
        no(facts, "psych_treatment_optimised"),
        message=f"The person lives with {listed(present)}, and it is not treated as well as it can be.",
        do="Improve its treatment before the taper or beside it.",
    )


def check_label(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-G2: a use disorder recorded for somebody who takes it as directed, from tolerance and withdrawal alone."""
    share = number(rule("JCG-G2").value("use_disorder_percent"))
    return assessed(
        "JCG-G2",
        yes(facts, "bzd_use_disorder"),
        yes(facts, "prescribed_as_directed"),
        no(facts, "criteria_beyond_dependence"),
        message="A benzodiazepine use disorder is recorded, and nothing but tolerance and withdrawal speaks for it: "
        "the medicine is taken as directed.",
        do="Record physical dependence instead. It is expected with regular use; about "
        f"{share} % of those who take benzodiazepines have a use disorder.",
    )
