"""The pages of a rapid protocol: who sees them, what comes back with nonsense, and that nothing typed is lost."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from glidepath.care.taper import queries
from glidepath.care.taper.models import Batch, DayReview, Version
from glidepath.record.audit.models import AuditLine
from glidepath.record.centres import services as centres
from glidepath.record.staff import services as staff
from tests.cast import PIN, client_for, make_centre
from tests.scenarios import rapid, ward

DAY = dt.date(2026, 11, 17)
ASKED = {
    "regimen": "diazepam 20 mg 08:00 22:00", "start": "2026-11-17", "shape": "proportional", "cut": "10",
    "interval_days": "14", "goal": "diazepam 20 mg", "table": "", "switch_to": "", "setting": "inpatient_medical",
    "protocol": "etg",
}  # fmt: skip


@pytest.fixture
def cast(frozen_clock):
    frozen_clock.set("2026-11-17T07:00")
    cast = make_centre()
    ward.stock_shelf(cast)
    rapid.open_rapid_unit(cast)
    return cast


@pytest.fixture
def person(cast):
    return rapid.inpatient(cast)


@pytest.fixture
def planned(cast, person, frozen_clock):
    """Signed by two; it is the morning of the first cut."""
    rapid.sign(cast, person, rapid.draft(DAY))
    frozen_clock.set("2026-11-19T06:30")
    for one in (cast.physician, cast.second_physician, cast.nurse, cast.pharmacist, cast.counsellor):
        staff.start_shift(unit=cast.other_unit, by=one)
    return person


@pytest.fixture
def batched(cast, planned):
    rapid.sign_batch(cast, queries.active(planned))
    return planned


def page(person, name="plan"):
    return reverse(f"taper:{name}", args=[person.public_id])


def signature(cast, client, person, **more):
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', client.get(page(person), ASKED).text)[1]
    begin = {"once": uuid4().hex, "shown": shown, "agreed": "asked for it", "acknowledged": "watched every day",
             "pin": PIN, "second_user": cast.second_physician.username, "second_pin": PIN}  # fmt: skip
    return ASKED | begin | more


def batch_signature(cast, **more):
    begin = {"once": uuid4().hex, "seen": "1", "last_step": "6", **rapid.USUAL.as_data(), "pin": PIN,
             "second_user": cast.second_physician.username, "second_pin": PIN}  # fmt: skip
    return begin | more


def day_signature(**more):
    begin = {"once": uuid4().hex, "seen": "1", "step": "2", "interference": "bearable", "sleep": "no", "words": "",
             "pin": PIN}  # fmt: skip
    return begin | more


# --- The draft --------------------------------------------------------------------------------------------------------
def test_a_centre_without_such_a_protocol_never_sees_it(cast, person):
    centres.change_settings(centre=cast.centre, changes={"inpatient_protocols": []}, by=cast.manager)
    answer = client_for(cast.physician).get(page(person), ASKED)
    assert "protocol" not in answer.text.lower().replace("name the inpatient protocol", "")
    assert "Second signature" not in answer.text


def test_off_the_inpatient_unit_nobody_is_asked_for_a_protocol(cast):
    elsewhere = ward.person_with_history(cast, "diazepam 20 mg 08:00 22:00")
    answer = client_for(cast.physician).get(page(elsewhere), ASKED)
    assert "Rapid inpatient protocol" not in answer.text


def test_the_draft_shows_the_protocols_own_cuts_and_asks_for_two_signatures(cast, person):
    answer = client_for(cast.physician).get(page(person), ASKED)
    assert answer.status_code == 200
    for words in ("<b>36</b>", "<b>20</b>", "Second signature", "INP-14", "JCG-6d", "Sign version 1"):
        assert words in answer.text
    assert 'aria-describedby="why-not"' not in answer.text
    assert "Choose a pace together" not in answer.text


def test_a_plan_outside_the_protocol_says_what_and_cannot_be_signed(cast, person):
    answer = client_for(cast.physician).get(page(person), ASKED | {"goal": ""})
    assert "Write 20 mg as the goal" in answer.text
    assert "INP-14 stands, and nobody signs past it" in answer.text


@pytest.mark.parametrize("key", ["munich", "sa_health_older", "<script>"])
def test_a_protocol_that_is_none_here_is_refused_beside_its_box(cast, person, key):
    answer = client_for(cast.physician).get(page(person), ASKED | {"protocol": key})
    assert answer.status_code == 422
    assert "id_protocol-error" in answer.text


def test_two_sign_what_was_shown(cast, person):
    client = client_for(cast.physician)
    assert client.post(page(person, "sign"), signature(cast, client, person)).status_code == 303
    version = Version.objects.get()
    assert (version.protocol, version.second_by) == ("etg", cast.second_physician)
    assert "Signed by Dr Ines Ferreira and Dr Tomasz Wilk" in client.get(page(person)).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"second_user": ""}, "A second clinician signs beside you"),
        ({"second_user": "nobody"}, "Nobody here has the user name"),
        ({"second_pin": "1111"}, "4 tries left"),
        ({"second_pin": ""}, "4 tries left"),
    ],
)
def test_a_wrong_second_signature_signs_nothing_and_loses_nothing_typed(cast, person, wrong, words):
    client = client_for(cast.physician)
    answer = client.post(page(person, "sign"), signature(cast, client, person, **wrong))
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="asked for it"' in answer.text
    typed = wrong.get("second_user", cast.second_physician.username)
    assert not typed or f'value="{typed}"' in answer.text
    assert f'value="{PIN}"' not in answer.text
    assert not Version.objects.exists()


def test_the_second_proof_opens_nothing_else(cast, person):
    """It is kept in no session: the next form asks for it anew."""
    client = client_for(cast.physician)
    sent = signature(cast, client, person)
    before = {*client.session.keys()}
    client.post(page(person, "sign"), sent)
    assert {*client.session.keys()} - before == {"proof"}
    assert client.session["proof"]["staff"] == cast.physician.pk


# --- The batch --------------------------------------------------------------------------------------------------------
def test_the_batch_page_proposes_the_conditions_and_two_sign(cast, planned):
    client = client_for(cast.physician)
    answer = client.get(page(planned, "batch"))
    assert answer.status_code == 200
    for box in (
        'name="ciwa_b_at_most" value="40"',
        'name="rass_at_least" value="-1"',
        'name="news2_at_most" value="4"',
    ):
        assert box in answer.text
    assert client.post(page(planned, "batch"), batch_signature(cast)).status_code == 303
    assert Batch.objects.get().second_by == cast.second_physician
    assert "Waits for today’s review" in client.get(page(planned)).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ciwa_b_at_most": "41"}, "41 cannot be: choose from 0 to 40"),
        ({"rass_at_least": "calm"}, "Enter a whole number"),
        ({"values_hours": "0"}, "0 cannot be"),
        ({"news2_at_most": "999999999999999999999"}, "cannot be"),
        ({"last_step": "99"}, "99"),
        ({"last_step": "1"}, "Select a valid choice"),
        ({"second_user": ""}, "A second clinician signs beside you"),
        ({"seen": "0"}, "this page showed version 0"),
        ({"pin": "1111"}, "tries left"),
    ],
)
def test_nonsense_signs_no_batch_and_comes_back_with_what_was_typed(cast, planned, wrong, words):
    answer = client_for(cast.physician).post(page(planned, "batch"), batch_signature(cast, **wrong))
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{wrong.get("ciwa_b_at_most", "40")}"' in answer.text
    assert not Batch.objects.exists()


def test_the_batch_is_a_prescribers_page(cast, planned):
    for who in (cast.nurse, cast.pharmacist, cast.counsellor):
        assert client_for(who).get(page(planned, "batch")).status_code == 403
    assert client_for(cast.stranger).get(page(planned, "batch")).status_code == 404


def test_a_plan_without_a_protocol_has_no_batch_to_sign(cast):
    other = ward.person_with_history(cast, preferred_name="Ilse")
    ward.sign(cast, other, ward.draft(start=DAY))
    answer = client_for(cast.physician).get(page(other, "batch"))
    assert "release its steps one by one" in answer.text


# --- The day ----------------------------------------------------------------------------------------------------------
def test_home_shows_the_review_that_waits_and_after_it_none(cast, batched):
    client = client_for(cast.nurse)
    assert "step 2 waits for today’s review" in client.get("/").text
    rapid.look(cast, batched)
    assert client.post(page(batched, "day"), day_signature()).status_code == 303
    after = client.get("/").text
    assert "waits for today’s review" not in after
    assert "Reviewed today by Marta Lindqvist: step 2 began" in client.get(page(batched)).text


def test_home_tells_a_prescriber_that_a_batch_is_missing(cast, planned):
    assert "step 2 waits for its batch, signed by two" in client_for(cast.physician).get("/").text


def test_the_page_shows_the_values_beside_the_conditions_and_says_what_is_missing(cast, batched):
    client = client_for(cast.nurse)
    empty = client.get(page(batched, "day")).text
    assert "Score CIWA-B, then record the review" in empty
    rapid.look(cast, batched)
    full = client.get(page(batched, "day")).text
    assert "40 or less, rising by less than 10 in a day" in full
    assert "Checked: nothing to say" in full
    assert AuditLine.objects.filter(action="taper.read", person_id=batched.pk, kind="read").count() == 2


def test_outside_the_conditions_the_page_names_the_value_and_that_somebody_was_called(cast, batched):
    rapid.look(cast, batched, rass=2)
    client = client_for(cast.nurse)
    assert "RASS is +2; in this batch a cut begins at −1 to +1" in client.get(page(batched, "day")).text
    after = client.post(page(batched, "day"), day_signature(), follow=True).text
    assert "No cut today" in after
    assert "The prescriber is called" in after
    again = client.get(page(batched, "day")).text
    assert "has not closed the alarm yet" in again
    assert 'aria-describedby="why-not"' in again


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"interference": ""}, "Say whether symptoms interfere"),
        ({"interference": "splendid"}, "Select a valid choice"),
        ({"step": "three"}, "Enter a whole number"),
        ({"step": "3"}, "The next step is 2, not 3"),
        ({"seen": "7"}, "this page showed version 7"),
        ({"pin": "1111"}, "tries left"),
        ({"pin": ""}, "Sign with your PIN"),
    ],
)
def test_nonsense_records_no_review_and_keeps_what_was_typed(cast, batched, wrong, words):
    rapid.look(cast, batched)
    answer = client_for(cast.nurse).post(page(batched, "day"), day_signature(words="slept <b>well</b>", **wrong))
    assert answer.status_code == 422
    assert words in answer.text
    assert "slept &lt;b&gt;well&lt;/b&gt;" in answer.text
    assert not DayReview.objects.exists()


def test_the_days_review_is_for_physicians_and_nurses(cast, batched):
    for who in (cast.pharmacist, cast.counsellor):
        assert client_for(who).get(page(batched, "day")).status_code == 403
    assert client_for(cast.physician).get(page(batched, "day")).status_code == 200


def test_the_plans_page_leads_to_the_batch_and_then_to_the_day(cast, planned):
    client = client_for(cast.physician)
    assert page(planned, "batch") in client.get(page(planned)).text
    rapid.sign_batch(cast, queries.active(planned))
    after = client.get(page(planned)).text
    assert page(planned, "day") in after
    assert page(planned, "release") not in after
