"""INP-6 to INP-11, INP-15, DEL-1, DEL-2, SUI-1: what a score, vital signs or an answer calls for.

Every check takes the values that were measured; None is not measured and never normal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.centre_settings import of_the_centre
from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import any_of, at_least, not_assessed
from glidepath.clinical.guidelines.wording import hours, listed, number


@dataclass(frozen=True, slots=True)
class TimedTotal:
    """A total and the moment it was true (aware)."""

    at: dt.datetime
    total: int


def check_ciwa_b(
    now: TimedTotal, *, earlier: Sequence[TimedTotal] = (), settings: ClinicalSettings | None = None
) -> tuple[Finding, ...]:
    """INP-6: a severe CIWA-B, or a steep rise within a day. `earlier`: complete totals of the same version."""
    limits = settings or clinical_settings()
    since = now.at - dt.timedelta(hours=limits.ciwa_b_rise_hours)
    recent = [score for score in earlier if since <= score.at < now.at]
    lowest = min((score.total for score in recent), default=now.total)
    rise = now.total - lowest
    seen = []
    if now.total >= limits.ciwa_b_review_at_least:
        seen.append(_high_ciwa_b(now.total, limits))
    if rise >= limits.ciwa_b_rise:
        seen.append(f"CIWA-B rose by {rise}, from {lowest} to {now.total}, within {limits.ciwa_b_rise_hours} hours.")
    if not seen:
        return ()
    within = hours(limits.ciwa_b_review_within_hours)
    do = f"A physician sees the person within {within}. The score never sets a dose."
    own = of_the_centre(limits, "ciwa_b_rise", "ciwa_b_rise_hours", "ciwa_b_review_within_hours")
    return (rule("INP-6").finding(message=" ".join(seen) + own, do=do),)


def _high_ciwa_b(total: int, limits: ClinicalSettings) -> str:
    """The severe band as the scale names it, or the lower total from which this centre calls."""
    own = of_the_centre(limits, "ciwa_b_review_at_least")
    return f"CIWA-B {total}.{own}" if own else f"CIWA-B {total}: {limits.ciwa_b_review_at_least} or more is severe."


def check_suicidality(facts: PersonFacts) -> tuple[Finding, ...]:
    """SUI-1: the person speaks of suicide or of harming themselves. Nobody asked is not "no"."""
    if facts.suicidality_voiced is None:
        return (not_assessed("SUI-1", ("suicidality_voiced",)),)
    if not facts.suicidality_voiced:
        return ()
    return (
        rule("SUI-1").finding(
            message="Speaks of suicide or of harming themselves.",
            do="A clinician goes to the person now and stays. Make a safety plan together, in their words, and put "
            "means of harm out of reach. It can be a part of withdrawal.",
        ),
    )


def check_falls(facts: PersonFacts, *, setting: Setting) -> tuple[Finding, ...]:
    """INP-15: who is in a bed is asked about falls on the day of admission; an answer that could not be had is none."""
    if setting is Setting.OUTPATIENT or facts.falls_risk is not None:
        return ()
    return (
        rule("INP-15").finding(
            message="The falls check of the day of admission has no answer.",
            do="Look and ask, and record yes or no.",
        ),
    )


def check_early_warning(
    total: int | None, *, threes: Sequence[str] = (), missing: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """INP-7 and INP-8 for a NEWS2. `threes`: labels of parameters that score 3 alone; they count without a total.

    missing: parameters not measured. An asleep set is not scored; do not call this for one.
    """
    emergency, urgent = rule("INP-8"), rule("INP-7")
    if total is not None and total >= emergency.value("news2"):
        minutes = emergency.value("review_within_minutes")
        return (
            emergency.finding(
                message=f"NEWS2 {total}.",
                do=f"Emergency assessment within {number(minutes)} minutes, continuous "
                "monitoring; transfer if nobody on site has critical-care skills.",
            ),
        )
    high = total is not None and total >= urgent.value("news2")
    if not high and not threes:
        return (not_assessed("INP-7", tuple(missing)),) if total is None and missing else ()
    seen = f"NEWS2 {total}." if total is not None else "NEWS2 is not complete."
    alone = f" {listed(threes)} score{'s' if len(threes) == 1 else ''} 3 alone." if threes else ""
    return (
        urgent.finding(
            message=seen + alone,
            do=f"Urgent review within {hours(urgent.value('review_within_hours'))}; observations every "
            f"{hours(urgent.value('observe_every_hours'))}.",
        ),
    )


def check_autonomic_signs(
    *, pulse: int | None, new_tremor: bool | None = None, new_sweating: bool | None = None
) -> tuple[Finding, ...]:
    """INP-9: a fast pulse, new tremor or new sweating, of which NEWS2 sees little. None: nobody looked."""
    found = rule("INP-9")
    limit = found.value("pulse_above")
    fast = pulse is not None and pulse > limit
    seen = [f"pulse {pulse}, over {number(limit)}"] if fast else []
    seen += ["new tremor"] if new_tremor else []
    seen += ["new sweating"] if new_sweating else []
    if not seen:
        return (not_assessed("INP-9", ("pulse",)),) if pulse is None else ()
    return (
        found.finding(
            message=f"{listed(seen).capitalize()}: a sign of withdrawal.",
            do="Score CIWA-B again now, and look at how long ago the last dose was.",
        ),
    )


def check_pregnant_vitals(
    facts: PersonFacts,
    *,
    sbp: int | None,
    dbp: int | None,
    pulse: int | None,
    temp_c: Decimal | None,
    spo2: int | None,
) -> tuple[Finding, ...]:
    """INP-10: closer limits while pregnant. Silent where the person is known not to be."""
    found = rule("INP-10")
    passed = {
        "sbp": at_least(sbp, found.value("sbp_at_least")),
        "dbp": at_least(dbp, found.value("dbp_at_least")),
        "pulse": None if pulse is None else pulse > found.value("pulse_above"),
        "temp_c": None if temp_c is None else temp_c > found.value("temp_above"),
        "spo2": None if spo2 is None else spo2 < found.value("spo2_below"),
    }
    if facts.pregnant is False or any_of(*passed.values()) is False:
        return ()
    if facts.pregnant is None or not any(passed.values()):
        missing = ("pregnant",) if facts.pregnant is None else tuple(k for k, value in passed.items() if value is None)
        return (not_assessed("INP-10", missing),) if any(passed.values()) or facts.pregnant else ()
    shown = {
        "sbp": f"blood pressure {sbp}/{dbp if dbp is not None else '–'}",
        "dbp": f"blood pressure {sbp if sbp is not None else '–'}/{dbp}",
        "pulse": f"pulse {pulse}",
        "temp_c": f"temperature {temp_c}",
        "spo2": f"oxygen saturation {spo2} %",
    }
    seen = dict.fromkeys(shown[name] for name, value in passed.items() if value)
    return (
        found.finding(
            message=f"The person is pregnant: {listed(tuple(seen))}.",
            do="Assess for withdrawal again, and call obstetrics now.",
        ),
    )


def check_temperature(
    temp_c: Decimal | None,
    *,
    confused: bool | None = None,
    rigid: bool | None = None,
    settings: ClinicalSettings | None = None,
) -> tuple[Finding, ...]:
    """INP-11: fever. Very high, or with confusion or rigidity, it is an emergency."""
    limits = settings or clinical_settings()
    if temp_c is None:
        return (not_assessed("INP-11", ("temp_c",)),)
    if temp_c < limits.fever_at_least_c:
        return ()
    emergency = temp_c >= limits.emergency_fever_at_least_c or bool(confused) or bool(rigid)
    beside = [word for word, present in (("confusion", confused), ("rigidity", rigid)) if present]
    seen = f"Temperature {temp_c}" + (f" with {listed(beside)}" if beside else "")
    do = "Look for infection, and for severe withdrawal."
    if emergency:
        do = f"Emergency: arrange transfer now. {do}"
    own = of_the_centre(limits, "fever_at_least_c", "emergency_fever_at_least_c")
    return (replace(rule("INP-11").finding(message=f"{seen}.{own}", do=do), emergency=emergency),)


def check_confusion(*, new_confusion: bool | None) -> tuple[Finding, ...]:
    """DEL-1: new confusion, disorientation or attention that comes and goes is an emergency."""
    if new_confusion is None:
        return (not_assessed("DEL-1", ("new_confusion",)),)
    if not new_confusion:
        return ()
    return (
        rule("DEL-1").finding(
            message="New confusion.",
            do="A medical emergency: call the physician now. Look for infection, low oxygen, Wernicke, head injury, "
            "alcohol withdrawal, and too much benzodiazepine.",
        ),
    )


def check_self_report(*, oriented: bool | None) -> tuple[Finding, ...]:
    """DEL-2: what a confused person answers is not scored. `oriented`: alert, orientated, obeys commands."""
    if oriented is None:
        return (not_assessed("DEL-2", ("oriented",)),)
    if oriented:
        return ()
    return (
        rule("DEL-2").finding(
            message="The person is not alert and orientated: what they answered cannot be scored.",
            do="Use the observed items and NEWS2; add pupils and neurological observations.",
        ),
    )
