"""A whole page of answers is one act: each answer is kept and calls as it would alone, and a second arrival is none."""

from __future__ import annotations

import pytest

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.instruments import queries, services
from glidepath.care.instruments.models import GivenAnswer, RaisedAlert
from glidepath.clinical.facts.load import instrument
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile

ZEROS = {item.key: "0" for item in instrument("phq_9").items}
NINTH = instrument("phq_9").items[8].key


def page(form, by, given=ZEROS, key="page-one"):
    return services.answer_page(form=form, given=given, key=key, by=by)


def kept(form):
    return [(row.number, row.item, row.answer) for row in GivenAnswer.objects.filter(form=form).order_by("number")]


def test_every_answer_is_a_row_of_its_own_with_its_line_in_the_audit(opened, cast):
    form = opened("phq_9")
    assert page(form, cast.nurse) == {}
    assert kept(form) == [(number, key, "0") for number, key in enumerate(ZEROS, start=1)]
    assert AuditLine.objects.filter(action="form.answered").count() == len(ZEROS)
    assert services.close_form(form=form, by=cast.nurse).total == 0


def test_a_safety_item_on_a_page_calls_as_it_does_alone_once_and_ties_to_its_answer(opened, cast, person):
    form = opened("phq_9")
    page(form, cast.nurse, ZEROS | {NINTH: "1"})
    alone = opened("phq_9")
    services.answer(form=alone, item=NINTH, given="1", client_key="tapped-ninth", by=cast.nurse)
    on_page, by_itself = queries.raised_in(form), queries.raised_in(alone)
    assert [one.finding["code"] for one in on_page] == [one.finding["code"] for one in by_itself]
    assert [one.answer.item for one in on_page] == [NINTH]
    assert len([one for one in open_alarms([person]) if one.alarm.cause == on_page[0].alarm.cause]) == 1


def test_what_cannot_be_read_comes_back_and_the_rest_is_kept(opened, cast):
    form = opened("phq_9")
    assert list(page(form, cast.nurse, ZEROS | {"mood": "7", "no_such_item": "1"})) == ["mood", "no_such_item"]
    assert {item for _, item, _ in kept(form)} == set(ZEROS) - {"mood"}


def test_the_same_page_twice_is_one_and_a_changed_answer_of_it_is_kept(opened, cast):
    form = opened("phq_9")
    for given in (ZEROS, ZEROS, {"mood": "2"}, {"mood": "2"}):
        page(form, cast.nurse, given)
    assert len(kept(form)) == len(ZEROS) + 1
    assert queries.filling_of(form).answers["mood"] == 2


def test_after_the_end_nothing_is_kept(opened, cast):
    form = opened("phq_9")
    page(form, cast.nurse)
    services.close_form(form=form, by=cast.nurse)
    with pytest.raises(ChangedMeanwhile):
        page(form, cast.nurse, {"mood": "3"}, key="page-two")
    with pytest.raises(BadInput, match="key"):
        page(opened("gad_7"), cast.nurse, {}, key="short")
    assert RaisedAlert.objects.count() == 0
