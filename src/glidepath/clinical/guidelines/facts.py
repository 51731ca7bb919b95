"""What is known about one person, by the names of the vocabulary.

A fact that is None is unknown: nobody asked, or nobody knows. It is never read as "no".
The names are those of the rules' predicates; a dot and an underscore are the same ("use.months", "use_months").
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

from glidepath.clinical.guidelines.questions import BadFact, FactKind, FactQuestion, FactValue, read
from glidepath.clinical.guidelines.vocabulary import VOCABULARY, question_of

__all__ = [
    "VOCABULARY",
    "BadFact",
    "FactKind",
    "FactQuestion",
    "FactValue",
    "PersonFacts",
    "exact",
    "question_of",
    "read",
]


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known about one person, by the names of the vocabulary. None is unknown."""

    # use and history
    use_days_per_week: Decimal | None = None
    use_months: Decimal | None = None
    use_source: str | None = None  # "unknown" is an answer (nobody can say); None is no answer
    injects_bzd: bool | None = None
    past_seizure: bool | None = None
    past_withdrawal_complicated: bool | None = None
    prescribed_as_directed: bool | None = None
    stable_long_term: bool | None = None
    stopped_without_taper: bool | None = None
    symptoms_significant: bool | None = None
    flumazenil_given: bool | None = None
    # opioids, alcohol and other substances
    opioid_active: bool | None = None
    oud_med: str | None = None
    oud_med_stabilising: bool | None = None
    naloxone_offered: bool | None = None
    sud_any: bool | None = None
    alcohol_dependent: bool | None = None
    alcohol_plan: bool | None = None
    other_sedatives: bool | None = None
    behavioural_addiction: bool | None = None
    sud_treatment_plan: bool | None = None
    harm_reduction_offered: bool | None = None
    alcohol_withdrawal: bool | None = None
    opioid_withdrawal: bool | None = None
    stimulant_withdrawal: bool | None = None
    buprenorphine_starting: bool | None = None
    intoxicated: bool | None = None
    # diagnoses
    dx_ptsd: bool | None = None
    dx_mood: bool | None = None
    dx_bipolar: bool | None = None
    dx_psychotic: bool | None = None
    dx_osa: bool | None = None
    dx_epilepsy: bool | None = None
    epilepsy_prescriber_agreed: bool | None = None
    major_medical: bool | None = None
    major_psych: bool | None = None
    dx_other_psych: bool | None = None
    psych_treatment_optimised: bool | None = None
    ssri_started: bool | None = None
    bzd_use_disorder: bool | None = None
    criteria_beyond_dependence: bool | None = None
    other_high_risk: bool | None = None
    palliative: bool | None = None
    # age and body
    age: Decimal | None = None
    liver_severe: bool | None = None
    resp_severe: bool | None = None
    falls_risk: bool | None = None
    kidney_severe: bool | None = None
    resp_precautions: bool | None = None
    # pregnancy and the baby
    pregnant: bool | None = None
    obstetric_plan: bool | None = None
    lactating: bool | None = None
    third_trimester: bool | None = None
    infant_exposed: bool | None = None
    parental_consent: bool | None = None
    infant_clinician_told: bool | None = None
    # how the person is now
    sleep_disturbed: bool | None = None
    suicidality_voiced: bool | None = None
    wd_level: str | None = None
    severe_expected: bool | None = None
    new_hallucination: bool | None = None
    symptoms_interfere: bool | None = None
    symptoms_reviewed_since_last_step: bool | None = None
    missed_dose: bool | None = None
    interdose_withdrawal: bool | None = None
    cuts_tolerated: bool | None = None
    imminent_harm: bool | None = None
    harm_quickly_mitigated: bool | None = None
    seizure_risk_assessed: bool | None = None
    structured_tool: bool | None = None
    obs_overdue: bool | None = None
    news2: Decimal | None = None
    ciwa_b: Decimal | None = None
    ciwa_ar: Decimal | None = None
    cows: Decimal | None = None
    rass: Decimal | None = None
    hr: Decimal | None = None
    sbp: Decimal | None = None
    dbp: Decimal | None = None
    temp_c: Decimal | None = None
    rr: Decimal | None = None
    spo2: Decimal | None = None
    # where care is given
    senior_review: bool | None = None
    comorbidity_unsafe_outpatient: bool | None = None
    medically_managed: bool | None = None
    unplanned_admission: bool | None = None
    dose_continued: bool | None = None
    outpatient_continuation: bool | None = None
    # the plan
    shared_decision: bool | None = None
    counselled: bool | None = None
    psychosocial_offered: bool | None = None
    risk_gt_benefit: bool | None = None
    goal_full_stop: bool | None = None
    declines_taper: bool | None = None
    taper_active: bool | None = None
    supply_arranged: bool | None = None
    bridging_script: bool | None = None
    bridging_agreement: bool | None = None
    # reviews of risk and benefit
    rb_reviewed: bool | None = None
    rb_review_on: dt.date | None = None
    rb_review_every_days: Decimal | None = None
    prescription_event: str | None = None
    rb_review_this_event: bool | None = None
    pdmp_checked: str | None = None
    # drug tests
    tested: bool | None = None
    immunoassay_negative: bool | None = None
    metabolites_found: bool | None = None
    result_called_illicit: bool | None = None
    result_unexpected: bool | None = None
    result_confirmed: bool | None = None
    result_used_against: bool | None = None
    designer_suspected: bool | None = None
    # discharge
    taper_finished: bool | None = None
    continuing_care: bool | None = None

    @classmethod
    def of(cls, given: Mapping[str, object]) -> PersonFacts:
        """Facts by name, as a file or a record row holds them: "yes", "no", "unknown", numbers, dates, choices.

        A name with dots is understood; "unknown", None and an empty text leave the fact unknown. Raises BadFact.
        """
        known: dict[str, FactValue | None] = {}
        for name, value in given.items():
            question = question_of(name)
            known[question.name] = read(question, value)
        return cls(**known)  # type: ignore[arg-type]

    def get(self, name: str) -> FactValue | None:
        """The fact called `name`; None where it is unknown. Raises BadFact for a name outside the vocabulary."""
        value: FactValue | None = getattr(self, question_of(name).name)
        return value

    def unknown(self, *names: str) -> tuple[str, ...]:
        """Those of `names` that are not known, in that order."""
        return tuple(name for name in names if self.get(name) is None)


def exact(value: Decimal | None) -> Fraction | None:
    """A known number as an exact fraction; None stays None."""
    return None if value is None else Fraction(value)


assert tuple(VOCABULARY) == tuple(field.name for field in fields(PersonFacts))
