"""What the next shift is told, frozen as it was signed, and read back by somebody else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from glidepath.care.alarms import services as alarms
from glidepath.care.medication import services as medication
from glidepath.care.monitoring.tests import looks
from glidepath.care.notes import services as notes
from glidepath.care.notes.models import Note
from glidepath.clinical.monitoring.also_seen import AlsoSeen
from glidepath.faces.handover import queries, services
from glidepath.faces.handover.lines import CHANGED, NEXT, NOTES, OPEN
from glidepath.faces.handover.models import Handover
from glidepath.faces.handover.sheet import sheet
from glidepath.faces.handover.tests.handovers import hand_over
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.staff import services as staff
from tests.cast import PIN, client_for, make_centre, proof
from tests.scenarios import ward

pytestmark = pytest.mark.django_db
NIGHT = "2026-11-18T19:30"


@pytest.fixture
def cast(frozen_clock):
    frozen_clock.set("2026-11-17T07:00")
    cast = make_centre()
    ward.stock_shelf(cast)
    return cast


@pytest.fixture
def danilo(cast, frozen_clock):
    """On day 1: a morning dose given, the evening's declined, a score, a set that calls."""
    person = ward.person_with_history(cast, preferred_name="Danilo")
    ward.sign(cast, person, ward.draft(start=dt.date(2026, 11, 17)))
    frozen_clock.set("2026-11-18T08:00")
    for one in (cast.nurse, cast.second_nurse, cast.physician):
        staff.start_shift(unit=cast.unit, by=one)
    ward.give_due(cast, person)
    looks.seen(person, cast.nurse)
    looks.scored(person, cast.nurse, looks.ciwa(1))
    frozen_clock.set(NIGHT)
    return person


def parts_of(cast, person):
    since = clock.now() - dt.timedelta(hours=12)
    entry = next(one for one in sheet(cast.nurse, cast.unit, since).entries if one.person == person)
    return {part.title: [line.words for line in part.lines] for part in entry.parts}


def take_over(cast, handover, *, by=None, leave_out=0, once="t1"):
    taker = by or cast.second_nurse
    read = [one.pk for one in handover.entries.all()][leave_out:]
    return services.take_over(handover=handover, read_back=read, words="", by=taker, proof=proof(taker), once=once)


# --- What it says by itself -----------------------------------------------------------------------------------------
def test_it_tells_the_scores_the_doses_and_what_comes(cast, danilo):
    parts = parts_of(cast, danilo)
    changed = parts[CHANGED]
    assert any(line.startswith("CIWA-B 20 ") for line in changed)  # 20 items of 1
    assert "NEWS2 0" in changed  # the guideline notes' first worked example scores 1 by its pulse of 96; here it is 76
    assert "1 regular dose given" in changed
    assert any("diazepam 10 mg" in line for line in parts[NEXT])


def test_it_tells_the_signs_that_were_seen_beside_the_vital_ones(cast, danilo):
    looks.seen(danilo, cast.nurse, looks.awake(also_seen=(AlsoSeen.UNSTEADY,)))
    changed = parts_of(cast, danilo)[CHANGED]
    assert "also seen: slurred or unsteady after a dose" in changed
    assert not any("tremor" in line for line in changed)


def test_what_was_not_given_is_named_with_its_reason(cast, danilo, frozen_clock):
    frozen_clock.set("2026-11-18T22:05")
    row = next(one for one in ward.doses.for_round([danilo]) if one.answer is None)
    wanted = medication.Wanted(danilo, row.due.key, row.due.due_at)
    medication.answer_dose(
        wanted=wanted, outcome="declined", reason="talk_first", words="", by=cast.nurse, once="declined"
    )
    assert "declined: diazepam: wants to talk to the doctor first" in parts_of(cast, danilo)[CHANGED]


def test_a_note_for_the_next_shift_is_quoted_and_one_kept_apart_is_not(cast, danilo):
    for words, wanted in (("fears the lift", True), ("sleeps on his side", False)):
        notes.sign_note(
            person=danilo, kind=Note.Kind.PROGRESS, words=words, by=cast.counsellor, proof=proof(cast.counsellor),
            once=words, for_handover=wanted,
        )  # fmt: skip
    assert parts_of(cast, danilo)[NOTES] == ["Joao Castro: fears the lift"]


