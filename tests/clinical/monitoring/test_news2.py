"""NEWS2 against the chart of the Royal College of Physicians (2017), written out here by hand as a plain oracle."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from glidepath.clinical.monitoring.news2 import BadVital, news2
from glidepath.clinical.monitoring.vitals import Mind, Vitals

WELL = Vitals(
    rr=16, spo2=97, on_oxygen=False, sbp=128, dbp=80, pulse=76, temp_c=Decimal("37.0"), mind=Mind.ALERT, rass=0
)


def by_hand(name: str, value: Decimal, *, oxygen: bool = False) -> int:
    """The chart, read from the top down: the first line that is reached."""
    chart: dict[str, list[tuple[str, int]]] = {
        "rr": [("25", 3), ("21", 2), ("12", 0), ("9", 1), ("0", 3)],
        "spo2": [("96", 0), ("94", 1), ("92", 2), ("0", 3)],
        "spo2_two_air": [("88", 0), ("86", 1), ("84", 2), ("0", 3)],
        "spo2_two_oxygen": [("97", 3), ("95", 2), ("93", 1), ("88", 0), ("86", 1), ("84", 2), ("0", 3)],
        "sbp": [("220", 3), ("111", 0), ("101", 1), ("91", 2), ("0", 3)],
        "pulse": [("131", 3), ("111", 2), ("91", 1), ("51", 0), ("41", 1), ("0", 3)],
        "temp_c": [("39.1", 2), ("38.1", 1), ("36.1", 0), ("35.1", 1), ("0", 3)],
    }
    if name == "spo2_two":
        name = "spo2_two_oxygen" if oxygen else "spo2_two_air"
    return next(points for lowest, points in chart[name] if value >= Decimal(lowest))


def test_the_two_published_examples() -> None:
    calm = Vitals(rr=18, spo2=97, on_oxygen=False, sbp=128, pulse=96, mind=Mind.ALERT, temp_c=Decimal("37.2"))
    assert news2(calm).total == 1
    ill = Vitals(rr=22, spo2=95, on_oxygen=False, sbp=150, pulse=118, mind=Mind.CONFUSION, temp_c=Decimal("38.4"))
    found = news2(ill)
    assert found.total == 2 + 1 + 0 + 2 + 3 + 1 == 9
    assert (found.band, len(found.single_three)) == ("high", 1)


@pytest.mark.parametrize("rr", range(4, 41))
def test_breaths_are_scored_as_on_the_chart(rr: int) -> None:
    assert news2(replace(WELL, rr=rr)).total == by_hand("rr", Decimal(rr))


@pytest.mark.parametrize("spo2", range(70, 101))
@pytest.mark.parametrize("oxygen", [False, True])
def test_oxygen_saturation_on_scale_one_is_scored_as_on_the_chart(spo2: int, oxygen: bool) -> None:
    found = news2(replace(WELL, spo2=spo2, on_oxygen=oxygen))
    assert found.total == by_hand("spo2", Decimal(spo2)) + (2 if oxygen else 0)


@pytest.mark.parametrize("spo2", range(70, 101))
@pytest.mark.parametrize("oxygen", [False, True])
def test_oxygen_saturation_on_scale_two_is_scored_as_on_the_chart(spo2: int, oxygen: bool) -> None:
    found = news2(replace(WELL, spo2=spo2, spo2_scale=2, on_oxygen=oxygen))
    assert found.total == by_hand("spo2_two", Decimal(spo2), oxygen=oxygen) + (2 if oxygen else 0)


@pytest.mark.parametrize("sbp", [60, 90, 91, 100, 101, 110, 111, 219, 220, 260])
def test_systolic_pressure_is_scored_as_on_the_chart(sbp: int) -> None:
    assert news2(replace(WELL, sbp=sbp)).total == by_hand("sbp", Decimal(sbp))


@pytest.mark.parametrize("pulse", [30, 40, 41, 50, 51, 90, 91, 110, 111, 130, 131, 200])
def test_pulse_is_scored_as_on_the_chart(pulse: int) -> None:
    assert news2(replace(WELL, pulse=pulse)).total == by_hand("pulse", Decimal(pulse))


@pytest.mark.parametrize("tenths", [340, 350, 351, 360, 361, 380, 381, 390, 391, 410])
def test_temperature_is_scored_as_on_the_chart(tenths: int) -> None:
    temp_c = Decimal(tenths) / 10
    assert news2(replace(WELL, temp_c=temp_c)).total == by_hand("temp_c", temp_c)


@pytest.mark.parametrize("mind", list(Mind))
def test_anything_but_alert_scores_three(mind: Mind) -> None:
    assert news2(replace(WELL, mind=mind)).total == (0 if mind is Mind.ALERT else 3)


@pytest.mark.parametrize("missing", ["rr", "spo2", "on_oxygen", "sbp", "pulse", "temp_c", "mind"])
def test_one_value_that_was_not_measured_gives_no_total(missing: str) -> None:
    found = news2(replace(WELL, **{missing: None}))
    assert (found.total, found.band) == (None, None)
    assert missing in found.missing


def test_a_single_three_counts_without_a_total() -> None:
    found = news2(Vitals(rr=7))
    assert found.total is None
    assert len(found.single_three) == 1


def test_scale_two_waits_for_whether_oxygen_is_given() -> None:
    found = news2(replace(WELL, spo2=97, spo2_scale=2, on_oxygen=None))
    assert found.total is None
    assert "spo2" not in found.parts


@pytest.mark.parametrize(
    ("total", "band"), [(0, "low"), (1, "low"), (4, "low"), (5, "medium"), (6, "medium"), (7, "high"), (20, "high")]
)
def test_the_aggregate_bands_are_those_of_the_chart(total: int, band: str) -> None:
    parts = {
        0: WELL,
        1: replace(WELL, pulse=100),
        4: replace(WELL, pulse=120, sbp=95),
        5: replace(WELL, pulse=120, sbp=95, temp_c=Decimal("38.5")),
        6: replace(WELL, pulse=120, sbp=95, rr=22),
        7: replace(WELL, pulse=120, sbp=95, rr=22, temp_c=Decimal("38.5")),
        20: Vitals(rr=30, spo2=80, on_oxygen=True, sbp=80, pulse=140, mind=Mind.UNRESPONSIVE, temp_c=Decimal("34.0")),
    }
    found = news2(parts[total])
    assert (found.total, found.band) == (total, band)


def test_a_set_taken_asleep_has_no_total() -> None:
    found = news2(Vitals(rr=14, spo2=97, on_oxygen=False, sbp=120, pulse=60, temp_c=Decimal("36.5"), asleep=True))
    assert (found.total, found.missing) == (None, ("mind",))
    with pytest.raises(ValueError, match="asleep"):
        Vitals(asleep=True, mind=Mind.ALERT)
    with pytest.raises(ValueError, match="asleep"):
        Vitals(asleep=True, rass=0)


@pytest.mark.parametrize(
    "impossible", [{"rr": 400}, {"spo2": 101}, {"sbp": 900}, {"pulse": 900}, {"temp_c": Decimal("98.6")}]
)
def test_a_value_nobody_can_have_is_refused_by_name(impossible: dict[str, int]) -> None:
    with pytest.raises(BadVital, match=r"\d"):
        news2(replace(WELL, **impossible))


def test_there_are_only_two_oxygen_scales() -> None:
    with pytest.raises(ValueError, match="1 or 2"):
        Vitals(spo2_scale=3)
