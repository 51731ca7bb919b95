"""People whose facts are known, for tests that are about one question and must not trip over the others."""

from __future__ import annotations

from decimal import Decimal

from glidepath.clinical.guidelines.facts import PersonFacts

# Someone of 40 who takes a prescribed benzodiazepine every day for two years, and nothing speaks against a taper.
PLAIN = PersonFacts(
    use_days_per_week=Decimal(7),
    use_months=Decimal(24),
    use_source="prescribed",
    injects_bzd=False,
    past_seizure=False,
    past_withdrawal_complicated=False,
    opioid_active=False,
    oud_med="none",
    oud_med_stabilising=False,
    naloxone_offered=False,
    sud_any=False,
    alcohol_dependent=False,
    alcohol_plan=False,
    other_sedatives=False,
    dx_ptsd=False,
    dx_mood=False,
    dx_bipolar=False,
    dx_psychotic=False,
    dx_osa=False,
    dx_epilepsy=False,
    epilepsy_prescriber_agreed=False,
    major_medical=False,
    major_psych=False,
    senior_review=False,
    age=Decimal(40),
    pregnant=False,
    obstetric_plan=False,
    lactating=False,
    liver_severe=False,
    resp_severe=False,
    sleep_disturbed=False,
    shared_decision=True,
    counselled=True,
    psychosocial_offered=True,
    suicidality_voiced=False,
    falls_risk=False,
)
NOBODY_ASKED = PersonFacts()
