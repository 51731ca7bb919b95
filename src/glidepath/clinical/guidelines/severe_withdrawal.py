"""JCG-12, 12a, 12b, PSY-1: what severe or complicated withdrawal calls for, and who risks a seizure."""

from __future__ import annotations

from fractions import Fraction

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.guidelines.dependence import dependence_table_high
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.level_of_care import is_severe
from glidepath.clinical.guidelines.predicates import Condition, assessed, either, no, yes
from glidepath.clinical.guidelines.wording import listed, mg


def check_severe_withdrawal(
    facts: PersonFacts, *, setting: Setting | None, dde_max: Fraction | None
) -> tuple[Finding, ...]:
    """All four. `dde_max`: daily diazepam equivalent by the highest table, None where unknown."""
    return (
        *_jcg_12(facts, setting),
        *_jcg_12a(facts),
        *_jcg_12b(facts, dde_max),
        *check_new_psychosis(facts),
    )


def seizure_risks(facts: PersonFacts, *, dde_max: Fraction | None) -> tuple[str, ...]:
    """What is known to raise the risk of a withdrawal seizure, in words; what is unknown is not among them."""
    found = {
        "a stop without a taper": facts.stopped_without_taper,
        "an earlier seizure": facts.past_seizure,
        "an earlier complicated withdrawal": facts.past_withdrawal_complicated,
        "dependence on alcohol": facts.alcohol_dependent,
        "other sedatives": facts.other_sedatives,
    }
    high = dde_max is not None and dependence_table_high(dde_max)
    dose = (f"{mg(dde_max)} of diazepam equivalent a day",) if high and dde_max is not None else ()
    return (*(words for words, present in found.items() if present), *dose)


def check_new_psychosis(facts: PersonFacts) -> tuple[Finding, ...]:
    """PSY-1: new hallucination or paranoia is seen the same shift; it excludes nobody from treatment."""
    return assessed(
        "PSY-1",
        yes(facts, "new_hallucination"),
        message="The person newly sees or hears what is not there, or feels persecuted.",
        do="Psychiatry and medicine see the person this shift. It is no reason to end treatment.",
    )


def _jcg_12(facts: PersonFacts, setting: Setting | None) -> tuple[Finding, ...]:
    return assessed(
        "JCG-12",
        is_severe(facts),
        _not_in_the_right_place(facts, setting),
        message=f"Withdrawal is {facts.wd_level}, and this is not inpatient or medically managed residential care.",
        do="Arrange it now.",
    )


def _not_in_the_right_place(facts: PersonFacts, setting: Setting | None) -> Condition:
    if setting is Setting.RESIDENTIAL:
        return no(facts, "medically_managed")
    return Condition(None if setting is None else setting is Setting.OUTPATIENT, ("setting",))


def _jcg_12a(facts: PersonFacts) -> tuple[Finding, ...]:
    late = "a set of observations is overdue" if facts.obs_overdue else "no structured scale follows it"
    return assessed(
        "JCG-12a",
        is_severe(facts),
        either(yes(facts, "obs_overdue"), no(facts, "structured_tool")),
        message=f"Withdrawal is {facts.wd_level}, and {late}.",
        do="Take vital signs now and at regular times, and follow withdrawal with a structured scale.",
        severity=None if facts.obs_overdue else Severity.WARNING,  # a hard stop only while overdue
    )


def _jcg_12b(facts: PersonFacts, dde_max: Fraction | None) -> tuple[Finding, ...]:
    risks = seizure_risks(facts, dde_max=dde_max)
    known = f" Known: {listed(risks)}." if risks else ""
    return assessed(
        "JCG-12b",
        is_severe(facts),
        no(facts, "seizure_risk_assessed"),
        message=f"Withdrawal is {facts.wd_level}, and the risk of a seizure has not been assessed.{known}",
        do="Assess it now, and plan for a seizure.",
    )
