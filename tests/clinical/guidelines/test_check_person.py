"""Everything about one person at once: the whole guideline is there, an empty chart is short, a plain one is quiet."""

from __future__ import annotations

import ast
import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import glidepath.clinical.dosing
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Goal, PlannedDose, Setting, Shape, Step, StepState, TaperPlan
from glidepath.clinical.facts.load import Seen, formulary, rule, rules
from glidepath.clinical.findings import Finding, Severity, Status, in_the_way
from glidepath.clinical.guidelines.case import Case, Change, OtherMedicine, Planned
from glidepath.clinical.guidelines.check_person import check_person
from glidepath.clinical.guidelines.facts import VOCABULARY, PersonFacts
from glidepath.clinical.guidelines.index import HELD, IMPLEMENTED, LEFT_OUT, OURS_ALONE
from glidepath.clinical.guidelines.missing import group_by_subject, group_of, name_in_words
from glidepath.clinical.guidelines.questions import FactGroup, FactKind
from glidepath.clinical.guidelines.taper_check import TaperContext
from glidepath.clinical.language import suggestions
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, unassessed

# Every rule of the guideline's tables, section by section.
TABLES = (
    "JCG-1 JCG-1a JCG-1b JCG-K1 JCG-T2 JCG-2 JCG-2a JCG-2b JCG-3 JCG-3a OP-1 OP-2 OP-3 EV-1 JCG-G1 JCG-G2",
    "JCG-4 JCG-5 JCG-5a JCG-5b JCG-5c LOC-1 LOC-2 LOC-3 LOC-4 LOC-5 LOC-6",
    "JCG-6 JCG-6c JCG-6d JCG-6e JCG-7 JCG-8 JCG-9 JCG-11 JCG-11p",
    "TPR-1 TPR-2 TPR-3 TPR-4 TPR-5 TPR-6 TPR-7 TPR-8 TPR-9 TPR-10 EQ-1 EQ-2 EQ-3 EQ-4 EQ-5 EQ-6 EQ-7",
    "JCG-10 ADJ-1 ADJ-2 ADJ-3",
    "JCG-12 JCG-12a JCG-12b JCG-13a JCG-13b PHB-1 JCG-14 JCG-15",
    "INP-1 INP-2 INP-3 INP-4 INP-5 INP-6 INP-7 INP-8 INP-9 INP-10 INP-11 INP-12 INP-13 INP-14 INP-15",
    "SEI-1 SEI-2 SEI-3 SEI-4 DEL-1 DEL-2 PSY-1 SUI-1",
    "JCG-16 JCG-17 JCG-18 JCG-19 JCG-20 JCG-21 JCG-22 JCG-23 POL-1 POL-2 POL-3 POL-4 POL-5 POL-6 POL-7 POL-8 POL-9",
    "JCG-24 JCG-25 JCG-26 JCG-26a JCG-27 OLD-1 JCG-28 JCG-29a JCG-29b PRG-1 RES-1 LIV-1 ADO-1 PAL-1",
    "UDT-1 UDT-2 UDT-3 UDT-4 UDT-5 SUP-1 SUP-2 DIS-1 DIS-2 DIS-3 DIS-4 DIS-5",
)
GUIDELINE = [code for table in TABLES for code in table.split()]
START = dt.date(2026, 5, 1)
SETTINGS = [None, *Setting]


# What answers a rule when it is yes: no here, so that the rule speaks.
ANSWERS = (
    "_offered", "_plan", "_optimised", "_precautions", "_told", "_review", "_event", "_assessed", "_tool", "_managed",
    "_continued", "_continuation", "_decision", "counselled", "_agreed", "_mitigated", "_tolerated", "_arranged",
    "_agreement", "_confirmed", "_care", "_step", "beyond_dependence",
)  # fmt: skip


def taper(*mgs: str, medicine: str = "diazepam") -> TaperPlan:
    def step(number: int, mg: str) -> Step:
        doses = (PlannedDose(dt.time(22), Dose(Decimal(mg), medicine)),) if mg != "0" else ()
        state = StepState.RELEASED if number == 1 else StepState.PROJECTED
        return Step(number, START + dt.timedelta(days=14 * (number - 1)), doses, state)

    steps = tuple(step(number, mg) for number, mg in enumerate(mgs, start=1))
    kept = steps[-1].daily()
    return TaperPlan(START, Goal(tuple(kept.values())), steps)


def planned(setting: Setting, *mgs: str, medicine: str = "diazepam") -> Planned:
    return Planned(taper(*mgs, medicine=medicine), TaperContext(setting=setting, shape=Shape.PROPORTIONAL))


