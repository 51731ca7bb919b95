"""The centre's settings: defaults from the facts, changed by the manager, with a history of who changed what."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.clinical.facts.load import clinical_settings
from glidepath.record import clock
from glidepath.record.centres import queries, services
from glidepath.record.centres.limits import LIMITS
from glidepath.record.clock import ClockRefused
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_new_centre_begins_with_the_facts_defaults(cast: Cast) -> None:
    settings, facts = queries.settings_of(cast.centre), clinical_settings()
    assert settings.usual_cut_percent == facts.default_cut_percent
    assert settings.interval_days == facts.default_interval_days
    assert settings.review_max_age_days == facts.review_max_age_days
    assert settings.last_step_max_micrograms == facts.last_step_max_diazepam_mg * 1000
    assert settings.syringe_step_microlitres == facts.syringe_graduation_ml * 1000
    assert settings.doses_not_taken_in_a_row == facts.doses_not_taken_in_a_row
    assert settings.doses_not_taken_hours == facts.doses_not_taken_hours
    assert settings.day_review_hours == facts.observe_awake_hours
    assert queries.dose_times(cast.centre) == tuple(facts.default_dose_times[3])


def test_a_change_keeps_who_changed_what_from_what(cast: Cast) -> None:
    services.change_settings(centre=cast.centre, changes={"interval_days": 21}, by=cast.manager)
    change = queries.setting_changes(cast.centre)[0]
    assert (change.by, change.label, change.before, change.after) == ("Ruth Aldous", "Time between cuts", "14", "21")


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_each_limit_refuses_what_lies_outside_its_bounds(cast: Cast, limit: object) -> None:
    name, low, high = limit.name, limit.low, limit.high  # type: ignore[attr-defined]
    for value in (low - 1, high + 1, "10", None, True):
        with pytest.raises(BadInput) as said:
            services.change_settings(centre=cast.centre, changes={name: value}, by=cast.manager)
        assert said.value.field == name
    for value in (low, high):
        services.change_settings(centre=cast.centre, changes={name: value}, by=cast.manager)


@pytest.mark.parametrize("times", [[], ["08:00"], [dt.time(8), dt.time(8)], [dt.time(hour) for hour in range(7)], "08"])
def test_impossible_dose_times_are_not_taken(cast: Cast, times: object) -> None:
    with pytest.raises(BadInput):
        services.change_settings(centre=cast.centre, changes={"dose_times": times}, by=cast.manager)


def test_dose_times_are_kept_in_order(cast: Cast) -> None:
    times = [dt.time(21), dt.time(7, 30)]
    services.change_settings(centre=cast.centre, changes={"dose_times": times}, by=cast.manager)
    assert queries.dose_times(cast.centre) == (dt.time(7, 30), dt.time(21))


def test_an_unknown_table_or_setting_is_told(cast: Cast) -> None:
    for changes in ({"default_table": "guesswork"}, {"speed": 3}):
        with pytest.raises(BadInput, match="There is no"):
            services.change_settings(centre=cast.centre, changes=changes, by=cast.manager)


def test_no_rapid_protocol_is_on_until_the_manager_switches_it_on_by_name(cast: Cast) -> None:
    assert queries.settings_of(cast.centre).inpatient_protocols == []
    services.change_settings(centre=cast.centre, changes={"inpatient_protocols": ["etg"]}, by=cast.manager)
    assert queries.settings_of(cast.centre).inpatient_protocols == ["etg"]
    change = queries.setting_changes(cast.centre)[0]
    assert (change.label, change.before, change.after) == ("Rapid inpatient protocols used here", "none", "etg")
    for wrong in (["munich"], "etg fast"):
        with pytest.raises(BadInput, match="no inpatient protocol") as said:
            services.change_settings(centre=cast.centre, changes={"inpatient_protocols": wrong}, by=cast.manager)
        assert said.value.field == "inpatient_protocols"


def test_a_stale_settings_form_names_who_was_first(cast: Cast) -> None:
    seen = queries.settings_version(cast.centre)
    services.change_settings(centre=cast.centre, changes={"interval_days": 21}, by=cast.manager, seen=seen)
    with pytest.raises(ChangedMeanwhile, match="Ruth Aldous"):
        services.change_settings(centre=cast.centre, changes={"interval_days": 28}, by=cast.manager, seen=seen)


@pytest.mark.parametrize("role", ["physician", "nurse", "pharmacist", "auditor", "administrator"])
def test_only_the_manager_changes_settings(cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        services.change_settings(centre=cast.centre, changes={"interval_days": 21}, by=getattr(cast, role))


def test_another_centres_settings_are_out_of_reach(cast: Cast) -> None:
    with pytest.raises(BadInput, match="another centre"):
        services.change_settings(centre=cast.other_centre, changes={"interval_days": 21}, by=cast.manager)


def test_names_and_bed_numbers_exist_once(cast: Cast) -> None:
    with pytest.raises(BadInput, match="unit Willow already"):
        services.add_unit(centre=cast.centre, name="Willow", setting="residential", by=cast.manager)
    with pytest.raises(BadInput, match="bed 1 already"):
        services.add_bed(room=cast.room, number=1, by=cast.manager)
    with pytest.raises(BadInput, match="room East already"):
        services.add_room(unit=cast.unit, name=" East ", by=cast.manager)


def test_an_unknown_time_zone_is_told() -> None:
    with pytest.raises(BadInput, match="no time zone"):
        services.create_centre(name="Nowhere", time_zone="Europe/Atlantis")


def test_the_day_is_the_centres_calendar_day(cast: Cast) -> None:
    services.mark_database(is_demo=False)
    eastern = services.create_centre(name="Eastern", time_zone="Pacific/Auckland")
    moment = dt.datetime(2026, 11, 17, 13, 14, tzinfo=dt.UTC)
    assert clock.local(cast.centre, moment).date() == dt.date(2026, 11, 17)
    assert clock.local(eastern, moment).date() == dt.date(2026, 11, 18)


def test_the_clock_of_a_real_centre_cannot_be_set() -> None:
    services.mark_database(is_demo=False)
    with pytest.raises(ClockRefused), clock.at(dt.datetime(2026, 11, 17, tzinfo=dt.UTC)):
        pass
    with pytest.raises(BadInput, match="never changes"):
        services.mark_database(is_demo=True)


def test_a_database_that_holds_a_centre_does_not_become_a_demo(cast: Cast) -> None:
    with pytest.raises(BadInput, match="only an empty one"):
        services.mark_database(is_demo=True)
