"""Where each rule of the guideline is: checked by a function, held in another way, or left out with a reason."""

from __future__ import annotations

from collections.abc import Mapping

_BY_FUNCTION: Mapping[str, tuple[str, ...]] = {
    "guidelines.dependence:check_dependence": ("JCG-T2", "OP-1", "OP-3"),
    "guidelines.risk_benefit:check_reviews": ("JCG-1", "JCG-1a", "JCG-1b", "JCG-K1", "JCG-16", "JCG-19"),
    "guidelines.whether_to_taper:check_indication": ("JCG-2a", "JCG-2b"),
    "guidelines.whether_to_taper:check_ptsd": ("JCG-25",),
    "guidelines.whether_to_taper:check_stable_long_use": ("EV-1",),
    "guidelines.whether_to_taper:check_willingness": ("LOC-6",),
    "guidelines.scope:check_scope": ("ADO-1", "PAL-1"),
    "guidelines.diagnosis:check_mental_health": ("JCG-24",),
    "guidelines.diagnosis:check_label": ("JCG-G2",),
    "guidelines.stopping:check_stopping": ("JCG-2", "JCG-3", "OP-2"),
    "guidelines.stopping:check_after_a_stop": ("JCG-3a",),
    "guidelines.shared_decision:check_shared_decision": ("JCG-4",),
    "guidelines.shared_decision:check_psychosocial_offer": ("JCG-10",),
    "guidelines.taper_rate:check_size": ("JCG-6",),
    "guidelines.taper_rate:check_ceiling": ("JCG-6c",),
    "guidelines.taper_rate:check_last_step": ("TPR-10",),
    "guidelines.taper_rate:check_interval": ("TPR-1",),
    "guidelines.taper_rate:check_basis": ("TPR-2",),
    "guidelines.taper_rate:check_low_dose_cut": ("TPR-4",),
    "guidelines.taper_rate:check_duration": ("TPR-5",),
    "guidelines.makeability:not_makeable": ("TPR-3",),
    "guidelines.inpatient_protocols:check_over_ceiling_inpatient": ("JCG-6d",),
    "guidelines.inpatient_protocols:check_rapid_protocol": ("INP-14",),
    "guidelines.conversion:check_choice_of_medicine": ("JCG-7", "EQ-7"),
    "guidelines.conversion:check_conversion": ("EQ-1", "EQ-2", "EQ-3", "EQ-4", "EQ-6"),
    "guidelines.conversion:check_starting_diazepam": ("EQ-5",),
    "guidelines.switch_dip:check_dip": ("EQ-DIP",),
    "guidelines.release:check_auto_advance": ("JCG-8",),
    "guidelines.release:check_review": ("JCG-9",),
    "guidelines.pausing:check_symptoms": ("JCG-11",),
    "guidelines.pausing:check_resume": ("JCG-11p",),
    "guidelines.pausing:check_between_doses": ("TPR-6",),
    "guidelines.pausing:check_increase": ("TPR-7",),
    "guidelines.pausing:check_end_point": ("TPR-8",),
    "guidelines.pausing:check_reason": ("TPR-9",),
    "guidelines.co_use:check_naloxone": ("JCG-17",),
    "guidelines.co_use:check_oud_medicine": ("JCG-21",),
    "guidelines.co_use:check_alcohol": ("POL-1",),
    "guidelines.co_use:check_sedative_load": ("POL-8",),
    "guidelines.not_for_tapering:check_purpose": ("JCG-14", "JCG-15"),
    "guidelines.older_people:check_older_person": ("JCG-27",),
    "guidelines.older_people:check_older_person_switch": ("OLD-1",),
    "guidelines.pregnancy:check_pregnancy": ("JCG-28",),
    "guidelines.sleep:check_sleep_watch": ("JCG-26",),
    "guidelines.sleep:check_sleep_pause": ("JCG-26a",),
    "guidelines.level_of_care:check_setting": ("JCG-5", "JCG-5a", "JCG-5b", "JCG-5c"),
    "guidelines.admission:check_continuation": ("LOC-3",),
    "guidelines.admission:check_unplanned_admission": ("LOC-4",),
    "guidelines.admission:check_polysubstance_admission": ("LOC-5",),
    "guidelines.short_use:check_short_use": ("JCG-6e",),
    "guidelines.adjuncts:check_adjunct": ("ADJ-1", "ADJ-2"),
    "guidelines.adjuncts:check_new_ssri": ("ADJ-3",),
    "guidelines.phenobarbital:check_phenobarbital": ("JCG-13a", "JCG-13b", "PHB-1"),
    "guidelines.severe_withdrawal:check_severe_withdrawal": ("JCG-12", "JCG-12a", "JCG-12b", "PSY-1"),
    "guidelines.substance_use:check_lowest_doses": ("JCG-18",),
    "guidelines.substance_use:check_use_disorder_treated": ("JCG-20",),
    "guidelines.substance_use:check_care_afterwards": ("JCG-22",),
    "guidelines.substance_use:check_harm_reduction": ("JCG-23",),
    "guidelines.substance_use:check_naloxone_outside": ("POL-9",),
    "guidelines.several_withdrawals:check_other_withdrawals": ("POL-2", "POL-3", "POL-4", "POL-5", "POL-7"),
    "guidelines.infant:check_infant": ("JCG-29a", "JCG-29b"),
    "guidelines.pregnancy:check_third_trimester": ("PRG-1",),
    "guidelines.breathing:check_breathing": ("RES-1",),
    "guidelines.liver:check_liver": ("LIV-1",),
    "guidelines.withdrawal_scales:check_beside_ciwa_b": ("INP-4",),
    "guidelines.drug_tests:check_drug_tests": ("UDT-1", "UDT-2", "UDT-3", "UDT-4", "UDT-5"),
    "guidelines.supply_outside:check_supply_outside": ("SUP-1", "SUP-2"),
    "guidelines.level_of_care:check_inpatient_start": ("LOC-1",),
    "guidelines.level_of_care:check_outpatient_start": ("LOC-2",),
    "guidelines.first_call:check_red_flags": ("CALL-1",),
    "guidelines.first_call:check_waiting": ("CALL-2",),
    "guidelines.seizures:check_seizure": ("SEI-1", "SEI-2"),
    "guidelines.seizures:check_seizure_in_episode": ("SEI-3",),
    "guidelines.seizures:check_epilepsy_medicine": ("SEI-4",),
    "guidelines.discharge:check_discharge": ("DIS-1", "DIS-2", "DIS-3", "DIS-4", "DIS-5"),
    "guidelines.person_factors:check_factors": (
        "FAC-AGE",
        "FAC-LIVER",
        "FAC-KIDNEY",
        "FAC-START",
        "FAC-SEIZURE",
        "FAC-LONG",
    ),
    "guidelines.other_medicines:check_other_medicines": ("FAC-TOGETHER", "FAC-CHANGE", "FAC-UNKNOWN"),
    "guidelines.escalation:check_ciwa_b": ("INP-6",),
    "guidelines.escalation:check_early_warning": ("INP-7", "INP-8"),
    "guidelines.escalation:check_autonomic_signs": ("INP-9",),
    "guidelines.escalation:check_pregnant_vitals": ("INP-10",),
    "guidelines.escalation:check_temperature": ("INP-11",),
    "guidelines.escalation:check_confusion": ("DEL-1",),
    "guidelines.escalation:check_self_report": ("DEL-2",),
    "guidelines.escalation:check_suicidality": ("SUI-1",),
    "guidelines.escalation:check_falls": ("INP-15",),
    "monitoring.observations:frequency": ("INP-1", "INP-2"),
    "monitoring.observations:overdue": ("INP-3",),
    "monitoring.sedation:sedation_hold": ("INP-12", "INP-13"),
}

# A rule's code, and the function of glidepath.clinical that checks it ("module:function").
IMPLEMENTED: Mapping[str, str] = {code: place for place, codes in _BY_FUNCTION.items() for code in codes}

# Rules about the software itself, that no fact about a person could trip: where each is held.
HELD: Mapping[str, str] = {
    "JCG-G1": "No finding leaves the centre as a mandate, and every rule that asks for a taper or a pace is advice, a "
    "warning or a hard stop that a prescriber's reason answers.",
    "INP-5": "No function that makes or changes a dose reads a score. What CIWA-B says can only call somebody (INP-6), "
    "or keep a cut from beginning (INP-14).",
}

# Rules that are not checked, and why.
LEFT_OUT: Mapping[str, str] = {
    "POL-6": "Unverified: nobody has seen it in a source, and such a rule is never shown as guidance. The centre's own "
    "protocol for alcohol withdrawal stands.",
}

# Rules of our own beside the guideline's.
OURS_ALONE = frozenset(code for code in IMPLEMENTED if code.startswith(("FAC-", "CALL-")) or code == "EQ-DIP")