def check(facts: PersonFacts, **case: object) -> tuple[Finding, ...]:
    return check_person(Case(facts, START, **case), formulary=formulary(), limits=Limits.of())


def every_case_of_an_empty_chart() -> list[tuple[Finding, ...]]:
    alone = [check(NOBODY_ASKED, setting=setting) for setting in SETTINGS]
    with_plan = [
        check(NOBODY_ASKED, planned=planned(setting, "20", "18", "0", medicine=medicine))
        for setting in Setting
        for medicine in ("diazepam", "alprazolam", "clonazepam")
    ]
    return [*alone, *with_plan]


def test_every_rule_of_the_guideline_is_checked_held_or_left_out_with_a_reason() -> None:
    places = [set(IMPLEMENTED) - OURS_ALONE, set(HELD), set(LEFT_OUT)]
    assert set().union(*places) == set(GUIDELINE)
    assert sum(len(place) for place in places) == len(GUIDELINE), "a rule stands in two of them"
    assert all(HELD.values())
    assert all(LEFT_OUT.values())


def test_every_rule_of_the_facts_is_one_of_them() -> None:
    assert set(rules()) == set(GUIDELINE) | OURS_ALONE


def test_an_unverified_rule_is_checked_by_nothing_and_cannot_speak() -> None:
    unverified = {code for code, one in rules().items() if one.seen is Seen.UNVERIFIED}
    assert unverified <= set(LEFT_OUT)
    for code in unverified:
        with pytest.raises(ValueError, match="never shown"):
            rule(code).finding(message="said", do="do")


def test_an_empty_chart_shows_about_ten_lines_and_invents_nothing() -> None:
    for findings in every_case_of_an_empty_chart():
        lines = group_by_subject(findings)
        assert 8 <= len(lines) <= len(FactGroup)
        assert len(lines) <= 12
        unknown = [one for one in findings if one.status is Status.CANNOT_BE_ASSESSED]
        assert {code for line in lines for code in line.codes} == {one.code for one in unknown}
        assert {fact.name for line in lines for fact in line.facts} == {name for one in unknown for name in one.missing}
        stops = [line.stops for line in lines]
        assert stops == sorted(stops, reverse=True), "what a hard stop waits for comes first"


def test_a_line_says_what_to_record_and_for_which_rules() -> None:
    lines = group_by_subject(check(NOBODY_ASKED))
    body = next(line for line in lines if line.group is FactGroup.BODY)
    assert str(body) == "Age and body: record age and severe lung disease (ADO-1, JCG-27, RES-1)."


def test_every_question_names_each_rule_that_waits_for_it() -> None:
    for findings in every_case_of_an_empty_chart():
        for finding in findings:
            for name in finding.missing:
                assert name_in_words(name)
                assert group_of(name)
                if name in VOCABULARY:
                    assert finding.code in VOCABULARY[name].rules, f"{name} does not name {finding.code}"


def test_nothing_is_asked_about_somebody_of_whom_everything_is_known() -> None:
    daily = {"diazepam": Dose(Decimal(20), "diazepam")}
    for setting in Setting:
        findings = check(PLAIN, daily=daily, setting=setting)
        assert unassessed(findings) == {}
        assert in_the_way(findings) == ()
    assert set(codes(check(PLAIN, daily=daily, setting=Setting.RESIDENTIAL))) == {"JCG-T2", "FAC-LONG"}


def test_a_plan_is_checked_as_for_signing_and_the_person_beside_it() -> None:
    awkward = replace(PLAIN, sud_any=True, use_source="mixed", liver_severe=True, dx_osa=True)
    found = codes(check(awkward, planned=planned(Setting.OUTPATIENT, "20", "10", "0")))
    assert {"JCG-6c", "OP-1", "LOC-2"} <= set(found), "what signing asks"
    assert {"JCG-20", "JCG-23", "POL-9", "LIV-1", "RES-1", "JCG-K1", "SUP-1"} <= set(found), "and the person beside it"


def test_other_medicines_are_looked_at() -> None:
    others = (OtherMedicine("pregabalin", for_taper=True), OtherMedicine("phenobarbital", for_taper=True))
    findings = check(PLAIN, setting=Setting.OUTPATIENT, others=others)
    assert {"ADJ-1", "ADJ-2", "JCG-13a", "PHB-1"} <= set(codes(findings))
    assert unassessed(findings)["JCG-13b"] == ("experienced",)


