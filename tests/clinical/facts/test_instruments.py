"""The instruments as data: items, keying, bands and the published ranges of the early-warning score."""

from __future__ import annotations

from decimal import Decimal

import pytest

from glidepath.clinical.facts.instruments import Pack
from glidepath.clinical.facts.load import Instrument, Seen, instrument, instruments

NEWS2 = [
    # parameter, scale, on oxygen, value, score: both edges of every published band
    *[("rr", None, False, *one) for one in (
        (8, 3), (9, 1), (11, 1), (12, 0), (20, 0), (21, 2), (24, 2), (25, 3))],
    *[("spo2", 1, False, *one) for one in ((91, 3), (92, 2), (93, 2), (94, 1), (95, 1), (96, 0), (100, 0))],
    *[("spo2", 2, False, *one) for one in (
        (83, 3), (84, 2), (85, 2), (86, 1), (87, 1), (88, 0), (92, 0), (93, 0), (100, 0))],
    *[("spo2", 2, True, *one) for one in (
        (83, 3), (85, 2), (87, 1), (88, 0), (92, 0), (93, 1), (94, 1), (95, 2), (96, 2), (97, 3), (100, 3))],
    *[("sbp", None, False, *one) for one in (
        (90, 3), (91, 2), (100, 2), (101, 1), (110, 1), (111, 0), (219, 0), (220, 3))],
    *[("pulse", None, False, *one) for one in (
        (40, 3), (41, 1), (50, 1), (51, 0), (90, 0), (91, 1), (110, 1), (111, 2), (130, 2), (131, 3))],
    *[("temp_c", None, False, Decimal(value), score) for value, score in (
        ("35.0", 3), ("35.1", 1), ("36.0", 1), ("36.1", 0), ("38.0", 0), ("38.1", 1), ("39.0", 1), ("39.1", 2))],
]  # fmt: skip


BUILT_IN = (
    "phq_9 gad_7 ciwa_ar audit_c pc_ptsd_5 pcl_5 c_ssrs c_ssrs_since barc_10 news2 steadi cows craving sleep_log "
    "safety_plan experience falls_checklist"
)
UNDER_OUR_LABELS = "ciwa_b sds dast_10 audit who_5 bam bam_days aware rass"
SLOTS = "isi moca morse mdq wai_sr bwsq bendep_srq asam_criteria dsm_sedative csq_8"


@pytest.mark.parametrize(("ship_class", "keys"), [("A", BUILT_IN), ("B", UNDER_OUR_LABELS), ("C", SLOTS)])
def test_every_instrument_of_the_ship_list_is_there_in_its_class(ship_class: str, keys: str) -> None:
    assert {key for key, one in instruments().items() if one.ship_class == ship_class} == set(keys.split())


def test_published_words_are_shipped_for_class_a_alone_with_where_and_when_they_were_read() -> None:
    for one in instruments().values():
        carried = [item for item in one.items if item.text is not None]
        assert bool(carried) is (one.pack is Pack.PUBLISHED and bool(one.items)), one.key
        assert all(item.text for item in one.items) or not carried, one.key
        if carried:
            assert one.ship_class == "A"
            assert one.wording_source
            assert one.wording_date
        assert one.terms


def test_a_slot_carries_no_item_of_its_form() -> None:
    for key in ("isi", "moca", "morse", "bwsq", "csq_8"):
        scored = [item.key for item in instrument(key).items if item.kind in ("choice", "number")]
        assert scored in (["total"], ["result"]), key


def test_only_codes_that_were_seen_are_kept() -> None:
    kept = {key: (one.loinc.panel, one.loinc.total) for key, one in instruments().items() if one.loinc}
    assert kept == {
        "phq_9": ("44249-1", "44261-6"),
        "gad_7": ("69737-5", "70274-6"),
        "audit_c": ("72109-2", "75626-2"),
        "audit": (None, "75624-7"),
        "dast_10": ("82666-9", None),
    }


def test_the_ten_items_of_the_alcohol_scale_are_not_those_of_the_benzodiazepine_scale() -> None:
    alcohol, other = instrument("ciwa_ar"), instrument("ciwa_b")
    assert (len(alcohol.items), len(other.scored_items)) == (10, 20)
    assert alcohol.name != other.name
    assert alcohol.total_high == 67


@pytest.mark.parametrize(("key", "scale", "oxygen", "value", "score"), NEWS2)
def test_news2_scores_both_edges_of_every_published_band(
    key: str, scale: int | None, oxygen: bool, value: int | Decimal, score: int
) -> None:
    ranges = instrument("news2").parameter(key, scale=scale).ranges
    (found,) = [one.score for one in ranges if one.holds(Decimal(value)) and one.oxygen in (None, oxygen)]
    assert found == score


