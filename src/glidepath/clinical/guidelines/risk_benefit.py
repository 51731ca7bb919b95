"""JCG-1, 1a, 1b, K1, 16, 19: are risks and benefits of the benzodiazepine looked at often enough?"""

from __future__ import annotations

import datetime as dt

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.co_use import takes_opioid
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import all_of
from glidepath.clinical.guidelines.predicates import Condition, assessed, either, no, one_of, yes
from glidepath.clinical.guidelines.wording import days, listed, number

# What JCG-K1 counts, and how a finding names it. An opioid is asked by itself: methadone and buprenorphine count.
HIGHER_RISKS = {
    "sud_any": "a substance use disorder",
    "dx_osa": "sleep apnoea",
    "dx_bipolar": "bipolar disorder",
    "other_high_risk": "another high risk",
}
A_PRESCRIPTION = ("new", "renewal")


def check_reviews(facts: PersonFacts, *, takes: bool | None, today: dt.date) -> tuple[Finding, ...]:
    """Everything about reviews. `takes`: whether a benzodiazepine or Z-drug is taken; None where it is not known."""
    return (
        *_jcg_1(facts, takes, today),
        *_jcg_1a(facts),
        *_jcg_1b(facts),
        *_jcg_k1(facts),
        *_jcg_16(facts, today),
        *_jcg_19(facts),
    )


def _jcg_1(facts: PersonFacts, takes: bool | None, today: dt.date) -> tuple[Finding, ...]:
    return assessed(
        "JCG-1",
        Condition(takes, ("daily_dose",)),
        _overdue(facts, "JCG-1", today),
        message=_last_review(facts, "JCG-1", today),
        do="Weigh risks and benefits again with the person, and record it.",
    )


def _jcg_1a(facts: PersonFacts) -> tuple[Finding, ...]:
    what = "renewal" if facts.prescription_event == "renewal" else "new prescription"
    return assessed(
        "JCG-1a",
        one_of(facts, "prescription_event", *A_PRESCRIPTION),
        no(facts, "rb_review_this_event"),
        message=f"A {what}, without a review of risks and benefits.",
        do="Weigh risks and benefits with the person before it is issued, and record it.",
    )


def _jcg_1b(facts: PersonFacts) -> tuple[Finding, ...]:
    return assessed(
        "JCG-1b",
        Condition(_was_reviewed(facts), ("rb_reviewed",)),
        one_of(facts, "pdmp_checked", "no"),
        message="Risks and benefits were reviewed without a look at the prescription monitoring programme.",
        do="Check it, or its local equivalent; where there is none, record that.",
    )


def _jcg_k1(facts: PersonFacts) -> tuple[Finding, ...]:
    present = ["an opioid"] if takes_opioid(facts) else []
    present += [words for name, words in HIGHER_RISKS.items() if facts.get(name)]
    return assessed(
        "JCG-K1",
        either(_opioid(facts), yes(facts, *HIGHER_RISKS)),
        _too_seldom(facts, "JCG-K1"),
        message=f"Risks are higher with {listed(present)}; {_interval(facts)}.",
        do=f"Review more often than every {_limit('JCG-K1')} days.",
    )


def _jcg_16(facts: PersonFacts, today: dt.date) -> tuple[Finding, ...]:
    at_a_prescription = one_of(facts, "prescription_event", *A_PRESCRIPTION)
    without = no(facts, "rb_review_this_event")
    skipped = Condition(
        all_of(at_a_prescription.holds, without.holds),
        at_a_prescription.waits_for if at_a_prescription.holds is None else without.waits_for,
    )
    said = "This prescription came without a review." if skipped.holds else _last_review(facts, "JCG-16", today)
    return assessed(
        "JCG-16",
        _opioid(facts),
        either(_overdue(facts, "JCG-16", today), skipped),
        message=f"The person takes an opioid beside the benzodiazepine. {said}",
        do=f"Review both at every related visit and renewal, and at least every {_limit('JCG-16')} days.",
    )


def _jcg_19(facts: PersonFacts) -> tuple[Finding, ...]:
    what = "a substance use disorder" if facts.sud_any else "a behavioural addiction"
    return assessed(
        "JCG-19",
        yes(facts, "sud_any", "behavioural_addiction"),
        _too_seldom(facts, "JCG-19"),
        message=f"The person lives with {what}; {_interval(facts)}.",
        do=f"Review risks and benefits more often than every {_limit('JCG-19')} days.",
    )


def _opioid(facts: PersonFacts) -> Condition:
    return Condition(takes_opioid(facts), ("opioid_active",))


def _was_reviewed(facts: PersonFacts) -> bool | None:
    return True if facts.rb_review_on is not None else facts.rb_reviewed


def _overdue(facts: PersonFacts, code: str, today: dt.date) -> Condition:
    """The last review is too long ago, or there was none. One that lies ahead has not been."""
    if facts.rb_reviewed is False and facts.rb_review_on is None:
        return Condition(True)
    if facts.rb_review_on is None or facts.rb_review_on > today:
        return Condition(None, ("rb_reviewed",) if facts.rb_reviewed is None else ("rb_review_on",))
    return Condition(_days_since(facts.rb_review_on, today) > rule(code).value("days"))


def _days_since(day: dt.date, today: dt.date) -> int:
    return (today - day).days


def _too_seldom(facts: PersonFacts, code: str) -> Condition:
    every = facts.rb_review_every_days
    return Condition(None if every is None else every >= rule(code).value("days"), ("rb_review_every_days",))


def _last_review(facts: PersonFacts, code: str, today: dt.date) -> str:
    if facts.rb_review_on is None:
        return "Risks and benefits of the benzodiazepine have never been reviewed."
    ago = days(_days_since(facts.rb_review_on, today))
    return f"Risks and benefits were last reviewed {ago} ago; at most {_limit(code)} may pass."


def _interval(facts: PersonFacts) -> str:
    every = facts.rb_review_every_days
    return "" if every is None else f"the next reviews are {number(every)} days apart"


def _limit(code: str) -> str:
    return number(rule(code).value("days"))
