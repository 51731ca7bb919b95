"""Which problems a record proposes, and why; what nobody asked is no reason and is no "no"."""

import pytest

from glidepath.clinical.facts.dependence import DependenceRisk
from glidepath.clinical.facts.load import plan_templates
from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.clinical.guidelines.dependence import Dependence
from glidepath.clinical.guidelines.facts import VOCABULARY, PersonFacts
from glidepath.clinical.planning.proposing import Because, not_asked, of_kind, propose
from glidepath.clinical.planning.values import ProblemKind


def finding(code, status=Status.FIRES):
    return Finding(code, Severity.WARNING, f"{code} was found.", "Do something.", "a source", "CC-S", status)


def kinds(facts, findings=(), **more):
    return [one.kind for one in propose(facts, findings, **more)]


# From the reference, care-pathway 2.4 and guideline: which answer is about what.
@pytest.mark.parametrize(
    ("fact", "kind"),
    [
        ("suicidality_voiced", "suicidality"), ("past_seizure", "seizure"), ("dx_epilepsy", "seizure"),
        ("alcohol_dependent", "alcohol"), ("opioid_active", "opioids"), ("pregnant", "pregnancy"),
        ("falls_risk", "falls"), ("sleep_disturbed", "sleep"), ("dx_ptsd", "mood"), ("dx_mood", "mood"),
        ("dx_bipolar", "mood"), ("dx_psychotic", "mood"),
    ],
)  # fmt: skip
def test_an_answer_proposes_its_problem_and_is_named_as_the_reason(fact, kind):
    (found,) = propose(PersonFacts.of({fact: "yes"}), ())
    assert found.kind == kind
    assert [(one.name, one.rule) for one in found.because] == [(fact, False)]
    assert VOCABULARY[fact].words in found.because[0].words


@pytest.mark.parametrize("answer", ["no", "unknown"])
def test_a_no_and_an_unknown_propose_nothing(answer):
    answers = {name: answer for kind in plan_templates().problems.values() for name in kind.facts if name != "oud_med"}
    assert propose(PersonFacts.of(answers | {"oud_med": "none"}), ()) == ()


def test_methadone_proposes_opioids_and_no_such_medicine_does_not():
    assert kinds(PersonFacts.of({"oud_med": "methadone"})) == [ProblemKind.OPIOIDS]
    assert kinds(PersonFacts.of({"oud_med": "none"})) == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [("SUI-1", "suicidality"), ("SEI-4", "seizure"), ("POL-1", "alcohol"), ("JCG-17", "opioids"),
     ("JCG-28", "pregnancy"), ("OLD-1", "falls"), ("JCG-26a", "sleep"), ("JCG-24", "mood"), ("OP-1", "dependence")],
)  # fmt: skip
def test_a_rule_that_fires_proposes_its_problem_and_one_that_lacks_a_fact_does_not(code, kind):
    (found,) = propose(PersonFacts(), [finding(code)])
    assert (found.kind, found.because[0].name) == (kind, code)
    assert str(found.because[0]) == f"{code} was found ({code})"
    assert propose(PersonFacts(), [finding(code, Status.CANNOT_BE_ASSESSED)]) == ()


@pytest.mark.parametrize(
    ("risk", "proposed"),
    [(DependenceRisk.YES, True), (DependenceRisk.LOWER_POSSIBLE, True), (DependenceRisk.RARE, False), (None, False)],
)
def test_dependence_is_proposed_by_how_likely_it_is(risk, proposed):
    found = kinds(PersonFacts(), [finding("JCG-T2")], dependence=Dependence(risk, risk, ()))
    assert found == ([ProblemKind.DEPENDENCE] if proposed else [])


def test_safety_comes_before_sleep_before_mood_before_the_taper():
    told = PersonFacts.of(dict.fromkeys(("dx_ptsd", "sleep_disturbed", "past_seizure", "suicidality_voiced"), "yes"))
    likely = Dependence(DependenceRisk.YES, DependenceRisk.YES, ())
    assert kinds(told, dependence=likely) == ["suicidality", "seizure", "sleep", "mood", "dependence"]


def test_what_was_seen_here_proposes_its_problem_whatever_was_told():
    seen = (ProblemKind.SEIZURE, Because("seizure", "Seen here: a seizure on 4 Oct 2026", rule=False))
    (found,) = propose(PersonFacts.of({"past_seizure": "no"}), (), happened=[seen])
    assert (found.kind, str(found.because[0])) == ("seizure", "Seen here: a seizure on 4 Oct 2026")


def test_what_nobody_asked_is_named_and_a_known_yes_settles_its_problem():
    open_ones = not_asked(PersonFacts.of({"sleep_disturbed": "no", "past_seizure": "yes"}))
    assert ProblemKind.SLEEP not in open_ones
    assert ProblemKind.SEIZURE not in open_ones
    assert open_ones[ProblemKind.PREGNANCY] == ("pregnancy",)


def test_a_problem_without_a_reason_in_the_record_may_be_added_by_hand():
    assert of_kind((), ProblemKind.SOCIAL).because == ()
