"""What was measured or scored, held against the rules of observation: CIWA-B, NEWS2, RASS and vital signs.

A rule speaks once one of its values is known, and then says which it lacks. Where nothing was measured it is silent: on
a ward the round asks (monitoring), and a plan made at a desk needs no blood pressure.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.co_use import takes_opioid
from glidepath.clinical.guidelines.escalation import (
    TimedTotal,
    check_autonomic_signs,
    check_ciwa_b,
    check_early_warning,
    check_pregnant_vitals,
    check_temperature,
)
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.withdrawal_scales import check_beside_ciwa_b
from glidepath.clinical.monitoring.sedation import sedation_hold

AT_NO_TIME = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # one score alone: nothing stands before it
SEDATION = ("rass", "rr", "spo2")
PREGNANCY = ("sbp", "dbp", "hr", "temp_c", "spo2")


def check_measured(
    facts: PersonFacts, *, spo2_scale_two: bool = False, settings: ClinicalSettings | None = None
) -> tuple[Finding, ...]:
    """INP-4 and INP-6 to INP-13, as far as their values are known. spo2_scale_two: the 88-92 % target was set."""
    return (*_scores(facts, settings), *_alertness(facts, spo2_scale_two, settings), *_vital_signs(facts, settings))


def _scores(facts: PersonFacts, settings: ClinicalSettings | None) -> tuple[Finding, ...]:
    ciwa_b = _ciwa_b(facts.ciwa_b, settings)
    return (*check_beside_ciwa_b(facts), *ciwa_b, *check_early_warning(_whole(facts.news2)))


def _ciwa_b(total: Decimal | None, settings: ClinicalSettings | None) -> tuple[Finding, ...]:
    return () if total is None else check_ciwa_b(TimedTotal(AT_NO_TIME, int(total)), settings=settings)


def _alertness(facts: PersonFacts, scale_two: bool, settings: ClinicalSettings | None) -> tuple[Finding, ...]:
    if facts.unknown(*SEDATION) == SEDATION:
        return ()
    rass, rr, spo2 = _whole(facts.rass), _whole(facts.rr), _whole(facts.spo2)
    return sedation_hold(
        rass=rass, rr=rr, spo2=spo2, scale_two=scale_two, opioid=takes_opioid(facts), settings=settings
    )


def _vital_signs(facts: PersonFacts, settings: ClinicalSettings | None) -> tuple[Finding, ...]:
    pulse = _whole(facts.hr)
    return (
        *(() if pulse is None else check_autonomic_signs(pulse=pulse)),
        *(() if facts.temp_c is None else check_temperature(facts.temp_c, settings=settings)),
        *_while_pregnant(facts, pulse),
    )


def _while_pregnant(facts: PersonFacts, pulse: int | None) -> tuple[Finding, ...]:
    if facts.unknown(*PREGNANCY) == PREGNANCY:
        return ()
    return check_pregnant_vitals(
        facts,
        sbp=_whole(facts.sbp),
        dbp=_whole(facts.dbp),
        pulse=pulse,
        temp_c=facts.temp_c,
        spo2=_whole(facts.spo2),
    )


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)
