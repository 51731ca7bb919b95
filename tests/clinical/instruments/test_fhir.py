"""Questionnaires and responses: ours come back exactly, others come in as far as they can, and the rest is told."""

from __future__ import annotations

import copy
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from glidepath.clinical.facts.load import instrument, instruments
from glidepath.clinical.instruments.definition import read_definition
from glidepath.clinical.instruments.fhir.foreign import read_questionnaire
from glidepath.clinical.instruments.fhir.names import ORDINAL, SCORING, QuestionnaireError
from glidepath.clinical.instruments.fhir.questionnaire import questionnaire
from glidepath.clinical.instruments.fhir.response import read_response, response
from glidepath.clinical.instruments.score import Answer
from glidepath.clinical.instruments.scoring import score
from tests.clinical.instruments.test_any_order_of_answering import allowed
from tests.clinical.instruments.test_definition import ANYTHING, MINE, said

AT = dt.datetime(2026, 11, 1, 9, 0, tzinfo=dt.UTC)
quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def sent(resource: Any) -> Any:
    """As it arrives: through JSON text and back."""
    return json.loads(json.dumps(resource))


@pytest.mark.parametrize("key", sorted(instruments()))
def test_our_own_questionnaire_comes_back_exactly(key: str) -> None:
    found = read_questionnaire(sent(questionnaire(instrument(key))), key)
    assert found.instrument == instrument(key)
    assert found.not_read == ()


def test_a_centres_own_form_comes_back_exactly() -> None:
    mine = read_definition(MINE, "my_week")
    found = read_questionnaire(sent(questionnaire(mine)), "my_week").instrument
    assert found == mine
    assert score(found, [0, 4, 4]) == score(mine, [0, 4, 4])


def test_what_another_system_reads_of_ours() -> None:
    made = questionnaire(instrument("dast_10"))
    assert (made["url"], made["version"]) == ("urn:glidepath:instrument:dast_10", "1982-own-words-1")
    assert made["code"] == [{"system": "http://loinc.org", "code": "82666-9"}]
    assert "non-commercial" in made["copyright"]
    third = made["item"][2]
    assert (third["linkId"], third["type"], third["required"]) == ("i3", "choice", True)
    ordinals = [(one["valueCoding"]["code"], one["extension"][0]) for one in third["answerOption"]]
    assert ordinals == [
        ("0", {"url": ORDINAL, "valueDecimal": 1}),
        ("1", {"url": ORDINAL, "valueDecimal": 0}),
    ]


def test_published_words_travel_and_our_labels_are_the_words_where_none_are_shipped() -> None:
    assert questionnaire(instrument("phq_9"))["item"][1]["text"] == "Feeling down, depressed, or hopeless"
    assert questionnaire(instrument("sds"))["item"][2]["text"] == "worry about use"


def test_branching_travels_where_fhir_can_say_it() -> None:
    made = {one["linkId"]: one for one in questionnaire(instrument("c_ssrs"))["item"]}
    assert made["plan"]["enableWhen"][0]["question"] == "thoughts"
    assert made["plan"]["enableWhen"][0]["answerCoding"]["code"] == "1"
    assert not made["plan"]["required"]
    assert "enableWhen" not in made["behaviour"]


@pytest.mark.parametrize("what", ["points", "band", "item"])
def test_scoring_from_outside_never_takes_the_place_of_a_built_in_instrument(what: str) -> None:
    made = sent(questionnaire(instrument("phq_9")))
    if what == "points":
        made["item"][8]["answerOption"].pop()
    elif what == "item":
        made["item"][0]["text"] = "Something else"
    else:
        made["extension"][0]["valueString"] = made["extension"][0]["valueString"].replace('"high": 9', '"high": 8')
        made["extension"][0]["valueString"] = made["extension"][0]["valueString"].replace('"low": 10', '"low": 9')
    with pytest.raises(QuestionnaireError, match=r"phq_9|PHQ-9"):
        read_questionnaire(made, "phq_9")


FOREIGN: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "url": "http://example.org/q/sleep",
    "version": "3",
    "title": "Sleep and mood",
    "copyright": "Example terms",
    "item": [
        {"linkId": "g", "type": "group", "text": "Sleep", "item": [
            {"linkId": "/44250-9", "type": "choice", "text": "Slept badly?", "required": True, "answerOption": [
                {"valueCoding": {"code": "LA1", "display": "No", "extension": [{"url": ORDINAL, "valueDecimal": 0}]}},
                {"valueCoding": {"code": "LA2", "display": "Yes"}, "extension": [{"url": ORDINAL, "valueDecimal": 2}]},
            ]},
            {"linkId": "why", "type": "open-choice", "text": "Why?", "answerOption": [
                {"valueString": "noise"}, {"valueString": "worry"}],
             "enableWhen": [{"question": "/44250-9", "operator": "=", "answerCoding": {"code": "LA2"}}]},
            {"linkId": "hours", "type": "decimal", "text": "Hours?"},
        ]},
        {"linkId": "d", "type": "display", "text": "Thank you"},
        {"linkId": "pain", "type": "boolean", "text": "Pain?"},
        {"linkId": "when", "type": "dateTime", "text": "When?"},
        {"linkId": "late", "type": "string", "text": "More?", "enableWhen": [
            {"question": "hours", "operator": ">", "answerDecimal": 8}]},
    ],
}  # fmt: skip