def test_an_open_alarm_stands_first_with_who_has_it(cast, danilo):
    alarm = alarms.call_for_help(person=danilo, by=cast.nurse, once="help")
    assert parts_of(cast, danilo)[OPEN] == ["Marta Lindqvist calls for help. Nobody has it yet."]
    alarms.attend(alarm=alarm, by=cast.physician, once="there")
    assert parts_of(cast, danilo)[OPEN] == ["Marta Lindqvist calls for help. Dr Ines Ferreira: with the person."]
    alarms.close(alarm=alarm, words="a spilt cup", by=cast.physician, once="closed")
    parts = parts_of(cast, danilo)
    assert OPEN not in parts
    assert any("Outcome: a spilt cup (Dr Ines Ferreira)" in line for line in parts[CHANGED])


def test_a_held_sedative_is_not_told_as_a_dose_to_give(cast, danilo):
    looks.seen(danilo, cast.nurse, looks.awake(rass=-3))
    ahead = [line for line in parts_of(cast, danilo)[NEXT] if line.startswith("diazepam")]
    assert ahead
    assert all(line.endswith("held until a prescriber has looked again") for line in ahead)


def test_what_was_before_the_last_handover_is_not_told_again(cast, danilo, frozen_clock):
    hand_over(cast)
    frozen_clock.set("2026-11-18T19:40")
    here = sheet(cast.nurse, cast.unit, queries.since(cast.unit))
    assert CHANGED not in {part.title for part in here.entries[0].parts}


def test_who_is_on_call_for_the_unit_stands_beside_who_is_on_shift(cast, danilo):
    def called():
        return next(part for part in queries.unit_parts(cast.unit) if part.title == "On call").lines

    assert [(line.words, line.kind) for line in called()] == [("nobody is on call", "overdue")]
    staff.put_on_call(
        staff=cast.second_physician, unit=cast.unit, begins_at=clock.now(), until=clock.now() + dt.timedelta(hours=12),
        phone="020 7946 0001", remarks="", by=cast.nurse, once="c1",
    )  # fmt: skip
    staff.put_on_call(
        staff=cast.physician, unit=cast.other_unit, begins_at=clock.now(), until=clock.now() + dt.timedelta(hours=12),
        phone="", remarks="", by=cast.nurse, once="c2",
    )  # fmt: skip
    assert [line.words for line in called()] == ["Dr Tomasz Wilk, physician, 19:30 to 19\u00a0Nov 07:30, 020 7946 0001"]


# --- Giving and taking ----------------------------------------------------------------------------------------------
def test_it_is_frozen_as_it_was_shown(cast, danilo, frozen_clock):
    handover = hand_over(cast, said="wants her light on at night")
    frozen_clock.set("2026-11-18T21:00")
    looks.seen(danilo, cast.nurse, looks.awake(rr=9))
    told = queries.entries(cast.second_nurse, handover)[0]
    assert told.words == "wants her light on at night"
    assert all("INP" not in line.words for part in told.parts for line in part.lines if part.title == OPEN)
    assert Handover.objects.count() == 1
    line = AuditLine.objects.filter(action="handover.given").get()
    assert (line.kind, line.people) == ("sign", [danilo.pk])


def test_a_second_submit_hands_over_once(cast, danilo):
    assert hand_over(cast).pk == hand_over(cast).pk
    assert Handover.objects.count() == 1


def test_what_changed_since_the_page_was_drawn_is_read_first(cast, danilo):
    here, parts = sheet(cast.nurse, cast.unit, queries.since(cast.unit)), queries.unit_parts(cast.unit)
    shown = services.shown_digest(here, parts)
    alarms.call_for_help(person=danilo, by=cast.second_nurse, once="help")
    with pytest.raises(ChangedMeanwhile, match="Read it again"):
        hand_over(cast, shown=shown)
    assert not Handover.objects.exists()


def test_everybody_is_read_back_before_it_is_taken_over(cast, danilo):
    handover = hand_over(cast)
    with pytest.raises(BadInput, match="Danilo"):
        take_over(cast, handover, leave_out=1)
    assert take_over(cast, handover).digest == handover.digest


