"""What changes pace or choice for one person: each factor has a reason and a source, and no pace is invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Goal, PlannedDose, Setting, Step, TaperPlan
from glidepath.clinical.facts.load import Seen, formulary, rule, rules
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.case import Case, Change, OtherMedicine, Planned
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.other_medicines import check_other_medicines, raises_level
from glidepath.clinical.guidelines.pace_proposals import pace_proposals
from glidepath.clinical.guidelines.person_factors import NO_PACE, Factor, check_factors, person_factors
from glidepath.clinical.guidelines.taper_check import TaperContext
from glidepath.clinical.language import suggestions
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

TODAY = dt.date(2026, 5, 1)
SHORT_USE = replace(PLAIN, use_months=Decimal("11.9"))


def daily(*names: str) -> Mapping[str, Dose]:
    return {name: Dose(Decimal(10), name) for name in names}


def check(facts: PersonFacts, *names: str, others: tuple[OtherMedicine, ...] = ()) -> tuple[Finding, ...]:
    return check_factors(Case(facts, TODAY, daily(*(names or ("diazepam",))), others=others), formulary=formulary())


def switched(facts: PersonFacts, *others: OtherMedicine) -> tuple[Finding, ...]:
    doses = (PlannedDose(dt.time(22), Dose(Decimal(2), "lorazepam")),)
    plan = TaperPlan(TODAY, Goal(()), (Step(1, TODAY, doses),))
    context = TaperContext(setting=Setting.RESIDENTIAL, switch_to="diazepam")
    case = Case(facts, TODAY, planned=Planned(plan, context), others=others)
    return tuple(one for one in check_factors(case, formulary=formulary()) if one.code == "FAC-START")


@fires("FAC-AGE")
def test_from_sixty_five_the_file_s_figures_for_older_people_are_shown_side_by_side() -> None:
    (finding,) = check(replace(SHORT_USE, age=Decimal(65)))
    assert finding.code == "FAC-AGE"
    assert finding.message.startswith("The person is 65. Diazepam: t1/2 86 vs 31 h")
    assert finding.message.count("Another source:") == 3
    assert "Slow Accumulation" in finding.source
    assert NO_PACE in finding.do


@just_short("FAC-AGE", "FAC-LIVER", "FAC-KIDNEY", "FAC-SEIZURE", "FAC-LONG", "FAC-TOGETHER", "FAC-CHANGE")
def test_just_short_of_every_factor_nothing_is_said() -> None:
    assert check(replace(SHORT_USE, age=Decimal(64))) == ()


@fires("FAC-LIVER", "FAC-KIDNEY")
def test_liver_and_kidney_say_what_is_known_and_what_is_not() -> None:
    (liver,) = check(replace(SHORT_USE, liver_severe=True), "oxazepam", "clorazepate")
    assert liver.code == "FAC-LIVER"
    assert "Oxazepam: cirrhosis t1/2 7.1 vs 5.6 h" in liver.message
    assert "Clorazepate: no figure found." in liver.message
    (kidney,) = check(replace(SHORT_USE, kidney_severe=True), "lorazepam")
    assert kidney.code == "FAC-KIDNEY"
    assert "Lorazepam: no figure found." in kidney.message, "what is on file is unverified, and is not shown"


@fires("FAC-SEIZURE", "FAC-LONG")
def test_an_earlier_seizure_and_very_long_use_are_said_without_a_pace() -> None:
    (seizure,) = check(replace(SHORT_USE, past_seizure=True))
    assert (seizure.code, NO_PACE in seizure.do) == ("FAC-SEIZURE", True)
    (long,) = check(replace(PLAIN, use_months=Decimal(12)))
    assert long.code == "FAC-LONG"
    assert "10 to 15 %" in long.message


@fires("FAC-START")
@pytest.mark.parametrize("change", [
    {"age": Decimal(65)}, {"liver_severe": True}, {"opioid_active": True}, {"oud_med": "methadone"},
    {"alcohol_dependent": True},
])  # fmt: skip
def test_a_switch_begins_lower_still_for_older_people_liver_opioids_and_alcohol(change: dict[str, object]) -> None:
    assert codes(switched(replace(PLAIN, **change))) == ["FAC-START"]


@just_short("FAC-START")
def test_a_switch_of_somebody_of_sixty_four_begins_as_the_tables_say() -> None:
    assert switched(replace(PLAIN, age=Decimal(64))) == ()
    assert switched(PLAIN, OtherMedicine("fluvoxamine", Change.STOPS)) == ()
    (finding,) = switched(PLAIN, OtherMedicine("fluvoxamine"))
    assert "a medicine that raises its level" in finding.message
    assert unassessed(switched(NOBODY_ASKED)) == {
        "FAC-START": ("age", "opioid_active", "liver_severe", "alcohol_dependent")
    }


def said(medicine: str, other: str, change: Change = Change.TAKEN) -> tuple[Finding, ...]:
    return check_other_medicines((OtherMedicine(other, change),), daily=daily(medicine), formulary=formulary())


@fires("FAC-TOGETHER")
def test_what_is_taken_together_is_said_with_the_figure_of_its_source() -> None:
    (finding,) = said("diazepam", "Fluvoxamine")
    assert finding.code == "FAC-TOGETHER"
    assert finding.message.startswith("Fluvoxamine raises the level of diazepam (CL/F 0.40 to 0.14 mL/min/kg")
    assert "Fluvoxamine" in finding.source


@fires("FAC-CHANGE")
@pytest.mark.parametrize(
    ("medicine", "other", "change", "hidden"),
    [
        ("diazepam", "fluvoxamine", Change.STOPS, "cut"),  # an inhibitor that stops
        ("diazepam", "fluvoxamine", Change.STARTS, "rise"),
        ("zopiclone", "rifampicin", Change.STARTS, "cut"),  # an inducer that starts
        ("zopiclone", "rifampin", Change.STOPS, "rise"),
        ("alprazolam", "smoking", Change.STARTS, "cut"),
        ("alprazolam XR", "smoking", Change.STOPS, "rise"),
        ("alprazolam", "ritonavir", Change.STARTS, "change of dose"),
    ],
)
def test_starting_and_stopping_another_medicine_is_a_hidden_change_of_dose(
    medicine: str, other: str, change: Change, hidden: str
) -> None:
    (finding,) = said(medicine, other, change)
    assert finding.code == "FAC-CHANGE"
    assert finding.do.startswith(f"A hidden {hidden}")


@fires("FAC-UNKNOWN")
def test_what_is_not_on_file_is_not_no_interaction() -> None:
    (finding,) = said("diazepam", "sertraline")
    assert (finding.code, finding.message) == (
        "FAC-UNKNOWN",
        "Nothing verified is on file about diazepam with sertraline.",
    )
    unverified = said("diazepam", "carbamazepine", Change.STARTS)
    assert codes(unverified) == ["FAC-UNKNOWN"], "three-fold clearance is on file, and unverified: it is not shown"


@just_short("FAC-UNKNOWN")
def test_another_benzodiazepine_is_sedative_load_and_no_interaction() -> None:
    assert said("diazepam", "zopiclone") == ()
    assert check_other_medicines((OtherMedicine("sertraline"),), daily={}, formulary=formulary()) == ()


def test_alcohol_counts_where_a_file_names_it() -> None:
    with_alcohol = check(replace(SHORT_USE, alcohol_dependent=True), "clobazam")
    assert "FAC-TOGETHER" in codes(with_alcohol)
    assert "FAC-TOGETHER" not in codes(check(replace(SHORT_USE, alcohol_dependent=True), "diazepam"))


def test_only_what_goes_on_raises_a_level() -> None:
    for change, raised in ((Change.TAKEN, True), (Change.STARTS, True), (Change.STOPS, False)):
        others = (OtherMedicine("fluvoxamine", change),)
        assert raises_level(others, of=("diazepam",), formulary=formulary()) is raised
    assert not raises_level((OtherMedicine("rifampicin"),), of=("zopiclone",), formulary=formulary())


def test_every_factor_of_the_list_is_there_with_its_reason_and_its_source() -> None:
    everything = replace(
        PLAIN, age=Decimal(82), liver_severe=True, kidney_severe=True, resp_severe=True, pregnant=True,
        third_trimester=True, dx_epilepsy=True, opioid_active=True, alcohol_dependent=True, past_seizure=True,
    )  # fmt: skip
    doses = (PlannedDose(dt.time(22), Dose(Decimal(1), "clonazepam")),)
    plan = TaperPlan(TODAY, Goal(()), (Step(1, TODAY, doses),))
    planned = Planned(plan, TaperContext(setting=Setting.RESIDENTIAL, switch_to="diazepam"))
    others = (OtherMedicine("fluvoxamine"),)
    case = Case(everything, TODAY, planned=planned, others=others)
    found = person_factors(case, formulary=formulary())
    short = person_factors(Case(replace(PLAIN, use_months=Decimal(1)), TODAY, daily("diazepam")), formulary=formulary())
    factors = {one.factor for one in (*found, *short) if not one.finding.missing}
    assert factors == set(Factor)
    for one in (*found, *short):
        assert one.finding.message
        assert one.finding.do
        assert one.finding.source
        assert suggestions(f"{one.finding.message} {one.finding.do}") == ()
        assert "None" not in one.finding.message


def test_paces_are_those_that_sources_state() -> None:
    usual, cks = pace_proposals({"diazepam": Dose(Decimal(20), "diazepam")})
    assert (usual.cut, usual.every) == ("5 to 10 % of the present dose", "2 to 4 weeks")
    assert (cks.cut, cks.every, cks.seen) == ("1 to 2 mg of diazepam", "1 to 2 weeks", Seen.SECOND_HAND)
    low = pace_proposals({"diazepam": Dose(Decimal(5), "diazepam")})[1]
    assert low.cut == "0.5 to 1 mg of diazepam"
    assert [one.code for one in pace_proposals({"lorazepam": Dose(Decimal(2), "lorazepam")})] == ["JCG-6"]
    assert [one.code for one in pace_proposals({"diazepam": Dose(Decimal(41), "diazepam")})] == ["JCG-6"]


def test_the_months_from_which_use_is_very_long_are_ours() -> None:
    assert rule("FAC-LONG").values["months_from"].ours
    assert all(one.ours or one.source_key for code, one in rules().items() if code.startswith("FAC-"))
