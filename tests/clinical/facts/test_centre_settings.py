"""Every number of our own reading is one centre setting, in a range with a reason, and moves what it is about alone."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.centre_settings import (
    BadSetting,
    UnknownSetting,
    changed,
    of_the_centre,
    setting_facts,
    settings_with,
)
from glidepath.clinical.facts.load import FACTS_DIR, clinical_settings, rule
from glidepath.clinical.guidelines.taper_rate import Cut, check_ceiling
from tests.clinical.centre_effects import EFFECTS

# Ours, and no centre setting: the reason beside each.
NO_SETTING = {
    "acting.toml long_above_half_life_h": "sorts medicines for everybody, once, as the facts are read; the watch that "
    "follows from it is a setting",
    "guidelines/monitoring.toml SUI-1.values.caring_contact_from_hours": "the span of the care pathway's caring "
    "contact (2.9: 24 to 72 h), within which a clinician chooses the hour for each person",
    "guidelines/monitoring.toml SUI-1.values.caring_contact_within_hours": "the end of that span; nobody chooses later",
    **dict.fromkeys(
        (
            "guidelines/monitoring.toml INP-1.values.first_extra_set_hours",
            "guidelines/monitoring.toml INP-1.values.second_extra_set_hours",
            "guidelines/monitoring.toml INP-1.values.third_extra_set_hours",
            "guidelines/monitoring.toml INP-1.values.ciwa_b_after_cut_hours",
            "guidelines/monitoring.toml INP-2.values.residential_every_hours",
            "guidelines/monitoring.toml INP-2.values.ciwa_b_settling_hours",
        ),
        "the hours of the care pathway's table (2.6), as the core proposes them: a prescriber sets each person's own",
    ),
}


def _ours(content: Any, path: str, of_ours: bool = False) -> Iterator[str]:
    """The path of every number that the file itself marks as ours; those of a rule of ours, whatever they say."""
    if not isinstance(content, Mapping):
        return
    marked = content.get("ours") is True or content.get("seen") == "ours"
    cited = content.get("seen") in ("original", "second_hand") or "source" in content or "same_as" in content
    if "value" in content and "unit" in content and (marked or (of_ours and not cited)):
        yield path
    for key, item in content.items():
        yield from _ours(item, f"{path}.{key}" if path else key, of_ours or marked)


def _marked() -> set[str]:
    found = set()
    for path in sorted(FACTS_DIR.rglob("*.toml")):
        if path.name != "settings.toml":
            name = path.relative_to(FACTS_DIR).as_posix()
            found |= {f"{name} {one}" for one in _ours(tomllib.loads(path.read_text()), "")}
    return found


def _taken() -> Counter[str]:
    """The facts that the settings take, as the path of the number's table."""
    files = {code: path.relative_to(FACTS_DIR).as_posix() for path in sorted((FACTS_DIR / "guidelines").glob("*.toml"))
             for code in tomllib.loads(path.read_text())}  # fmt: skip
    found: Counter[str] = Counter()
    for entry in tomllib.loads((FACTS_DIR / "settings.toml").read_text()).values():
        if "take" in entry:
            code, _, name = entry["take"].rpartition(".")
            found[f"{files[code]} {code}.values.{name}"] += 1
        elif "same_as" in entry:
            found[entry["same_as"].removesuffix(".value")] += 1
    return found


def test_every_number_that_the_facts_mark_as_ours_is_exactly_one_setting() -> None:
    marked, taken = _marked(), _taken()
    assert len(marked) >= 7
    assert {one for one in marked if taken[one] != 1} == NO_SETTING.keys()


def test_a_number_of_ours_without_a_setting_would_be_found() -> None:
    added = {"NEW-1": {"values": {"mg": {"value": 3, "unit": "mg/day", "ours": True}}}}
    beside = {"NEW-2": {"ours": True, "values": {"mg": {"value": 3, "unit": "mg/day"}}}}
    assert [*_ours(added, "")] == ["NEW-1.values.mg"]
    assert [*_ours(beside, "")] == ["NEW-2.values.mg"]


def test_every_setting_says_what_it_does_and_why_its_range_is_so() -> None:
    assert setting_facts().keys() == EFFECTS.keys()
    for fact in setting_facts().values():
        assert fact.low <= fact.default <= fact.high
        assert fact.low < fact.high
        assert fact.label
        assert fact.why
        assert fact.asks


