"""The medicine round as a nurse walks it: Give, Next; declined in three taps; nothing chosen for her, nothing lost."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.assessment import services as assessing
from glidepath.care.medication import queries
from glidepath.care.medication.models import DoseAnswer, PrnRecheck
from glidepath.care.medication.tests.acts import draft, give, look, once, outside, prn, row_at, sign
from glidepath.care.monitoring.queries import open_events
from glidepath.care.monitoring.tests.looks import awake, seen
from glidepath.record.audit.models import AuditLine
from glidepath.record.staff import services as staff
from tests.cast import admitted_person, client_for
from tests.scenarios import ward

pytestmark = pytest.mark.django_db
ROUND = "/round/"


@pytest.fixture
def nurse(cast):
    return client_for(cast.nurse)


@pytest.fixture
def eight(cast, person, frozen_clock):
    """Eight in the morning: Danilo has diazepam and sertraline due."""
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    sign(cast, person, outside("sertraline", "50", "08:00"))
    frozen_clock.set("2026-11-17T08:00")
    return person


def press(client, person, button, value, **more):
    data = {"once": once(), button: value} | more
    return client.post(reverse("medication:act", args=[person.public_id]), data)


def token(person, medicine, at="2026-11-17T08:00"):
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    rows = queries.due([person], moment, moment + dt.timedelta(seconds=1))
    return next(row.token for row in rows if row.due.medicine == medicine)


def shown(client, query=""):
    return client.get(f"{ROUND}{query}").text


# --- What stands on the page ------------------------------------------------------------------------------------------


def test_the_first_person_by_bed_is_opened_with_the_dose_and_nothing_is_chosen(nurse, eight):
    text = shown(nurse)
    assert "Danilo" in text
    assert "Give 10\xa0mg" in text
    assert not re.search(r"<input[^>]*\schecked", text)


def test_a_routine_dose_is_give_and_next(nurse, cast, eight):
    other = ward.person_with_history(cast, preferred_name="Marta")
    sign(cast, other, outside("sertraline", "50", "08:00"))
    first = press(nurse, eight, "give", token(eight, "sertraline"))
    assert first.status_code == 303
    text = nurse.get(first.url).text
    assert re.search(r"given 08:00", text)
    link = re.search(r'href="(\?[^"]*)"[^>]*>Next person: \d+ Marta', text)
    assert link
    assert "Give 50" in nurse.get(ROUND + link[1].replace("&amp;", "&")).text


def test_the_last_rass_is_ringed_and_never_chosen(nurse, cast, eight):
    look(eight, cast.nurse, rass=-1)
    text = shown(nurse)
    assert re.search(r'tap--last"><input type="radio" name="rass" value="-1"', text)
    assert not re.search(r'name="rass" value="-1"[^>]*checked', text)


def test_alcohol_and_opioids_stand_with_the_person_and_not_asked_is_drawn(nurse, cast, frozen_clock):
    somebody = admitted_person(cast, preferred_name="Elif")
    sign(cast, somebody, draft("diazepam", "5", "08:00"), overrides=dict.fromkeys(("JCG-17", "POL-9"), "asked tonight"))
    frozen_clock.set("2026-11-17T08:00")
    text = shown(nurse)
    assert re.search(r'flag--unknown"><b>Alcohol</b> not asked', text)
    assert re.search(r'flag--unknown"><b>Opioids</b> not asked', text)
    assessing.record_facts(person=somebody, answers={"alcohol_dependent": "no", "opioid_active": "yes"}, by=cast.nurse)
    text = shown(nurse)
    assert re.search(r'flag--clear"><b>Alcohol</b> none, asked 17 Nov', text)
    assert re.search(r'flag--watch"><b>Opioids</b> yes', text)


def test_a_dose_that_lies_ahead_is_named_and_has_no_button(nurse, cast, person):
    sign(cast, person, outside("sertraline", "50", "12:00"))
    text = nurse.get(f"{ROUND}?person={person.public_id}").text
    assert "Give 50" not in text
    asked = nurse.get(f"{ROUND}?person={person.public_id}&at=12:00").text
    assert "sertraline 50\xa0mg at 12:00" in asked
    assert 'name="give"' not in asked


def test_the_round_offers_the_named_times_of_the_day_and_both_orders(nurse, eight):
    text = shown(nurse)
    assert re.search(r"at=08:00[^>]*>08:00</a>", text)
    assert re.search(r"at=22:00[^>]*>22:00</a>", text)
    by_time = shown(nurse, "?by=time")
    assert re.search(r"<h3[^>]*>08:00</h3>", by_time)


def test_it_closes_when_each_dose_is_answered(nurse, eight):
    assert "The round is closed" not in shown(nurse)
    press(nurse, eight, "give", token(eight, "sertraline"))
    press(nurse, eight, "not_given", f"asleep|{token(eight, 'diazepam')}")
    assert "The round is closed" in shown(nurse)


def test_a_late_dose_and_one_nobody_wrote_down_stay_in_sight(cast, eight, frozen_clock):
    frozen_clock.set("2026-11-17T09:10")
    assert "70\xa0min over" in shown(client_for(cast.nurse))
    frozen_clock.set("2026-11-17T20:00")
    text = shown(client_for(cast.nurse))
    assert "status--overdue" in text
    assert "Nobody recorded it in time" in text


# --- What is done -----------------------------------------------------------------------------------------------------


def test_declined_takes_a_coded_reason_in_one_tap(nurse, eight):
    answer = press(nurse, eight, "not_given", f"talk_first|{token(eight, 'diazepam')}")
    assert answer.status_code == 303
    row = DoseAnswer.objects.get()
    assert (row.outcome, row.reason, row.given_ng) == ("declined", "talk_first", 0)
    assert "Wants to talk to the doctor first" in nurse.get(answer.url).text


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ("too_drowsy", "declined"),
        ("asleep", "unable"),
        ("vomited", "unable"),
        ("prescriber", "held"),
        ("not_recorded", "missed"),
    ],
)
def test_the_reason_says_the_outcome(nurse, eight, reason, outcome):
    press(nurse, eight, "not_given", f"{reason}|{token(eight, 'diazepam')}")
    assert DoseAnswer.objects.get().outcome == outcome


def test_a_sedative_without_a_look_comes_back_with_what_was_typed(nurse, eight):
    answer = press(nurse, eight, "give", token(eight, "diazepam"), words="looks well")
    assert answer.status_code == 422
    assert "Look first" in answer.text
    assert "looks well</textarea>" in answer.text
    assert not DoseAnswer.objects.exists()


def test_the_rass_that_was_tapped_stays_tapped_when_something_is_missing(nurse, eight):
    answer = press(nurse, eight, "give", token(eight, "diazepam"), rass="-2", breathing="14")
    assert answer.status_code == 422
    assert re.search(r'name="rass" value="-2" checked', answer.text)


def test_rass_minus_3_gives_nothing_opens_the_over_sedation_and_shows_the_hold(nurse, eight):
    answer = press(nurse, eight, "give", token(eight, "diazepam"), rass="-3", breathing="14")
    text = nurse.get(answer.url).text
    assert "Sedatives held" in text
    assert DoseAnswer.objects.get().outcome == "held"
    assert [event.kind for event in open_events([eight])[eight.pk]] == ["over_sedation"]
    assert open_alarms([eight])
    assert f'value="{token(eight, "sertraline")}"' in text, "what does not sedate can still be given"


def test_the_second_nurse_is_told_who_gave_it(cast, nurse, eight):
    shown_to_both = token(eight, "diazepam")
    press(nurse, eight, "give", shown_to_both, rass="0", breathing="14")
    second = press(client_for(cast.second_nurse), eight, "give", shown_to_both, rass="0", breathing="14")
    assert second.status_code == 409
    assert f"{cast.nurse.name} answered this dose at 08:00" in second.text
    assert DoseAnswer.objects.count() == 1


def test_the_same_page_sent_twice_gives_one_dose_and_its_other_buttons_still_work(nurse, eight):
    key = once()
    for _ in range(2):
        assert press(nurse, eight, "give", token(eight, "sertraline"), once=key).status_code in (303, 409)
    assert DoseAnswer.objects.count() == 1
    press(nurse, eight, "give", token(eight, "diazepam"), once=key, rass="0", breathing="14")
    assert DoseAnswer.objects.count() == 2


def test_who_declined_is_given_it_after_all(nurse, eight):
    press(nurse, eight, "not_given", f"feels_sick|{token(eight, 'diazepam')}")
    assert "after all" in shown(nurse, f"?person={eight.public_id}")
    press(nurse, eight, "give", token(eight, "diazepam"), rass="0", breathing="14")
    assert list(DoseAnswer.objects.order_by("revision").values_list("outcome", flat=True)) == ["declined", "given"]


def test_an_as_needed_dose_is_given_on_the_card_and_its_look_falls_due(nurse, cast, person, frozen_clock):
    order = sign(cast, person, prn("diazepam", "5"))
    page = f"{ROUND}?person={person.public_id}"
    assert press(nurse, person, "prn", str(order.public_id), rass="0", breathing="14").status_code == 303
    assert "Not before 09:00" in nurse.get(page).text
    frozen_clock.tick(minutes=61)
    nurse = client_for(cast.nurse)  # an hour without a page ends a session
    assert "how is it now?" in nurse.get(page).text
    given = DoseAnswer.objects.get()
    press(nurse, person, "recheck", f"some|{given.public_id}")
    assert PrnRecheck.objects.get().helped == "some"
    assert "how is it now?" not in nurse.get(page).text


def test_a_dose_that_is_written_down_later_keeps_both_times(cast, eight, frozen_clock):
    frozen_clock.set("2026-11-17T09:40")
    nurse = client_for(cast.nurse)
    assert press(nurse, eight, "give", token(eight, "sertraline"), given_at="08:05").status_code == 303
    row = DoseAnswer.objects.get()
    assert [f"{one:%H:%M}" for one in (row.happened_at, row.recorded_at)] == ["08:05", "09:40"]
    text = nurse.get(reverse("medication:person", args=[eight.public_id])).text
    assert "08:05" in text
    assert "09:40" in text


def test_a_time_that_lies_ahead_was_yesterdays(cast, eight, frozen_clock):
    frozen_clock.set("2026-11-18T00:10")
    staff.start_shift(unit=cast.unit, by=cast.nurse)
    nurse = client_for(cast.nurse)
    pressed = token(eight, "diazepam", "2026-11-17T22:00")
    assert press(nurse, eight, "give", pressed, given_at="22:15", rass="0", breathing="14").status_code == 303
    assert f"{DoseAnswer.objects.get().happened_at:%d %H:%M}" == "17 22:15"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("25:99", "is no time of the day"), ("soon", "is no time of the day"), ("06:30", "given at most 60 min before")],
)
def test_a_time_that_cannot_be_is_refused_and_comes_back(cast, nurse, eight, typed, said):
    answer = press(nurse, eight, "give", token(eight, "sertraline"), given_at=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'name="given_at" type="time" value="{typed}"' in answer.text
    assert not DoseAnswer.objects.exists()


def test_what_was_given_before_the_hold_is_written_down_after_it(cast, eight, frozen_clock):
    """Given at 08:05; at 09:00 hard to rouse; at 09:40 it is written down. Without its time it is refused."""
    frozen_clock.set("2026-11-17T09:00")
    seen(eight, cast.nurse, awake(rass=-3))
    frozen_clock.set("2026-11-17T09:40")
    nurse = client_for(cast.nurse)
    assert "Given before the hold" in shown(nurse)
    pressed = token(eight, "diazepam")
    refused = press(nurse, eight, "give", pressed, rass="0", breathing="14")
    assert refused.status_code == 422
    assert "is held for safety" in refused.text
    kept = press(nurse, eight, "give", pressed, rass="0", breathing="14", given_at="08:05")
    assert kept.status_code == 303
    assert DoseAnswer.objects.get().was_given


@pytest.mark.parametrize(
    "button", [{}, {"give": "nonsense"}, {"give": "order:1@08:00|not-a-time|"}, {"not_given": "x"}]
)
def test_a_button_that_cannot_be_read_says_so(nurse, eight, button):
    answer = nurse.post(reverse("medication:act", args=[eight.public_id]), {"once": once()} | button)
    assert answer.status_code == 422
    assert not DoseAnswer.objects.exists()


# --- Who sees it ------------------------------------------------------------------------------------------------------


def test_the_line_names_whom_the_round_showed(nurse, eight):
    shown(nurse)
    line = AuditLine.objects.filter(action="round.read").latest("seq")
    assert line.people == [eight.pk]


@pytest.mark.parametrize("role", ["physician", "counsellor", "manager", "auditor", "administrator"])
def test_only_a_nurse_walks_the_round(cast, eight, role):
    assert client_for(getattr(cast, role)).get(ROUND).status_code == 403


def test_a_nurse_who_is_not_on_shift_sees_nobody(cast, eight):
    client = client_for(cast.off_shift_nurse)
    assert "signed on for no unit" in client.get(ROUND).text
    text = client.get(f"{ROUND}?unit={cast.unit.public_id}").text
    assert "Danilo" not in text
    assert press(client, eight, "give", token(eight, "sertraline")).status_code == 403


def test_the_page_takes_as_many_queries_for_6_people_as_for_2(cast, nurse, frozen_clock):
    def ordered(count):
        frozen_clock.set("2026-11-17T07:30")
        for _ in range(count):
            sign(cast, ward.person_with_history(cast), outside("sertraline", "50", "08:00"))
        frozen_clock.set("2026-11-17T08:00")
        shown(nurse)  # the session's own first page

    def counted():
        with CaptureQueriesContext(connection) as caught:
            assert nurse.get(ROUND).status_code == 200
        return len(caught)

    ordered(2)
    few = counted()
    ordered(4)
    assert counted() == few


def test_printed_is_stored_is_due(nurse, cast, eight):
    row = row_at_diazepam(eight)
    text = shown(nurse)
    assert "Give 10\xa0mg" in text
    give(row, cast.nurse)
    stored = DoseAnswer.objects.get()
    assert stored.given_ng == stored.ng == row.due.dose.ng == sum(part.dose.ng for part in row.due.made)


def row_at_diazepam(person):
    moment = dt.datetime(2026, 11, 17, 8, tzinfo=dt.UTC)
    rows = queries.due([person], moment, moment + dt.timedelta(seconds=1))
    return next(row for row in rows if row.due.medicine == "diazepam")


def test_a_round_across_the_spring_change_has_each_named_time_once(cast, frozen_clock):
    frozen_clock.set("2026-03-28T12:00")
    somebody = ward.person_with_history(cast)
    sign(cast, somebody, outside("sertraline", "50", "01:30", "08:00"))
    frozen_clock.set("2026-03-29T01:00")  # the wall shows 02:00: half past one never came
    row = row_at(somebody, "2026-03-29T01:00")
    assert row.due.local_time == dt.time(1, 30)
    give(row, cast.nurse, rass=None)
    day = queries.due([somebody], dt.datetime(2026, 3, 29, tzinfo=dt.UTC), dt.datetime(2026, 3, 29, 23, tzinfo=dt.UTC))
    assert [row.due.key.split("@")[1] for row in day] == ["01:30", "08:00"]
