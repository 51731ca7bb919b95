"""The pages of a taper that is interrupted: what they open with, what they refuse, and what they sign."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from glidepath.care.supply import queries as supply
from glidepath.care.taper import queries
from glidepath.record.audit.models import AuditLine
from tests.cast import PIN, client_for
from tests.scenarios import ward

from .test_redirecting import DAY, work_on
from .test_taper_pages import page

KINDS = ("return", "supply", "bridge")
OWN = {
    "return": {"last_taken": "2026-11-18", "regimen": "", "cut": "", "interval_days": ""},
    "supply": {},
    "bridge": {"prescriber": "Dr Byrne", "first_visit": "2026-11-27", "days": "", "spare_days": "3"},
}


@pytest.fixture
def running(cast, person, frozen_clock):
    """Danilo's plan three days later: diazepam 20 mg a day, the first cut planned for 1 December."""
    ward.sign(cast, person, ward.draft(start=DAY))
    work_on(cast, frozen_clock, "2026-11-20T10:00")
    return queries.active(person)


def liquid(cast):
    return next(one.key for row, one in supply.stock(cast.centre) if row.is_liquid)


def sent(kind, **more):
    begin = {
        "once": uuid4().hex, "seen": "1", "reason_code": "other", "words": "was away", "agreed_by": "decided together",
        "agreed": "", "from_day": "", "from_time": "", "pin": PIN,
    }  # fmt: skip
    return begin | OWN[kind] | more


def look(client, person, kind, **more):
    return client.post(page(person, kind), sent(kind, **more) | {"look": "1"})


def sign(client, person, kind, **more):
    drawn = re.search(r'name="shown" value="([0-9a-f]{64})"', look(client, person, kind, **more).text)
    return client.post(page(person, kind), sent(kind, **more) | {"shown": drawn[1]})


@pytest.mark.parametrize("kind", KINDS)
def test_a_nurse_opens_none_of_them_and_nobody_without_a_taper(cast, person, running, kind):
    assert client_for(cast.nurse).get(page(person, kind)).status_code == 403
    other = ward.person_with_history(cast, preferred_name="Noor")
    assert client_for(cast.physician).get(page(other, kind)).status_code == 404


def test_the_plan_page_leads_to_them_for_who_may_and_not_for_a_nurse(cast, person, running):
    answer = client_for(cast.physician).get(page(person)).text
    assert all(page(person, kind) in answer for kind in KINDS)
    assert "Other changes" not in client_for(cast.nurse).get(page(person)).text


@pytest.mark.parametrize("kind", KINDS)
def test_each_opens_is_in_the_audit_and_signs_nothing(cast, person, running, kind):
    answer = client_for(cast.physician).get(page(person, kind))
    assert answer.status_code == 200
    assert AuditLine.objects.filter(action="taper.read", person_id=person.pk, kind="read").count() == 1
    assert queries.newest(person).number == 1


def test_the_return_opens_with_what_the_record_knows_and_the_plan_s_rule(cast, person, frozen_clock):
    ward.sign(cast, person, ward.draft(start=DAY))
    for when in ("2026-11-17T08:05", "2026-11-17T22:05"):
        work_on(cast, frozen_clock, when)
        ward.give_due(cast, person)
    work_on(cast, frozen_clock, "2026-11-19T10:00")
    answer = client_for(cast.physician).get(page(person, "return")).text
    assert 'name="last_taken" value="2026-11-17"' in answer
    assert "since then 3 due doses were not" in answer
    assert "up to 1 whole day without doses" in answer
    assert "What this changes" in answer


def test_a_return_is_shown_with_its_difference_signed_and_stands_among_the_versions(cast, person, running):
    client = client_for(cast.physician)
    shown = look(client, person, "return").text
    assert "What this changes" in shown
    assert "1 whole day missed, within the plan’s rule." in shown
    assert "TPR-6" in shown
    answer = sign(client, person, "return")
    assert answer.status_code == 303, re.findall(r"c-bad.*?</p>|field__error.*?</span>", answer.text)
    assert "The return is signed." in client.get(page(person)).text
    assert "went on after an absence" in client.get(page(person, "versions")).text


