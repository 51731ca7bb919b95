"""JCG-2a, 2b, 25, EV-1, LOC-6: is a taper the right thing for this person, and do they want one?"""

from __future__ import annotations

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.dependence import IN_WORDS, Dependence
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.predicates import Condition, assessed, no, yes
from glidepath.clinical.guidelines.wording import number

THE_PLAN_TAPERS = "the plan tapers"


def check_indication(facts: PersonFacts, found: Dependence, *, tapers: bool | None) -> tuple[Finding, ...]:
    """JCG-2a and JCG-2b. `tapers`: whether a taper is planned or under way, which answers JCG-2a."""
    risk = "" if found.risk is None else IN_WORDS[found.risk]
    outweigh = yes(facts, "risk_gt_benefit")
    taper = assessed(
        "JCG-2a",
        outweigh,
        Condition(found.likely, found.missing),
        message=f"Risks outweigh benefits, and withdrawal is {risk}.",
        do="A taper is indicated: plan it together with the person.",
    )
    either_way = assessed(
        "JCG-2b",
        outweigh,
        Condition(None if found.likely is None else not found.likely, found.missing),
        message=f"Risks outweigh benefits, and withdrawal is {risk}.",
        do="Stopping or a short taper may be chosen, together with the person.",
    )
    return (*_answered(taper, tapers), *either_way)


def check_ptsd(facts: PersonFacts, *, tapers: bool | None) -> tuple[Finding, ...]:
    """JCG-25: strongly consider tapering. Answered by a taper that is planned or under way."""
    found = assessed(
        "JCG-25",
        yes(facts, "dx_ptsd"),
        message="The person lives with post-traumatic stress disorder.",
        do="Strongly consider a taper.",
    )
    return _answered(found, tapers)


def check_stable_long_use(facts: PersonFacts, *, to_zero: bool | None) -> tuple[Finding, ...]:
    """EV-1: what a cohort found after stopping. `to_zero`: whether the goal is to stop altogether."""
    value = rule("EV-1").value
    return assessed(
        "EV-1",
        Condition(to_zero, ("goal_full_stop",)),
        yes(facts, "stable_long_term"),
        no(facts, "risk_gt_benefit"),
        message="The goal is zero after long stable use, and risks do not outweigh benefits. In a US cohort of "
        f"{int(value('people')):,} people {number(value('stopped_percent'))} % died within a year of stopping, and "
        f"{number(value('continued_percent'))} % of those who went on (with opioids "
        f"{number(value('stopped_with_opioid_percent'))} % and {number(value('continued_with_opioid_percent'))} %): "
        f"about {number(value('risk_ratio'))} times as many. Overdose, suicidality and emergency visits were more "
        "frequent too. The study observed; the cause is unproven.",
        do="Weigh this with the person, one by one: going on at the present or a lower dose is a choice too.",
    )


def check_willingness(facts: PersonFacts) -> tuple[Finding, ...]:
    """LOC-6: nobody is forced. Where harm threatens now, JCG-5a speaks instead."""
    return assessed(
        "LOC-6",
        yes(facts, "declines_taper"),
        no(facts, "imminent_harm"),
        message="The person declines a taper, and no harm threatens now.",
        do="Do not force it. Record what was said, lower the risk by other means, and come back to it later.",
    )


def _answered(found: tuple[Finding, ...], tapers: bool | None) -> tuple[Finding, ...]:
    return tuple(one.answered(THE_PLAN_TAPERS) if tapers and not one.missing else one for one in found)
