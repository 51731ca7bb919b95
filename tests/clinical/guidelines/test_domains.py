"""One fact has one name and one question, wherever it is asked."""

import datetime as dt
from decimal import Decimal

import pytest

from glidepath.clinical.facts.assessment import AskedFact, AssessmentDomain
from glidepath.clinical.facts.load import BrokenFact
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.guidelines.domains import asked_question, cautious_answers, domains, joined
from glidepath.clinical.guidelines.facts import VOCABULARY, PersonFacts
from glidepath.clinical.guidelines.questions import Asked, BadFact, read


def test_every_question_of_a_domain_is_asked_once_and_has_its_reason():
    every = [one for domain in domains().values() for one in domain.questions]
    assert len({one.name for one in every}) == len(every)
    assert len({one.question.question for one in every}) == len(every)
    assert all(one.why and one.question.question.endswith("?") for one in every)


def test_a_fact_of_the_vocabulary_is_asked_in_its_words():
    assert asked_question("past_seizure") is VOCABULARY["past_seizure"]
    assert "past_seizure" in domains()["benzodiazepines"].names
    assert asked_question("tested") is VOCABULARY["tested"]


def test_what_every_admission_asks_stands_in_a_domain():
    first = {name for name, one in VOCABULARY.items() if one.asked is Asked.FIRST}
    asked = {name for domain in domains().values() for name in domain.names}
    # these are of the plan and of the place, and not of the person
    elsewhere = {"senior_review", "shared_decision", "counselled", "psychosocial_offered"}
    left_out = first - asked - elsewhere
    assert left_out == {"alcohol_plan"}


@pytest.mark.parametrize("name", ["past_seizure", "dx_epilepsy", "opioid_active", "alcohol_dependent", "pregnant"])
def test_a_yes_to_what_could_hurt_warns(name):
    assert cautious_answers(name) == ("yes",)


def test_what_only_reassures_does_not_warn():
    assert cautious_answers("naloxone_offered") == ()
    assert cautious_answers("tested") == ()


@pytest.mark.parametrize("said", ["unknown", "declined"])
@pytest.mark.parametrize("name", ["past_seizure", "oud_med", "readiness", "rb_review_on", "wants"])
def test_not_known_and_declined_are_answers_and_are_never_no(name, said):
    assert read(asked_question(name), said) is None


def test_a_declined_answer_is_unknown_to_the_rules():
    assert PersonFacts.of({"past_seizure": "declined"}).past_seizure is None


@pytest.mark.parametrize(
    ("name", "given", "as_read"),
    [
        ("readiness", "7", Decimal(7)),
        ("wants", "  to sleep without it ", "to sleep without it"),
        ("reading", "together", "together"),
        ("rb_review_on", "2026-05-31", dt.date(2026, 5, 31)),
    ],
)
def test_an_answer_is_read_by_its_kind(name, given, as_read):
    assert read(asked_question(name), given) == as_read


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("readiness", "11", "0 to 10"),
        ("readiness", "very", "is a number"),
        ("reading", "sung", "one of written"),
        ("overdose_ever", "maybe", "yes, no or unknown"),
        ("wants", "x" * 1001, "1000 at most"),
    ],
)
def test_an_answer_that_cannot_be_says_what_is_allowed(name, wrong, said):
    with pytest.raises(BadFact, match=said):
        read(asked_question(name), wrong)


def _domain(fact: AskedFact) -> AssessmentDomain:
    return AssessmentDomain("medical", "Body", "", "the pathway", Seen.OURS, (fact,))


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (AskedFact("nobody_knows_it", "why", "nurse", ()), "no question of its own"),
        (AskedFact("dx_osa", "why", "nurse", (), "yes_no", "Apnoea?", "apnoea"), "in the vocabulary"),
        (AskedFact("age", "why", "nurse", ()), "asked of nobody"),
        (AskedFact("news2", "why", "nurse", ()), "asked of nobody"),
        (AskedFact("oud_med", "why", "nurse", ("yes",)), "no answer"),
    ],
)
def test_a_fact_with_two_questions_or_none_stops_the_start(fact, said):
    with pytest.raises(BrokenFact, match=said):
        joined(_domain(fact))