def test_nobody_takes_over_from_themselves(cast, danilo):
    with pytest.raises(NotAllowed, match="colleague"):
        take_over(cast, hand_over(cast), by=cast.nurse)


def test_who_is_not_on_shift_there_neither_gives_nor_takes(cast, danilo):
    with pytest.raises(NotAllowed, match="not on shift"):
        hand_over(cast, by=cast.off_shift_nurse)
    with pytest.raises(NotAllowed, match="not on shift"):
        take_over(cast, hand_over(cast), by=cast.off_shift_nurse)


def test_each_signs_for_a_handover_once(cast, danilo):
    handover = hand_over(cast)
    take_over(cast, handover)
    with pytest.raises(ChangedMeanwhile, match="You signed"):
        take_over(cast, handover, once="t2")
    take_over(cast, handover, by=cast.physician, once="t3")
    assert [one.recorded_by.name for one in queries.receipts(handover)] == ["Kofi Mensah", "Dr Ines Ferreira"]


def test_one_that_nobody_took_over_waits_for_the_others(cast, danilo):
    handover = hand_over(cast)
    assert queries.waiting_for(cast.second_nurse, [cast.unit.pk]) == [handover]
    assert queries.waiting_for(cast.nurse, [cast.unit.pk]) == []
    take_over(cast, handover)
    assert queries.waiting_for(cast.second_nurse, [cast.unit.pk]) == []


# --- The pages ------------------------------------------------------------------------------------------------------
def test_the_page_hands_over_and_the_next_takes_over(cast, danilo):
    giver, taker = client_for(cast.nurse), client_for(cast.second_nurse)
    address = reverse("handover:give", args=[cast.unit.public_id])
    page = giver.get(address)
    typed = {
        "once": "o1", "shown": page.context["shown"], "words": "", "pin": PIN,
        f"said-{danilo.pk}": "slept badly, asks for the radio",
    }  # fmt: skip
    answer = giver.post(address, typed)
    assert answer.status_code == 303
    seen = taker.get(answer["Location"])
    assert "slept badly, asks for the radio" in seen.content.decode()
    refused = taker.post(answer["Location"], {"once": "o2", "words": "when was the last dose?", "pin": PIN})
    assert refused.status_code == 422
    assert "when was the last dose?" in refused.content.decode()
    read = [one.pk for one in seen.context["told"]]
    assert taker.post(answer["Location"], {"once": "o3", "read_back": read, "pin": PIN}).status_code == 303


def test_a_page_that_was_overtaken_keeps_every_sentence(cast, danilo):
    giver = client_for(cast.nurse)
    address = reverse("handover:give", args=[cast.unit.public_id])
    shown = giver.get(address).context["shown"]
    alarms.call_for_help(person=danilo, by=cast.second_nurse, once="help")
    typed = {"once": "o1", "shown": shown, "pin": PIN, f"said-{danilo.pk}": "wants the window open"}
    answer = giver.post(address, typed)
    assert answer.status_code == 422
    assert "wants the window open" in answer.content.decode()
    assert answer.context["shown"] != shown


def test_of_another_centre_nothing_is_found(cast, danilo):
    handover = hand_over(cast)
    assert client_for(cast.stranger).get(reverse("handover:given", args=[handover.public_id])).status_code == 404
    assert client_for(cast.stranger).get(reverse("handover:give", args=[cast.unit.public_id])).status_code == 404


@pytest.mark.parametrize("role", ["peer_worker", "manager", "auditor", "administrator", "admissions"])
def test_who_does_not_care_for_them_reads_no_handover(cast, danilo, role):
    page = client_for(getattr(cast, role)).get(reverse("handover:give", args=[cast.unit.public_id]))
    assert page.status_code == 403


def test_the_way_there_leads_to_the_one_that_waits(cast, danilo):
    taker, way = client_for(cast.second_nurse), reverse("handover:mine")
    assert taker.get(way)["Location"] == reverse("handover:give", args=[cast.unit.public_id])
    handover = hand_over(cast)
    assert taker.get(way)["Location"] == reverse("handover:given", args=[handover.public_id])
    assert client_for(cast.nurse).get(way)["Location"] == reverse("handover:give", args=[cast.unit.public_id])
