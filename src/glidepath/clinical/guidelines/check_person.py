"""Everything the guideline has to say about one person, with or without a plan: what fires, and what it lacks.

It informs and stops nothing by itself: what stands in the way of signing a plan, an order, a release or a discharge is
gathered in taper_check.py, order_check.py, release_check.py and discharge.py, each for its own moment.
"""

from __future__ import annotations

from collections.abc import Iterable

from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.adjuncts import check_adjunct, check_new_ssri
from glidepath.clinical.guidelines.admission import (
    check_continuation,
    check_polysubstance_admission,
    check_unplanned_admission,
)
from glidepath.clinical.guidelines.breathing import check_breathing
from glidepath.clinical.guidelines.case import Case, Known, known_of
from glidepath.clinical.guidelines.co_use import check_alcohol, check_naloxone, check_sedative_load
from glidepath.clinical.guidelines.dependence import check_dependence
from glidepath.clinical.guidelines.diagnosis import check_label, check_mental_health
from glidepath.clinical.guidelines.drug_tests import check_drug_tests
from glidepath.clinical.guidelines.escalation import check_falls, check_suicidality
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.infant import check_infant
from glidepath.clinical.guidelines.level_of_care import check_inpatient_start, check_outpatient_start, check_setting
from glidepath.clinical.guidelines.liver import check_liver
from glidepath.clinical.guidelines.measured import check_measured
from glidepath.clinical.guidelines.missing import not_assessed
from glidepath.clinical.guidelines.older_people import check_older_person
from glidepath.clinical.guidelines.pausing import check_between_doses, check_end_point, check_symptoms
from glidepath.clinical.guidelines.person_factors import check_factors
from glidepath.clinical.guidelines.phenobarbital import check_phenobarbital
from glidepath.clinical.guidelines.pregnancy import check_pregnancy, check_third_trimester
from glidepath.clinical.guidelines.release import check_reviewed
from glidepath.clinical.guidelines.risk_benefit import check_reviews
from glidepath.clinical.guidelines.scope import check_scope
from glidepath.clinical.guidelines.seizures import check_epilepsy_medicine
from glidepath.clinical.guidelines.several_withdrawals import check_other_withdrawals
from glidepath.clinical.guidelines.severe_withdrawal import check_severe_withdrawal
from glidepath.clinical.guidelines.shared_decision import check_psychosocial_offer
from glidepath.clinical.guidelines.short_use import check_short_use
from glidepath.clinical.guidelines.sleep import check_sleep_pause, check_sleep_watch
from glidepath.clinical.guidelines.stopping import check_after_a_stop
from glidepath.clinical.guidelines.substance_use import (
    check_care_afterwards,
    check_harm_reduction,
    check_lowest_doses,
    check_naloxone_outside,
    check_use_disorder_treated,
)
from glidepath.clinical.guidelines.supply_outside import check_supply_outside
from glidepath.clinical.guidelines.taper_check import check_taper
from glidepath.clinical.guidelines.whether_to_taper import (
    check_indication,
    check_ptsd,
    check_stable_long_use,
    check_willingness,
)

OF_A_RUNNING_TAPER = ("JCG-9", "JCG-11", "TPR-6", "TPR-8", "ADJ-3")  # asked once a taper is under way


def check_person(case: Case, *, formulary: Formulary, limits: Limits) -> tuple[Finding, ...]:
    """Every finding about a person: the person, the place, the plan where there is one, and what is measured.

    A rule that lacks a fact says which (`missing.group_by_subject` puts them into about ten lines). Not asked here are
    rules about one act: an order, a release, a conversion, a discharge. Raises UnknownMedicine for a medicine in
    `daily` that the formulary does not have.
    """
    known = known_of(case, formulary=formulary)
    return (
        *check_scope(known.facts),
        *_by_the_plan_or_without(known, formulary, limits),
        *_about_the_choice(known),
        *_about_the_place(known),
        *_about_substances(known, limits),
        *_about_health(known),
        *_about_now(known, limits),
        *_about_others(known, formulary),
        *check_drug_tests(known.facts, daily=known.daily),
        *check_factors(case, formulary=formulary, settings=limits.settings),
        *check_supply_outside(known.facts, setting=known.setting, tapers=known.tapers, medicines=known.daily),
    )


