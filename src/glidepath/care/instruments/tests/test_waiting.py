"""Which forms wait: by the day of the stay, what was filled in, what the centre switched on, and the steps of a taper.

Expected days are counted by hand from instruments.md, section 5. The centre stands at 17 November 2026, a Tuesday.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from glidepath.care.instruments import services
from glidepath.care.instruments.models import Form
from glidepath.care.instruments.waiting import waiting, waiting_for
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.instruments.schedule import State
from tests.cast import admitted_person, enquiring_person

# The day of admission by the schedule, without what the observation round takes and what only an indication asks for.
DAY_0 = {"c_ssrs", "falls_checklist", "phq_9", "gad_7", "pc_ptsd_5", "dsm_sedative", "bam", "barc_10", "who_5"}
EVERY_DAY = {"craving", "sleep_log"}


def first_of(found, state):
    return {one.instruments[0] for one in found.forms if one.state is state}


def fill(form: Form, by, value: str = "0") -> None:
    for item in instrument(form.instrument).items:
        services.answer(form=form, item=item.key, given=value, client_key=f"tapped-{item.key}", by=by)
    services.close_form(form=form, by=by)


def test_on_the_day_of_admission_everything_of_that_day_waits(person):
    assert first_of(waiting_for(person), State.DUE) >= DAY_0 | EVERY_DAY
    assert not waiting_for(person).missed


def test_nothing_of_the_observation_round_is_asked_for_here(person):
    every = {key for one in waiting_for(person).forms for key in one.instruments}
    assert every.isdisjoint({"news2", "rass", "ciwa_b"})


def test_what_was_filled_in_waits_no_more(person, opened, cast):
    fill(opened("phq_9"), cast.nurse)
    assert "phq_9" not in first_of(waiting_for(person), State.DUE)


def test_a_partial_form_leaves_it_waiting(person, opened, give, cast):
    form = opened("phq_9")
    give(form, "mood", "1")
    services.close_form(form=form, by=cast.nurse)
    assert "phq_9" in first_of(waiting_for(person), State.DUE)


def test_a_form_that_was_set_aside_counts_nowhere(person, opened, cast):
    form = opened("phq_9")
    fill(form, cast.nurse)
    services.set_aside(form=form, reason="about somebody else", by=cast.nurse)
    assert "phq_9" in first_of(waiting_for(person), State.DUE)


def test_the_day_after_what_was_not_filled_in_is_missed(person, frozen_clock):
    frozen_clock.set("2026-11-18T10:00")
    found = waiting_for(person)
    assert first_of(found, State.MISSED) >= DAY_0
    days = {one.last_day for one in found.missed if one.instruments[0] == "sleep_log"}
    assert days == {dt.date(2026, 11, 17)}  # yesterday's; today's waits
    assert "sleep_log" in first_of(found, State.DUE)


def test_filled_in_late_what_is_asked_once_is_done(person, opened, cast, frozen_clock):
    frozen_clock.set("2026-11-20T10:00")
    fill(opened("gad_7"), cast.nurse)
    assert "gad_7" not in first_of(waiting_for(person), State.MISSED)


def test_the_long_trauma_form_waits_in_week_3_only_after_a_positive_screen(person, opened, cast, frozen_clock):
    frozen_clock.set("2026-12-01T10:00")  # day 14
    assert "pcl_5" not in first_of(waiting_for(person), State.DUE)
    form = opened("pc_ptsd_5")
    for item in instrument("pc_ptsd_5").items:
        services.answer(form=form, item=item.key, given="1", client_key=f"trauma-{item.key}", by=cast.nurse)
    if instrument("pc_ptsd_5").gate:
        services.answer(form=form, item=services.GATE, given="yes", client_key="trauma-gate", by=cast.nurse)
    assert services.close_form(form=form, by=cast.nurse).band == "positive"
    assert "pcl_5" in first_of(waiting_for(person), State.DUE)


def test_somebody_who_only_called_has_the_forms_of_the_call(cast):
    caller = enquiring_person(cast, preferred_name="Noor")
    assert first_of(waiting_for(caller), State.DUE) == {"audit_c", "sds", "c_ssrs"}


def test_what_a_clinician_asks_for_waits(person, cast):
    assert "ciwa_ar" not in first_of(waiting_for(person), State.DUE)
    services.ask_for(person=person, instrument="ciwa_ar", by=cast.physician, words="drank until yesterday")
    assert "ciwa_ar" in first_of(waiting_for(person), State.DUE)


def test_200_people_take_as_many_queries_as_20(cast):
    people = [enquiring_person(cast, preferred_name=f"N{number}") for number in range(200)]
    counts = []
    for some in (people[:20], people):
        with CaptureQueriesContext(connection) as queries:
            assert len(waiting(some)) == len(some)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_admitted_person_waits_beside_others(cast, person):
    other = admitted_person(cast, preferred_name="Aino")
    assert [one.person for one in waiting([other, person])] == [other, person]