def test_a_questionnaire_from_elsewhere_comes_in_and_what_was_left_is_told() -> None:
    found = read_questionnaire(FOREIGN, "sleep_mood")
    mine = found.instrument
    assert (mine.name, mine.version, mine.terms, mine.ship_class) == ("Sleep and mood", "3", "Example terms", "C")
    assert [item.key for item in mine.items] == ["q_44250_9", "why", "hours", "pain", "late"]
    assert (mine.items[0].allowed, mine.items[0].codes) == ((0, 2), ("LA1", "LA2"))
    assert mine.items[0].scored
    assert not mine.items[1].scored
    told = "\n".join(found.not_read)
    for words in (
        "g: its group", "d: words to be shown only", "when: an answer of the type “dateTime”", "hours: its bounds",
        "why: words of one's own", "why: what its answers count", "late: when it is asked", "How a total, bands",
    ):  # fmt: skip
        assert words in told, words


def test_no_total_is_guessed_for_a_form_from_elsewhere_and_its_answers_are_kept() -> None:
    mine = read_questionnaire(FOREIGN, "sleep_mood").instrument
    found = score(mine, {"q_44250_9": 2, "why": 1})
    assert (found.total, found.band, found.subtotal) == (None, None, 2)
    assert score(mine, {"q_44250_9": 0}).complete
    again = read_questionnaire(sent(questionnaire(mine)), "sleep_mood").instrument
    assert again == mine


def test_answers_to_a_form_from_elsewhere_are_read_by_its_own_codes() -> None:
    mine = read_questionnaire(FOREIGN, "sleep_mood").instrument
    given = {
        "resourceType": "QuestionnaireResponse", "questionnaire": "http://example.org/q/sleep|3", "status": "completed",
        "item": [{"linkId": "g", "item": [
            {"linkId": "/44250-9", "answer": [{"valueCoding": {"code": "LA2"}}]},
            {"linkId": "hours", "answer": [{"valueDecimal": 4.5}]}]},
            {"linkId": "pain", "answer": [{"valueBoolean": True}]}],
    }  # fmt: skip
    found = read_response(mine, given)
    assert found.answers == {"q_44250_9": 2, "why": None, "hours": Decimal("4.5"), "pain": 1, "late": None}


@quick
@given(st.data())
def test_a_response_comes_back_as_it_was_given(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from([one for one in instruments().values() if one.items]))
    answers: dict[str, Answer] = {
        item.key: data.draw(st.none() | allowed(item)) for item in one.items
    }  # fmt: skip
    made = sent(response(one, answers, authored=AT, subject="Patient/p1"))
    found = read_response(one, made)
    assert found.answers == answers
    assert (found.status, found.authored) == ("completed", "2026-11-01T09:00:00+00:00")
    assert len(made["item"]) == sum(answer is not None for answer in answers.values())


GIVEN = response(instrument("cows"), {"pulse": 2, "restlessness": 3}, authored=AT, subject="Patient/p1")


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        ("questionnaire", "urn:glidepath:instrument:cows|1999", "Unlike versions are never mixed"),
        ("questionnaire", "urn:glidepath:instrument:cows", "no version"),
        ("questionnaire", "urn:glidepath:instrument:phq_9|2001", "which is not COWS"),
        ("questionnaire", None, "does not say which questionnaire"),
        ("status", "entered-in-error", "entered-in-error"),
        ("resourceType", "Patient", "no FHIR QuestionnaireResponse"),
        ("item", [{"linkId": "restlessness", "answer": [{"valueCoding": {"code": "2"}}]}], "is not an answer"),
        ("item", [{"linkId": "mood", "answer": [{"valueInteger": 1}]}], "“mood” is no item of COWS"),
        ("item", [{"linkId": "pulse", "answer": [{"valueInteger": 1}, {"valueInteger": 2}]}], "needs one answer"),
        ("item", [{"linkId": "pulse", "answer": [{"valueInteger": 1}]}] * 2, "answered twice"),
    ],
)
def test_a_response_that_cannot_be_meant_is_told(place: str, value: Any, says: str) -> None:
    with pytest.raises(QuestionnaireError) as caught:
        read_response(instrument("cows"), {**GIVEN, place: value})
    assert says in str(caught.value)


def test_early_warning_is_exchanged_as_vital_signs() -> None:
    with pytest.raises(QuestionnaireError, match="vital signs"):
        response(instrument("news2"), {}, authored=AT, subject="Patient/p1")


@st.composite
def spoilt(draw: st.DrawFn, whole: Any) -> Any:
    """A true resource with one place of it replaced by something else, or taken away."""
    content = copy.deepcopy(whole)
    place = content
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        inside = place[key]
        if not isinstance(inside, dict | list) or not inside or draw(st.integers(0, 4)) == 0:
            break
        place = inside
    if draw(st.booleans()):
        place[key] = draw(ANYTHING)
    else:
        del place[key]
    return content


@quick
@given(spoilt(FOREIGN) | spoilt(sent(questionnaire(instrument("audit")))) | ANYTHING)
def test_any_questionnaire_is_read_or_told(resource: Any) -> None:
    try:
        read_questionnaire(resource, "mine")
    except QuestionnaireError as error:
        said(error)


@quick
@given(spoilt(sent(GIVEN)) | ANYTHING)
def test_any_response_is_read_or_told(resource: Any) -> None:
    try:
        read_response(instrument("cows"), resource)
    except QuestionnaireError as error:
        said(error)


def test_an_extension_that_was_spoilt_is_told() -> None:
    made = sent(questionnaire(instrument("gad_7")))
    made["extension"] = [{"url": SCORING, "valueString": "{"}]
    with pytest.raises(QuestionnaireError, match="is not the JSON it should be"):
        read_questionnaire(made, "gad_7")
    made = sent(questionnaire(instrument("gad_7")))
    del made["item"][0]["extension"]
    with pytest.raises(QuestionnaireError, match="has lost its extension"):
        read_questionnaire(made, "gad_7")