def test_after_a_long_absence_the_page_asks_for_the_dose_and_for_the_reason(cast, person, running):
    client = client_for(cast.physician)
    asked = look(client, person, "return", last_taken="2026-11-10")
    assert asked.status_code == 422
    assert "name the doses to go on with" in asked.text
    assert "What this changes" not in asked.text
    without = sign(client, person, "return", last_taken="2026-11-10", regimen="diazepam 9 mg 08:00 22:00", words="")
    assert without.status_code == 422
    assert "write why" in without.text
    assert 'value="diazepam 9 mg 08:00 22:00"' in without.text


def test_other_products_open_with_all_that_is_stocked_and_are_signed(cast, person, running):
    client = client_for(cast.physician)
    answer = client.get(page(person, "supply")).text
    assert "diazepam 10 mg tablet, " in answer
    assert "lorazepam 1 mg tablet" not in answer, "only of what is taken"
    done = sign(client, person, "supply", products=[liquid(cast)])
    assert done.status_code == 303, re.findall(r"c-bad.*?</p>|field__error.*?</span>", done.text)
    again = client.get(page(person, "supply")).text
    assert len(re.findall(r'name="products" value="[^"]+" checked', again)) == 1
    amend = client.get(page(person, "amend")).text
    assert len(re.findall(r'name="products" value="[^"]+" checked', amend)) == 1


def test_a_bridge_is_signed_and_its_sheet_can_be_handed_over(cast, person, running):
    client = client_for(cast.physician)
    assert client.get(page(person, "bridge_sheet")).status_code == 404
    assert "nobody leaves to nobody" not in client.get(page(person, "bridge")).text.split("<form")[0], "no fault yet"
    shown = look(client, person, "bridge").text
    assert "22 of diazepam 10 mg tablet" in shown
    answer = sign(client, person, "bridge")
    assert answer.status_code == 303, re.findall(r"c-bad.*?</p>|field__error.*?</span>", answer.text)
    assert "Bridging plan: the dose goes on until 30" in client.get(page(person)).text
    sheet = client_for(cast.nurse).get(page(person, "bridge_sheet")).text
    for words in (
        "Dr Byrne",
        "27\N{NO-BREAK SPACE}Nov",
        "30\N{NO-BREAK SPACE}Nov",
        "22 of diazepam 10 mg tablet",
        "The dose stays the same",
    ):
        assert words in sheet


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("return", {"last_taken": "2026-02-31"}, "Enter a valid date"),
        ("return", {"last_taken": ""}, "Name the last day on which every dose was taken"),
        ("return", {"last_taken": "2026-11-20"}, "does not lie before 20 Nov 2026"),
        ("return", {"regimen": "diazepan 9 mg 08:00"}, "Did you mean diazepam"),
        ("return", {"regimen": "diazepam 15 mg 08:00 22:00"}, "more than was taken before"),
        ("return", {"cut": "5"}, "A pace is typed as both"),
        ("supply", {"products": []}, "Choose one product or more"),
        ("supply", {"products": ["nonsense"]}, "is no product that is stocked here"),
        ("bridge", {"prescriber": ""}, "nobody leaves to nobody"),
        ("bridge", {"first_visit": "2026-11-01"}, "lies before 20 Nov 2026"),
        ("bridge", {"spare_days": "0"}, "greater than or equal to 1"),
        ("bridge", {"first_visit": "", "days": "500"}, "less than or equal to 120"),
    ],
)
def test_nonsense_is_said_beside_its_box_and_what_was_typed_stays(cast, person, running, kind, typed, says):
    answer = look(client_for(cast.physician), person, kind, **typed)
    assert answer.status_code == 422
    assert says in answer.text, re.findall(r"c-bad.*?</p>|field__error.*?</span>", answer.text)
    assert "was away" in answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_history_asks_no_more_queries(cast, person, running, kind):
    client = client_for(cast.physician)

    def count():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(page(person, kind)).status_code == 200
        return len(asked)

    count()
    before = count()
    assert sign(client, person, "return").status_code == 303
    count()
    assert count() == before