@pytest.mark.parametrize("name", EFFECTS)
def test_another_number_changes_what_is_said(name: str) -> None:
    value, effect = EFFECTS[name]
    assert effect(settings_with({name: value})) != effect(clinical_settings())


@pytest.mark.parametrize("name", [*EFFECTS])
def test_what_lies_outside_the_range_is_refused_in_words(name: str) -> None:
    fact = setting_facts()[name]
    for value in (fact.low - 1, fact.high + 1, "much", None, True, "NaN", "Infinity", ""):
        with pytest.raises(BadSetting, match=fact.label[:12]):
            settings_with({name: value})
    if fact.whole:
        with pytest.raises(BadSetting, match="whole number"):
            settings_with({name: fact.low + fact.high / 1000})


@pytest.mark.parametrize("name", ["ceiling_percent", "ceiling", "JCG-6c.ceiling_percent", "default_dose_times", ""])
def test_a_cited_limit_is_no_setting(name: str) -> None:
    with pytest.raises(UnknownSetting, match="no setting"):
        settings_with({name: 50})


def _anything_a_centre_may_set() -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {}, optional={name: st.sampled_from([str(one.low), str(one.high)]) for name, one in setting_facts().items()}
    )


@given(_anything_a_centre_may_set())
def test_no_setting_moves_the_ceiling_of_two_weeks(chosen: dict[str, str]) -> None:
    limits = Limits.of(settings_with(chosen))
    assert (limits.ceiling, limits.ceiling_days) == (Fraction(1, 4), 14)  # joint guideline, recommendation 6
    day, whole = dt.date(2026, 5, 1), Fraction(20)
    over = Cut(2, day, "diazepam", whole, Fraction(149, 10), whole, whole)
    assert [one.code for one in check_ceiling(over, limits=limits, setting=Setting.OUTPATIENT)] == ["JCG-6c"]
    # Only the last step is outside it: of no more than 1 mg of diazepam, the largest last cut that NICE CKS prints.
    low = Fraction(101, 100)
    stop = Cut(2, day, "diazepam", low, Fraction(0), low, low)
    assert [one.code for one in check_ceiling(stop, limits=limits, setting=Setting.OUTPATIENT)] == ["JCG-6c"]


def test_no_setting_is_looser_than_what_a_source_gives() -> None:
    facts = setting_facts()
    assert facts["default_cut_percent"].high == rule("JCG-6c").value("ceiling_percent")
    assert facts["min_interval_days"].low == rule("JCG-6").value("weeks_low") * 7
    assert facts["plan_review_other_days"].high == rule("JCG-1").value("days")
    assert facts["ciwa_b_review_at_least"].high == 41  # the severe band of the deployed form
    assert (facts["fever_at_least_c"].high, facts["emergency_fever_at_least_c"].high) == (
        facts["fever_at_least_c"].default,
        facts["emergency_fever_at_least_c"].default,
    )  # the bands of NEWS2


def test_settings_that_stand_in_an_order_cannot_cross() -> None:
    facts = setting_facts()
    for lower, upper in (
        ("emergency_rr_at_most", "hold_rr_below"),
        ("hold_spo2_below_scale_2", "hold_spo2_below"),
        ("fever_at_least_c", "emergency_fever_at_least_c"),
        ("stable_after_hours", "settled_after_hours"),
        ("observe_stable_hours", "observe_settled_hours"),
        ("observe_awake_hours", "observe_stable_hours"),
        ("hold_rass_at_most", "review_rass"),
    ):
        assert facts[lower].high <= facts[upper].low, (lower, upper)


def test_a_changed_number_is_said_with_the_default_and_an_unchanged_one_is_not() -> None:
    here = settings_with({"lorazepam_caution_mg": "4.0"})
    assert of_the_centre(here, "lorazepam_caution_mg", "ciwa_b_rise") == (
        " Extra caution from a lorazepam dose of: 4 mg a day, the centre's setting (default 6)."
    )
    assert changed(settings_with({"lorazepam_caution_mg": 6})) == {}
    assert of_the_centre(clinical_settings(), *setting_facts()) == ""
