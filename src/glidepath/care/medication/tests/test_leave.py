"""Leave with doses: counted out, explained, counted back; no missed dose while away, and nobody forgotten."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.alarms.models import Alarm
from glidepath.care.medication import queries, services
from glidepath.care.medication.models import DoseAnswer, LeaveOrder, LeavePack, LeaveReturn
from glidepath.care.medication.tests.acts import (
    count_back,
    draft,
    give,
    look,
    once,
    outside,
    pack_leave,
    row_at,
    sign,
    sign_leave,
    utc,
)
from glidepath.care.supply import services as supply
from glidepath.care.supply.models import Location, StockedProduct
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.staff import services as staffing
from tests.cast import PIN, client_for, proof

pytestmark = pytest.mark.django_db

BACK = "2026-11-18T12:00"


@pytest.fixture
def home(cast, person):
    """Diazepam at eight and twenty-two; away from seven in the morning to noon of the next day: three doses."""
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    sign_leave(cast, person, BACK)
    return pack(cast, person)


def pack(cast, person, until=BACK, **more):
    return pack_leave(cast, person, until, **more)


def come_back(cast, leave, *became, **more):
    return count_back(cast, leave, *became, **more)


def became_of(person):
    return [
        (f"{one.due_at:%d %H}", one.outcome, one.reason)
        for one in reversed(queries.answers_of(person, utc("2026-11-17T00:00")))
    ]


def test_what_falls_due_until_the_return_goes_along_in_exact_doses(home):
    assert [(at, words) for _, at, words in home.doses] == [
        ("2026-11-17T08:00:00+00:00", "diazepam 10 mg, tablet, by mouth"),
        ("2026-11-17T22:00:00+00:00", "diazepam 10 mg, tablet, by mouth"),
        ("2026-11-18T08:00:00+00:00", "diazepam 10 mg, tablet, by mouth"),
    ]


def test_while_away_no_dose_is_missed_and_none_is_given_here(cast, person, home, frozen_clock):
    frozen_clock.set("2026-11-18T09:00")
    assert services.alarm_doses_not_taken(cast.centre) == 0
    row = row_at(person, "2026-11-17T22:00")
    assert row.state == "on_leave"
    with pytest.raises(BadInput, match="taken along"):
        give(row, cast.nurse)


def test_who_is_long_overdue_is_called_about_like_anybody(cast, person, home, frozen_clock):
    frozen_clock.set("2026-11-18T13:59")
    assert services.alarm_doses_not_taken(cast.centre) == 0
    frozen_clock.set("2026-11-18T14:00")
    assert services.alarm_doses_not_taken(cast.centre) == 1


def test_each_dose_is_counted_back_as_what_it_became(cast, person, home, frozen_clock):
    frozen_clock.set(BACK)
    row = come_back(cast, home, "taken", "back", "missing", words="fell into the sink")
    assert row.counted_with == cast.second_nurse
    assert became_of(person) == [
        ("17 08", "elsewhere", "on_leave"), ("17 22", "missed", "brought_back"), ("18 08", "missed", "other"),
    ]  # fmt: skip
    assert queries.not_taken([person])[person.pk], "two in a row were not taken: the prescriber is called"
    assert not DoseAnswer.objects.filter(given_ng__gt=0).exists()


def test_who_is_back_early_is_given_the_rest_here(cast, person, home, frozen_clock):
    frozen_clock.set("2026-11-17T21:30")
    come_back(cast, home, "taken", "back", "back")
    assert became_of(person) == [("17 08", "elsewhere", "on_leave")]
    frozen_clock.set("2026-11-17T22:00")
    assert give(row_at(person, "2026-11-17T22:00"), cast.nurse).was_given


def test_a_missing_dose_that_lies_ahead_stays_due_and_the_prescriber_is_called_now(cast, person, home, frozen_clock):
    frozen_clock.set("2026-11-17T21:30")
    come_back(cast, home, "taken", "missing", "back", words="fell into the sink")
    assert became_of(person) == [("17 08", "elsewhere", "on_leave")]
    assert "due 17 Nov 22:00" in Alarm.objects.get(cause="doses_not_taken").message
    frozen_clock.set("2026-11-17T22:00")
    assert give(row_at(person, "2026-11-17T22:00"), cast.nurse).was_given


def test_what_is_missing_wants_words_and_every_dose_is_counted(cast, home, frozen_clock):
    frozen_clock.set(BACK)
    with pytest.raises(BadInput, match="is missing"):
        come_back(cast, home, "taken", "taken", "missing")
    with pytest.raises(BadInput, match="of each dose"):
        come_back(cast, home, "taken", "taken", "")
    assert not LeaveReturn.objects.exists()
    come_back(cast, home, "taken", "taken", "taken")
    with pytest.raises(ChangedMeanwhile):
        come_back(cast, home, "taken", "taken", "taken")


def test_what_cannot_be_taken_along_is_said(cast, person, frozen_clock):
    with pytest.raises(BadInput, match="nothing to take along"):
        pack(cast, person)
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    for until in ("2026-11-17T06:00", "2026-11-25T00:00"):
        with pytest.raises(BadInput, match="Say until when"):
            pack(cast, person, until)
    with pytest.raises(BadInput, match="Explain"):
        pack(cast, person, explained=" ")
    with pytest.raises(NotAllowed):
        pack(cast, person, by=cast.physician)
    with pytest.raises(BadInput, match="taken along only where a prescriber has signed"):
        pack(cast, person)
    sign_leave(cast, person, BACK)
    with pytest.raises(BadInput, match="another person"):
        pack(cast, person, second=proof(cast.nurse))
    look(person, cast.nurse, rass=-4)
    with pytest.raises(BadInput, match="Sedatives are held"):
        pack(cast, person)
    assert not LeavePack.objects.exists()


def test_a_second_pack_waits_for_the_first_to_be_counted_back(cast, person, home):
    with pytest.raises(BadInput, match="out already"):
        pack(cast, person)


def test_it_is_done_on_the_page(cast, person, frozen_clock):
    sign(cast, person, draft("diazepam", "10", "08:00"))
    sign_leave(cast, person, "2026-11-17T12:00")
    nurse, address = client_for(cast.nurse), reverse("medication:leave", args=[person.public_id])
    second = {"second_user": f"GLP:S:{cast.second_nurse.public_id}", "second_pin": PIN}
    sent = {"once": once(), "until": "2026-11-17T12:00", "explained": "at eight", **second}
    wrong = nurse.post(address, sent | {"second_pin": "0000"})
    assert wrong.status_code == 422
    assert "at eight" in wrong.text
    assert nurse.post(address, sent).status_code == 303
    frozen_clock.set("2026-11-17T07:10")
    assert "Count back" in nurse.get(address).text
    back = {"once": once(), "counting_back": "1", "became-0": "back", "seal": "S-9", "kept_where": "safe", **second}
    assert nurse.post(address, back).status_code == 303
    assert LeaveReturn.objects.get().became[0][2] == "back"
    assert client_for(cast.counsellor).get(address).status_code == 403


def test_a_prescriber_signs_on_the_page_and_a_nurse_is_told_who_must(cast, person, frozen_clock):
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    address = reverse("medication:leave", args=[person.public_id])
    nurse, physician = client_for(cast.nurse), client_for(cast.physician)
    told = nurse.get(address).text
    assert "No prescriber has signed a leave yet" in told
    assert cast.physician.name in told
    assert "Sign the leave" not in told
    sent = {
        "once": once(),
        "signing": "1",
        "allowed_until": "2026-11-18T12:00",
        "words": "with her sister",
        "pin": "0000",
    }
    wrong = physician.post(address, sent)
    assert wrong.status_code == 422
    assert "with her sister" in wrong.text
    assert "Hand them out" not in wrong.text
    assert physician.post(address, sent | {"pin": PIN}).status_code == 303
    assert physician.post(address, sent | {"pin": PIN}).status_code == 303, "a second submit"
    assert LeaveOrder.objects.count() == 1
    page = nurse.get(address).text
    assert f"{cast.physician.name} signed: may take doses along until" in page
    assert "with her sister" in page
    assert 'value="2026-11-18T12:00"' in page, "the box begins with what was signed"
    refused = nurse.post(address, sent | {"once": once(), "pin": PIN})
    assert refused.status_code == 422
    assert "may not do this" in refused.text


@pytest.mark.parametrize("typed", ["", "tomorrow", "2026-11-17T06:00", "2026-12-30T06:00"])
def test_what_cannot_be_signed_is_said_at_its_box(cast, person, typed):
    sign(cast, person, draft("diazepam", "10", "08:00"))
    address = reverse("medication:leave", args=[person.public_id])
    sent = {"once": once(), "signing": "1", "allowed_until": typed, "pin": PIN}
    page = client_for(cast.physician).post(address, sent)
    assert page.status_code == 422
    assert "id_allowed_until" in page.text
    assert not LeaveOrder.objects.exists()


def test_the_page_shows_where_the_pieces_come_from_and_went(cast, person, frozen_clock):
    keep_a_register(cast)
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    sign_leave(cast, person, BACK)
    address = reverse("medication:leave", args=[person.public_id])
    nurse = client_for(cast.nurse)
    assert "3 tablets from lot W1, Willow cupboard" in nurse.get(address).text
    leave = pack(cast, person)
    away = nurse.get(address).text
    assert "3 tablets of diazepam 10 mg tablet, lot W1, from Willow cupboard" in away
    assert f"signed by {cast.physician.name}" in away
    frozen_clock.set("2026-11-18T11:00")
    come_back(cast, leave, "taken", "back", "missing", seal="S-7", words="lost on the bus")
    staffing.start_shift(unit=cast.unit, by=cast.nurse)
    nurse = client_for(cast.nurse)  # a day later the first session is over
    over = nurse.get(address).text
    for words in ("sealed under S-7, safe", "lost on the bus", "The last leave", f"signed by {cast.physician.name}"):
        assert words in over
    cupboard = Location.objects.get(kind="cupboard")
    lines = nurse.get(reverse("supply:location", args=[cupboard.public_id])).text
    assert f"leave of {person.preferred_name}" in lines
    assert "S-7" in nurse.get(reverse("supply:own", args=[person.public_id])).text


def keep_a_register(cast):
    cupboard = supply.add_location(
        centre=cast.centre, name="Willow cupboard", kind=Location.Kind.CUPBOARD, unit=cast.unit, by=cast.pharmacist
    )
    ten = StockedProduct.objects.get(centre=cast.centre, medicine="diazepam", strength_ng=10_000_000, is_liquid=False)
    parcel = supply.Delivery(ten, "W1", dt.date(2027, 6, 30), 28 * 4, 0, 20 * 4)
    supply.open_stock(location=cupboard, delivery=parcel, by=cast.pharmacist, second=proof(cast.nurse), once=once())


def test_the_page_asks_as_often_for_one_dose_a_day_as_for_eight(cast, person):
    """Worked out once for all: a leave of more doses asks no more of the database."""
    keep_a_register(cast)
    address, nurse = reverse("medication:leave", args=[person.public_id]), client_for(cast.nurse)
    sign(cast, person, draft("diazepam", "10", "22:00"))
    sign_leave(cast, person, BACK)
    nurse.get(address)
    with CaptureQueriesContext(connection) as few:
        nurse.get(address)
    for number in range(7):
        sign(cast, person, outside(f"vitamin {number}", "50", "22:00"))
    with CaptureQueriesContext(connection) as many:
        assert nurse.get(address).status_code == 200
    assert len(many) == len(few)
