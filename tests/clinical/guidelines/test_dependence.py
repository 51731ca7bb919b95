"""Joint guideline, Table 2: the five worked cells, its edges, and what is said while a fact is unknown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.facts.dependence import DependenceRisk
from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.dependence import check_dependence, dependence, table_risk
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

RARE, LOWER, YES = DependenceRisk.RARE, DependenceRisk.LOWER_POSSIBLE, DependenceRisk.YES


@pytest.mark.parametrize(
    ("days", "months", "diazepam_mg", "risk"),
    [
        (2, "12", "40", RARE),
        (7, "0.5", "30", LOWER),
        (7, "2", "10", LOWER),
        (7, "2", "10.5", YES),
        (5, "3", "2", YES),
        (3, "240", "200", RARE),
        (4, "0.9", "200", LOWER),
        (4, "1", "10.000001", YES),
        (4, "2.9", "10", LOWER),
    ],
)
def test_the_table_gives_the_published_answer(days: int, months: str, diazepam_mg: str, risk: DependenceRisk) -> None:
    assert table_risk(days_per_week=Fraction(days), months=Fraction(months), diazepam_mg=Fraction(diazepam_mg)) is risk


@pytest.mark.parametrize(
    ("days", "months", "diazepam_mg", "risk"),
    [
        (3, None, None, RARE),  # three days a week decide alone
        (None, "0.5", None, None),
        (7, "0.5", None, LOWER),  # under a month the dose does not matter
        (7, "2", None, None),  # between one and three months it does
        (7, "3", None, YES),
        (7, None, "200", None),
        (None, "24", "200", None),
    ],
)
def test_an_unknown_fact_is_never_read_as_no(
    days: int | None, months: str | None, diazepam_mg: str | None, risk: DependenceRisk | None
) -> None:
    found = table_risk(
        days_per_week=None if days is None else Fraction(days),
        months=None if months is None else Fraction(months),
        diazepam_mg=None if diazepam_mg is None else Fraction(diazepam_mg),
    )
    assert found is risk


@fires("JCG-T2")
def test_two_years_of_daily_use_is_said_to_make_withdrawal_likely() -> None:
    findings = check_dependence(PLAIN, dde_max=Fraction(20))
    assert codes(findings) == ["JCG-T2"]
    assert findings[0].severity is Severity.ADVICE
    assert "24 months" in findings[0].message
    assert "20 mg" in findings[0].message


@just_short("JCG-T2")
def test_the_table_says_nothing_while_the_fact_that_decides_is_unknown() -> None:
    facts = replace(PLAIN, use_months=None)
    assert unassessed(check_dependence(facts, dde_max=Fraction(20))) == {"JCG-T2": ("use_months",)}
    facts = replace(PLAIN, use_months=Decimal(2))
    assert unassessed(check_dependence(facts, dde_max=None)) == {"JCG-T2": ("daily_dose",)}


@fires("OP-1")
@pytest.mark.parametrize("source", ["nonprescribed", "mixed", "unknown"])
def test_supply_from_elsewhere_counts_as_dependence_whatever_the_table_says(source: str) -> None:
    facts = replace(PLAIN, use_source=source, use_days_per_week=Decimal(2))
    found = dependence(facts, dde_max=Fraction(5))
    assert (found.by_table, found.risk) == (RARE, YES)
    warning = next(finding for finding in check_dependence(facts, dde_max=Fraction(5)) if finding.code == "OP-1")
    assert warning.severity is Severity.WARNING


@just_short("OP-1")
def test_prescribed_supply_leaves_the_answer_to_the_table() -> None:
    facts = replace(PLAIN, use_days_per_week=Decimal(2))
    assert dependence(facts, dde_max=Fraction(5)).risk is RARE
    assert "OP-1" not in codes(check_dependence(facts, dde_max=Fraction(5)))


def test_while_nobody_asked_where_the_supply_comes_from_rare_is_not_believed() -> None:
    facts = replace(PLAIN, use_source=None, use_days_per_week=Decimal(2))
    found = dependence(facts, dde_max=Fraction(5))
    assert found.risk is None
    assert found.missing == ("use_source",)
    assert unassessed(check_dependence(facts, dde_max=Fraction(5))) == {"OP-1": ("use_source",)}


def test_an_empty_chart_names_what_to_ask_and_says_nothing_else() -> None:
    findings = check_dependence(NOBODY_ASKED, dde_max=None)
    assert codes(findings) == []
    assert unassessed(findings)["JCG-T2"] == ("use_days_per_week", "use_months", "daily_dose")


@fires("OP-3")
def test_rare_is_doubted_at_a_high_dose_or_after_a_complicated_withdrawal() -> None:
    twice_a_week = replace(PLAIN, use_days_per_week=Decimal(2))
    assert "OP-3" in codes(check_dependence(twice_a_week, dde_max=Fraction("15.001")))
    earlier = replace(twice_a_week, past_withdrawal_complicated=True)
    assert "OP-3" in codes(check_dependence(earlier, dde_max=Fraction(5)))


@just_short("OP-3")
def test_rare_is_believed_at_fifteen_milligrams() -> None:
    twice_a_week = replace(PLAIN, use_days_per_week=Decimal(2))
    assert "OP-3" not in codes(check_dependence(twice_a_week, dde_max=Fraction(15)))
