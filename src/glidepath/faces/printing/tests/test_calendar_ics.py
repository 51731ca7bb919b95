"""The calendar file, read back by another program's reader."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from icalendar import Calendar

from glidepath.faces.printing.ics import calendar_ics
from glidepath.faces.printing.tests.sample import LONDON, sample


def events_of(body: bytes) -> list:
    return list(Calendar.from_ical(body).walk("VEVENT"))


@pytest.fixture
def events():
    return events_of(calendar_ics(sample(), zone=LONDON))


def test_every_time_of_every_day_is_one_event_also_with_two_medicines(events):
    assert len(events) == 28 * 2
    assert len({str(event["UID"]) for event in events}) == 28 * 2


def test_the_clock_on_the_wall_stays_the_same_over_the_end_of_summer_time(events):
    at = [event.decoded("DTSTART") for event in events]
    assert {f"{one.astimezone(LONDON):%H:%M}" for one in at} == {"08:00", "22:00"}
    # British summer time ends on 25 October 2026 at 01:00 UTC: 22:00 is 21:00 UTC before it and 22:00 UTC after it
    assert dt.datetime(2026, 10, 24, 21, tzinfo=dt.UTC) in at
    assert dt.datetime(2026, 10, 25, 8, tzinfo=dt.UTC) in at
    assert dt.datetime(2026, 10, 25, 22, tzinfo=dt.UTC) in at


def test_what_shows_on_a_locked_screen_names_no_medicine_and_no_centre(events):
    for event in events:
        (alarm,) = event.walk("VALARM")
        shown = f"{event['SUMMARY']} {alarm['DESCRIPTION']}".lower()
        assert not any(word in shown for word in ("diazepam", "zopiclone", "mg", "willowbrook", "taper", "danilo"))
        assert alarm.decoded("TRIGGER") == dt.timedelta(0)


def test_the_description_holds_the_amounts_and_whom_to_call(events):
    last = str(events[-1]["DESCRIPTION"]).replace("\u00a0", " ").splitlines()
    assert last[:2] == [
        "diazepam 7.5 mg: 1 × 5 mg tablet and half a 5 mg tablet",
        "zopiclone 3.75 mg: half a 7.5 mg tablet",
    ]
    assert "call Willowbrook 020 7946 0000" in last[2]


def test_a_newer_file_replaces_the_same_dose_of_the_older_one(events):
    newer = sample(made_at=dt.datetime(2026, 10, 20, 9, tzinfo=LONDON), version=4)
    again = events_of(calendar_ics(newer, zone=LONDON))
    assert [event["UID"] for event in again] == [event["UID"] for event in events]
    assert again[0]["SEQUENCE"] > events[0]["SEQUENCE"]


def test_the_same_calendar_gives_the_same_bytes():
    assert calendar_ics(sample(), zone=LONDON) == calendar_ics(sample(), zone=LONDON)


def test_lines_are_no_longer_than_the_standard_allows_and_break_inside_no_letter():
    body = calendar_ics(sample(centre_name="Zkušební středisko číslo šest " * 8), zone=LONDON)
    lines = body.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # a broken letter would raise
    assert "středisko číslo šest" in str(events_of(body)[0]["DESCRIPTION"])


def test_signs_with_a_meaning_in_the_format_stay_text():
    name = "North; South, \\ East\r\nEND:VEVENT"
    events = events_of(calendar_ics(sample(centre_name=name), zone=LONDON))
    assert len(events) == 28 * 2
    assert "North; South, \\ East\nEND:VEVENT" in str(events[0]["DESCRIPTION"])


def test_a_time_the_clock_skips_comes_at_the_first_moment_after_the_gap():
    calendar = sample()
    # In London the clock goes from 01:00 to 02:00 on 29 March 2026.
    early = replace(calendar.days[0].doses[0], time=dt.time(1, 30))
    day = replace(calendar.days[0], date=dt.date(2026, 3, 29), doses=(early,))
    (event,) = events_of(calendar_ics(replace(calendar, days=(day,)), zone=LONDON))
    assert event.decoded("DTSTART") == dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)


def test_days_without_a_dose_ring_no_alarm():
    calendar = sample()
    empty = tuple(replace(day, doses=()) for day in calendar.days)
    assert events_of(calendar_ics(replace(calendar, days=empty), zone=LONDON)) == []