def test_a_running_taper_asks_how_it_goes() -> None:
    hard = replace(PLAIN, taper_active=True, symptoms_interfere=True, missed_dose=True, cuts_tolerated=False,
                   symptoms_reviewed_since_last_step=False, ssri_started=True)  # fmt: skip
    assert {"JCG-9", "JCG-11", "TPR-6", "TPR-8", "ADJ-3"} <= set(codes(check(hard)))
    quiet = replace(PLAIN, taper_active=False)
    assert not {"JCG-9", "JCG-11", "TPR-6", "TPR-8", "ADJ-3"} & set(codes(check(quiet)))
    assert unassessed(check(replace(PLAIN, taper_active=None)))["JCG-11"] == ("taper_active",)


# Rules about one act or one moment: signing, releasing, ordering, the round and the discharge gather them, and a plan
# with such a cut brings its own.
ELSEWHERE = {
    *("JCG-3", "OP-2", "JCG-8", "JCG-11p", "JCG-14", "JCG-15", "JCG-21", "EQ-3", "EQ-5"),
    *("EQ-DIP", "TPR-1", "TPR-2", "TPR-4", "TPR-7", "TPR-9", "TPR-10"),
    *("INP-1", "INP-2", "INP-3", "INP-14", "SEI-1", "SEI-2", "SEI-3", "DEL-1", "DEL-2"),
    *("DIS-1", "DIS-2", "DIS-3", "DIS-4", "DIS-5"),
    *("CALL-1", "CALL-2"),
}


def everything_said() -> list[Finding]:
    """Whatever can be yes is yes, a steep plan, a switch, other medicines, poor vital signs; and the empty charts."""
    everything = replace(
        PLAIN,
        **{name: not name.endswith(ANSWERS) for name, one in VOCABULARY.items() if one.kind is FactKind.YES_NO},
        age=Decimal(70), wd_level="severe", use_source="mixed", rb_review_on=dt.date(2025, 10, 1),
        pdmp_checked="no", prescription_event="new", rass=Decimal(-2), ciwa_ar=Decimal(20), cows=Decimal(9),
    )  # fmt: skip
    poorly = replace(
        everything, news2=Decimal(5), ciwa_b=Decimal(41), rass=Decimal(-3), hr=Decimal(120), sbp=Decimal(160),
        dbp=Decimal(100), temp_c=Decimal(39),
    )  # fmt: skip
    others = (
        OtherMedicine("pregabalin", for_taper=True),
        OtherMedicine("phenobarbital", for_taper=True),
        OtherMedicine("omeprazole"),
        OtherMedicine("fluvoxamine", Change.STOPS),
    )
    switch = Planned(taper("4", "0", medicine="clonazepam"), TaperContext(Setting.OUTPATIENT, switch_to="diazepam"))
    occasional = replace(PLAIN, use_days_per_week=Decimal(2), past_withdrawal_complicated=True)
    diazepam = {"diazepam": Dose(Decimal(20), "diazepam")}
    return [
        *check(everything, planned=planned(Setting.OUTPATIENT, "60", "20", "0"), others=others),
        *check(everything, planned=switch),
        *check(replace(everything, risk_gt_benefit=False)),
        *check(poorly, setting=Setting.INPATIENT_MEDICAL, daily=diazepam),
        *check(replace(poorly, news2=Decimal(7))),
        *check(occasional, daily=diazepam),
        *(one for findings in every_case_of_an_empty_chart() for one in findings),
    ]


def test_every_rule_about_a_person_is_gathered_and_only_those_about_one_act_are_not() -> None:
    assert set(IMPLEMENTED) - {finding.code for finding in everything_said()} == ELSEWHERE


def test_every_finding_says_what_to_do_and_speaks_person_first() -> None:
    for finding in everything_said():
        assert finding.message.endswith((".", ".)"))
        assert finding.do
        assert "None" not in finding.message
        assert "  " not in finding.message
        assert suggestions(f"{finding.message} {finding.do}") == ()
        assert not re.search(r"\bpatients?\b", f"{finding.message} {finding.do}", re.IGNORECASE)


def test_no_rule_that_asks_for_a_taper_or_a_pace_forces_it() -> None:
    """JCG-G1: a prescriber's reason answers each of them, and those that only indicate a taper are advice."""
    for code in ("JCG-2a", "JCG-2b", "JCG-25"):
        assert rule(code).severity is Severity.ADVICE
    for code in ("JCG-27", "JCG-6", "JCG-6c", "TPR-1", "TPR-4", "TPR-5"):
        assert rule(code).overridable


def test_nothing_that_makes_a_dose_reads_a_score() -> None:
    """INP-5: CIWA-B is not validated to link a score to a dose."""
    for path in Path(glidepath.clinical.dosing.__file__).parent.rglob("*.py"):
        source = path.read_text()
        assert "ciwa" not in source.lower(), path.name
        imported = [node.module or "" for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
        assert not [name for name in imported if "instruments" in name or "monitoring" in name], path.name
