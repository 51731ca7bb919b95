"""Values by hand, from a file and corrected, on their pages; and the trends drawn."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from glidepath.care.monitoring import services
from glidepath.care.monitoring.laboratory import Value
from glidepath.care.monitoring.models import Measurement
from glidepath.care.monitoring.tests.looks import ciwa, scored, seen
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from tests.cast import client_for

FILE = "date,time,name,value,unit,low,high,laboratory\n2026-11-17,14:30,potassium,{},mmol/L,3.5,5.1,St Anne\n"
TYPED = {"name": "weight", "value": "70.5", "unit": "kg", "sign": ""}


def at(name, person, *more):
    return reverse(f"monitoring:{name}", args=[person.public_id, *more])


def post(person, cast, **given):
    return client_for(cast.nurse).post(at("values", person), {"once": uuid4().hex, **TYPED, **given})


def test_a_weight_is_written_and_stands_with_its_unit(person, cast):
    assert post(person, cast).status_code == 303
    text = client_for(cast.psychologist).get(at("values", person)).text
    assert "70.5&nbsp;kg" in text
    assert 'name="once"' not in text, "a psychologist reads and writes none"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value": "700"}, "cannot be meant"),
        ({"value": "x"}, "A number, such as 4.2"),
        ({"value": "1.23456"}, "more than 3 places"),
        ({"unit": ""}, "A value needs its unit"),
        ({"name": ""}, "Say what was measured"),
        ({"at": "2999-01-01T00:00"}, "still to come"),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(given, said, person, cast):
    answer = post(person, cast, **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert not Measurement.objects.exists()


def from_file(person, cast, text="", **given):
    return client_for(cast.nurse).post(at("values_from_file", person), {"once": uuid4().hex, "file": text, **given})


def test_a_file_pasted_or_chosen_is_read(person, cast, frozen_clock):
    frozen_clock.tick(hours=4)
    assert from_file(person, cast, FILE.format("4.2")).status_code == 303
    chosen = SimpleUploadedFile("lab.csv", FILE.format("5.6").encode())
    assert from_file(person, cast, upload=chosen).status_code == 303
    text = client_for(cast.nurse).get(at("values", person)).text
    assert "5.6&nbsp;mmol/L" in text
    assert "above" in text
    assert "from 3.5 to 5.1" in text


def test_a_bad_line_is_named_and_the_text_comes_back(person, cast):
    answer = from_file(person, cast, FILE.format("high"))
    assert answer.status_code == 422
    assert "Line 2: value &#x27;high&#x27; is no number" in answer.text
    assert "potassium,high,mmol/L" in answer.text


def test_a_value_is_corrected_on_its_page(person, cast):
    post(person, cast)
    row = Measurement.objects.get()
    nurse, url = client_for(cast.nurse), at("correct_value", person, row.public_id)
    assert 'value="70.5"' in nurse.get(url).text
    assert nurse.post(url, {"once": "a", **TYPED, "reason": ""}).status_code == 422
    assert nurse.post(url, {"once": "b", **TYPED, "value": "75.5", "reason": "slip"}).status_code == 303
    assert "corrected by Marta Lindqvist: slip" in nurse.get(at("values", person)).text


def test_the_trends_draw_scales_values_and_sleep_with_their_bands(person, cast, frozen_clock):
    for figure in ("4.2", "5.6"):
        seen(person, cast.nurse)
        scored(person, cast.nurse, ciwa(1))
        services.record_measurement(
            person=person,
            value=Value("potassium", Decimal(figure), "mmol/L", low=Decimal("3.5"), high=Decimal("5.1")),
            by=cast.nurse,
            once=uuid4().hex,
        )
        frozen_clock.tick(hours=3)
    services.record_sleep(person=person, night_of=clock.today(cast.centre), minutes=300, by=cast.nurse, once="s")
    text = client_for(cast.counsellor).get(at("trends", person)).text
    assert "Potassium in mmol/L: 2 values, between 4.2 and 5.6, last 5.6. Reference range from 3.5 to 5.1." in text
    assert "CIWA-B: 2 complete, between 20 and 20" in text
    assert "Sleep in hours: 1 values, between 5 and 5" in text
    assert AuditLine.objects.filter(action="observations.read", person_id=person.pk).exists()


def test_nothing_written_is_drawn_as_nothing(person, cast):
    text = client_for(cast.nurse).get(at("trends", person) + "?days=3").text
    assert "NEWS2: nothing in these days" in text
    assert "Last 3 days" in text


def test_trends_ask_as_often_for_many_values_as_for_few(person, cast, django_assert_num_queries, frozen_clock):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def write(times):
        for number in range(times):
            value = Value(f"value {number}", Decimal(4), "g")
            services.record_measurement(person=person, value=value, by=cast.nurse, once=uuid4().hex)

    nurse = client_for(cast.nurse)
    write(1)
    nurse.get(at("trends", person))
    with CaptureQueriesContext(connection) as few:
        nurse.get(at("trends", person))
    write(20)
    with django_assert_num_queries(len(few)):
        nurse.get(at("trends", person))


def test_another_centre_sees_nothing(person, cast):
    stranger = client_for(cast.stranger)
    for name in ("values", "trends", "plan"):
        assert stranger.get(at(name, person)).status_code in (403, 404)


def test_the_days_of_a_repeated_hour_are_read_as_the_laboratory_wrote_them(person):
    zone = person.centre.zone
    (line,) = services.read_file("date,time,name,value,unit\n2026-10-25,01:30,K,4,mmol/L\n", zone)
    assert line.at == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
