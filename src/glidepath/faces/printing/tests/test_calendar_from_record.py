"""Printed = stored = due: the calendar of a person with a signed plan, and the two pages that hand it out."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
from django.urls import reverse
from icalendar import Calendar

from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.services import raise_alarm
from glidepath.care.medication import queries as doses
from glidepath.care.taper import queries as tapers, services as taper
from glidepath.care.taper.interruptions import Bridging, interrupt, preview
from glidepath.care.taper.turning import Reason
from glidepath.faces.printing.from_record import taper_calendar
from glidepath.faces.printing.tests.reading import text_of
from glidepath.record.audit.models import AuditLine
from glidepath.record.staff import services as staff
from tests.cast import Cast, client_for, make_centre, proof
from tests.scenarios import ward

START = dt.date(2026, 3, 17)
FIRST_CUT = START + dt.timedelta(days=14)


@pytest.fixture
def cast(frozen_clock, db) -> Cast:
    frozen_clock.set("2026-03-17T07:00")
    cast = make_centre()
    ward.stock_shelf(cast)
    return cast


@pytest.fixture
def person(cast):
    """On diazepam 20 mg; the first cut would be on 31 March; British summer time begins on the 29th."""
    person = ward.person_with_history(cast)
    ward.sign(cast, person, ward.draft(start=START))
    return person


def total(day) -> str:
    return str(sum(dose.mg for dose in day.doses))


def release_second_step(cast, person, **more):
    plan = tapers.active(person)
    taper.record_review(
        plan=plan, decision="go_on", interference="none", sleep_disturbed=False, by=cast.physician, once=ward.once()
    )
    taper.release_step(
        plan=plan,
        step_number=2,
        by=cast.physician,
        proof=proof(cast.physician),
        seen=plan.latest,
        once=ward.once(),
        **more,
    )


def change(cast, person, kind):
    plan = tapers.active(person)
    taper.change(
        plan=plan,
        kind=kind,
        reason=taper.Reason("symptoms", "panic since the cut", "agreed in person"),
        by=cast.physician,
        proof=proof(cast.physician),
        seen=plan.latest,
        once=ward.once(),
    )


def test_a_step_that_nobody_released_is_planned_and_stands_in_no_day(person):
    calendar = taper_calendar(person)
    assert [total(day) for day in calendar.days] == ["20"] * 28
    assert not any(day.change for day in calendar.days)
    assert calendar.ahead[0] == (FIRST_CUT, "diazepam 18\u00a0mg a day")
    assert calendar.ahead[-1][1] == "no dose"
    assert calendar.next_words.startswith("The next step is planned for Tue 31\u00a0Mar\u00a02026")
    assert "not settled" in calendar.next_words


def test_a_plan_signed_before_its_first_dose_of_the_day_already_says_what_is_taken_now(person):
    calendar = taper_calendar(person)
    assert [(one.time, one.mg, one.in_words) for one in calendar.now_doses] == [
        (dt.time(8), 10, "1 × 10\u00a0mg tablet"),
        (dt.time(22), 10, "1 × 10\u00a0mg tablet"),
    ]
    assert f"{calendar.made_at:%H:%M}" == "07:00"


def test_a_released_step_that_something_stands_against_is_not_promised(cast, person, frozen_clock):
    frozen_clock.set("2026-03-29T10:00")
    release_second_step(cast, person)
    raise_alarm(
        person=person,
        cause="doses_not_taken",
        rank=Rank.HELD,
        message="Two doses were not taken.",
        do="A prescriber looks at the taper.",
        by=cast.nurse,
        pauses_taper=True,
    )
    calendar = taper_calendar(person)
    assert [total(day) for day in calendar.days] == ["20"] * 28
    assert calendar.next_words.startswith("The next step is waiting")


def test_after_the_last_step_it_says_that_no_dose_is_taken_any_more(cast, frozen_clock):
    person = ward.person_with_history(cast, "diazepam 1 mg 22:00")
    ward.sign(cast, person, ward.draft("diazepam 1 mg 22:00", start=START))
    frozen_clock.set("2026-03-29T10:00")
    release_second_step(cast, person, contact_on=FIRST_CUT + dt.timedelta(days=3))
    before = taper_calendar(person)
    assert [total(day) for day in before.days] == ["1", "1"] + ["0"] * 26
    assert before.next_words == "From Tue 31\u00a0Mar\u00a02026 you take no dose. This was decided with you."
    frozen_clock.set("2026-04-02T10:00")
    after = taper_calendar(person)
    assert after.now_doses == ()
    assert after.now_words == "You take no dose from this plan any more."
    assert [day.doses for day in after.days] == [()] * 28


def test_a_released_step_stands_in_its_days_and_is_told_as_decided(cast, person, frozen_clock):
    frozen_clock.set("2026-03-29T10:00")
    release_second_step(cast, person)
    calendar = taper_calendar(person)
    assert [total(day) for day in calendar.days] == ["20", "20"] + ["18"] * 26
    changed = {day.date: day.change for day in calendar.days if day.change}
    assert changed == {FIRST_CUT: "New: diazepam 18\u00a0mg a day. Before: diazepam 20\u00a0mg a day."}
    assert calendar.next_words == (
        "From Tue 31\u00a0Mar\u00a02026 you take diazepam 18\u00a0mg a day. This was decided with you."
    )
    assert FIRST_CUT not in dict(calendar.ahead)


@pytest.mark.parametrize("kind", ["none", "hold", "slow", "step_back"])
def test_what_is_printed_is_what_is_due_dose_by_dose_also_over_the_clock_change(cast, person, frozen_clock, kind):
    frozen_clock.set("2026-03-29T10:00")
    release_second_step(cast, person)
    frozen_clock.set("2026-03-31T12:00")
    if kind != "none":
        change(cast, person, kind)
    since = dt.datetime(2026, 3, 30, 23, tzinfo=dt.UTC)  # midnight of British summer time
    due = [
        (row.due.due_at.astimezone(person.centre.zone).date(), row.due.local_time, row.due.medicine, row.due.dose.mg)
        for row in doses.due([person], since, since + dt.timedelta(days=28))
    ]
    printed = [(day.date, one.time, one.medicine, one.mg) for day in taper_calendar(person).days for one in day.doses]
    assert printed == due
    assert len(due) >= 56


def test_a_plan_on_hold_says_that_nothing_goes_down(cast, person, frozen_clock):
    frozen_clock.set("2026-03-20T12:00")
    change(cast, person, "hold")
    frozen_clock.set("2026-03-21T12:00")
    calendar = taper_calendar(person)
    assert calendar.next_words.startswith("Your plan is on hold. Nothing goes down.")
    assert calendar.ahead == ()


def test_a_plan_that_begins_later_leaves_the_order_in_its_days_until_then(cast, frozen_clock):
    person = ward.person_with_history(cast)
    ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    ward.sign(cast, person, ward.draft(start=START + dt.timedelta(days=3)))
    calendar = taper_calendar(person)
    assert [total(day) for day in calendar.days] == ["20"] * 28
    assert calendar.now_doses == ()
    assert calendar.next_words.startswith("From Fri 20\u00a0Mar\u00a02026 you take diazepam 20\u00a0mg a day.")
    assert "begins on Fri 20\u00a0Mar\u00a02026" in calendar.now_words


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not here")
def test_the_prescriber_prints_it_and_the_reading_is_kept(cast, person):
    answer = client_for(cast.physician).get(reverse("printing:calendar_pdf", args=[person.public_id]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    text = text_of(answer.content)
    assert f"Your taper calendar, {person.preferred_name}" in text
    assert text.count("diazepam 10 mg:") == 2 + 28 * 2
    line = AuditLine.objects.latest("pk")
    assert (line.action, line.kind, line.person_id) == ("taper.calendar_pdf", "read", person.pk)


def test_the_file_for_the_telephone_holds_each_dose(cast, person):
    answer = client_for(cast.nurse).get(reverse("printing:calendar_ics", args=[person.public_id]))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    assert "diazepam" not in answer["Content-Disposition"]
    assert len(Calendar.from_ical(answer.content).walk("VEVENT")) == 28 * 2


@pytest.mark.parametrize("page", ["printing:calendar_pdf", "printing:calendar_ics"])
class TestWhoGetsIt:
    def test_admissions_may_not(self, cast, person, page):
        assert client_for(cast.admissions).get(reverse(page, args=[person.public_id])).status_code == 403

    def test_another_centre_finds_nobody(self, cast, person, page):
        assert client_for(cast.stranger).get(reverse(page, args=[person.public_id])).status_code == 404

    def test_without_a_taper_it_says_so(self, cast, page):
        without = ward.person_with_history(cast)
        answer = client_for(cast.physician).get(reverse(page, args=[without.public_id]))
        assert answer.status_code == 404
        assert "No taper runs for this person" in answer.content.decode()

    def test_it_is_only_read(self, cast, person, page):
        assert client_for(cast.physician).post(reverse(page, args=[person.public_id])).status_code == 405


def test_a_bridging_plan_says_with_whom_it_goes_on_and_how_long_the_supply_lasts(cast, person, frozen_clock):
    frozen_clock.set("2026-03-18T10:00")
    staff.start_shift(unit=cast.unit, by=cast.physician)
    plan, what = tapers.active(person), Bridging("Dr Byrne", dt.date(2026, 3, 25), spare_days=3)
    why = Reason("life", "goes home early", "asked for it")
    interrupt(
        plan=plan, what=what, reason=why, by=cast.physician, proof=proof(cast.physician), seen=1,
        shown=preview(plan, what, reason=why).digest, once=ward.once(),
    )  # fmt: skip
    frozen_clock.set("2026-03-19T10:00")
    calendar = taper_calendar(person)
    assert "Nothing goes down before you see Dr Byrne on" in calendar.next_words
    # From the 18th to the 28th, eleven days of two tablets.
    assert calendar.next_words.endswith("22 of diazepam 10 mg tablet.")
    assert {total(day) for day in calendar.days} == {"20"}
    assert calendar.ahead == ()
