"""What is ordered beside what was told. Figures by hand from the equivalence tables of the guideline, section 2."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Severity, Status
from glidepath.clinical.guidelines.reported_dose import Before, check_against_before
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN

CEILING = Fraction(1, 4)


def daily(**mg: str) -> dict[str, Dose]:
    return {name: Dose(Decimal(amount), name) for name, amount in mg.items()}


def said(before, after, facts=PLAIN, **more):
    before = before if isinstance(before, Before) else Before(before)
    return check_against_before(before, after, facts=facts, formulary=formulary(), ceiling=CEILING, **more)


@pytest.mark.parametrize(("ordered", "stops"), [("15", False), ("14.9", True), ("2", True)])
def test_more_than_a_quarter_less_of_the_same_medicine_is_a_hard_stop(ordered, stops):
    """20 mg: 15 mg is 25 % less and stays; 14.9 mg is 25.5 % less."""
    found = said(daily(diazepam="20"), daily(diazepam=ordered))
    assert [(one.code, one.severity) for one in found] == ([("JCG-2", Severity.HARD_STOP)] if stops else [])


def test_it_says_both_doses_the_share_and_the_least_that_may_be_ordered():
    (found,) = said(daily(diazepam="20"), daily(diazepam="2"))
    assert found.message == (
        "Reported: diazepam 20 mg a day. In force would be: diazepam 2 mg a day. "
        "From 20 mg to 2 mg of diazepam, 90 % less."
    )
    assert found.do.startswith("Order diazepam 15 mg a day or more: at most 25 % may fall away.")
    assert found.overridable


def test_a_medicine_left_out_beside_one_that_stays_is_a_hard_stop():
    (found,) = said(daily(temazepam="20", zopiclone="7.5"), daily(temazepam="20"))
    assert "From 7.5 mg to 0 mg of zopiclone, 100 % less." in found.message
    assert found.stops


def test_an_exchange_is_compared_by_every_table_and_each_figure_is_shown():
    """Lorazepam 4 mg for diazepam 10 mg: less by every table."""
    (found,) = said(daily(lorazepam="4"), daily(diazepam="10"))
    assert found.stops
    for table in ("ashton-2002", "scot-2024", "who-2009"):
        assert f"from 40 mg to 10 mg in diazepam by {table}, 75 % less" in found.message.replace("From", "from")
    for table in ("va-dod-2021", "etg-nsw"):
        assert f"from 20 mg to 10 mg in diazepam by {table}, 50 % less" in found.message


def test_an_exchange_that_only_some_tables_call_a_drop_warns_and_does_not_stop():
    """Alprazolam 3 mg: 30 mg of diazepam by VA/DoD, 60 mg by Ashton; 30 mg ordered."""
    (found,) = said(daily(alprazolam="3"), daily(diazepam="30"))
    assert (found.code, found.severity) == ("JCG-2", Severity.WARNING)
    assert "no less" in found.message
    assert "50 % less" in found.message


def test_the_named_table_decides_alone():
    before, after = daily(alprazolam="3"), daily(diazepam="30")
    assert said(before, after, table="va_dod_2021") == ()
    assert said(before, after, table="ashton_2002")[0].stops


def test_more_than_was_told_is_a_warning():
    (found,) = said(daily(diazepam="20"), daily(diazepam="21"))
    assert (found.code, found.severity) == ("ORD-5", Severity.WARNING)
    assert said(daily(diazepam="20"), daily(diazepam="20")) == ()


def test_without_an_amount_it_cannot_be_assessed_and_asks_for_it():
    (found,) = said(Before({}, ("bromazolam",)), daily(diazepam="20"))
    assert (found.code, found.status) == ("ORD-5", Status.CANNOT_BE_ASSESSED)
    assert "bromazolam: no amount is recorded" in found.message
    assert not found.stops


def test_what_is_known_beside_an_unknown_amount_is_still_held_against_it():
    found = said(Before(daily(diazepam="20"), ("bromazolam",)), daily(diazepam="2"))
    assert [one.code for one in found] == ["JCG-2", "ORD-5"]


def test_who_is_not_dependent_by_what_is_known_is_not_stopped():
    """Two days a week: the table calls withdrawal rare."""
    facts = replace(PLAIN, use_days_per_week=Decimal(2))
    assert said(daily(diazepam="10"), daily(diazepam="2"), facts) == ()


def test_where_dependence_is_not_known_it_is_no_less_a_stop_and_asks():
    (found,) = said(daily(diazepam="20"), daily(diazepam="2"), NOBODY_ASKED)
    assert found.stops
    assert found.status is Status.CANNOT_BE_ASSESSED
    assert "90 % less" in found.message
    assert "use_source" in found.missing


def test_a_supply_without_prescription_is_told_to_be_found_by_titration():
    (found,) = said(daily(diazepam="20"), daily(diazepam="2"), replace(PLAIN, use_source="nonprescribed"))
    assert "OP-1: the reported dose is not confirmed" in found.do
    assert "OP-1" not in said(daily(diazepam="20"), daily(diazepam="2"))[0].do


def test_with_other_substances_the_figure_of_loc_5_is_named():
    """40 % of 120 mg is 48 mg, so 40 mg; 40 % of 20 mg is 8 mg; at 10 mg and below the rule is silent."""
    facts = replace(PLAIN, alcohol_dependent=True)
    assert "here 40 mg." in said(daily(diazepam="120"), daily(diazepam="40"), facts)[0].do
    assert "here 8 mg." in said(daily(diazepam="20"), daily(diazepam="2"), facts)[0].do
    assert "LOC-5" not in said(daily(diazepam="10"), daily(diazepam="2"), facts)[0].do
    assert "LOC-5" not in said(daily(diazepam="20"), daily(diazepam="2"))[0].do


def test_an_exchange_that_no_table_covers_cannot_be_assessed():
    """No table has a figure for zaleplon."""
    (found,) = said(daily(zaleplon="10"), daily(diazepam="5"))
    assert (found.code, found.status) == ("ORD-5", Status.CANNOT_BE_ASSESSED)
    assert "No equivalence table covers both" in found.message
