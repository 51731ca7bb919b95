"""The pages that switch and amend a running taper, and the predicted level beside a plan."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from glidepath.care.supply import queries as supply
from glidepath.care.taper import predicted, queries
from glidepath.record.audit.models import AuditLine
from glidepath.record.staff import services as staff
from tests.cast import PIN, client_for
from tests.clinical.dosing.shelf import planned, tablet
from tests.scenarios import ward

DAY = dt.date(2026, 11, 17)


def page(person, name="plan"):
    return reverse(f"taper:{name}", args=[person.public_id])


@pytest.fixture
def running(cast, person, frozen_clock):
    """Danilo's plan, a day later: diazepam 20 mg a day, step 1 in force."""
    ward.sign(cast, person, ward.draft(start=DAY))
    frozen_clock.set("2026-11-18T10:00")
    for one in (cast.physician, cast.nurse):
        staff.start_shift(unit=cast.unit, by=one)
    return queries.active(person)


def amendment(**more):
    begin = {
        "once": uuid4().hex, "seen": "1", "shape": "proportional", "cut": "10", "interval_days": "14", "goal": "",
        "table": "va_dod_2021", "first_cut": "", "times": "", "regimen": "", "typed": "", "reason_code": "request",
        "words": "the liquid from 2 mg on", "agreed_by": "decided together", "agreed": "", "pin": PIN,
    }  # fmt: skip
    return begin | more


def look(client, person, **more):
    return client.post(page(person, "amend"), amendment(**more) | {"look": "1"})


def sign(client, person, **more):
    drawn = re.search(r'name="shown" value="([0-9a-f]{64})"', look(client, person, **more).text)
    return client.post(page(person, "amend"), amendment(**more) | {"shown": drawn[1]})


def test_the_running_plan_offers_to_switch_and_to_amend(cast, person, running):
    answer = client_for(cast.physician).get(page(person))
    assert page(person, "switch") in answer.text
    assert page(person, "amend") in answer.text


@pytest.mark.parametrize("kind", ["switch", "amend"])
def test_a_nurse_does_not_send_a_taper_another_way(cast, person, running, kind):
    assert client_for(cast.nurse).get(page(person, kind)).status_code == 403


@pytest.mark.parametrize("kind", ["switch", "amend"])
def test_without_a_running_taper_there_is_no_such_page(cast, person, kind):
    assert client_for(cast.physician).get(page(person, kind)).status_code == 404


def test_an_amendment_opens_with_the_choices_that_run_and_the_steps_that_lie_ahead(cast, person, running):
    answer = client_for(cast.physician).get(page(person, "amend"))
    assert answer.status_code == 200
    assert 'name="cut" value="10"' in answer.text
    assert "2026-12-01 diazepam 9 mg at 08:00 + diazepam 9 mg at 22:00" in answer.text
    assert "Predicted level" in answer.text
    assert "To explain, never to dose" in answer.text


def test_a_kept_dose_is_shown_with_its_difference_and_then_signed(cast, person, running):
    client = client_for(cast.physician)
    shown = look(client, person, goal="diazepam 10 mg")
    assert "What this changes" in shown.text
    assert "Goal reached" in shown.text
    answer = sign(client, person, goal="diazepam 10 mg")
    assert answer.status_code == 303, re.findall(r"c-bad.*?</p>", answer.text)
    newest = queries.newest(person)
    assert (newest.kind, newest.number, newest.agreed) == ("amend", 2, "decided together")
    assert "It counts from 18 Nov 2026 22:00" in client.get(page(person)).text


