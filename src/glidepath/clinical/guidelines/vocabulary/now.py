"""How the person is now: what is asked, and what is measured or scored elsewhere."""

from __future__ import annotations

from glidepath.clinical.guidelines.questions import FactGroup
from glidepath.clinical.guidelines.vocabulary.forms import choice, measured, of_group, worked_out, yes_no

WITHDRAWAL_LEVELS = {
    "none": "none",
    "mild": "mild",
    "moderate": "moderate",
    "severe": "severe",
    "complicated": "complicated: seizure, delirium or psychosis",
}

_NOW = (
    yes_no("sleep_disturbed", "Is the person's sleep badly disturbed now?", "JCG-26a", short="disturbed sleep"),
    yes_no(
        "suicidality_voiced",
        "Does the person speak of suicide, or of harming themselves, now?",
        "SUI-1",
        short="thoughts of suicide",
        unknown="could not be asked",
    ),
)
_NOW_FURTHER = (
    choice(
        "wd_level",
        "How severe is benzodiazepine withdrawal now?",
        WITHDRAWAL_LEVELS,
        "JCG-5c",
        "JCG-12",
        "JCG-12a",
        "JCG-12b",
        "POL-2",
        "POL-4",
        short="how severe withdrawal is",
    ),
    yes_no(
        "severe_expected",
        "Is severe or complicated withdrawal expected soon?",
        "JCG-5c",
        short="whether severe withdrawal is expected",
    ),
    yes_no(
        "new_hallucination",
        "Does the person newly see or hear what is not there, or feel persecuted?",
        "PSY-1",
        "POL-3",
        short="new hallucination or paranoia",
    ),
    yes_no(
        "symptoms_interfere",
        "Do symptoms interfere with the person's life?",
        "JCG-11",
        short="whether symptoms interfere",
    ),
    yes_no(
        "symptoms_reviewed_since_last_step",
        "Have symptoms been reviewed since the last cut?",
        "JCG-9",
        short="a symptom review since the last cut",
    ),
    yes_no("missed_dose", "Were doses missed?", "TPR-6", short="whether doses were missed"),
    yes_no(
        "interdose_withdrawal", "Is withdrawal felt between doses?", "TPR-6", short="withdrawal between doses"
    ),
    yes_no("cuts_tolerated", "Are further cuts tolerated?", "TPR-8", short="whether cuts are tolerated"),
    yes_no(
        "imminent_harm",
        "Does the benzodiazepine threaten harm now: overdose, an interaction, accidents, falls or suicidality?",
        "JCG-5a",
        "LOC-6",
        short="harm that threatens now",
    ),
    yes_no(
        "harm_quickly_mitigated",
        "Would the first cut soon lessen that harm?",
        "JCG-5a",
        short="whether the first cut lessens it",
    ),
    yes_no("seizure_risk_assessed", "Has the risk of a seizure been assessed?", "JCG-12b", short="the seizure risk"),
    yes_no(
        "structured_tool",
        "Is withdrawal followed with a structured scale?",
        "JCG-12a",
        short="a structured scale",
    ),
    worked_out(yes_no("obs_overdue", "Is a set of observations overdue?", "JCG-12a", short="an overdue set")),
    measured("news2", "What is NEWS2 now?", "points", "0", "20", "INP-7", "INP-8", short="NEWS2"),
    measured("ciwa_b", "What is CIWA-B now?", "points", "0", "80", "INP-4", "INP-6", short="CIWA-B"),
    measured("ciwa_ar", "What is CIWA-Ar now?", "points", "0", "67", "POL-2", "POL-3", short="CIWA-Ar"),
    measured("cows", "What is COWS now?", "points", "0", "48", "POL-5", short="COWS"),
    measured("rass", "What is RASS now?", "RASS", "-5", "4", "INP-12", "INP-13", "POL-7", short="RASS"),
    measured("hr", "What is the pulse?", "per min", "0", "300", "INP-4", "INP-9", "INP-10", short="pulse"),
    measured("sbp", "What is systolic pressure?", "mmHg", "0", "350", "INP-4", "INP-10", short="systolic pressure"),
    measured(
        "dbp", "What is diastolic pressure?", "mmHg", "0", "250", "INP-10", short="diastolic pressure"
    ),
    measured("temp_c", "What is the temperature?", "C", "20", "45", "INP-4", "INP-10", "INP-11", short="temperature"),
    measured("rr", "How many breaths a minute?", "per min", "0", "100", "INP-4", "INP-12", short="breathing"),
    measured(
        "spo2", "What is oxygen saturation?", "percent", "0", "100", "INP-4", "INP-10", "INP-12",
        short="oxygen saturation",
    ),
)  # fmt: skip

QUESTIONS = (*of_group(FactGroup.NOW, _NOW, _NOW_FURTHER),)
