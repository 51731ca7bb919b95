"""A trend joins only what is alike, says how much changed, and never calls an unverified change large."""

from __future__ import annotations

from glidepath.care.instruments import services
from glidepath.care.instruments.tests.test_setup import own
from glidepath.care.instruments.trends import trends
from glidepath.clinical.facts.load import instrument


def filled(opened, cast, key: str, answers: list[str], tag: str, items: int | None = None):
    form = opened(key)
    keys = [item.key for item in instrument(key).items][: items or len(answers)]
    for item, given in zip(keys, answers, strict=False):
        services.answer(form=form, item=item, given=given, client_key=f"{tag}-{item}-key", by=cast.nurse)
    return services.close_form(form=form, by=cast.nurse)


def test_a_fall_is_told_in_points_and_percent(opened, cast, person, frozen_clock):
    filled(opened, cast, "phq_9", ["2"] * 9, "a")  # nine twos: 18
    frozen_clock.set("2026-11-24T10:00")
    filled(opened, cast, "phq_9", ["1"] * 9, "b")  # nine ones: 9
    [found] = trends(person)
    assert found.change == "From 18 to 9: \N{MINUS SIGN}9 points, \N{MINUS SIGN}50 %."
    assert any("400 people in UK primary care" in one for one in found.matters)


def test_the_drawing_says_what_it_shows_and_names_its_bands(opened, cast, person):
    filled(opened, cast, "gad_7", ["1"] * 7, "a")  # 7: mild
    [found] = trends(person)
    assert "GAD-7: 1 complete, between 7 and 7, last 7." in found.drawing
    assert "moderate 10–14" in found.drawing  # the published band
    assert found.change == ""


def test_a_partial_form_is_in_the_trend_and_not_in_the_line(opened, cast, person):
    filled(opened, cast, "phq_9", ["3"] * 4, "a")
    [found] = trends(person)
    assert len(found.results) == 1
    assert found.whole == ()
    assert "1 partial, no total yet" in found.drawing


def test_two_sets_of_bands_never_share_a_line(opened, cast, person):
    filled(opened, cast, "phq_9", ["2"] * 9, "a")
    filled(opened, cast, "gad_7", ["2"] * 7, "b")
    assert {one.title for one in trends(person)} == {"PHQ-9", "GAD-7"}


def test_an_unverified_change_is_not_shown(opened, cast, person):
    assert [one.seen.value for one in instrument("isi").changes] == ["unverified"]
    filled(opened, cast, "isi", ["2"] * 7, "a")
    [found] = trends(person)
    assert found.matters == ()


def test_two_versions_of_one_instrument_never_share_a_line(opened, give, cast, person, frozen_clock):
    for version, value in (("1", "2"), ("2", "1")):
        services.define_instrument(key="our_night", text=own(version), terms_confirmed=True, by=cast.manager)
        form = opened("our_night")
        for item in ("slept", "rested"):
            give(form, item, value)
        services.close_form(form=form, by=cast.nurse)
        frozen_clock.tick(minutes=1)
    assert [(one.which, one.change) for one in trends(person)] == [("version 2", ""), ("version 1", "")]
