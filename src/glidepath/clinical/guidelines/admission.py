"""LOC-3, LOC-4, LOC-5: what an admission needs, planned or not."""

from __future__ import annotations

from fractions import Fraction

from glidepath.clinical.dosing.equivalence import Equivalents
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.co_use import takes_opioid
from glidepath.clinical.guidelines.dependence import Dependence
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.predicates import Condition, assessed, either, no, one_of, yes
from glidepath.clinical.guidelines.wording import mg, percent


def check_continuation(facts: PersonFacts, found: Dependence, *, setting: Setting | None) -> tuple[Finding, ...]:
    """LOC-3: who carries the taper on is planned at admission."""
    return assessed(
        "LOC-3",
        Condition(setting is Setting.INPATIENT_MEDICAL),
        Condition(found.likely, found.missing),
        no(facts, "outpatient_continuation"),
        message="Inpatient care, and nobody has planned who carries the taper on afterwards.",
        do="Plan it now: most people finish the taper after discharge.",
    )


def check_unplanned_admission(facts: PersonFacts, found: Dependence) -> tuple[Finding, ...]:
    """LOC-4: a prescribed dose goes on through an unplanned admission."""
    return assessed(
        "LOC-4",
        yes(facts, "unplanned_admission"),
        one_of(facts, "use_source", "prescribed"),
        Condition(found.likely, found.missing),
        no(facts, "dose_continued"),
        message="The person was admitted unplanned, and the dose they depend on is not continued.",
        do="Give the dose from before the admission. An acute illness is no time to withdraw by choice.",
    )


def check_polysubstance_admission(facts: PersonFacts, reported: Equivalents) -> tuple[Finding, ...]:
    """LOC-5: an unplanned admission with other substances. `reported`: what was taken a day, by every table."""
    found, highest = rule("LOC-5"), reported.highest
    limit = Fraction(found.value("over_diazepam_mg_per_day"))
    others = Condition(takes_opioid(facts), ("opioid_active",))
    dose = "" if highest is None else mg(highest, against=limit)
    return assessed(
        "LOC-5",
        yes(facts, "unplanned_admission"),
        Condition(None if highest is None else highest > limit, ("diazepam_equivalent",)),
        either(yes(facts, "other_sedatives", "alcohol_dependent"), others),
        message=f"An unplanned admission with up to {dose} of diazepam equivalent a day, and other substances.",
        do=f"Stabilise on a long-acting medicine with {stabilising_rule()}: here {stabilising_dose(reported)} a day.",
    )


def stabilising_rule() -> str:
    """LOC-5 in words: its share of the reported intake, and its ceiling."""
    share, most = _share_and_most()
    return f"about {percent(share)} of the reported intake or {mg(most)} of diazepam a day, whichever is lower"


def stabilising_dose(reported: Equivalents) -> str:
    """The same for what was reported, from the lowest to the highest table; empty where no table covers it."""
    if reported.lowest is None or reported.highest is None:
        return ""
    share, most = _share_and_most()
    low, high = min(reported.lowest * share, most), min(reported.highest * share, most)
    return mg(low) if low == high else f"{mg(low)} to {mg(high)} by the tables"


def _share_and_most() -> tuple[Fraction, Fraction]:
    found = rule("LOC-5")
    return Fraction(found.value("share_of_reported_percent")) / 100, Fraction(found.value("diazepam_mg_per_day"))
