"""Every worked answer of the instruments reference: the total, the band, what is refused, and what calls at once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from glidepath.clinical.facts.load import instrument
from glidepath.clinical.instruments.score import About, Answer, BadAnswer, Score
from glidepath.clinical.instruments.scoring import score
from tests.clinical.guidelines.proof import codes, fires, just_short

WOMAN, MAN = About(sex="female"), About(sex="male")
ADULT, OLDER = About(age=Decimal(40)), About(age=Decimal(70))


def of(key: str, answers: list[Answer] | dict[str, Answer], **more: object) -> Score:
    return score(instrument(key), answers, **more)  # type: ignore[arg-type]


CIWA_AR = [1, 4, 4, 4, 2, 1, 0, 1, 2, 0]
COWS = [2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 0]
TOTALS = [
    # instrument, answers in order, total, band
    ("ciwa_ar", CIWA_AR, 19, "severe"),
    ("ciwa_ar", [1] * 10, 10, "moderate"),
    ("ciwa_ar", [7] * 9 + [4], 67, "severe"),
    ("ciwa_ar", [1] * 9, None, None),
    ("cows", COWS, 12, "mild"),
    ("cows", [*COWS[:-1], 3], 15, "moderate"),
    ("cows", [4, 4, 5, 5, 4, 4, 5, 4, 4, 4, 5], 48, "severe"),
    ("sds", [3] * 5, 15, "positive"),
    ("dast_10", [0] * 10, 1, "low"),
    ("dast_10", [1, 0, 1] + [0] * 7, 1, "low"),
    ("dast_10", [1, 1, 0, 0, 1, 0, 0, 1, 0, 0], 5, "moderate"),
    ("dast_10", [1, 1, 0] + [1] * 7, 10, "severe"),
    ("dast_10", [0, 0, 1] + [0] * 7, 0, "none"),
    ("audit", [3, 2, 2, 0, 1, 0, 1, 0, 0, 2], 11, "positive"),
    ("phq_9", [1, 1, 1, 1, 0, 0, 0, 0, 0], 4, "minimal"),
    ("phq_9", [2, 2, 2, 1, 1, 1, 1, 0, 0], 10, "moderate"),
    ("phq_9", [0] * 8 + [1], 1, "minimal"),
    ("phq_9", [3] * 9, 27, "severe"),
    ("phq_9", [1] * 8, None, None),
    ("gad_7", [1] * 7, 7, "mild"),
    ("gad_7", [2, 2, 2, 1, 1, 1, 1], 10, "moderate"),
    ("gad_7", [3] * 5 + [0, 0], 15, "severe"),
    ("pc_ptsd_5", [0], 0, "below_cut"),
    ("pc_ptsd_5", [1, 1, 1, 1, 0, 0], 3, "below_cut"),
    ("pc_ptsd_5", [1, 1, 1, 1, 1, 0], 4, "positive"),
    ("pcl_5", [2] * 20, 40, "at_or_above_cut"),
    ("pcl_5", [4] * 7 + [0] * 13, 28, "below_cut"),
    ("isi", [2 * 7], 14, "subthreshold"),
    ("isi", [15], 15, "moderate"),
    ("isi", [22], 22, "severe"),
    ("mdq", [7, 1, 1], 7, "negative"),
    ("mdq", [7, 1, 2], 7, "positive"),
    ("mdq", [13, 0, 3], 13, "negative"),
    ("who_5", [3, 3, 2, 2, 2], 48, "positive"),
    ("who_5", [3, 3, 3, 2, 2], 52, "negative"),
    ("who_5", [5] * 5, 100, "negative"),
    ("barc_10", [5] * 10, 50, "from_47"),
    ("barc_10", [4] * 7 + [6] * 3, 46, "below_47"),
    ("barc_10", [4, 4, 4, 4, 4, 4, 5, 6, 6, 6], 47, "from_47"),
    ("barc_10", [1] * 10, 10, "below_47"),
    ("aware", [1] * 28, 58, None),
    ("aware", [7] * 28, 166, None),
    ("aware", [4] * 28, 112, None),
    ("morse", [25 + 15], 40, "moderate"),
    ("morse", [25 + 20], 45, "moderate"),
    ("morse", [25 + 15 + 20], 60, "high"),
    ("steadi", [0] * 9 + [1, 1, 0], 2, "not_at_risk"),
    ("steadi", [1] + [0] * 11, 2, "at_risk"),
    ("steadi", [0, 1, 1] + [0] * 7 + [1, 0], 4, "at_risk"),
    ("dsm_sedative", [1] + [0] * 9 + [1, 1], 0, "none"),
    ("dsm_sedative", [1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0], 3, "mild"),
    ("dsm_sedative", [0, 1, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0], 5, "moderate"),
    ("dsm_sedative", [0] + [1] * 6 + [0] * 5, 6, "severe"),
    ("wai_sr", [16, 12, 20], 48, None),
    ("moca", [25], 25, "below_26"),
    ("moca", [26], 26, "from_26"),
]


@pytest.mark.parametrize(("key", "answers", "total", "band"), TOTALS)
def test_worked_answers_give_the_published_total_and_band(
    key: str, answers: list[Answer], total: int | None, band: str | None
) -> None:
    found = of(key, answers)
    assert (found.total, found.band) == (total, band)


@pytest.mark.parametrize(
    ("key", "answers", "band_set", "band"),
    [
        ("ciwa_ar", CIWA_AR, "eight_fifteen", "severe"),
        ("ciwa_ar", [1] * 10, "eight_fifteen", "moderate"),
        ("ciwa_ar", [1] * 10, "ten_fifteen", "mild"),
        ("morse", [45], "high_from_45", "high"),
        ("pcl_5", [2] * 15 + [1] + [0] * 4, "cut_31", "at_or_above_cut"),
    ],
)
def test_other_bands_are_used_where_a_centre_names_them(
    key: str, answers: list[Answer], band_set: str, band: str
) -> None:
    assert of(key, answers, band_set=band_set).band == band


def test_bands_that_are_not_there_are_named() -> None:
    with pytest.raises(KeyError, match="it has asam_2020, eight_fifteen, ten_fifteen"):
        of("ciwa_ar", CIWA_AR, band_set="mine")


@pytest.mark.parametrize(
    ("key", "answers", "says"),
    [
        ("cows", [2, 1, 2], "item 3 .*allowed are 0, 1, 3, 5"),
        ("audit", [0] * 8 + [1], "item 9 .*allowed are 0, 2, 4"),
        ("barc_10", [0], "item 1 .*allowed are 1, 2, 3, 4, 5, 6"),
        ("craving", [101, 50], "item 1 .*a number from 0 to 100"),
        ("craving", [Decimal("50.5"), 50], "item 1 .*whole"),
        ("isi", [29], "a number from 0 to 28"),
        ("sleep_log", ["25:00"], "a time of day like 22:30"),
        ("moca", [20, "yesterday"], "a day like 2026-12-01"),
        ("safety_plan", [3], "allowed are words"),
    ],
)
def test_a_value_the_form_does_not_allow_is_refused_with_what_is(key: str, answers: list[Answer], says: str) -> None:
    with pytest.raises(BadAnswer, match=says):
        of(key, answers)


@pytest.mark.parametrize(
    ("answers", "women", "men"),
    [([2, 1, 0], "positive", "negative"), ([4, 0, 0], "positive", "positive"), ([1, 1, 0], "negative", "negative")],
)
def test_audit_c_has_one_cut_for_women_and_one_for_men(answers: list[Answer], women: str, men: str) -> None:
    assert (of("audit_c", answers, about=WOMAN).band, of("audit_c", answers, about=MAN).band) == (women, men)
    assert of("audit_c", answers).band == (women if women == men else None)


def test_a_band_that_depends_on_what_is_not_known_says_both() -> None:
    (note,) = [one for one in of("audit_c", [2, 1, 0]).notes if "depends" in one]
    assert "For women: positive" in note
    assert "For men: negative" in note


def test_points_from_how_often_alone_ask_to_look_at_the_pattern() -> None:
    assert of("audit_c", [4, 0, 0]).flag("frequency_alone") is True
    assert of("audit_c", [2, 1, 0]).flag("frequency_alone") is False
    assert of("audit_c", [0, 0, 0]).flag("drinks") is False


@pytest.mark.parametrize(("answers", "total"), [([1, 1, 2, 1, 1], 6), ([2, 1, 1, 2, 1], 7)])
def test_the_severity_of_dependence_has_a_lower_cut_from_65(answers: list[Answer], total: int) -> None:
    assert of("sds", answers, about=OLDER).band == "positive"
    adult = of("sds", answers, about=ADULT)
    assert (adult.total, adult.band) == (total, "positive" if total >= 7 else "below_cut")


@pytest.mark.parametrize(("age", "band"), [("64.9", "below_cut"), ("65", "positive")])
def test_65_itself_takes_the_lower_cut(age: str, band: str) -> None:
    assert of("sds", [1, 1, 2, 1, 1], about=About(age=Decimal(age))).band == band


@pytest.mark.parametrize(
    ("answers", "complete"),
    [
        ([0, None, None, None, None, None, None, None, 0, 0], True),
        ([2, 0, 0, None, None, None, None, None, 0, 0], True),
        ([2, 0, 1, None, None, None, None, None, 0, 0], False),
        ([None, 0, 0, 0, 0, 0, 0, 0, 0, 0], False),
        ([0, None, None, None, None, None, None, None, 0, None], False),
    ],
)
def test_the_audit_may_pass_by_what_its_own_rule_passes_by(answers: list[Answer], complete: bool) -> None:
    assert of("audit", answers).complete is complete


def test_what_a_form_passes_by_and_was_answered_all_the_same_counts_where_it_may() -> None:
    assert of("audit", [0, 1, 0, 0, 0, 0, 0, 0, 0, 2]).total == 3
    left_out = of("pc_ptsd_5", [0, 1, 1, 1, 1, 1])
    assert (left_out.total, left_out.subtotal) == (0, 0)
    assert len([one for one in left_out.notes if "does not count here" in one]) == 5


def test_the_first_question_of_the_trauma_screen_is_never_taken_for_granted() -> None:
    assert of("pc_ptsd_5", [None, 1, 1, 1, 1, 1]).total is None
    assert of("pc_ptsd_5", [1, 1, 1, 1, 0]).total is None


@pytest.mark.parametrize(("yes", "sensitive"), [(2, False), (3, True), (4, True)])
def test_three_of_five_is_positive_at_the_more_sensitive_cut_only(yes: int, sensitive: bool) -> None:
    assert of("pc_ptsd_5", [1] + [1] * yes + [0] * (5 - yes)).flag("cut_3") is sensitive


@pytest.mark.parametrize(
    ("answers", "total", "met"),
    [
        ([2] * 20, 40, True),
        ([4] * 7 + [0] * 13, 28, False),
        ([2 if n in (1, 6, 8, 9, 15, 16) else 1 for n in range(1, 21)], 26, True),
        ([2 if n in (1, 6, 8, 15, 16) else 1 for n in range(1, 21)], 25, False),
    ],
)
def test_total_and_cluster_rule_of_the_pcl_5_are_both_told(answers: list[Answer], total: int, met: bool) -> None:
    found = of("pcl_5", answers)
    assert (found.total, found.flag("clusters")) == (total, met)
    assert f"The cluster rule is {'' if met else 'not '}met." in found.notes


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({"wish": 1, "thoughts": 0, "behaviour": 0}, "low"),
        ({"wish": 1, "thoughts": 1, "method": 1, "intent": 0, "plan": 0, "behaviour": 0}, "moderate"),
        ({"intent": 1}, "high"),
        ({"plan": 1}, "high"),
        ({"wish": 0, "thoughts": 0, "behaviour": 1, "behaviour_recent": 1}, "high"),
        ({"wish": 0, "thoughts": 0, "behaviour": 1, "behaviour_recent": 0}, "moderate"),
        ({"wish": 0, "thoughts": 0, "behaviour": 1}, "unknown_high"),
        ({"thoughts": 1}, "unknown_high"),
        ({"wish": 1, "thoughts": 1, "method": 1}, "unknown_high"),
        ({"wish": 0, "thoughts": 0, "behaviour": 0}, "none"),
        ({"wish": 0}, None),
        ({}, None),
    ],
)
def test_the_suicide_screener_tells_a_level_only_when_no_higher_one_is_open(
    answers: dict[str, Answer], level: str | None
) -> None:
    found = of("c_ssrs", answers)
    assert (found.band, found.total) == (level, None)
    if level in ("unknown_high", None):
        assert not found.complete


@fires("SUI-1")
@pytest.mark.parametrize("item", ["wish", "thoughts", "method", "intent", "plan", "behaviour", "behaviour_recent"])
def test_any_yes_of_the_suicide_screener_calls_at_the_answer(item: str) -> None:
    assert "SUI-1" in codes(of("c_ssrs", {item: 1}).alerts)


@just_short("SUI-1")
def test_a_suicide_screener_of_noes_calls_nobody() -> None:
    assert of("c_ssrs", {"wish": 0, "thoughts": 0, "behaviour": 0}).alerts == ()


def test_intent_a_plan_or_recent_behaviour_asks_for_constant_observation() -> None:
    (alert,) = of("c_ssrs", {"plan": 1}).alerts
    assert "Constant observation" in alert.do
    assert not alert.overridable


@pytest.mark.parametrize(("answers", "level"), [({"behaviour": 1}, "high"), ({"wish": 0, "thoughts": 0}, None)])
def test_behaviour_since_the_last_contact_is_high(answers: dict[str, Answer], level: str | None) -> None:
    assert of("c_ssrs_since", answers).band == level


@pytest.mark.parametrize("answer", [1, 2, 3])
def test_any_answer_of_item_nine_above_zero_calls_whatever_the_total(answer: int) -> None:
    found = of("phq_9", [0] * 8 + [answer])
    assert (found.total, found.band, codes(found.alerts)) == (answer, "minimal", ["SUI-1"])
    assert codes(of("phq_9", {"self_harm": answer}).alerts) == ["SUI-1"]


def test_item_nine_left_empty_is_asked_in_person() -> None:
    found = of("phq_9", [1] * 8)
    assert any("Item 9" in one and "Ask in person the same day" in one for one in found.notes)
    assert of("phq_9", [0] * 9).alerts == ()


def test_how_difficult_it_was_is_not_in_the_total() -> None:
    assert of("phq_9", [0] * 9 + [3]).total == of("phq_9", [0] * 9).total == 0


@pytest.mark.parametrize(
    ("answers", "major", "other"),
    [
        ([2, 2, 2, 2, 2, 0, 0, 0, 0], True, False),
        ([2, 2, 2, 2, 0, 0, 0, 0, 1], True, False),
        ([2, 2, 2, 2, 1, 1, 1, 1, 0], False, True),
        ([1, 1, 2, 2, 2, 2, 2, 0, 0], False, False),
        ([2, 0, 2, 0, 0, 0, 0, 0, 0], False, True),
        ([2, 0, 0, 0, 0, 0, 0, 0, 0], False, False),
    ],
)
def test_the_algorithm_counts_item_nine_from_one_and_needs_item_one_or_two(
    answers: list[Answer], major: bool, other: bool
) -> None:
    found = of("phq_9", answers)
    assert (found.flag("major"), found.flag("other")) == (major, other)


@pytest.mark.parametrize(("value", "band"), [(0, "alert and calm"), (-3, "moderate sedation"), (3, "very agitated")])
def test_rass_is_one_value_with_its_words(value: int, band: str) -> None:
    assert (of("rass", [value]).total, of("rass", [value]).band) == (value, band)


def test_the_parts_of_the_addiction_monitor_are_summed_and_never_together() -> None:
    use = of("bam", {"i4": 0, "i5": 0, "i6": 1})
    assert (dict(use.subscales or {}), use.flag("use"), use.total) == ({"use": 1}, True, None)
    risk = of("bam", dict.fromkeys(("i1", "i2", "i3", "i8", "i11", "i15"), 2))
    assert (dict(risk.subscales or {}), risk.flag("risk")) == ({"risk": 12}, True)
    protective = of("bam", dict.fromkeys(("i9", "i10", "i12", "i13", "i14", "i16"), 3))
    assert (dict(protective.subscales or {}), protective.flag("protective")) == ({"protective": 18}, False)


def test_counted_in_days_the_addiction_monitor_is_another_instrument() -> None:
    days = of("bam_days", {"i4": 30, "i5": 30, "i6": 30})
    assert dict(days.subscales or {}) == {"use": 90}
    assert days.version != of("bam", []).version
    with pytest.raises(BadAnswer):
        of("bam", {"i4": 5})


@pytest.mark.parametrize(("answers", "low"), [([3, 3, 3, 3, 1], True), ([3, 3, 3, 3, 2], False), ([0], True)])
def test_one_very_low_answer_of_the_well_being_index_is_flagged(answers: list[Answer], low: bool) -> None:
    assert of("who_5", answers).flag("low_item") is (low if len(answers) == 5 or low else None)


def test_craving_takes_nought_and_a_hundred_and_no_blank() -> None:
    found = of("craving", [0, 100], finished=True)
    assert (found.total, found.complete, dict(found.subscales or {})) == (None, True, {"now": 0, "worst": 100})
    with pytest.raises(BadAnswer, match=r"item 2 .*may not stay empty"):
        of("craving", [0], finished=True)
    assert not of("craving", [0]).complete


def test_craving_calls_at_the_limit_the_person_set_and_at_no_other() -> None:
    own = About(own_limits={"now": Decimal(60)})
    assert codes(of("craving", [60, 60], about=own).alerts) == ["CRAVING"]
    assert of("craving", [59, 90], about=own).alerts == ()
    assert of("craving", [100, 100]).alerts == ()


@pytest.mark.parametrize(("item", "answer", "calls"), [("night", 1, True), ("pause", 0, True), ("night", 2, False),
                                                       ("respect", 0, False)])  # fmt: skip
def test_four_answers_about_the_experience_of_care_reach_the_quality_lead(item: str, answer: int, calls: bool) -> None:
    found = of("experience", {item: answer})
    assert (codes(found.alerts) == ["EXPERIENCE"]) is calls
    assert found.total is None


def test_any_yes_of_the_falls_checklist_is_enough_and_none_needs_them_all() -> None:
    assert of("falls_checklist", {"toilet": 1}).band == "precautions"
    assert of("falls_checklist", [0] * 6).band is None
    assert of("falls_checklist", [0] * 7).band == "none"


def test_one_fall_is_enough_before_the_form_is_whole() -> None:
    found = of("steadi", {"fallen": 1})
    assert (found.total, found.band, found.complete) == (None, "at_risk", False)


def test_a_sleep_log_and_a_safety_plan_are_kept_and_never_scored() -> None:
    night = of("sleep_log", ["22:30", 40, 3, "06:15", 4])
    assert (night.total, night.band, night.complete) == (None, None, True)
    assert not of("safety_plan", ["I pace at night"]).complete


def test_whether_use_was_supervised_must_be_known_before_criteria_are_counted() -> None:
    assert of("dsm_sedative", [None] + [0] * 9 + [1, 1]).total is None
    assert of("dsm_sedative", [None] + [1] * 11).total is None
    assert of("dsm_sedative", [0] + [0] * 9 + [1, 1]).total == 2


def test_four_scales_of_dependence_are_never_added_up() -> None:
    assert of("bendep_srq", [10, 11, 12, 13]).total is None
