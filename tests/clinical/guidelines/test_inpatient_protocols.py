"""JCG-6d and INP-14: the rapid inpatient protocols of the facts, at their own limits and one step past them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Goal, Kind, Product, Setting, Shape, TaperPlan
from glidepath.clinical.dosing.taper import TaperRequest, plan
from glidepath.clinical.facts.load import InpatientProtocol, Seen, formulary, inpatient_protocols
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.guidelines.cuts import EarlierDose, day_as_step
from glidepath.clinical.guidelines.inpatient_protocols import Protocol, outside
from glidepath.clinical.guidelines.taper_check import TaperContext, check_changes, check_rate
from glidepath.clinical.regimen import parse_goal, parse_regimen
from tests.clinical.guidelines.proof import fires, just_short
from tests.clinical.guidelines.test_taper_rate import day, on_step, rate, taper

LIMITS = Limits.of()
ETG, SA_HEALTH = inpatient_protocols()["etg"], inpatient_protocols()["sa_health_older"]
TWO = ("Dr Okafor", "Dr Lindqvist")
SIGNED = Protocol(ETG, TWO, addiction_physician=True)
INPATIENT = TaperContext(setting=Setting.INPATIENT_MEDICAL)
START = dt.date(2026, 5, 1)
TABLETS = tuple(
    Product("diazepam", Decimal(mg), "tablet", Kind.SOLID, Fraction(1)) for mg in ("2", "5", "10")
)  # whole ones only


def by(protocol: Protocol) -> TaperContext:
    return replace(INPATIENT, protocol=protocol)


def planned(
    regimen: str, *, cut: Fraction, goal: str = "", first: int = 2, products: tuple[Product, ...] = TABLETS
) -> TaperPlan:
    """A cut of the same share of the start every day, without the 14-day ceiling."""
    request = TaperRequest(
        regimen=parse_regimen(regimen, formulary=formulary(), default_times=(dt.time(8), dt.time(22))),
        start=START,
        products=products,
        cut=cut,
        interval_days=1,
        limits=replace(LIMITS, ceiling_holds=False),
        goal=parse_goal(goal, formulary=formulary()) if goal else Goal(),
        shape=Shape.LINEAR,
        setting=Setting.INPATIENT_MEDICAL,
        first_cut=START + dt.timedelta(days=first),
    )
    return plan(request, formulary=formulary())


def totals(made: TaperPlan) -> list[int]:
    return [int(sum(dose.mg for dose in step.daily().values())) for step in made.steps]


def inp_14(made: TaperPlan, protocol: Protocol, setting: Setting = Setting.INPATIENT_MEDICAL) -> Finding:
    context = TaperContext(setting=setting, protocol=protocol)
    found = check_rate(made, formulary=formulary(), limits=LIMITS, context=context)
    return next(one for one in found if one.code == "INP-14")


# --- The facts --------------------------------------------------------------------------------------------------------
def test_the_two_protocols_are_the_published_ones_and_say_whether_the_original_was_seen() -> None:
    assert (ETG.cut_percent_of_start, ETG.stabilise_days, ETG.discharge_at_most_mg) == (10, (2, 7), 20)
    assert (SA_HEALTH.cut_mg, SA_HEALTH.dose_at_most_mg, SA_HEALTH.start_at_most_mg) == (10, 40, 80)
    assert (ETG.seen, SA_HEALTH.seen) == (Seen.SECOND_HAND, Seen.ORIGINAL)
    assert ETG.described.endswith("(second-hand)")
    assert SA_HEALTH.stabilise_days is None  # its source gives none, and none is made up


# --- The worked numbers of guideline.md, section 4.6 ------------------------------------------------------------------
def test_by_etg_forty_goes_down_by_four_a_day_to_twenty() -> None:
    made = planned("diazepam 20 mg 08:00 22:00", cut=Fraction(1, 10), goal="diazepam 20 mg")
    assert totals(made) == [40, 36, 32, 28, 24, 20]
    starts = [(step.start - START).days for step in made.steps]
    assert starts == [0, 2, 3, 4, 5, 6]  # two days to stabilise, then every day
    assert inp_14(made, SIGNED).answered_by == "protocol eTG, signed by Dr Okafor and Dr Lindqvist"


def test_by_the_older_sa_health_text_eighty_goes_down_by_ten_a_day() -> None:
    made = planned("diazepam 40 mg 08:00 22:00", cut=Fraction(10, 80), first=1)
    assert totals(made) == [80, 70, 60, 50, 40, 30, 20, 10, 0]
    assert inp_14(made, replace(SIGNED, named=SA_HEALTH)).answered_by is not None


# --- JCG-6d -----------------------------------------------------------------------------------------------------------
@fires("JCG-6d")
def test_as_an_inpatient_the_ceiling_asks_for_a_named_protocol_and_two_signatures() -> None:
    found = on_step(rate(taper((-30, "40"), (0, "20")), INPATIENT), 2)
    assert "JCG-6c" not in found
    assert found["JCG-6d"].severity is Severity.HARD_STOP
    assert found["JCG-6d"].answered_by is None
    assert not found["JCG-6d"].overridable  # a reason is no second signature


@just_short("JCG-6d")
def test_a_protocol_with_two_signatures_answers_it_and_a_quarter_needs_none() -> None:
    found = on_step(rate(taper((-30, "40"), (0, "20")), by(SIGNED)), 2)
    assert found["JCG-6d"].answered_by == "protocol eTG, signed by Dr Okafor and Dr Lindqvist"
    assert "JCG-6d" not in on_step(rate(taper((-30, "40"), (0, "30")), INPATIENT), 2)


def test_a_dose_that_a_prescriber_sets_now_is_answered_by_a_reason_as_everywhere() -> None:
    """Somebody too sedated is given half from now on: nobody looks for a protocol first."""
    now = replace(INPATIENT, released=frozenset({2}))
    found = on_step(rate(taper((-30, "40"), (0, "20"), (14, "10")), now), 2)
    assert found["JCG-6d"].overridable
    assert not on_step(rate(taper((-30, "40"), (0, "20"), (14, "10")), now), 3)["JCG-6d"].overridable
    order = check_changes(
        (day_as_step(day(0), {"diazepam": Dose(Decimal(20), "diazepam")}),),
        formulary=formulary(),
        limits=LIMITS,
        context=replace(INPATIENT, earlier=(EarlierDose(day(0), {"diazepam": Dose(Decimal(40), "diazepam")}),)),
    )
    assert next(one for one in order if one.code == "JCG-6d").overridable


@pytest.mark.parametrize(
    "short",
    [
        Protocol(ETG, ("Dr Okafor", "Dr Okafor"), addiction_physician=True),
        Protocol(ETG, ("Dr Okafor",), addiction_physician=True),
        Protocol(ETG, TWO),
        Protocol(ETG),
    ],
    ids=["the same twice", "one alone", "no addiction physician", "nobody"],
)
def test_fewer_than_two_or_without_an_addiction_physician_answers_neither_rule(short: Protocol) -> None:
    found = rate(taper((-30, "40"), (0, "36"), (1, "29")), by(short))
    assert {one.code for one in found if one.stops} >= {"JCG-6d", "INP-14"}


# --- INP-14 -----------------------------------------------------------------------------------------------------------
@fires("INP-14")
def test_a_rapid_protocol_is_held_to_a_tenth_of_the_start_a_day() -> None:
    faster = taper((-30, "40"), (0, "35.9"))
    assert inp_14(faster, SIGNED).answered_by is None
    assert "4.1 mg less; eTG allows 4 mg" in inp_14(faster, SIGNED).message
    assert inp_14(taper((-30, "40"), (0, "36")), Protocol(ETG)).answered_by is None  # nobody signed
    elsewhere = inp_14(taper((-30, "40"), (0, "36")), SIGNED, Setting.RESIDENTIAL)
    assert elsewhere.answered_by is None
    assert "not inpatient medical care" in elsewhere.message


@just_short("INP-14")
def test_a_tenth_a_day_by_a_signed_protocol_is_answered_and_no_protocol_says_nothing() -> None:
    assert inp_14(taper((-30, "40"), (0, "36")), SIGNED).answered_by is not None
    without = check_rate(taper((-30, "40"), (0, "36")), formulary=formulary(), limits=LIMITS, context=INPATIENT)
    assert "INP-14" not in {one.code for one in without}


def said(protocol: InpatientProtocol, made: TaperPlan) -> str:
    return " ".join(outside(protocol, made.steps, setting=Setting.INPATIENT_MEDICAL, table=None, formulary=formulary()))


def test_etg_stabilises_for_two_days_before_the_first_cut() -> None:
    assert "after 1 day; eTG stabilises for 2 to 7 days" in said(ETG, taper((0, "40"), (1, "36")))
    assert said(ETG, taper((0, "40"), (2, "36"))) == ""


def test_etg_goes_down_to_twenty_or_less_and_no_further() -> None:
    assert "Write 20 mg as the goal" in said(ETG, taper((0, "24"), (2, "22"), (3, "20"), (4, "18")))
    assert said(ETG, taper((0, "24"), (2, "21.6"), (3, "19.2"))) == ""  # the cut that passes twenty is its last
    assert "cuts on below 20 mg" in said(ETG, taper((0, "20"), (2, "18")))


def test_the_older_text_begins_with_forty_twice_a_day_at_most() -> None:
    def start(regimen: str) -> str:
        return said(SA_HEALTH, planned(regimen, cut=Fraction(1, 10), first=1))

    assert start("diazepam 40 mg 08:00 22:00") == ""
    assert "begins with 84 mg a day" in start("diazepam 42 mg 08:00 22:00")
    assert "One dose is 42 mg" in start("diazepam 42 mg 08:00 + diazepam 38 mg 22:00")


def test_the_older_text_takes_ten_a_day_and_not_more() -> None:
    assert said(SA_HEALTH, taper((0, "40"), (1, "30"))) == ""
    assert "10.001 mg less; SA Health, older text allows 10 mg" in said(SA_HEALTH, taper((0, "40"), (1, "29.999")))


def test_products_too_coarse_for_the_daily_limit_are_said_and_not_signed_past() -> None:
    """With 10 mg tablets alone a day's cut is 10 mg, where eTG allows 4."""
    coarse = planned("diazepam 20 mg 08:00 22:00", cut=Fraction(1, 10), goal="diazepam 20 mg", products=TABLETS[2:])
    found = inp_14(coarse, SIGNED)
    assert found.stops
    assert "goes from 40 mg to 30 mg in a day: 10 mg less; eTG allows 4 mg" in found.message


def test_a_protocol_is_for_one_medicine_that_a_table_has_a_figure_for() -> None:
    both = taper((0, "diazepam 30 + lorazepam 1"), (2, "diazepam 28 + lorazepam 1"))
    assert "one medicine" in said(ETG, both)
    assert "No table has a figure for bromazolam" in said(ETG, taper((0, "bromazolam 4"), (2, "bromazolam 3.8")))


def test_another_medicine_is_read_in_diazepam() -> None:
    """Lorazepam 4 mg is 20 mg by VA/DoD and 40 mg by Ashton (guideline.md, section 2): by the latter eTG covers it."""
    steps = taper((0, "lorazepam 4"), (2, "lorazepam 3.6")).steps

    def by_table(table: str) -> tuple[str, ...]:
        return outside(ETG, steps, setting=Setting.INPATIENT_MEDICAL, table=table, formulary=formulary())

    assert by_table("ashton_2002") == ()
    assert "no further" in " ".join(by_table("va_dod_2021"))
