"""Where care might begin: the least watched level that the rules allow, with every reason and what could change it.

A suggestion, never a decision: a physician decides. Each level is asked for by rules (JCG-5, 5a to 5c, LOC-1, LOC-2,
CALL-1); the highest that fires is suggested. That LOC-2 asks for a residential bed until a senior clinician has looked
is our reading. LOC-3 to LOC-6 and JCG-21 are said beside it: they change what is done, not where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from glidepath.clinical.dosing.equivalence import equivalents
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.clinical.guidelines.admission import (
    check_continuation,
    check_polysubstance_admission,
    check_unplanned_admission,
)
from glidepath.clinical.guidelines.co_use import OPIOID_OUD_MEDICINES
from glidepath.clinical.guidelines.dependence import dependence
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.first_call import RED_FLAGS, check_red_flags, open_red_flags
from glidepath.clinical.guidelines.level_of_care import check_inpatient_start, check_outpatient_start, check_setting
from glidepath.clinical.guidelines.missing import group_missing, name_in_words, question_for
from glidepath.clinical.guidelines.seizure_list import Reported
from glidepath.clinical.guidelines.whether_to_taper import check_willingness


class Level(StrEnum):
    """Where care begins, the least watched first."""

    OUTPATIENT = "outpatient"
    RESIDENTIAL = "residential"
    INPATIENT = "inpatient"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


ASKS_FOR: Mapping[str, Level] = {
    "JCG-5": Level.OUTPATIENT,
    "LOC-2": Level.RESIDENTIAL,
    "LOC-1": Level.INPATIENT,
    "JCG-5a": Level.INPATIENT,
    "JCG-5b": Level.INPATIENT,
    "JCG-5c": Level.INPATIENT,
    "CALL-1": Level.EMERGENCY,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that asks for a level."""

    level: Level
    finding: Finding


@dataclass(frozen=True, slots=True)
class CouldChange:
    """One thing that is not known and could lift the suggestion to `level`. name: the fact's, empty for a red flag."""

    name: str
    words: str
    question: str
    level: Level
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """level with its reasons, the most watched first. beside: what else is to be known there."""

    level: Level
    reasons: tuple[Reason, ...]
    could_change: tuple[CouldChange, ...]
    beside: tuple[Finding, ...]


def suggest_level(
    facts: PersonFacts, reported: Reported, *, red_flags: Mapping[str, str], formulary: Formulary
) -> Suggestion:
    """The suggestion from what is known. red_flags: as first_call.check_red_flags takes them."""
    found = _asking(facts, reported, red_flags, formulary)
    fires = [Reason(ASKS_FOR[one.code], one) for one in found if one.status is Status.FIRES]
    level = max((one.level for one in fires), key=lambda one: one.rank)
    return Suggestion(
        level=level,
        reasons=tuple(sorted(fires, key=lambda one: -one.level.rank)),
        could_change=_could_change(found, level, red_flags),
        beside=_beside(facts, reported, level, formulary),
    )


def check_turned_away(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-21 as it bears on who is taken in: said of everybody, with the person's own medicine where it is known."""
    if facts.oud_med in OPIOID_OUD_MEDICINES:
        message = f"The person takes {facts.oud_med}: that is no reason to turn them away."
    else:
        message = "Nobody is turned away because of methadone or buprenorphine."
    return (
        rule("JCG-21").finding(
            message=message, do="It goes on as it is; plan both together.", severity=Severity.ADVICE
        ),
    )


def _asking(
    facts: PersonFacts, reported: Reported, red_flags: Mapping[str, str], formulary: Formulary
) -> tuple[Finding, ...]:
    """Every rule that asks for a level, as if outpatient care were chosen: what speaks against it is the answer."""
    limit = Fraction(rule("LOC-1").value("diazepam_mg_per_day"))
    dose = reported.diazepam(formulary) if reported.over(limit, formulary) is not None else None
    # Nobody has recorded a senior review: at this point that is no open question, it has not taken place.
    reviewed = replace(facts, senior_review=bool(facts.senior_review))
    return (
        *check_setting(facts, setting=Setting.OUTPATIENT),
        *(one for one in check_setting(facts, setting=None) if one.code == "JCG-5"),
        *check_inpatient_start(facts, dde_max=dose, setting=Setting.OUTPATIENT),
        *check_outpatient_start(reviewed, setting=Setting.OUTPATIENT),
        *check_red_flags(red_flags),
    )


def _could_change(found: Iterable[Finding], level: Level, red_flags: Mapping[str, str]) -> tuple[CouldChange, ...]:
    open_ones = [
        one for one in found if one.status is Status.CANNOT_BE_ASSESSED and ASKS_FOR[one.code].rank > level.rank
    ]
    facts = [
        CouldChange(
            name=one.name,
            words=name_in_words(one.name),
            question=question_for(one.name),
            level=max((ASKS_FOR[code] for code in one.codes), key=lambda asked: asked.rank),
            codes=one.codes,
        )
        for one in group_missing(open_ones)
    ]
    flags = open_red_flags(red_flags) if any(one.code == "CALL-1" for one in open_ones) else ()
    asked = [CouldChange("", RED_FLAGS[key], f"{RED_FLAGS[key]}?", Level.EMERGENCY, ("CALL-1",)) for key in flags]
    return tuple(sorted((*asked, *facts), key=lambda one: -one.level.rank))


def _beside(facts: PersonFacts, reported: Reported, level: Level, formulary: Formulary) -> tuple[Finding, ...]:
    depends = dependence(facts, dde_max=reported.diazepam(formulary) if reported.complete else None)
    setting = Setting.INPATIENT_MEDICAL if level is Level.INPATIENT else Setting.OUTPATIENT
    reported_daily = equivalents(reported.daily, formulary=formulary)
    said = (
        *check_continuation(facts, depends, setting=setting),
        *check_unplanned_admission(facts, depends),
        *check_polysubstance_admission(facts, reported_daily),
        *check_willingness(facts),
    )
    return (*check_turned_away(facts), *(one for one in said if one.status is Status.FIRES))