def _by_the_plan_or_without(known: Known, formulary: Formulary, limits: Limits) -> tuple[Finding, ...]:
    """What taper_check gathers about the person; without a plan the same rules, as far as they need none."""
    facts, planned = known.facts, known.case.planned
    if planned:
        return check_taper(planned.plan, facts=facts, formulary=formulary, limits=limits, context=planned.context)
    place = () if known.setting is None else _at_a_known_place(known, known.setting)
    return (
        *check_dependence(facts, dde_max=known.highest),
        *_psychosocial_offer(known),
        *check_naloxone(facts),
        *check_alcohol(facts, known.dependence),
        *check_sedative_load(facts),
        *check_sleep_watch(facts),
        *check_sleep_pause(facts, disturbed=facts.sleep_disturbed),
        *check_older_person(facts, tapers_to_zero=bool(known.tapers and known.to_zero)),
        *check_pregnancy(facts),
        *check_epilepsy_medicine(facts, tuple(known.daily or ())),
        *place,
    )


def _psychosocial_offer(known: Known) -> tuple[Finding, ...]:
    if known.tapers is None:
        return (not_assessed("JCG-10", ("taper_active",)),)
    return check_psychosocial_offer(known.facts) if known.tapers else ()


def _at_a_known_place(known: Known, setting: Setting) -> tuple[Finding, ...]:
    return (
        *check_inpatient_start(known.facts, dde_max=known.highest, setting=setting),
        *check_outpatient_start(known.facts, setting=setting),
    )


def _about_the_choice(known: Known) -> tuple[Finding, ...]:
    return (
        *check_reviews(known.facts, takes=known.takes, today=known.case.today),
        *check_indication(known.facts, known.dependence, tapers=known.tapers),
        *check_after_a_stop(known.facts),
        *check_stable_long_use(known.facts, to_zero=known.to_zero),
        *check_willingness(known.facts),
        *check_short_use(known.facts, dde=known.dde),
    )


def _about_the_place(known: Known) -> tuple[Finding, ...]:
    falls = () if known.setting is None else check_falls(known.facts, setting=known.setting)
    return (
        *check_setting(known.facts, setting=known.setting),
        *check_continuation(known.facts, known.dependence, setting=known.setting),
        *check_unplanned_admission(known.facts, known.dependence),
        *check_polysubstance_admission(known.facts, known.equivalents),
        *falls,
    )


def _about_substances(known: Known, limits: Limits) -> tuple[Finding, ...]:
    return (
        *check_lowest_doses(known.facts),
        *check_use_disorder_treated(known.facts, tapers=known.tapers),
        *check_care_afterwards(known.facts),
        *check_harm_reduction(known.facts),
        *check_naloxone_outside(known.facts),
        *check_other_withdrawals(known.facts, setting=known.setting, settings=limits.settings),
    )


def _about_health(known: Known) -> tuple[Finding, ...]:
    return (
        *check_mental_health(known.facts),
        *check_ptsd(known.facts, tapers=known.tapers),
        *check_label(known.facts),
        *check_third_trimester(known.facts),
        *check_infant(known.facts),
        *check_breathing(known.facts),
        *check_liver(known.facts, daily=known.daily, switch_to=known.switch_to),
    )


def _about_now(known: Known, limits: Limits) -> tuple[Finding, ...]:
    return (
        *check_suicidality(known.facts),
        *check_severe_withdrawal(known.facts, setting=known.setting, dde_max=known.highest),
        *_of_a_running_taper(known.facts),
        *check_measured(known.facts, spo2_scale_two=known.case.spo2_scale_two, settings=limits.settings),
    )


def _of_a_running_taper(facts: PersonFacts) -> tuple[Finding, ...]:
    if facts.taper_active is None:
        return tuple(not_assessed(code, ("taper_active",)) for code in OF_A_RUNNING_TAPER)
    if not facts.taper_active:
        return ()
    return (
        *check_reviewed(facts),
        *check_symptoms(interfere=facts.symptoms_interfere),
        *check_between_doses(missed=facts.missed_dose, interdose_withdrawal=facts.interdose_withdrawal),
        *check_end_point(cuts_tolerated=facts.cuts_tolerated),
        *check_new_ssri(facts, tapers=True),
    )


def _about_others(known: Known, formulary: Formulary) -> Iterable[Finding]:
    for other in known.case.others:
        for_taper = other.for_taper
        yield from check_adjunct(other.name, for_taper=for_taper, setting=known.setting, formulary=formulary)
        yield from check_phenobarbital(
            other.name, for_taper=for_taper, setting=known.setting, experienced=other.experienced
        )
