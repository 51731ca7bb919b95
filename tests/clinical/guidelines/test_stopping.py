from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.findings import Severity, in_the_way
from glidepath.clinical.guidelines.stopping import check_stopping
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

DAILY = {"diazepam": Dose(Decimal(20), "diazepam")}


@fires("JCG-2")
def test_stopping_at_once_is_a_hard_stop_when_withdrawal_is_to_be_expected() -> None:
    findings = check_stopping(DAILY, facts=PLAIN, dde_max=Fraction(20))
    assert codes(findings) == ["JCG-2"]
    assert findings[0].severity is Severity.HARD_STOP
    assert findings[0].overridable  # by a prescriber, with a reason
    assert "diazepam 20 mg" in findings[0].message


@just_short("JCG-2")
def test_use_on_three_days_a_week_may_stop() -> None:
    facts = replace(PLAIN, use_days_per_week=Decimal(3))
    assert check_stopping(DAILY, facts=facts, dde_max=Fraction(10)) == ()


@fires("JCG-3")
def test_stopping_without_having_been_told_what_to_report_is_a_hard_stop() -> None:
    facts = replace(PLAIN, use_days_per_week=Decimal(2), counselled=False)
    findings = check_stopping(DAILY, facts=facts, dde_max=Fraction(20))
    assert codes(findings) == ["JCG-3"]
    assert findings[0].severity is Severity.HARD_STOP


@just_short("JCG-3")
def test_stopping_after_having_been_told_what_to_report_is_allowed() -> None:
    facts = replace(PLAIN, use_days_per_week=Decimal(2), counselled=True)
    assert check_stopping(DAILY, facts=facts, dde_max=Fraction(20)) == ()


def test_stopping_while_dependence_is_unknown_stands_in_the_way() -> None:
    findings = check_stopping(DAILY, facts=NOBODY_ASKED, dde_max=Fraction(20))
    assert set(unassessed(findings)) == {"JCG-2", "JCG-3"}
    assert {finding.code for finding in in_the_way(findings)} == {"JCG-2", "JCG-3"}


@fires("OP-2")
def test_daily_use_for_six_weeks_warns_before_stopping_at_once() -> None:
    facts = replace(PLAIN, use_days_per_week=Decimal(4), use_months=Decimal("1.5"))
    assert codes(check_stopping(DAILY, facts=facts, dde_max=Fraction(10))) == ["OP-2"]


@just_short("OP-2")
def test_daily_use_for_one_month_does_not_warn() -> None:
    facts = replace(PLAIN, use_days_per_week=Decimal(4), use_months=Decimal(1))
    assert check_stopping(DAILY, facts=facts, dde_max=Fraction(10)) == ()
