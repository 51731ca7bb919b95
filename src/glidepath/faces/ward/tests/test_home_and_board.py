"""What waits for whom, and who lies where: each role sees its own work, and a bed is never free that is not."""

from __future__ import annotations

import datetime as dt
import html

import pytest
from django.urls import reverse

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.alarms.services import close
from glidepath.care.assessment import services as assessing
from glidepath.care.medication.services import give_prn, record_recheck
from glidepath.care.medication.tests import story
from glidepath.care.monitoring.services import record_event, review_event
from glidepath.care.monitoring.tests import looks
from glidepath.care.safety.tests import risk
from glidepath.faces.ward.board import board
from glidepath.faces.ward.tests.shifts import everybody_on
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.centres import services as centres
from glidepath.record.staff import services as staff
from glidepath.record.staff.models import Role, Shift
from tests.cast import admitted_person, client_for, enquiring_person, proof
from tests.scenarios import ward

pytestmark = pytest.mark.django_db
TODAY = "17\N{NO-BREAK SPACE}Nov\N{NO-BREAK SPACE}2026"


def text(client, name, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def waiting(cast, by=None) -> dict[str, str]:
    """What is next on the unit: kind of work and how late."""
    return {thing.kind: thing.late for thing in board(by or cast.nurse, cast.unit).following}


# --- Home -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "late"),
    [("2026-11-17T08:10", "due"), ("2026-11-17T09:10", "late"), ("2026-11-17T10:10", "overdue")],
)
def test_a_nurse_sees_a_dose_grow_late(cast, person, frozen_clock, at, late):
    frozen_clock.set(at)
    assert waiting(cast)["dose"] == late
    page = text(client_for(cast.nurse), "ward:home")
    assert "diazepam 10 mg" in page
    assert (f"status--{late}" in page) is (late != "due")


