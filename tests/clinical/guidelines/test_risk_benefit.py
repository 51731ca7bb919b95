"""Are risks and benefits looked at often enough? The limit is three months, 90 days: 90 passes, 91 does not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.risk_benefit import check_reviews
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

TODAY = dt.date(2026, 5, 1)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


WITH_OPIOID = replace(PLAIN, opioid_active=True, rb_review_every_days=Decimal(30))


def said(facts: PersonFacts, takes: bool | None = True) -> list[str]:
    return codes(check_reviews(facts, takes=takes, today=TODAY))


@fires("JCG-1")
@pytest.mark.parametrize("facts", [
    replace(PLAIN, rb_review_on=ago(91)),
    replace(PLAIN, rb_review_on=None, rb_reviewed=False),
])  # fmt: skip
def test_a_review_of_more_than_three_months_ago_or_none_is_due(facts: PersonFacts) -> None:
    assert said(facts) == ["JCG-1"]


@just_short("JCG-1")
def test_a_review_of_ninety_days_ago_is_not_yet_due() -> None:
    assert said(replace(PLAIN, rb_review_on=ago(90))) == []
    assert said(replace(PLAIN, rb_review_on=ago(91)), takes=False) == [], "who takes none needs none"


def test_the_days_are_said() -> None:
    (finding,) = check_reviews(replace(PLAIN, rb_review_on=ago(120)), takes=True, today=TODAY)
    assert finding.message == "Risks and benefits were last reviewed 120 days ago; at most 90 may pass."
    (never,) = check_reviews(replace(PLAIN, rb_review_on=None, rb_reviewed=False), takes=True, today=TODAY)
    assert "never been reviewed" in never.message


@fires("JCG-1a")
@pytest.mark.parametrize("event", ["new", "renewal"])
def test_a_prescription_without_a_review_is_a_hard_stop(event: str) -> None:
    (finding,) = check_reviews(replace(PLAIN, prescription_event=event), takes=True, today=TODAY)
    assert (finding.code, finding.severity) == ("JCG-1a", Severity.HARD_STOP)


@just_short("JCG-1a")
def test_a_prescription_with_its_review_is_none() -> None:
    assert said(replace(PLAIN, prescription_event="renewal", rb_review_this_event=True)) == []
    assert said(replace(PLAIN, prescription_event="none")) == []


@fires("JCG-1b")
def test_a_review_without_the_monitoring_programme_is_said() -> None:
    assert said(replace(PLAIN, pdmp_checked="no")) == ["JCG-1b"]


@just_short("JCG-1b")
def test_where_no_monitoring_programme_exists_it_is_enough_to_say_so() -> None:
    assert said(replace(PLAIN, pdmp_checked="none_exists")) == []


@fires("JCG-K1", "JCG-19")
def test_higher_risks_ask_for_reviews_more_often_than_every_three_months() -> None:
    assert said(replace(PLAIN, dx_osa=True)) == ["JCG-K1"]
    assert said(replace(PLAIN, dx_bipolar=True)) == ["JCG-K1"]
    assert said(replace(PLAIN, other_high_risk=True)) == ["JCG-K1"]
    assert said(replace(PLAIN, oud_med="methadone")) == ["JCG-K1"]
    assert said(replace(PLAIN, sud_any=True)) == ["JCG-K1", "JCG-19"]
    assert said(replace(PLAIN, behavioural_addiction=True)) == ["JCG-19"]


@just_short("JCG-K1", "JCG-19")
def test_reviews_every_eighty_nine_days_are_more_often() -> None:
    often = replace(PLAIN, rb_review_every_days=Decimal(89))
    assert said(replace(often, sud_any=True, dx_osa=True, behavioural_addiction=True)) == []


@fires("JCG-16")
@pytest.mark.parametrize("change", [
    {"rb_review_on": ago(91)},
    {"rb_review_on": None, "rb_reviewed": False},
    {"prescription_event": "renewal"},
])  # fmt: skip
def test_with_an_opioid_a_late_or_skipped_review_is_a_hard_stop(change: dict[str, object]) -> None:
    findings = check_reviews(replace(WITH_OPIOID, **change), takes=True, today=TODAY)
    found = {finding.code: finding for finding in findings}
    assert found["JCG-16"].severity is Severity.HARD_STOP


@just_short("JCG-16")
def test_with_an_opioid_a_review_at_the_renewal_and_within_ninety_days_is_enough() -> None:
    kept = replace(WITH_OPIOID, prescription_event="renewal", rb_review_this_event=True, rb_review_on=ago(90))
    assert said(kept) == []
    assert "JCG-16" not in said(replace(PLAIN, rb_review_on=ago(91), prescription_event="renewal"))


def test_a_review_nobody_asked_about_is_asked_for_and_nothing_is_invented() -> None:
    missing = unassessed(check_reviews(NOBODY_ASKED, takes=True, today=TODAY))
    assert missing["JCG-1"] == ("rb_reviewed",)
    assert missing["JCG-1a"] == ("prescription_event",)
    assert missing["JCG-16"] == ("opioid_active",)
    assert codes(check_reviews(NOBODY_ASKED, takes=True, today=TODAY)) == []
    reviewed = unassessed(check_reviews(replace(NOBODY_ASKED, rb_reviewed=True), takes=True, today=TODAY))
    assert reviewed["JCG-1"] == ("rb_review_on",)
    open_interval = unassessed(
        check_reviews(replace(PLAIN, dx_osa=True, rb_review_every_days=None), takes=True, today=TODAY)
    )
    assert open_interval == {"JCG-K1": ("rb_review_every_days",)}


def test_a_review_that_lies_ahead_has_not_been() -> None:
    ahead = unassessed(check_reviews(replace(PLAIN, rb_review_on=ago(-1)), takes=True, today=TODAY))
    assert ahead == {"JCG-1": ("rb_review_on",)}
