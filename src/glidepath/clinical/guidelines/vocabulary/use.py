"""What is asked about use and its history, and about opioids, alcohol and other substances."""

from __future__ import annotations

from glidepath.clinical.guidelines.questions import FactGroup
from glidepath.clinical.guidelines.vocabulary.forms import choice, number, of_group, worked_out, yes_no

SOURCES = {
    "prescribed": "prescribed",
    "nonprescribed": "without a prescription",
    "mixed": "both",
    "unknown": "nobody can say",
}
OUD_MEDICINES = {
    "none": "none",
    "buprenorphine": "buprenorphine",
    "methadone": "methadone",
    "naltrexone": "naltrexone",
}

_OF_DEPENDENCE = ("JCG-T2", "JCG-2", "JCG-2a", "JCG-2b", "JCG-3", "LOC-3", "LOC-4", "POL-1")

_USE = (
    worked_out(
        number(
            "use_days_per_week",
            "On how many days a week are benzodiazepines or Z-drugs taken?",
            "days",
            "0",
            "7",
            *_OF_DEPENDENCE,
            "OP-2",
            "OP-3",
            short="days of use a week",
        )
    ),
    worked_out(
        number(
            "use_months",
            "For how many months have they been taken this way?",
            "months",
            "0",
            "1200",
            *_OF_DEPENDENCE,
            "OP-2",
            "OP-3",
            "JCG-6e",
            "FAC-LONG",
            short="months of use",
        )
    ),
    worked_out(
        choice(
            "use_source",
            "Where do the benzodiazepines come from?",
            SOURCES,
            *_OF_DEPENDENCE,
            "OP-1",
            "OP-3",
            "JCG-23",
            "POL-9",
            "DIS-3",
            "DIS-5",
            short="where they come from",
        )
    ),
    yes_no("injects_bzd", "Does the person inject benzodiazepines?", "LOC-1", short="injecting"),
    yes_no("past_seizure", "Has the person ever had a seizure?", "LOC-2", "FAC-SEIZURE", short="an earlier seizure"),
    yes_no(
        "past_withdrawal_complicated",
        "Was an earlier withdrawal complicated by a seizure, delirium or psychosis?",
        "OP-3",
        "FAC-SEIZURE",
        short="an earlier complicated withdrawal",
    ),
)
_USE_FURTHER = (
    yes_no(
        "prescribed_as_directed",
        "Is the benzodiazepine prescribed, and taken as directed?",
        "JCG-G2",
        short="whether it is taken as directed",
    ),
    yes_no(
        "stable_long_term",
        "Has the dose been stable for a long time, without harm that anybody sees?",
        "EV-1",
        short="whether the dose has long been stable",
    ),
    yes_no("stopped_without_taper", "Was a benzodiazepine stopped without a taper?", "JCG-3a"),
    yes_no(
        "symptoms_significant",
        "Are there significant symptoms of withdrawal or rebound since the stop?",
        "JCG-3a",
        short="symptoms since the stop",
    ),
    yes_no(
        "flumazenil_given",
        "Was flumazenil, which works against benzodiazepines, given to the person?",
        "FAC-SEIZURE",
        short="flumazenil given",
    ),
)

_SUBSTANCES = (
    yes_no(
        "opioid_active",
        "Does the person take an opioid at present, prescribed or not?",
        "JCG-16",
        "JCG-17",
        "JCG-18",
        "JCG-K1",
        "INP-12",
        "POL-2",
        "DIS-3",
        "DIS-5",
        "LOC-5",
        "FAC-START",
        short="an opioid",
    ),
    choice(
        "oud_med",
        "Which medicine for opioid use disorder does the person take?",
        OUD_MEDICINES,
        "JCG-16",
        "JCG-17",
        "JCG-18",
        "JCG-21",
        "JCG-K1",
        short="medicine for opioid use disorder",
    ),
    yes_no(
        "oud_med_stabilising",
        "Is the person still being stabilised on methadone or buprenorphine?",
        "LOC-2",
        short="whether methadone or buprenorphine is stable",
    ),
    yes_no("naloxone_offered", "Has naloxone been offered or given?", "JCG-17", "POL-9", "DIS-3", short="naloxone"),
    yes_no(
        "sud_any",
        "Does the person live with a substance use disorder?",
        "LOC-2",
        "JCG-K1",
        "JCG-19",
        "JCG-20",
        "JCG-22",
        "JCG-23",
        short="a substance use disorder",
    ),
    yes_no(
        "alcohol_dependent",
        "Is the person dependent on alcohol?",
        "POL-1",
        "LOC-2",
        "LOC-5",
        "FAC-SEIZURE",
        "FAC-START",
        short="dependence on alcohol",
    ),
    yes_no(
        "alcohol_plan",
        "Does a plan for alcohol withdrawal stand beside this one?",
        "POL-1",
        short="a plan for alcohol withdrawal",
    ),
    yes_no(
        "other_sedatives",
        "Does the person take a gabapentinoid, a Z-drug, GHB, a barbiturate or another sedative as well?",
        "POL-8",
        "LOC-2",
        "LOC-5",
        short="other sedatives",
    ),
)
_SUBSTANCES_FURTHER = (
    yes_no(
        "behavioural_addiction",
        "Does the person live with a behavioural addiction, such as gambling disorder?",
        "JCG-19",
        short="a behavioural addiction",
    ),
    yes_no(
        "sud_treatment_plan",
        "Is the substance use disorder treated beside the taper?",
        "JCG-20",
        short="treatment of the substance use disorder",
    ),
    yes_no("harm_reduction_offered", "Have harm-reduction services been offered?", "JCG-23", short="harm reduction"),
    yes_no(
        "alcohol_withdrawal",
        "Is the person in alcohol withdrawal now?",
        "POL-3",
        "POL-4",
        short="alcohol withdrawal now",
    ),
    yes_no(
        "opioid_withdrawal",
        "Is the person in opioid withdrawal now?",
        "POL-2",
        "POL-4",
        "POL-5",
        short="opioid withdrawal now",
    ),
    yes_no(
        "stimulant_withdrawal",
        "Is the person in stimulant withdrawal now?",
        "POL-4",
        short="stimulant withdrawal now",
    ),
    yes_no(
        "buprenorphine_starting",
        "Is buprenorphine about to be started?",
        "POL-7",
        short="whether buprenorphine is about to start",
    ),
    yes_no("intoxicated", "Is the person intoxicated now?", "POL-7", short="intoxication"),
)

QUESTIONS = (
    *of_group(FactGroup.USE, _USE, _USE_FURTHER),
    *of_group(FactGroup.SUBSTANCES, _SUBSTANCES, _SUBSTANCES_FURTHER),
)