def test_a_dose_that_was_given_waits_no_more(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T08:10")
    ward.give_due(cast, person)
    assert "dose" not in waiting(cast)


def test_an_observation_nobody_made_is_overdue(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T20:00")
    assert waiting(cast)["observation"] == "overdue"


def test_an_observation_just_made_waits_no_more(cast, person):
    looks.seen(person, cast.nurse)
    assert "observation" not in waiting(cast)


@pytest.mark.parametrize(("at", "late"), [("2026-11-17T08:10", "due"), ("2026-11-20T07:00", "overdue")])
def test_a_re_check_waits_on_the_board_and_in_the_chart_until_it_is_recorded(cast, person, frozen_clock, at, late):
    """Due an hour after the dose; more than an hour over is late (INP-3)."""
    order = story.signed(cast, person, story.prn())
    given = give_prn(order=order, by=cast.nurse, rass=0, breathing=14, once="g")
    frozen_clock.set(at)
    staff.start_shift(unit=cast.unit, by=cast.nurse)
    assert waiting(cast)["recheck"] == late
    assert "Re-check after lorazepam" in text(client_for(cast.nurse), "ward:chart", person.public_id)
    record_recheck(answer=given, helped="yes", by=cast.nurse, once="r")
    assert "recheck" not in waiting(cast)


def test_a_re_score_that_is_owed_is_said_on_the_board(cast, person, frozen_clock):
    looks.seen(person, cast.nurse)
    looks.scored(person, cast.nurse, looks.ciwa(0))
    given = give_prn(order=story.signed(cast, person, story.prn()), by=cast.nurse, rass=0, breathing=14, once="g")
    frozen_clock.set("2026-11-17T08:10")
    record_recheck(answer=given, helped="yes", by=cast.nurse, once="r")
    said = [thing.words for thing in board(cast.nurse, cast.unit).following if thing.kind == "recheck"]
    assert said == ["re-score owed after lorazepam: CIWA-B"]


def test_the_longest_waiting_stands_first(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T10:10")
    times = [thing.at for thing in board(cast.nurse, cast.unit).following]
    assert len(times) == 2
    assert times == sorted(times)


def test_a_prescriber_sees_the_step_that_waits_for_a_review(cast, person, frozen_clock):
    ward.sign(cast, person, ward.draft(start=frozen_clock.set("2026-11-17T07:00").date()))
    frozen_clock.set("2026-12-02T10:00")
    everybody_on(cast)
    page = text(client_for(cast.physician), "ward:home")
    assert "step 2 waits for a symptom review" in page
    assert "To review and release" not in text(client_for(cast.nurse), "ward:home")


def test_admissions_see_who_called_and_nothing_that_is_due(cast, person):
    enquiring_person(cast, preferred_name="Nadia")
    page = text(client_for(cast.admissions), "ward:home")
    assert "Go on with Nadia" in page
    assert "Due on your unit" not in page
    assert "Danilo" not in page


def test_off_shift_one_is_asked_to_start_ones_shift_and_sees_nobody(cast, person):
    page = text(client_for(cast.off_shift_nurse), "ward:home")
    assert "You are not signed on for a unit" in page
    assert "Danilo" not in page


@pytest.mark.parametrize("role", ["manager", "auditor", "administrator", "peer_worker"])
def test_who_reads_no_charts_sees_nobody_at_home(cast, person, role):
    page = text(client_for(getattr(cast, role)), "ward:home")
    assert "Danilo" not in page
    assert "diazepam" not in page


def test_home_names_in_its_line_whom_it_showed(cast, person):
    text(client_for(cast.nurse), "ward:home")
    assert AuditLine.objects.get(action="home.read").people == [person.pk]


# --- The unit ---------------------------------------------------------------------------------------------------------


def test_the_unit_opens_at_the_one_where_i_am_on_shift(cast):
    answer = client_for(cast.nurse).get(reverse("ward:unit"))
    assert answer.url == reverse("ward:board", args=[cast.unit.public_id])


def test_the_board_shows_who_lies_where_for_how_long_and_on_what(cast, person, frozen_clock):
    ward.sign(cast, person, ward.draft(start=frozen_clock.set("2026-11-17T07:30").date()))
    frozen_clock.set("2026-11-20T10:00")
    everybody_on(cast)
    tile = board(cast.nurse, cast.unit).tiles[0]
    assert (tile.bed, tile.here.person, tile.day) == (cast.beds[0], person, 3)
    assert tile.taper == "20 mg a day, diazepam, step 1, review before 1 Dec"


def test_alcohol_and_opioids_asked_and_clear_differ_from_never_asked(cast, person):
    admitted_person(cast, bed=cast.beds[1])
    asked, unasked = ({flag.name: flag.state for flag in tile.flags} for tile in board(cast.nurse, cast.unit).tiles[:2])
    assert (asked["alcohol"], asked["opioids"]) == ("clear", "clear")
    assert (unasked["alcohol"], unasked["opioids"], unasked["seizure"]) == ("unknown", "unknown", "unknown")


def test_by_need_the_one_with_an_overdue_dose_stands_before_the_quiet_one(cast, person, frozen_clock):
    quiet = admitted_person(cast, bed=cast.beds[1])
    frozen_clock.set("2026-11-17T10:10")
    looks.seen(quiet, cast.nurse)
    looks.seen(person, cast.nurse)
    tiles = board(cast.nurse, cast.unit, by_need=True).tiles
    assert [tile.here.person for tile in tiles if tile.here] == [person, quiet]
    assert (tiles[0].foot.kind, tiles[0].foot.words) == ("overdue", "diazepam not answered")


def test_held_sedatives_are_said_on_the_bed(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T08:10")
    looks.seen(person, cast.nurse, looks.awake(rass=-3))
    tile = board(cast.nurse, cast.unit).tiles[0]
    assert story.over_sedation(person) is not None
    assert next(flag for flag in tile.flags if flag.name == "sedation").state == "active"
    assert tile.urgency == 0


def test_a_bed_is_never_shown_free_to_who_may_not_see_who_lies_in_it(cast, person):
    centres.set_bed_state(bed=cast.beds[1], state="cleaning", by=cast.nurse)
    page = client_for(cast.manager).get(reverse("ward:board", args=[cast.unit.public_id]))
    tiles = page.context["board"].tiles
    assert [tile.taken for tile in tiles[:3]] == [True, False, False]
    assert page.context["board"].here == 1
    assert "Danilo" not in html.unescape(page.content.decode())
    assert "Taken" in html.unescape(page.content.decode())


def test_the_board_names_in_its_line_whom_it_showed(cast, person):
    text(client_for(cast.nurse), "ward:board", cast.unit.public_id)
    assert AuditLine.objects.get(action="unit.read").people == [person.pk]


@pytest.mark.parametrize("role", ["auditor", "administrator", "peer_worker"])
def test_whose_role_reads_no_unit_is_refused(cast, role):
    assert client_for(getattr(cast, role)).get(reverse("ward:board", args=[cast.unit.public_id])).status_code == 403


def test_a_unit_of_another_centre_does_not_exist_here(cast):
    assert client_for(cast.stranger).get(reverse("ward:board", args=[cast.unit.public_id])).status_code == 404


# --- Thoughts of suicide, and falls -----------------------------------------------------------------------------------


def flags(cast) -> dict[str, tuple[str, str]]:
    return {one.name: (one.state, one.words) for one in board(cast.nurse, cast.unit).tiles[0].flags}


def tell(cast, person, **answers):
    assessing.record_facts(person=person, answers=answers, by=cast.nurse)


def test_a_yes_is_risk_now_until_the_call_is_closed_and_a_later_no_takes_nothing_back(cast, person):
    tell(cast, person, suicidality_voiced="yes")
    assert flags(cast)["suicide"][0] == "active"
    tell(cast, person, suicidality_voiced="no")
    assert flags(cast)["suicide"][0] == "active"
    (alarm,) = (one.alarm for one in open_alarms([person]))
    close(alarm=alarm, words="Seen with Dr Nwosu; safety plan made.", by=cast.physician, once="c",
          proof=proof(cast.physician))  # fmt: skip
    assert flags(cast)["suicide"][0] == "watch"
    assert flags(cast)["suicide"][1].startswith("caring contact due by")


def test_asked_again_after_the_closing_and_the_caring_contact_a_no_is_clear(cast, person, frozen_clock):
    tell(cast, person, suicidality_voiced="yes")
    alarm = open_alarms([person])[0].alarm
    close(alarm=alarm, words="Seen.", by=cast.physician, once="c", proof=proof(cast.physician))
    frozen_clock.tick(minutes=5)
    risk.caring(alarm, cast.nurse)
    tell(cast, person, suicidality_voiced="no")
    assert flags(cast)["suicide"] == ("clear", f"asked {TODAY}")


def test_a_yes_that_was_seen_to_is_still_watched(cast, person):
    tell(cast, person, suicidality_voiced="yes")
    alarm = open_alarms([person])[0].alarm
    close(alarm=alarm, words="Seen.", by=cast.physician, once="c", proof=proof(cast.physician))
    risk.caring(alarm, cast.nurse)
    assert flags(cast)["suicide"] == ("watch", f"spoken of, seen to, asked {TODAY}")


def test_somebody_at_risk_of_falling_carries_the_flag(cast, person):
    assert flags(cast)["fall"] == ("clear", f"asked {TODAY}")
    tell(cast, person, falls_risk="yes")
    assert flags(cast)["fall"] == ("watch", f"at risk, asked {TODAY}")


@pytest.mark.parametrize(("kind", "words"), [("seizure", f"on {TODAY}"), ("fall", f"fell on {TODAY}")])
def test_what_happened_here_is_watched_also_after_it_was_lifted(cast, person, frozen_clock, kind, words):
    """Whatever was asked on admission."""
    tell(cast, person, past_seizure="no", falls_risk="no")
    event = record_event(person=person, kind=kind, words="in the day room", by=cast.nurse, once="e").row
    assert flags(cast)[kind][0] == "active"
    frozen_clock.tick(minutes=5)
    looks.seen(person, cast.nurse)
    review_event(event=event, lifted=True, words="Seen.", by=cast.physician, proof=proof(cast.physician), once="r")
    assert flags(cast)[kind] == ("watch", words)


@pytest.mark.parametrize("name", ["suicide", "fall"])
def test_could_not_be_asked_is_drawn_as_unknown_with_its_day(cast, person, name):
    tell(cast, person, suicidality_voiced="unknown", falls_risk="unknown")
    assert flags(cast)[name] == ("unknown", f"could not be asked {TODAY}")


@pytest.mark.parametrize(("at", "late"), [("2026-11-17T20:00", "due"), ("2026-11-18T08:00", "overdue")])
def test_what_could_not_be_asked_on_the_first_day_waits_on_the_board_and_at_home(cast, person, frozen_clock, at, late):
    assert "ask" not in waiting(cast)
    tell(cast, person, suicidality_voiced="unknown", falls_risk="unknown")
    frozen_clock.set(at)
    everybody_on(cast)
    words = [(thing.words, thing.late) for thing in board(cast.nurse, cast.unit).following if thing.kind == "ask"]
    assert words == [("ask about thoughts of suicide", late), ("falls check (INP-15)", late)]
    assert "falls check (INP-15)" in text(client_for(cast.nurse), "ward:home")


# --- People -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sought", ["danilo", "DANILO", "1001", "reyes"])
def test_somebody_is_found_by_name_or_number(cast, person, sought):
    answer = client_for(cast.nurse).get(reverse("ward:people"), {"q": sought})
    assert person in answer.context["found"]


def test_nobody_found_says_what_to_try(cast, person):
    answer = client_for(cast.nurse).get(reverse("ward:people"), {"q": "zzz"})
    assert "Try a part of the name" in answer.content.decode()


@pytest.mark.parametrize("role", ["auditor", "administrator", "peer_worker"])
def test_who_finds_nobody_is_refused_the_search(cast, role):
    assert client_for(getattr(cast, role)).get(reverse("ward:people")).status_code == 403


def test_a_unit_with_people_and_nobody_to_call_says_so_before_an_alarm_rings(cast, person, frozen_clock):
    board_of = ("ward:board", cast.unit.public_id)
    nurse = client_for(cast.nurse)
    for page in (("ward:home",), board_of):
        assert "Nobody to call" not in text(nurse, *page)
    for shift in Shift.objects.filter(staff__role=Role.PHYSICIAN, ended_at__isnull=True):
        staff.end_shift(unit=shift.unit, by=shift.staff)
    for page in (("ward:home",), board_of):
        assert "Willow: no prescriber on shift or on call" in text(nurse, *page)
    tonight = clock.now() + dt.timedelta(hours=9)
    staff.put_on_call(staff=cast.physician, unit=None, begins_at=clock.now(), until=tonight, by=cast.nurse)
    assert "Nobody to call" not in text(nurse, *board_of)
    assert "Nobody to call" not in text(nurse, "ward:board", cast.other_unit.public_id), "nobody lies there"