def test_what_was_chosen_after_the_page_was_drawn_is_shown_before_it_is_signed(cast, person, running):
    client = client_for(cast.physician)
    drawn = re.search(r'name="shown" value="([0-9a-f]{64})"', look(client, person).text)
    answer = client.post(page(person, "amend"), amendment(interval_days="28") | {"shown": drawn[1]})
    assert answer.status_code == 422
    assert "another than the page showed" in answer.text
    assert 'name="interval_days" value="28"' in answer.text
    assert queries.newest(person).number == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"goal": "diazepan 5 mg"}, "Did you mean diazepam"),
        ({"goal": "diazepam 500 mg"}, "Check the number and the unit"),
        ({"goal": "diazepam 30 mg"}, "A taper never raises a dose"),
        ({"cut": "0"}, "greater than or equal to 0.1"),
        ({"interval_days": "-3"}, "greater than or equal to 1"),
        ({"regimen": "diazepam 9 mg 08:00 22:00"}, "waits for its symptom review"),
        ({"times": "25:00"}, "25:00"),
        ({"first_cut": "2026-02-31"}, "Enter a valid date"),
        ({"from_day": "2027-12-01"}, "more than 28 days ahead"),
        ({"from_time": "22:00"}, "Name the day of that dose too"),
        ({"shape": "typed", "typed": "soon 9 mg"}, "is no step"),
    ],
)
def test_nonsense_is_said_beside_its_box_and_what_was_typed_stays(cast, person, running, typed, says):
    answer = look(client_for(cast.physician), person, **typed)
    assert answer.status_code == 422
    assert says in answer.text, re.findall(r"c-bad.*?</p>|field__error.*?</span>", answer.text)
    assert str(next(iter(typed.values()))) in answer.text
    assert "the liquid from 2 mg on" in answer.text


def test_a_change_that_does_not_reach_its_goal_says_what_would_free_it(cast, person, running):
    tablets = [one.key for row, one in supply.stock(cast.centre) if one.medicine == "diazepam" and not row.is_liquid]
    answer = look(client_for(cast.physician), person, products=tablets)
    assert answer.status_code == 422
    assert "What would free it" in answer.text
    assert "Stock diazepam" in answer.text or "of the diazepam 2 mg tablet by name" in answer.text
    assert "Leads down to" in answer.text or "Reaches zero on" in answer.text
    assert "Sign the amendment" not in answer.text


def test_a_switch_page_without_anything_to_exchange_says_so(cast, person, running):
    answer = client_for(cast.physician).get(page(person, "switch"))
    assert answer.status_code == 200
    assert "nothing to exchange" in answer.text


def test_a_review_that_decides_to_switch_leads_to_the_switch(cast, person, running):
    sent = {"once": uuid4().hex, "interference": "interferes", "sleep": "yes", "decision": "switch", "words": ""}
    answer = client_for(cast.physician).post(page(person, "review"), sent)
    assert (answer.status_code, answer.url) == (303, page(person, "switch"))


def test_a_preview_that_draws_itself_again_adds_one_line_an_hour(cast, person, running, frozen_clock):
    client = client_for(cast.physician)
    lines = AuditLine.objects.filter(action="taper.read", person_id=person.pk, kind="read")
    client.get(page(person, "amend"))
    for cut in ("9", "8", "7"):
        client.post(page(person, "amend"), amendment(cut=cut) | {"look": "1"}, headers={"X-Glidepath-Poll": "1"})
    assert lines.count() == 1
    frozen_clock.tick(minutes=61)
    staff.start_shift(unit=cast.unit, by=cast.physician)
    client = client_for(cast.physician)
    client.post(page(person, "amend"), amendment(cut="6") | {"look": "1"}, headers={"X-Glidepath-Poll": "1"})
    assert lines.count() == 2


def test_the_predicted_level_begins_at_the_steady_dose_and_ends_with_what_is_left(cast, person):
    answer = client_for(cast.physician).get(page(person))
    table = answer.text[answer.text.index("The predicted level in values") :]
    cells = r"<tr><th scope=\"row\">(\d+)</th>.*?<td class=\"n\">([^<]*)</td><td class=\"n\">([^<]*)</td></tr>"
    rows = re.findall(cells, table)
    assert rows[0] == ("1", "20", "20.0")  # diazepam 20 mg a day, by every table and weight the same
    assert rows[-1][1] == "0"
    assert float(rows[-1][2].split(" to ")[-1]) > 0


def test_a_medicine_without_parameters_is_left_out_and_named():
    shelf = (tablet("10", medicine="chlordiazepoxide"), tablet("5"), tablet("2"))
    both = planned("chlordiazepoxide 10 mg x1 + diazepam 5 mg x1", *shelf, cut_order=("diazepam",))
    drawn = predicted.curve(both, table="", today=both.start)
    assert drawn is not None
    assert [words.split(":")[0] for words in drawn.left_out] == ["chlordiazepoxide"]
    alone = planned("chlordiazepoxide 10 mg x1", *shelf)
    assert predicted.curve(alone, table="", today=alone.start) is None
