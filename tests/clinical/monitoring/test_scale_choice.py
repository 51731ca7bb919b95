"""The right scale for each, and none for whom it is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as some

from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.monitoring.scale_choice import Scale, choose, inflated, refusal
from tests.clinical.guidelines.proof import codes, unassessed

NEITHER = PersonFacts(alcohol_dependent=False, opioid_active=False, oud_med="none")
YES_NO = some.none() | some.booleans()
FACTS = some.builds(
    PersonFacts,
    alcohol_dependent=YES_NO,
    alcohol_withdrawal=YES_NO,
    opioid_active=YES_NO,
    opioid_withdrawal=YES_NO,
    oud_med=some.sampled_from([None, "none", "buprenorphine", "methadone", "naltrexone"]),
)


def facts(**given) -> PersonFacts:
    return PersonFacts.of({"alcohol_dependent": False, "opioid_active": False, **given})


@pytest.mark.parametrize(
    ("told", "right", "kind"),
    [
        ({}, {Scale.CIWA_B}, "benzodiazepine"),
        ({"alcohol_dependent": True}, {Scale.CIWA_B, Scale.CIWA_AR}, "benzodiazepine and alcohol"),
        ({"alcohol_withdrawal": True}, {Scale.CIWA_B, Scale.CIWA_AR}, "benzodiazepine and alcohol"),
        ({"opioid_active": True}, {Scale.CIWA_B, Scale.COWS}, "benzodiazepine and opioid"),
        ({"oud_med": "methadone"}, {Scale.CIWA_B, Scale.COWS}, "benzodiazepine and opioid"),
        (
            {"alcohol_dependent": True, "opioid_active": True},
            {Scale.CIWA_B, Scale.CIWA_AR, Scale.COWS},
            "benzodiazepine, alcohol and opioid",
        ),
    ],
)
def test_the_scales_follow_what_was_told(told, right, kind):
    found = choose(facts(**told))
    assert set(found.right) == right
    assert found.kind == kind


def test_ciwa_ar_is_never_for_benzodiazepine_withdrawal_alone():
    assert "never scored for benzodiazepine withdrawal alone" in refusal(Scale.CIWA_AR, NEITHER, named=True)
    assert refusal(Scale.CIWA_B, NEITHER, named=False) == ""


def test_what_nobody_told_is_asked_and_a_prescriber_may_name_the_scale():
    nothing = PersonFacts()
    found = choose(nothing)
    assert found.kind == "benzodiazepine and unknown"
    assert set(found.unsettled) == {Scale.CIWA_AR, Scale.COWS}
    assert unassessed(found.findings)["POL-4"][0] == "alcohol_dependent"
    assert "has not been told" in refusal(Scale.CIWA_AR, nothing, named=False)
    assert refusal(Scale.CIWA_AR, nothing, named=True) == ""


def test_alcohol_beside_the_benzodiazepine_warns_of_a_score_that_is_too_high():
    """POL-2: here a CIWA-Ar never stands alone."""
    assert codes(choose(facts(alcohol_dependent=True)).findings) == ["POL-4", "POL-2"]
    assert "an opioid and a benzodiazepine" in inflated(facts(opioid_active=True)).message


def test_two_at_once_name_the_one_that_can_kill_first():
    (found,) = choose(facts(opioid_active=True)).findings
    assert found.code == "POL-4"
    assert "alcohol and benzodiazepine withdrawal first" in found.do


@settings(max_examples=150)
@given(FACTS, some.booleans())
def test_every_scale_is_right_or_wrong_or_unsettled_and_wrong_is_always_refused(told, named):
    found = choose(told)
    groups = [set(found.right), set(found.unsettled), set(found.wrong)]
    assert set().union(*groups) == set(Scale)
    assert sum(len(group) for group in groups) == len(Scale)
    for scale in Scale:
        said = refusal(scale, told, named=named)
        assert bool(said) == (scale in found.wrong or (scale in found.unsettled and not named))
    if told.alcohol_dependent is False and not told.alcohol_withdrawal:
        assert Scale.CIWA_AR in found.wrong
