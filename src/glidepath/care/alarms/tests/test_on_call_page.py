"""The page that keeps the list of who is on call, and one's own way of being called."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.alarms import services
from glidepath.care.alarms.models import Rank
from glidepath.record.audit.models import AuditLine
from glidepath.record.staff import queries, services as staff
from glidepath.record.staff.models import OnCall, Staff
from tests.cast import client_for

PAGE = "/on-call/"


def sent(cast, **changed):
    return {
        "once": uuid4().hex, "staff": str(cast.off_shift_nurse.public_id), "unit": "every", "begins_at": "",
        "until": "2026-11-18T08:00", "phone": "07700 900123", "remarks": "15 minutes away",
    } | changed  # fmt: skip


def test_a_nurse_puts_somebody_on_the_list_and_the_page_says_who_would_be_called(cast):
    client = client_for(cast.nurse)
    assert client.post(PAGE, sent(cast)).status_code == 303
    (entry,) = OnCall.objects.all()
    assert (entry.staff, entry.unit, entry.set_by) == (cast.off_shift_nurse, None, cast.nurse)
    assert f"{entry.until:%d %H:%M}" == "18 08:00"
    text = client.get(PAGE).text
    assert "07700 900123; 15 minutes away" in text
    assert "an alarm would have no prescriber to call" in text  # on the other unit nobody is on shift
    assert AuditLine.objects.filter(action="on_call.read", kind="read").count() == 1


def test_an_entry_is_taken_off(cast):
    client = client_for(cast.nurse)
    client.post(PAGE, sent(cast))
    entry = OnCall.objects.get()
    assert client.post(reverse("alarms:on_call_end", args=[entry.public_id])).status_code == 303
    assert queries.on_call_list(cast.centre) == []
    assert "taken off by Marta Lindqvist" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"staff": ""}, "Say who is on call."),
        ({"until": ""}, "Say until when."),
        ({"until": "tomorrow"}, "Until: a day and a time, such as"),
        ({"until": "2026-11-17T13:00"}, "It ends before it begins."),
        ({"until": "2026-12-24T13:00"}, "Longer than 14 days"),
        ({"begins_at": "2026-11-17T09:00", "until": "2026-11-17T12:00"}, "This end has passed."),
        ({"unit": str(uuid4())}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_comes_back(cast, changed, says):
    answer = client_for(cast.nurse).post(PAGE, sent(cast, **changed))
    assert answer.status_code == 422
    assert says in answer.text
    assert "15 minutes away" in answer.text
    assert OnCall.objects.count() == 0


def test_others_read_the_list_and_keep_none(cast):
    assert "keep it" in client_for(cast.counsellor).get(PAGE).text
    assert client_for(cast.counsellor).post(PAGE, sent(cast)).status_code == 403
    assert client_for(cast.auditor).get(PAGE).status_code == 403
    client_for(cast.nurse).post(PAGE, sent(cast))
    address = reverse("alarms:on_call_end", args=[OnCall.objects.get().public_id])
    assert client_for(cast.counsellor).post(address).status_code == 403
    assert client_for(cast.stranger).post(address).status_code == 404


def test_the_manager_sees_which_alarms_call_and_no_name_and_no_cause(cast, person):
    services.raise_alarm(
        person=person, cause="INP-7", rank=Rank.NOW, message="NEWS2 6.", do="Review.", by=None, prescriber_closes=True
    )
    text = client_for(cast.manager).get(PAGE).text
    assert "Alarms that call now" in text
    assert "Dr Tomasz Wilk (physician)" in text
    for word in (person.preferred_name, "INP-7", "NEWS2"):
        assert word not in text
    assert "Alarms that call now" not in client_for(cast.counsellor).get(PAGE).text


def test_the_page_takes_as_many_queries_for_a_full_list_as_for_a_short_one(cast, django_assert_num_queries):
    def taken():
        client = client_for(cast.nurse)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as found:
            assert client.get(PAGE).status_code == 200
        return len(found)

    client_for(cast.nurse).post(PAGE, sent(cast))
    first = taken()
    for one in (cast.physician, cast.second_physician, cast.nurse, cast.psychologist, cast.manager):
        client_for(cast.nurse).post(PAGE, sent(cast, staff=str(one.public_id)))
    assert taken() == first


# --- One's own way ----------------------------------------------------------------------------------------------------


def test_one_sets_where_one_is_called(cast):
    client = client_for(cast.nurse)
    assert client.post(reverse("staff:calls"), {"email": "marta@centre.example"}).status_code == 302
    assert Staff.objects.get(pk=cast.nurse.pk).email == "marta@centre.example"
    assert "marta@centre.example" in client.get(reverse("staff:calls")).text


def test_a_wrong_address_comes_back_with_what_is_wrong(cast):
    answer = client_for(cast.nurse).post(reverse("staff:calls"), {"email": "marta"})
    assert answer.status_code == 422
    assert "“marta” is no e-mail address" in answer.text


def test_whoever_is_never_called_has_no_such_page(cast):
    assert client_for(cast.auditor).get(reverse("staff:calls")).status_code == 403
    staff.set_call_address(by=cast.manager, email="ruth@centre.example")


def test_a_device_is_added_and_taken_away(cast, settings):
    settings.PUSH_SERVICES = ("push.example.org",)
    client = client_for(cast.nurse)
    given = {"endpoint": "https://push.example.org/1", "name": "Firefox, Linux"}
    assert client.post(reverse("staff:add_device"), given).status_code == 302
    assert "Firefox, Linux" in client.get(reverse("staff:calls")).text
    (device,) = queries.devices_of(cast.nurse)
    address = reverse("staff:remove_device", args=[device.public_id])
    assert client_for(cast.physician).post(address).status_code == 404
    assert client.post(address).status_code == 302
    assert queries.devices_of(cast.nurse) == []


@pytest.mark.parametrize(
    ("endpoint", "says"), [("", "This browser gave no address"), ("https://evil.example/1", "is none we send to")]
)
def test_a_device_that_cannot_be_called_is_said(cast, endpoint, says):
    answer = client_for(cast.nurse).post(reverse("staff:add_device"), {"endpoint": endpoint})
    assert answer.status_code == 422
    assert says in answer.text
