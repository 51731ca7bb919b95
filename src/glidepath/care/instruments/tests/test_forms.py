"""A form is opened, answered item by item, and finished, whole or partial; nothing that was given is lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.alarms.services import close
from glidepath.care.instruments import queries, services
from glidepath.care.instruments.kept import plain_score, score_of
from glidepath.care.instruments.models import FormClosed, GivenAnswer, RaisedAlert, Way
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.instruments.scoring import score
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import enquiring_person, new_person, proof

PHQ_9 = ["interest", "mood", "sleep", "energy", "appetite", "self_worth", "concentration", "movement", "self_harm"]


def alarms(person):
    return [one.alarm for one in open_alarms([person])]


def test_a_whole_form_gives_its_total_and_band(opened, give, cast):
    form = opened("phq_9")
    for item in PHQ_9[:8]:
        give(form, item, "1")
    give(form, "self_harm", "0")
    closed = services.close_form(form=form, by=cast.nurse)
    assert (closed.total, closed.band, closed.complete) == (8, "mild", True)  # eight ones; 5 to 9 is mild
    assert closed.score["label"] == "complete"
    assert (form.version, form.language) == ("2001", "en")
    assert form.wording_source.startswith("CamCOPS")


def test_a_form_with_a_blank_is_partial_and_has_no_total(opened, give, cast):
    form = opened("phq_9")
    for item in PHQ_9[:4]:
        give(form, item, "3")
    closed = services.close_form(form=form, by=cast.nurse)
    assert (closed.total, closed.band, closed.complete) == (None, "", False)
    assert (closed.score["label"], closed.score["subtotal"]) == ("partial 4 of 9", 12)
    assert any("Ask in person the same day." in note for note in closed.score["notes"])


def test_an_answer_sent_twice_is_taken_once(opened, give, person):
    form = opened("phq_9")
    first = give(form, "self_harm", "1", client_key="tap-000001")
    again = give(form, "self_harm", "1", client_key="tap-000001")
    assert again.answer == first.answer
    assert again.alerts == first.alerts
    assert [one.triggers for one in open_alarms([person])] == [1]
    assert GivenAnswer.objects.filter(form=form).count() == 1


def test_a_key_of_another_item_is_refused(opened, give):
    form = opened("phq_9")
    give(form, "mood", "1", client_key="tap-000001")
    with pytest.raises(BadInput, match="used for another item"):
        give(form, "sleep", "1", client_key="tap-000001")


def test_a_corrected_answer_keeps_both_and_the_last_counts(opened, give, cast):
    form = opened("gad_7")
    items = [item.key for item in instrument("gad_7").items][:7]
    for item in items:
        give(form, item, "3")
    give(form, items[0], "0")
    assert [row.answer for row in queries.given_to(form) if row.item == items[0]] == ["3", "0"]
    assert services.close_form(form=form, by=cast.nurse).total == 18


def test_an_answer_taken_back_is_unanswered_and_not_zero(opened, give, cast):
    form = opened("gad_7")
    items = [item.key for item in instrument("gad_7").items][:7]
    for item in items:
        give(form, item, "1")
    give(form, items[3], None)
    closed = services.close_form(form=form, by=cast.nurse)
    assert (closed.total, closed.score["label"]) == (None, "partial 6 of 7")


def test_thoughts_of_self_harm_call_at_the_answer_and_not_at_the_end(opened, give, person, cast):
    form = opened("phq_9")
    answered = give(form, "self_harm", "1")
    (alarm,) = alarms(person)
    assert (alarm.cause, alarm.rank, alarm.prescriber_closes, alarm.pauses_taper) == ("SUI-1", "now", True, True)
    assert alarm.opened_by == cast.nurse
    assert [one.alarm for one in answered.alerts] == [alarm]
    assert not FormClosed.objects.exists()


def test_changing_the_answer_keeps_both_and_the_alert_stays(opened, give, person, cast):
    form = opened("phq_9")
    give(form, "self_harm", "2")
    give(form, "self_harm", "0")
    assert len(alarms(person)) == 1
    assert [row.answer for row in queries.given_to(form)] == ["2", "0"]
    closed = services.close_form(form=form, by=cast.nurse)
    assert [one["code"] for one in closed.score["alerts"]] == ["SUI-1"]
    assert len(alarms(person)) == 1


def test_a_worse_answer_calls_again_and_the_same_one_does_not(opened, give, person, cast):
    form = opened("phq_9")
    give(form, "self_harm", "1")
    give(form, "self_harm", "1")
    assert [one.triggers for one in open_alarms([person])] == [1]
    (alarm,) = alarms(person)
    close(alarm=alarm, words="Seen together.", by=cast.physician, once="c", proof=proof(cast.physician))
    give(form, "mood", "3")
    assert alarms(person) == []
    give(form, "self_harm", "3")
    assert [one.cause for one in alarms(person)] == ["SUI-1"]


def test_each_level_of_the_suicide_screener_calls(opened, give, person):
    form = opened("c_ssrs")
    give(form, "wish", "1")
    assert [one.triggers for one in open_alarms([person])] == [1]
    give(form, "thoughts", "1")
    give(form, "plan", "1")
    assert [one.triggers for one in open_alarms([person])] == [2]
    assert "This is high." in alarms(person)[0].message
    assert RaisedAlert.objects.filter(form=form).count() == 2


def test_the_answer_and_its_alarm_are_kept_together_or_not_at_all(opened, give, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError

    form = opened("phq_9")
    monkeypatch.setattr("glidepath.care.instruments.calls.raise_alarm", fails)
    with pytest.raises(RuntimeError):
        give(form, "self_harm", "1")
    assert not GivenAnswer.objects.exists()


def test_an_answer_by_link_says_where_to_reach_them(opened, give, person):
    form = opened("phq_9")
    answered = give(form, "self_harm", "1", by=None, way=Way.LINK)
    (alarm,) = alarms(person)
    assert alarm.opened_by is None
    assert "No telephone number of theirs is known here." in alarm.do
    assert (answered.answer.recorded_by, answered.answer.way) == (None, "link")


def test_craving_calls_at_the_limit_the_person_set(opened, give, person):
    form = opened("craving", own_limits={"now": Decimal(60)})
    give(form, "now", "59")
    assert alarms(person) == []
    give(form, "now", "60")
    assert [(one.cause, one.rank) for one in alarms(person)] == [("CRAVING", "soon")]


def test_a_limit_the_person_set_holds_until_they_set_another(opened, give, person):
    opened("craving", own_limits={"now": Decimal(60)})
    give(opened("craving"), "now", "60")
    assert len(alarms(person)) == 1
    assert queries.own_limits(person, "craving") == {"now": Decimal(60)}
    opened("craving", own_limits={"now": Decimal(80)})
    assert queries.own_limits(person, "craving") == {"now": Decimal(80)}


@pytest.mark.parametrize(
    ("item", "given_text", "says"),
    [
        ("mood", "4", "4 is not an answer; allowed are 0, 1, 2, 3"),
        ("mood", "often", "allowed are 0, 1, 2, 3"),
        ("mood", "1e999999999", "allowed are 0, 1, 2, 3"),
        ("mood", "NaN", "allowed are 0, 1, 2, 3"),
        ("nothing", "1", "has no item “nothing”"),
        ("", "yes", "has no question before its items"),
    ],
)
def test_what_an_item_does_not_take_is_refused_with_what_it_takes(opened, give, item, given_text, says):
    form = opened("phq_9")
    with pytest.raises(BadInput, match=says):
        give(form, item, given_text)
    assert not GivenAnswer.objects.exists()


@pytest.mark.parametrize(("key", "name"), [("ciwa_b", "CIWA-B"), ("news2", "NEWS2"), ("rass", "RASS")])
def test_what_goes_on_the_round_is_refused_with_a_word_where_to_go(opened, key, name):
    with pytest.raises(BadInput, match=f"{name} is taken on the observation round"):
        opened(key)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"instrument": "nothing"}, "There is no instrument “nothing”"),
        ({"instrument": "phq_9", "filled_by": "observer"}, "filled in by self or interview"),
        ({"instrument": "audit_c", "sex": "x"}, "not female or male"),
        ({"instrument": "phq_9", "band_set": "x"}, "no bands called"),
        ({"instrument": "phq_9", "own_limits": {"mood": Decimal(1)}}, "takes no limit"),
        ({"instrument": "craving", "own_limits": {"now": Decimal(101)}}, "101 cannot be"),
    ],
)
def test_a_form_that_cannot_be_is_not_opened(opened, more, says):
    with pytest.raises(BadInput, match=says):
        opened(more.pop("instrument"), **more)


def test_without_an_episode_there_is_nowhere_to_write_it(opened, cast):
    with pytest.raises(BadInput, match="no episode of care"):
        opened("phq_9", person=new_person(cast))


def test_at_the_first_call_admissions_asks(opened, cast):
    caller = enquiring_person(cast)
    assert opened("audit_c", person=caller, by=cast.admissions).episode.stage == "enquiry"


@pytest.mark.parametrize("who", ["pharmacist", "case_manager", "peer_worker", "manager", "auditor", "administrator"])
def test_who_may_not_fill_in_is_refused_at_each_step(opened, give, cast, who):
    form, by = opened("phq_9"), getattr(cast, who)
    give(form, "mood", "1")
    for act in (
        lambda: opened("phq_9", by=by),
        lambda: give(form, "mood", "2", by=by),
        lambda: services.close_form(form=form, by=by),
        lambda: services.set_aside(form=form, reason="x", by=by),
        lambda: services.make_link(form=form, ends_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC), by=by),
        lambda: services.ask_for(person=form.person, instrument="cows", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_another_centre_reaches_nothing(opened, give, cast):
    form = opened("phq_9")
    with pytest.raises(NotAllowed, match="another centre"):
        give(form, "mood", "2", by=cast.stranger)
    with pytest.raises(NotAllowed, match="another centre"):
        services.set_aside(form=form, reason="x", by=cast.stranger)


def test_a_form_for_staff_is_not_answered_by_the_person_alone(opened, give):
    with pytest.raises(NotAllowed, match="filled in by staff"):
        give(opened("falls_checklist", filled_by="observer"), "aged", "0", by=None, way=Way.TABLET)


def test_after_the_end_nothing_is_taken(opened, give, cast):
    form = opened("gad_7")
    give(form, instrument("gad_7").items[0].key, "1")
    services.close_form(form=form, by=cast.nurse)
    with pytest.raises(ChangedMeanwhile, match="finished by Marta Lindqvist at 10:00 on 17 Nov 2026"):
        give(form, instrument("gad_7").items[1].key, "1")
    with pytest.raises(ChangedMeanwhile):
        services.close_form(form=form, by=cast.second_nurse)


def test_an_answer_that_waited_for_a_network_past_the_end_calls_and_scores_nothing(
    opened, give, cast, person, frozen_clock
):
    form = opened("phq_9")
    for item in PHQ_9[:8]:
        give(form, item, "0")
    give(form, "self_harm", "0")
    frozen_clock.tick(minutes=10)
    closed = services.close_form(form=form, by=cast.nurse)
    frozen_clock.tick(minutes=10)
    late = give(form, "self_harm", "3", waited=dt.timedelta(minutes=15))
    assert late.late
    assert len(alarms(person)) == 1
    assert (closed.total, queries.result_of(form).score.total) == (0, 0)
    assert late.answer.happened_at == dt.datetime(2026, 11, 17, 10, 5, tzinfo=dt.UTC)


def test_an_answer_is_never_older_than_its_form(opened, give, frozen_clock):
    form = opened("phq_9")
    frozen_clock.tick(minutes=3)
    assert give(form, "mood", "1", waited=dt.timedelta(days=400)).answer.happened_at == form.happened_at


def test_a_form_set_aside_counts_nowhere_and_its_alarm_stays(opened, give, cast, person):
    form = opened("phq_9")
    give(form, "self_harm", "1")
    with pytest.raises(BadInput, match="Say why"):
        services.set_aside(form=form, reason=" ", by=cast.nurse)
    services.set_aside(form=form, reason="Opened for the wrong person.", by=cast.nurse)
    assert queries.open_forms(person) == []
    assert len(alarms(person)) == 1
    with pytest.raises(ChangedMeanwhile, match="set this form aside"):
        give(form, "mood", "1")
    with pytest.raises(ChangedMeanwhile):
        services.set_aside(form=form, reason="Again.", by=cast.second_nurse)


def test_a_finished_form_set_aside_is_no_result(opened, give, cast, person):
    form = opened("phq_9")
    give(form, "mood", "1")
    services.close_form(form=form, by=cast.nurse)
    assert len(queries.history(person)) == 1
    services.set_aside(form=form, reason="It was another person's.", by=cast.nurse)
    assert queries.history(person) == []


def test_an_empty_form_is_not_finished(opened, cast):
    with pytest.raises(BadInput, match="Nothing is answered yet"):
        services.close_form(form=opened("phq_9"), by=cast.nurse)


def test_an_instrument_that_takes_no_blank_says_which(opened, give, cast):
    form = opened("craving")
    give(form, "now", "10")
    with pytest.raises(BadInput, match="it may not stay empty"):
        services.close_form(form=form, by=cast.nurse)


def test_a_double_submit_opens_and_closes_once(opened, give, cast, person):
    first, second = opened("phq_9", once="o"), opened("phq_9", once="o")
    assert first == second
    give(first, "mood", "1")
    ends = [services.close_form(form=first, by=cast.nurse, once="c") for _ in range(2)]
    assert ends[0] == ends[1]


def test_each_act_leaves_its_line_and_no_words(opened, give, cast):
    form = opened("phq_9")
    give(form, "mood", "2")
    services.close_form(form=form, by=cast.nurse)
    lines = [(one.action, one.code) for one in AuditLine.objects.filter(action__startswith="form.").order_by("seq")]
    assert lines == [("form.opened", "phq_9"), ("form.answered", "staff"), ("form.closed", "staff")]


def test_the_database_refuses_to_change_an_answer(opened, give):
    row = give(opened("phq_9"), "mood", "2").answer
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        GivenAnswer.objects.filter(pk=row.pk).update(answer="0")


def test_a_branching_item_is_asked_only_where_the_answers_ask_for_it(opened, give):
    form = opened("c_ssrs")
    give(form, "wish", "0")
    give(form, "thoughts", "0")
    assert "plan" not in queries.filling_of(form).open_items
    give(form, "thoughts", "1")
    assert "plan" in queries.filling_of(form).open_items


def test_last_answers_are_those_of_the_same_version_only(opened, give, cast, person):
    first = opened("phq_9")
    give(first, "mood", "3")
    give(first, "mood", "2")
    services.close_form(form=first, by=cast.nurse)
    second = opened("phq_9")
    assert {key: row.answer for key, row in queries.last_answers(second).items()} == {"mood": "2"}
    assert queries.last_answers(opened("gad_7")) == {}


def test_what_the_due_list_asks_for(opened, give, cast, person):
    form = opened("gad_7")
    for item in instrument("gad_7").items[:7]:
        give(form, item.key, "1")
    services.close_form(form=form, by=cast.nurse)
    partial = opened("phq_9")
    give(partial, "mood", "1")
    services.close_form(form=partial, by=cast.nurse)
    services.ask_for(person=person, instrument="cows", by=cast.physician, words="Took codeine.")
    assert [(one.instrument, one.day) for one in queries.finished([person])[person.pk]] == [
        ("gad_7", dt.date(2026, 11, 17))
    ]
    assert queries.asked_for([person]) == {person.pk: {"cows"}}
    services.ask_for(person=person, instrument="cows", by=cast.physician, wanted=False)
    assert queries.asked_for([person]) == {}


def test_30_people_take_as_many_queries_as_3(opened, give, cast, django_assert_num_queries):
    def filled():
        one = enquiring_person(cast)
        form = opened("gad_7", person=one)
        give(form, instrument("gad_7").items[0].key, "1")
        services.close_form(form=form, by=cast.nurse)
        return one

    people = [filled() for _ in range(3)]
    for reads, queries_taken in ((queries.results, 2), (queries.finished, 1), (queries.asked_for, 2)):
        with django_assert_num_queries(queries_taken):
            reads(people)
    people += [filled() for _ in range(27)]
    for reads, queries_taken in ((queries.results, 2), (queries.finished, 1), (queries.asked_for, 2)):
        with django_assert_num_queries(queries_taken):
            assert len(reads(people)) in (30, 0)


TAPS = st.lists(
    st.tuples(st.sampled_from([*PHQ_9, "difficulty"]), st.sampled_from(["0", "1", "2", "3", None])),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taps=TAPS, resent=st.sets(st.integers(0, 11)))
def test_no_order_of_answering_skipping_and_correcting_gives_another_total(opened, give, cast, person, taps, resent):
    form = opened("phq_9")
    for number, (item, text) in enumerate(taps):
        for _ in range(2 if number in resent else 1):
            give(form, item, text, client_key=f"key-{number:08}")
    last = dict(taps)
    expected = score(instrument("phq_9"), {key: None if text is None else int(text) for key, text in last.items()},
                     finished=True)  # fmt: skip
    closed = services.close_form(form=form, by=cast.nurse)
    said = (closed.total, closed.score["subtotal"], closed.score["label"])
    assert said == (expected.total, expected.subtotal, expected.label)
    called = any(item == "self_harm" and text in ("1", "2", "3") for item, text in taps)
    assert RaisedAlert.objects.filter(form=form).exists() is called


def test_a_kept_score_reads_as_it_was():
    whole = score(instrument("pc_ptsd_5"), [1, 1, 1, 1, 1, 1])
    assert score_of(plain_score(whole)) == whole
