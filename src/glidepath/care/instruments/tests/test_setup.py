"""A centre confirms the terms and loads words, or brings its own form; what cannot be scored is refused first."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from glidepath.care.instruments import queries, services
from glidepath.care.instruments.catalogue import instrument_of
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.instruments.fhir.foreign import read_questionnaire
from glidepath.clinical.instruments.fhir.response import read_response
from glidepath.record.errors import BadInput, NotAllowed
from tests.cast import client_for

OWN = """
version = "{version}"
name = "Two questions of ours"
purpose = "How the night was."
terms = "Our own licence 7."
origin = "the centre"
wording = "our own"
period = "last night"
missing_rule = "Any item unanswered: no total."
total_low = 0
total_high = {high}
[[items]]
key = "slept"
label = "slept well"
allowed = [0, 1, 2]
[[items]]
key = "rested"
label = "woke rested"
allowed = [0, 1, 2]
"""


def pack(words="Words of"):
    one = instrument("sds")
    items = "\n".join(f'{item.key} = "{words} {item.number}"' for item in one.items)
    return f'version = "{one.version}"\nsource = "the printed form"\ndate = "2026-11-01"\n[items]\n{items}\n'


def own(version="1", high=4):
    return OWN.format(version=version, high=high)


def test_confirmed_words_are_shown_in_new_forms_and_the_form_says_whose_they_are(opened, cast):
    before = opened("sds")
    services.load_pack(instrument="sds", text=pack(), terms_confirmed=True, by=cast.manager)
    after = opened("sds")
    assert (instrument_of(before).own_words, before.wording_source) == (True, "")
    assert instrument_of(after).items[0].shown == "Words of 1"
    assert after.wording_source == "the printed form"
    assert "sds" in queries.switched_on(cast.centre)


def test_a_form_keeps_its_words_when_others_are_loaded_or_switched_off(opened, cast, frozen_clock):
    services.load_pack(instrument="sds", text=pack(), terms_confirmed=True, by=cast.manager)
    form = opened("sds")
    frozen_clock.tick(minutes=1)
    services.load_pack(instrument="sds", text=pack("Other words of"), terms_confirmed=True, by=cast.manager)
    frozen_clock.tick(minutes=1)
    services.switch_pack_off(instrument="sds", by=cast.manager)
    assert instrument_of(queries.form_of(form.pk)).items[0].shown == "Words of 1"
    assert queries.switched_on(cast.centre) == frozenset()
    assert instrument_of(opened("sds")).own_words


@pytest.mark.parametrize(
    ("text", "confirmed", "says"),
    [(pack(), False, "Confirm the terms first"), ("x", True, "not TOML"), (pack()[:-30], True, "pack|TOML")],
)
def test_a_pack_that_cannot_be_used_is_refused(cast, text, confirmed, says):
    with pytest.raises(BadInput, match=says):
        services.load_pack(instrument="sds", text=text, terms_confirmed=confirmed, by=cast.manager)


def test_built_in_words_take_no_pack(cast):
    with pytest.raises(BadInput, match="takes no wording pack"):
        services.load_pack(instrument="phq_9", text=pack(), terms_confirmed=True, by=cast.manager)


def test_the_centres_own_form_is_filled_in_and_scored(opened, give, cast):
    services.define_instrument(key="our_night", text=own(), terms_confirmed=True, by=cast.manager)
    form = opened("our_night")
    give(form, "slept", "2")
    give(form, "rested", "1")
    closed = services.close_form(form=form, by=cast.nurse)
    assert (closed.total, form.version, form.own.key) == (3, "1", "our_night")
    assert "our_night" in queries.switched_on(cast.centre)


def test_a_form_is_scored_by_the_definition_it_was_opened_with(opened, give, cast, frozen_clock):
    services.define_instrument(key="our_night", text=own(), terms_confirmed=True, by=cast.manager)
    form = opened("our_night")
    frozen_clock.tick(minutes=1)
    newer = own("2", 6).replace("allowed = [0, 1, 2]", "allowed = [0, 1, 2, 3]")
    services.define_instrument(key="our_night", text=newer, terms_confirmed=True, by=cast.manager)
    with pytest.raises(BadInput, match="allowed are 0, 1, 2,"):
        give(form, "slept", "3")
    assert give(opened("our_night"), "slept", "3").answer.answer == "3"


def test_the_last_answers_of_another_version_are_not_shown_beside(opened, give, cast, frozen_clock):
    services.define_instrument(key="our_night", text=own(), terms_confirmed=True, by=cast.manager)
    first = opened("our_night")
    give(first, "slept", "1")
    services.close_form(form=first, by=cast.nurse)
    assert set(queries.last_answers(opened("our_night"))) == {"slept"}
    frozen_clock.tick(minutes=1)
    services.define_instrument(key="our_night", text=own("2"), terms_confirmed=True, by=cast.manager)
    assert queries.last_answers(opened("our_night")) == {}


def test_one_version_never_stands_for_two_definitions(cast):
    services.define_instrument(key="our_night", text=own(), terms_confirmed=True, by=cast.manager)
    with pytest.raises(BadInput, match="another version"):
        services.define_instrument(
            key="our_night", text=own().replace("slept well", "slept"), terms_confirmed=True, by=cast.manager
        )


@pytest.mark.parametrize(
    ("key", "text", "confirmed", "says"),
    [
        ("our_night", own(high=9), True, "the items give 0 to 4"),
        ("our_night", own(), False, "Confirm that the centre may use it"),
        ("phq_9", own(), True, "built in"),
        ("Our Night", own(), True, "cannot be a name"),
    ],
)
def test_a_definition_that_cannot_be_scored_rightly_is_refused(cast, key, text, confirmed, says):
    with pytest.raises(BadInput, match=says):
        services.define_instrument(key=key, text=text, terms_confirmed=confirmed, by=cast.manager)


def test_only_a_manager_loads_words_and_forms(cast):
    for by in (cast.physician, cast.nurse, cast.administrator):
        with pytest.raises(NotAllowed):
            services.load_pack(instrument="sds", text=pack(), terms_confirmed=True, by=by)
        with pytest.raises(NotAllowed):
            services.define_instrument(key="our_night", text=own(), terms_confirmed=True, by=by)


def test_a_fhir_questionnaire_becomes_an_instrument_of_the_centre(opened, give, cast):
    elsewhere = json.dumps({
        "resourceType": "Questionnaire", "url": "https://example.org/night", "version": "1", "status": "active",
        "title": "The night", "copyright": "Our own licence 7.",
        "item": [{"linkId": "slept", "type": "choice", "text": "Slept well", "answerOption": [
            {"valueCoding": {"code": "0", "display": "no"}}, {"valueCoding": {"code": "1", "display": "yes"}},
        ]}],
    })  # fmt: skip
    row = services.define_instrument(key="night", text=elsewhere, terms_confirmed=True, by=cast.manager)
    assert row.name == "The night"
    form = opened("night")
    [item] = instrument_of(form).items
    give(form, item.key, str(item.allowed[-1]))
    assert services.close_form(form=form, by=cast.nurse).complete


@pytest.mark.parametrize("text", ['{"resourceType": "Patient"}', "{", '{"resourceType": "Questionnaire"}'])
def test_what_is_no_questionnaire_is_refused_in_words(cast, text):
    with pytest.raises(BadInput):
        services.define_instrument(key="night", text=text, terms_confirmed=True, by=cast.manager)


def test_an_instrument_and_its_answers_go_out_and_come_back_the_same(opened, give, cast, person):
    form = opened("gad_7")
    for item in instrument("gad_7").items:
        give(form, item.key, "2")
    client, address = (
        client_for(cast.nurse),
        reverse("instruments:result_as_fhir", args=[person.public_id, form.public_id]),
    )
    assert client.get(address).status_code == 404  # still open
    services.close_form(form=form, by=cast.nurse)
    answer = client.get(address)
    assert answer["Content-Type"] == "application/fhir+json"
    back = read_response(instrument("gad_7"), json.loads(answer.content))
    assert set(back.answers.values()) == {2}
    assert person.legal_name not in answer.content.decode()
    whole = client_for(cast.manager).get(reverse("instruments:questionnaire", args=["gad_7"]))
    assert read_questionnaire(json.loads(whole.content), "gad_7").instrument == instrument("gad_7")
