"""What a person's facts say of a new order: each code fires, and one just beside it does not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Severity, Status
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.new_order import NewOrder, check_new_order

CALM = PersonFacts(age=Decimal(40), pregnant=False, use_source="prescribed", naloxone_offered=True)


def found(medicine="diazepam", facts=CALM, before=(), **more):
    daily = {name: Dose(Decimal(10), name) for name in before}
    order = NewOrder(medicine, daily, **{"sedative": True, "setting": Setting.RESIDENTIAL} | more)
    return {one.code: one for one in check_new_order(order, facts=facts, formulary=formulary())}


def test_nothing_is_said_of_a_plain_order():
    assert found() == {}


@pytest.mark.parametrize(("fact", "code"), [("pregnant", "JCG-28"), ("age", "ADO-1")])
def test_what_nobody_asked_is_said_and_does_not_keep_the_present_dose_from_going_on(fact, code):
    said = found(facts=replace(CALM, **{fact: None}))[code]
    assert said.status is Status.CANNOT_BE_ASSESSED
    assert said.severity is Severity.WARNING


def test_a_pregnant_person_without_a_plan_of_obstetrics_is_a_warning_that_wants_a_word():
    said = found(facts=replace(CALM, pregnant=True, obstetric_plan=False))["JCG-28"]
    assert (said.severity, said.status) == (Severity.WARNING, Status.FIRES)
    assert "JCG-28" not in found(facts=replace(CALM, pregnant=True, obstetric_plan=True))


def test_seventeen_is_outside_the_guideline_and_eighteen_is_not():
    assert "ADO-1" in found(facts=replace(CALM, age=Decimal(17)))
    assert "ADO-1" not in found(facts=replace(CALM, age=Decimal(18)))


def test_a_switch_to_diazepam_at_65_is_said_and_at_64_or_without_a_switch_is_not():
    old = replace(CALM, age=Decimal(65))
    assert "OLD-1" in found(facts=old, before=("lorazepam",))
    assert "OLD-1" not in found(facts=replace(CALM, age=Decimal(64)), before=("lorazepam",))
    assert "OLD-1" not in found(facts=old, before=("diazepam",))
    assert "OLD-1" not in found(facts=old)


def test_supply_from_outside_without_naloxone_is_a_hard_stop_and_no_sedative_asks_for_none():
    outside = replace(CALM, use_source="nonprescribed", naloxone_offered=False)
    assert found(facts=outside)["POL-9"].severity is Severity.HARD_STOP
    assert "POL-9" not in found(facts=replace(outside, naloxone_offered=True))
    assert "POL-9" not in found("paracetamol", facts=outside, sedative=False)


@pytest.mark.parametrize("medicine", ["carbamazepine", "pregabalin"])
def test_an_adjunct_the_evidence_does_not_support_is_said_where_it_is_for_the_taper(medicine):
    assert "ADJ-1" in found(medicine, for_taper=True)
    assert "ADJ-1" not in found(medicine, for_taper=False)
    assert found(medicine, for_taper=None)["ADJ-1"].status is Status.CANNOT_BE_ASSESSED


def test_a_medicine_that_raises_the_level_is_a_hidden_rise():
    assert "FAC-CHANGE" in found("fluvoxamine", before=("alprazolam",), sedative=False)
    assert "FAC-TOGETHER" in found("alprazolam", beside=("fluvoxamine",))
    assert "FAC-UNKNOWN" in found("alprazolam", beside=("lithium",))
