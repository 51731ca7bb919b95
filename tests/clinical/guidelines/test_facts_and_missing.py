from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.facts.load import rules
from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.co_use import check_naloxone, check_sedative_load
from glidepath.clinical.guidelines.facts import VOCABULARY, BadFact, FactKind, FactQuestion, PersonFacts, read
from glidepath.clinical.guidelines.missing import all_of, any_of, at_least, firing, group_missing
from glidepath.clinical.guidelines.pausing import check_symptoms
from glidepath.clinical.guidelines.pregnancy import check_pregnancy
from glidepath.clinical.guidelines.shared_decision import check_shared_decision
from glidepath.clinical.guidelines.wording import listed, mg, number, percent
from glidepath.clinical.language import suggestions
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN


def test_facts_are_read_by_name_with_dots_or_underscores() -> None:
    facts = PersonFacts.of({"use.days_per_week": "5", "use_months": Decimal("2.5"), "dx.ptsd": "yes", "age": 71})
    assert (facts.use_days_per_week, facts.use_months, facts.dx_ptsd, facts.age) == (5, Decimal("2.5"), True, 71)
    assert facts.pregnant is None


def test_unknown_and_empty_answers_stay_unknown() -> None:
    facts = PersonFacts.of({"pregnant": "unknown", "opioid_active": "", "age": None, "oud_med": "unknown"})
    assert facts == PersonFacts()


def test_a_supply_that_nobody_can_name_is_an_answer() -> None:
    assert PersonFacts.of({"use.source": "unknown"}).use_source == "unknown"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"pregnent": "no"}, "pregnant"),
        ({"pregnant": "maybe"}, "yes, no or unknown"),
        ({"age": "old"}, "number of years"),
        ({"age": -1}, "0 to 125"),
        ({"age": True}, "number of years"),
        ({"use_days_per_week": 8}, "0 to 7"),
        ({"oud_med": "aspirin"}, "methadone"),
        ({"age": "nan"}, "number of years"),
    ],
)
def test_a_fact_that_cannot_be_says_what_is_allowed(given: dict[str, object], said: str) -> None:
    with pytest.raises(BadFact, match=said):
        PersonFacts.of(given)


def test_a_date_is_read_as_a_date() -> None:
    question = FactQuestion("due_on", FactKind.DATE, "When?", ())
    assert read(question, "2026-05-31") == dt.date(2026, 5, 31)
    with pytest.raises(BadFact, match="2026-05-31"):
        read(question, "31 May")


def test_every_question_is_a_plain_person_first_question_and_names_rules_of_the_facts() -> None:
    for name, question in VOCABULARY.items():
        assert question.name == name
        assert question.question.endswith("?")
        assert suggestions(question.question) == ()
        assert not re.search(r"\b(you|patient)\b", question.question, re.IGNORECASE)
        assert set(question.rules) <= set(rules()), f"{name} names a rule that the facts do not have"


@pytest.mark.parametrize(
    ("answers", "any_is", "all_are"),
    [
        ((True, None), True, None),
        ((False, None), None, False),
        ((False, False), False, False),
        ((True, True), True, True),
        ((None, None), None, None),
        ((True, False, None), True, False),
    ],
)
def test_unknown_decides_nothing_that_the_known_answers_do_not(
    answers: tuple[bool | None, ...], any_is: bool | None, all_are: bool | None
) -> None:
    assert any_of(*answers) is any_is
    assert all_of(*answers) is all_are


def test_a_value_that_was_not_measured_is_neither_above_nor_below() -> None:
    assert (at_least(None, 3), at_least(3, 3), at_least(2, 3)) == (None, True, False)


def test_an_empty_chart_shows_one_line_a_question_hard_stops_first() -> None:
    findings = (
        *check_sedative_load(NOBODY_ASKED),
        *check_naloxone(NOBODY_ASKED),
        *check_pregnancy(NOBODY_ASKED),
        *check_shared_decision(NOBODY_ASKED),
        *check_naloxone(NOBODY_ASKED),
    )
    lines = group_missing(findings)
    assert [line.name for line in lines] == ["opioid_active", "pregnant", "shared_decision", "other_sedatives"]
    assert [line.codes for line in lines] == [("JCG-17",), ("JCG-28",), ("JCG-4",), ("POL-8",)]
    assert [line.stops for line in lines] == [True, True, True, False]
    assert lines[1].question == "Is the person pregnant?"


def test_findings_that_fire_come_hard_stops_first() -> None:
    findings = (*check_sedative_load(PLAIN, others=("pregabalin",)), *check_symptoms(interfere=True))
    assert [finding.severity for finding in firing(findings)] == [Severity.HARD_STOP, Severity.WARNING]


def test_a_passed_limit_looks_passed() -> None:
    ceiling = Fraction(1, 4)
    assert percent(Fraction(2504, 10000), against=ceiling) == "25.04 %"
    assert percent(Fraction(1, 4), against=ceiling) == "25 %"
    assert percent(Fraction(3, 20)) == "15 %"
    assert percent(Fraction(1, 9)) == "11.1 %"
    assert mg(Decimal("0.125")) == "0.125 mg"
    assert mg(Fraction("20.0001"), against=Fraction(20)) == "20.0001 mg"
    assert number(Fraction(20)) == "20"


def test_words_are_listed_as_a_sentence_lists_them() -> None:
    assert (listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])) == (
        "",
        "a",
        "a and b",
        "a, b and c",
    )
