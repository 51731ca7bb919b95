"""A link opens one form, for one person, until its end, to whoever knows the birth date; a refusal says nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.care.instruments import services
from glidepath.care.instruments.links import REFUSED, TRIES
from glidepath.care.instruments.models import FormLink
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile

BORN = dt.date(1979, 3, 12)
FRIDAY = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)


@pytest.fixture
def link(opened, cast):
    return services.make_link(form=opened("phq_9"), ends_at=FRIDAY, by=cast.nurse)


def test_the_right_birth_date_opens_the_form(link):
    row, token = link
    opened = services.open_by_link(token=token, birth_date=BORN)
    assert (opened, opened.used_at is not None) == (row, True)
    assert services.link_at(token, row.pk) == row


def test_the_token_itself_is_kept_nowhere(link):
    _, token = link
    assert token not in str(list(FormLink.objects.values()))
    assert len(token) >= 43  # 32 bytes
    assert token not in str(list(AuditLine.objects.values()))


def refused(token, birth_date=BORN):
    with pytest.raises(BadInput) as told:
        services.open_by_link(token=token, birth_date=birth_date)
    return told.value.message


def test_a_wrong_date_an_unknown_link_and_an_ended_one_are_refused_alike(link, frozen_clock):
    _, token = link
    said = {refused(token, dt.date(1979, 3, 13)), refused("no-such-token")}
    frozen_clock.set(FRIDAY)
    assert said | {refused(token)} == {REFUSED}


def test_a_link_opens_until_its_end_and_not_at_it(link, frozen_clock):
    row, token = link
    frozen_clock.set(FRIDAY - dt.timedelta(seconds=1))
    assert services.open_by_link(token=token, birth_date=BORN) == row
    frozen_clock.set(FRIDAY)
    assert services.link_at(token, row.pk) is None


def test_after_a_few_wrong_dates_not_even_the_right_one_opens_it(link):
    row, token = link
    for day in range(1, TRIES + 1):
        refused(token, dt.date(1980, 1, day))
    assert refused(token) == REFUSED
    assert services.link_at(token, row.pk) is None
    row.refresh_from_db()
    assert (row.wrong_birth_dates, row.used_at) == (TRIES, None)


@pytest.mark.django_db(transaction=True)
def test_a_wrong_date_is_counted_though_it_is_refused(link):
    row, token = link
    refused(token, dt.date(1979, 3, 13))
    row.refresh_from_db()
    assert row.wrong_birth_dates == 1


def test_one_try_less_than_that_still_opens_it(link):
    row, token = link
    for day in range(1, TRIES):
        refused(token, dt.date(1980, 1, day))
    assert services.open_by_link(token=token, birth_date=BORN) == row


def test_a_withdrawn_link_opens_nothing(link, cast):
    row, token = link
    services.withdraw_link(link=row, by=cast.second_nurse)
    assert refused(token) == REFUSED
    assert services.link_at(token, row.pk) is None


def test_a_new_link_ends_the_one_before(link, cast):
    row, token = link
    _, newer = services.make_link(form=row.form, ends_at=FRIDAY, by=cast.nurse)
    assert refused(token) == REFUSED
    assert services.open_by_link(token=newer, birth_date=BORN).form == row.form


def test_a_form_set_aside_is_reached_by_no_link(link, cast):
    row, token = link
    services.set_aside(form=row.form, reason="Sent to the wrong person.", by=cast.nurse)
    assert refused(token) == REFUSED


@pytest.mark.parametrize("days", [0, -1, 31])
def test_a_link_ends_ahead_and_soon(opened, cast, days):
    end = dt.datetime(2026, 11, 17, 10, tzinfo=dt.UTC) + dt.timedelta(days=days)
    with pytest.raises(BadInput, match="within 30 days"):
        services.make_link(form=opened("phq_9"), ends_at=end, by=cast.nurse)


def test_a_form_that_staff_fill_in_gets_no_link(opened, cast):
    with pytest.raises(BadInput, match="filled in by staff"):
        services.make_link(form=opened("falls_checklist", filled_by="observer"), ends_at=FRIDAY, by=cast.nurse)


def test_a_finished_form_gets_no_link(opened, give, cast):
    form = opened("phq_9")
    give(form, "mood", "1")
    services.close_form(form=form, by=cast.nurse)
    with pytest.raises(ChangedMeanwhile, match="finished already"):
        services.make_link(form=form, ends_at=FRIDAY, by=cast.nurse)


def test_every_try_at_a_known_link_leaves_a_line_by_nobody(link):
    _, token = link
    refused(token, dt.date(1979, 3, 13))
    services.open_by_link(token=token, birth_date=BORN)
    lines = AuditLine.objects.filter(action__startswith="form.link_").order_by("seq").values_list("action", "actor_id")
    assert list(lines)[1:] == [("form.link_refused", None), ("form.link_opened", None)]
