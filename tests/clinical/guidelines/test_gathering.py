"""What a plan, a release, an order and a stop are told all at once."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import (
    Goal,
    Kind,
    Made,
    PlannedDose,
    Product,
    Setting,
    Shape,
    Step,
    StepState,
    TaperPlan,
)
from glidepath.clinical.facts.load import formulary, rules
from glidepath.clinical.findings import Finding, Status, in_the_way
from glidepath.clinical.guidelines.cuts import EarlierDose
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import group_missing
from glidepath.clinical.guidelines.order_check import OrderAction, OrderProposal, check_order
from glidepath.clinical.guidelines.pausing import Pace
from glidepath.clinical.guidelines.release import LastChange, Review
from glidepath.clinical.guidelines.release_check import ReleaseProposal, check_release
from glidepath.clinical.guidelines.stopping import check_stop
from glidepath.clinical.guidelines.taper_check import TaperContext, check_taper
from glidepath.clinical.language import suggestions
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, unassessed

START = dt.date(2026, 5, 1)
RESIDENTIAL = TaperContext(setting=Setting.RESIDENTIAL, shape=Shape.PROPORTIONAL)
LIMITS = Limits.of()
LIQUID = Product("diazepam", Decimal("0.4"), "oral solution", Kind.LIQUID, Fraction(1, 10))


def day(offset: int) -> dt.date:
    return START + dt.timedelta(days=offset)


def diazepam(mg: str) -> dict[str, Dose]:
    return {"diazepam": Dose(Decimal(mg), "diazepam")} if mg != "0" else {}


def liquid(*mgs: str, every: int = 14, kept: str = "0") -> TaperPlan:
    """A diazepam taper in a liquid; step 1 is released, the others projected; `kept` is the goal."""

    def doses(mg: str) -> tuple[PlannedDose, ...]:
        made = Made(LIQUID, Fraction(mg) / Fraction("0.4")) if mg != "0" else None
        return (PlannedDose(dt.time(22), diazepam(mg)["diazepam"], (made,)),) if made else ()

    states = (StepState.RELEASED, *[StepState.PROJECTED] * (len(mgs) - 1))
    steps = tuple(
        Step(number, day(every * (number - 1)), doses(mg), state)
        for number, (mg, state) in enumerate(zip(mgs, states, strict=True), start=1)
    )
    return TaperPlan(START, Goal(tuple(diazepam(kept).values())), steps)


def check(plan: TaperPlan, facts: PersonFacts = PLAIN, context: TaperContext = RESIDENTIAL) -> tuple[Finding, ...]:
    return check_taper(plan, facts=facts, formulary=formulary(), limits=LIMITS, context=context)


def test_a_gentle_plan_for_a_plain_person_has_nothing_in_the_way() -> None:
    findings = check(liquid("10", "9", "8.2", kept="8.2"))
    assert in_the_way(findings) == ()
    assert set(codes(findings)) == {"JCG-T2"}
    assert unassessed(findings) == {}


def test_an_empty_chart_shows_a_few_questions_and_no_invented_answer() -> None:
    findings = check(liquid("10", "9", "8.2", kept="8.2"), facts=NOBODY_ASKED)
    assert codes(findings) == []
    lines = group_missing(findings)
    assert len(lines) == len({line.name for line in lines})
    assert {"shared_decision", "pregnant", "opioid_active", "age"} <= {line.name for line in lines}
    assert len(lines) < len([finding for finding in findings if finding.status is Status.CANNOT_BE_ASSESSED]) + 8
    hard = [line for line in lines if line.stops]
    assert list(lines[: len(hard)]) == hard


def test_a_plan_to_zero_in_one_step_is_a_stop() -> None:
    findings = check(liquid("10", "0"))
    assert {"JCG-2", "JCG-6c"} <= set(codes(findings))
    assert "JCG-2" not in codes(check(liquid("1", "0")))  # the small last step is no sudden stop


def test_a_kept_dose_of_an_older_person_asks_for_a_reason_and_a_taper_to_zero_does_not() -> None:
    older = replace(PLAIN, age=Decimal(70))
    kept = next(finding for finding in check(liquid("10", "9", kept="9"), older) if finding.code == "JCG-27")
    assert kept.answered_by is None
    zero = next(finding for finding in check(liquid("1", "0"), older) if finding.code == "JCG-27")
    assert zero.answered_by is not None


@pytest.mark.parametrize(
    ("facts", "context", "code"),
    [
        (replace(PLAIN, opioid_active=True), RESIDENTIAL, "JCG-17"),
        (replace(PLAIN, pregnant=True), RESIDENTIAL, "JCG-28"),
        (replace(PLAIN, alcohol_dependent=True), RESIDENTIAL, "POL-1"),
        (replace(PLAIN, dx_mood=True, sleep_disturbed=True), RESIDENTIAL, "JCG-26a"),
        (replace(PLAIN, use_source="mixed"), RESIDENTIAL, "OP-1"),
        (PLAIN, replace(RESIDENTIAL, open_seizure=True), "SEI-3"),
        (PLAIN, replace(RESIDENTIAL, other_sedatives=("gabapentin",)), "POL-8"),
        (PLAIN, replace(RESIDENTIAL, shape=Shape.LINEAR), "TPR-2"),
        (PLAIN, replace(RESIDENTIAL, reason="non-compliant"), "TPR-9"),
        (PLAIN, replace(RESIDENTIAL, resumes=(Pace(Fraction(1, 10), 14),) * 2), "JCG-11p"),
        (replace(PLAIN, past_seizure=True), TaperContext(setting=Setting.OUTPATIENT), "LOC-2"),
    ],
)
def test_what_is_known_of_the_person_and_the_plan_reaches_the_findings(
    facts: PersonFacts, context: TaperContext, code: str
) -> None:
    assert code in codes(check(liquid("10", "9", kept="9"), facts, context))


def test_every_finding_names_a_rule_of_the_facts_says_what_to_do_and_speaks_person_first() -> None:
    awkward = replace(
        PLAIN, opioid_active=True, pregnant=True, dx_bipolar=True, sleep_disturbed=True, age=Decimal(80),
        alcohol_dependent=True, use_source="mixed", shared_decision=False, psychosocial_offered=False,
    )  # fmt: skip
    findings = (*check(liquid("60", "20", "0"), awkward), *check(liquid("60", "20", "0"), NOBODY_ASKED))
    assert len(findings) > 20
    for finding in findings:
        found = rules()[finding.code]
        assert (finding.severity, finding.overridable) == (found.severity, found.overridable)
        assert finding.message
        assert finding.do
        assert suggestions(f"{finding.message} {finding.do}") == ()
        assert not re.search(r"\bpatients?\b", f"{finding.message} {finding.do}", re.IGNORECASE)


def release(step: int, **said: object) -> ReleaseProposal:
    proposal = ReleaseProposal(
        plan=liquid("10", "9", "8.2", kept="8.2"),
        step=step,
        setting=Setting.RESIDENTIAL,
        review=Review(on=day(14), symptoms_interfere=False, sleep_disturbed=False),
        last_change=LastChange(day(0)),
    )
    return replace(proposal, **said)


def released(step: int, facts: PersonFacts = PLAIN, **said: object) -> list[str]:
    found = check_release(release(step, **said), facts=facts, formulary=formulary(), limits=LIMITS)
    return codes(found)


def test_a_reviewed_step_is_released_without_a_word() -> None:
    assert check_release(release(2), facts=PLAIN, formulary=formulary(), limits=LIMITS) == ()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"review": None}, "JCG-9"),
        ({"last_change": LastChange(day(14))}, "JCG-9"),
        ({"by_prescriber": False}, "JCG-8"),
        ({"open_seizure": True}, "SEI-3"),
        ({"review": Review(on=day(14), symptoms_interfere=True, sleep_disturbed=False)}, "JCG-11"),
        ({"ask_between_doses": True, "doses_missed": True}, "TPR-6"),
    ],
)
def test_what_stands_against_a_release_is_said(said: dict[str, object], code: str) -> None:
    assert released(2, **said) == [code]


def test_disturbed_sleep_with_a_mood_disorder_stands_against_a_release() -> None:
    review = Review(on=day(14), symptoms_interfere=False, sleep_disturbed=True)
    assert released(2, replace(PLAIN, dx_mood=True), review=review) == ["JCG-26a"]
    assert released(2, PLAIN, review=review) == []


def test_the_last_step_to_zero_asks_for_a_contact() -> None:
    last = release(2, plan=liquid("1", "0"))
    (finding,) = check_release(last, facts=PLAIN, formulary=formulary(), limits=LIMITS)
    assert finding.code == "TPR-10"
    booked = replace(last, contact_on=day(28))  # the step is on day 14; diazepam is watched for fourteen days
    (finding,) = check_release(booked, facts=PLAIN, formulary=formulary(), limits=LIMITS)
    assert finding.answered_by is not None


def test_a_step_the_plan_has_not_cannot_be_released() -> None:
    with pytest.raises(ValueError, match="no step 9"):
        released(9)


def ordered(action: OrderAction, medicine: str, facts: PersonFacts = PLAIN, **said: object) -> tuple[Finding, ...]:
    proposal = replace(OrderProposal(action, medicine, START, Setting.RESIDENTIAL), **said)
    return check_order(proposal, facts=facts, formulary=formulary(), limits=LIMITS)


def test_the_first_dose_never_waits_for_a_plan() -> None:
    pregnant = replace(PLAIN, pregnant=True)
    for facts in (PLAIN, pregnant):
        assert ordered(OrderAction.START, "diazepam", facts, after=diazepam("20"), sedative=True, opioid=False) == ()
    assert ordered(OrderAction.STOP, "diazepam", before=diazepam("20"), after={}, handed_over=True) == ()


def test_stopping_an_order_of_a_dependent_person_is_a_stop() -> None:
    assert "JCG-2" in codes(ordered(OrderAction.STOP, "diazepam", before=diazepam("20"), after={}))


def test_a_lower_order_is_held_to_the_ceiling_of_the_fourteen_days_before() -> None:
    lower = {"before": diazepam("18"), "after": diazepam("14.9")}
    (warned,) = ordered(OrderAction.CHANGE, "diazepam", **lower)
    assert (warned.code, warned.step) == ("JCG-6", None)
    assert warned.message.startswith("The order goes from 18 mg to 14.9 mg")
    earlier = (EarlierDose(until=day(-7), daily=diazepam("20")),)
    assert set(codes(ordered(OrderAction.CHANGE, "diazepam", **lower, earlier=earlier))) == {"JCG-6c", "JCG-6", "TPR-1"}
    assert "JCG-28" in codes(ordered(OrderAction.CHANGE, "diazepam", replace(PLAIN, pregnant=True), **lower))


def test_a_higher_order_asks_for_a_reason_and_more_than_forty_milligrams_is_stopped() -> None:
    assert codes(ordered(OrderAction.CHANGE, "diazepam", before=diazepam("10"), after=diazepam("12"))) == ["TPR-7"]
    assert codes(ordered(OrderAction.START, "diazepam", after=diazepam("45"), sedative=True)) == ["EQ-5"]


def test_an_opioid_beside_a_benzodiazepine_asks_for_naloxone() -> None:
    opioid = replace(PLAIN, opioid_active=True)
    same = {"before": diazepam("10"), "after": diazepam("10"), "opioid": True, "sedative": True}
    assert codes(ordered(OrderAction.START, "morphine", opioid, **same)) == ["JCG-17"]
    assert ordered(OrderAction.START, "paracetamol", opioid, sedative=False, opioid=False) == ()


def test_methadone_is_not_stopped_because_of_a_benzodiazepine() -> None:
    assert codes(ordered(OrderAction.STOP, "Methadone", because_of_benzodiazepine=True)) == ["JCG-21"]
    assert ordered(OrderAction.STOP, "methadone", because_of_benzodiazepine=False) == ()


def test_flumazenil_is_not_ordered_for_a_taper() -> None:
    assert codes(ordered(OrderAction.START, "flumazenil", for_taper=True, sedative=False, opioid=False)) == ["JCG-14"]


def test_stopping_gathers_what_is_known_of_dependence() -> None:
    findings = check_stop(diazepam("20"), facts=PLAIN, formulary=formulary())
    assert set(codes(findings)) == {"JCG-T2", "JCG-2"}
    unknown = check_stop({"etizolam": Dose(Decimal(2), "etizolam")}, facts=NOBODY_ASKED, formulary=formulary())
    assert set(unassessed(unknown)) == {"JCG-T2", "OP-1", "JCG-2", "JCG-3"}