def test_news2_counts_oxygen_and_every_state_but_alert() -> None:
    news2 = instrument("news2")
    assert dict(news2.parameter("on_oxygen").choices) == {"air": 0, "oxygen": 2}
    assert dict(news2.parameter("mind").choices) == {"A": 0, "C": 3, "V": 3, "P": 3, "U": 3}
    assert news2.parameter("mind").choice_labels["C"] == "new confusion"


def test_the_highest_news2_is_the_sum_of_the_highest_parts() -> None:
    news2 = instrument("news2")
    parts = [
        max([one.score for one in parameter.ranges] + list(parameter.choices.values()))
        for parameter in news2.parameters
        if parameter.scale in (None, 1)
    ]
    assert sum(parts) == news2.total_high == 20


@pytest.mark.parametrize(
    ("total", "band"), [(0, "low"), (4, "low"), (5, "medium"), (6, "medium"), (7, "high"), (20, "high")]
)
def test_news2_bands_begin_where_the_escalation_rules_do(total: int, band: str) -> None:
    assert instrument("news2").band(total).key == band


@pytest.mark.parametrize(
    ("total", "band"),
    [(0, "none"), (1, "mild"), (20, "mild"), (21, "moderate"), (40, "moderate"), (41, "severe"), (60, "severe"),
     (61, "very_severe"), (80, "very_severe")],
)  # fmt: skip
def test_ciwa_b_bands_are_those_of_the_deployed_form(total: int, band: str) -> None:
    assert instrument("ciwa_b").band(total).key == band


def test_a_total_the_scale_cannot_give_has_no_band() -> None:
    with pytest.raises(ValueError, match="81 is not a total of CIWA-B"):
        instrument("ciwa_b").band(81)


def _ciwa_b() -> Instrument:
    return instrument("ciwa_b")


def test_ciwa_b_has_22_items_in_order_of_which_20_are_scored_from_0_to_4() -> None:
    assert [item.number for item in _ciwa_b().items] == list(range(1, 23))
    assert [item.number for item in _ciwa_b().scored_items] == list(range(1, 21))
    assert all(item.allowed == (0, 1, 2, 3, 4) for item in _ciwa_b().scored_items)
    assert _ciwa_b().total_high == 20 * 4


def test_ciwa_b_asks_17_items_and_observes_three() -> None:
    observed = [item.number for item in _ciwa_b().items if item.asked == "observer"]
    assert observed == [18, 19, 20]


def test_the_two_sleep_items_of_ciwa_b_run_from_good_to_none_and_are_never_turned_round() -> None:
    turned = {item.number: item for item in _ciwa_b().items if item.keying}
    assert set(turned) == {12, 14}
    for item in turned.values():
        assert item.anchors[4] == "not at all"
        assert "never turned" in (item.keying or "")
        assert item.seen is Seen.UNVERIFIED


def test_hours_of_sleep_and_minutes_to_fall_asleep_are_recorded_beside_the_scale() -> None:
    beside = [(item.key, item.unit, item.scored) for item in _ciwa_b().items if item.number > 20]
    assert beside == [("sleep_hours", "h", False), ("sleep_latency", "min", False)]


def test_ciwa_b_has_a_gate_and_needs_vital_signs_beside_it() -> None:
    assert _ciwa_b().gate is not None
    assert _ciwa_b().companion == "news2"
    assert [alert.rule for alert in _ciwa_b().alerts] == ["DEL-2"]


def test_labels_in_our_own_words_are_marked_so_with_the_terms() -> None:
    for key in ("ciwa_b", "rass"):
        one = instrument(key)
        assert one.own_words
        assert one.ship_class == "B"
        assert "own words" in one.wording
        assert one.terms
        assert all(item.own_words for item in one.items)
    assert instrument("news2").ship_class == "A"
    assert "acknowledgement" in instrument("news2").terms


def test_rass_is_one_value_from_minus_five_to_four() -> None:
    item = instrument("rass").item("rass")
    assert sorted(item.allowed) == list(range(-5, 5))
    assert item.anchors[0] == "alert and calm"
    assert item.anchors[-5] == "cannot be roused"


def test_an_item_or_parameter_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="CIWA-B has no item 'mood'"):
        _ciwa_b().item("mood")
    with pytest.raises(KeyError, match="NEWS2 has no parameter 'mood'"):
        instrument("news2").parameter("mood")
