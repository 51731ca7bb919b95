"""Who has read a result, and when, stands beside the score; an open form has nothing to read."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.instruments import queries, services
from glidepath.care.instruments.models import FormReviewed
from glidepath.clinical.facts.load import instrument
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, NotAllowed
from tests.cast import client_for


@pytest.fixture
def done(opened, cast):
    """A GAD-7 that Danilo filled in, finished."""

    def one(key: str = "gad_7"):
        form = opened(key)
        zeros = {item.key: "0" for item in instrument(key).items}
        services.answer_page(form=form, given=zeros, key=f"whole-page-{form.pk}", by=cast.nurse)
        services.close_form(form=form, by=cast.nurse)
        return form

    return one


def address(name, form):
    return reverse(f"instruments:{name}", args=[form.person.public_id, form.public_id])


def test_a_result_is_read_by_name_once_by_each(done, cast, frozen_clock):
    form = done()
    first = services.review_form(form=form, by=cast.physician)
    frozen_clock.tick(hours=1)
    assert services.review_form(form=form, by=cast.physician) == first
    services.review_form(form=form, by=cast.psychologist)
    result = queries.result_of(form)
    assert [one.recorded_by.name for one in result.reviews] == [cast.physician.name, cast.psychologist.name]
    assert AuditLine.objects.filter(action="form.reviewed").count() == 2


def test_who_read_it_is_never_changed(done, cast):
    row = services.review_form(form=done(), by=cast.physician)
    with pytest.raises(DatabaseError), transaction.atomic():
        FormReviewed.objects.filter(pk=row.pk).update(recorded_by=cast.nurse)


def test_what_is_not_finished_or_counts_nowhere_has_no_result_to_read(opened, done, cast):
    with pytest.raises(BadInput, match="not finished"):
        services.review_form(form=opened("phq_9"), by=cast.physician)
    form = done()
    services.set_aside(form=form, reason="about somebody else", by=cast.nurse)
    with pytest.raises(BadInput, match="set aside"):
        services.review_form(form=form, by=cast.physician)


@pytest.mark.parametrize("role", ["admissions", "case_manager", "manager", "auditor"])
def test_who_is_no_clinician_reads_none_by_name(role, done, cast):
    with pytest.raises(NotAllowed):
        services.review_form(form=done(), by=getattr(cast, role))


def test_one_tap_on_the_result_and_the_name_stands_there_in_the_list_and_beside_the_scores(done, cast, person):
    form = done()
    client = client_for(cast.physician)
    page = client.get(address("result", form)).text
    assert "read by nobody yet" in page
    assert "I have read this result" in page
    assert client.post(address("reviewed", form), {"once": "k"}).status_code == 302
    page = client.get(address("result", form)).text
    assert "I have read this result" not in page
    assert "read by nobody yet" not in page
    for where in (
        address("result", form),
        reverse("instruments:forms", args=[person.public_id]),
        reverse("instruments:trends", args=[person.public_id]),
    ):
        assert f"{cast.physician.name}, 17" in client.get(where).text, where
    assert client.get(address("reviewed", form)).status_code == 405


def test_the_results_of_many_forms_take_as_many_queries_as_of_one(done, cast, person):
    counts = []
    for _ in range(2):
        services.review_form(form=done(), by=cast.physician)
        with CaptureQueriesContext(connection) as asked:
            assert all(one.reviews[0].recorded_by.name for one in queries.history(person))
        counts.append(len(asked))
    assert counts[0] == counts[1]
