"""What is asked about the place of care, the plan, its reviews, drug tests and discharge."""

from __future__ import annotations

from glidepath.clinical.guidelines.questions import FactGroup
from glidepath.clinical.guidelines.vocabulary.forms import choice, day, number, of_group, yes_no

PRESCRIPTION_EVENTS = {"none": "neither", "new": "a new prescription", "renewal": "a renewal"}
MONITORING_CHECKS = {"yes": "yes", "no": "no", "none_exists": "there is none here"}


_PLACE = (
    yes_no("senior_review", "Has a senior clinician agreed to outpatient care?", "LOC-2", short="a senior's review"),
)
_PLACE_FURTHER = (
    yes_no(
        "comorbidity_unsafe_outpatient",
        "Does another condition make outpatient care unsafe?",
        "JCG-5b",
        short="a condition that makes outpatient care unsafe",
    ),
    yes_no(
        "medically_managed",
        "Is the residential unit medically managed?",
        "JCG-12",
        short="whether the unit is medically managed",
    ),
    yes_no(
        "unplanned_admission",
        "Was the person admitted unplanned, for an acute illness or an emergency?",
        "LOC-4",
        "LOC-5",
        short="an unplanned admission",
    ),
    yes_no(
        "dose_continued",
        "Is the dose from before the admission continued?",
        "LOC-4",
        short="whether the dose is continued",
    ),
    yes_no(
        "outpatient_continuation",
        "Is it planned who carries the taper on after discharge?",
        "LOC-3",
        short="the plan for after discharge",
    ),
)

_PLAN = (
    yes_no("shared_decision", "Was this plan decided together with the person?", "JCG-4", short="a shared decision"),
    yes_no(
        "counselled",
        "Has the person been told which symptoms to report after stopping?",
        "JCG-3",
        short="what the person was told",
    ),
    yes_no(
        "psychosocial_offered",
        "Has psychological support (such as CBT or CBT for insomnia) been offered?",
        "JCG-10",
        short="psychological support",
    ),
)
_PLAN_FURTHER = (
    yes_no(
        "risk_gt_benefit",
        "Do the risks of the benzodiazepine outweigh its benefits for this person?",
        "JCG-2a",
        "JCG-2b",
        "EV-1",
        short="whether risks outweigh benefits",
    ),
    yes_no("goal_full_stop", "Is the goal to stop altogether?", "EV-1", short="whether the goal is zero"),
    yes_no("declines_taper", "Does the person decline a taper?", "LOC-6", short="whether a taper is declined"),
    yes_no(
        "taper_active",
        "Is a taper under way?",
        "JCG-9",
        "JCG-10",
        "JCG-11",
        "JCG-20",
        "JCG-25",
        "ADJ-3",
        "SUP-1",
        "TPR-6",
        "TPR-8",
        short="whether a taper is under way",
    ),
    yes_no(
        "supply_arranged",
        "Are staged dispensing, a pharmacist in the plan and one prescriber arranged?",
        "SUP-1",
        short="how it is dispensed",
    ),
    yes_no(
        "bridging_script",
        "Is the prescription only a bridge until somebody takes over?",
        "SUP-2",
        short="a bridging prescription",
    ),
    yes_no(
        "bridging_agreement",
        "Is there a written agreement for the bridge, with frequent review?",
        "SUP-2",
        short="the bridge's agreement",
    ),
)

_REVIEWS_FURTHER = (
    yes_no(
        "rb_reviewed",
        "Have risks and benefits of the benzodiazepine ever been reviewed?",
        "JCG-1",
        "JCG-1b",
        "JCG-16",
        short="a review of risk and benefit",
    ),
    day(
        "rb_review_on",
        "On what day were risks and benefits last reviewed?",
        "JCG-1",
        "JCG-16",
        short="the day of that review",
    ),
    number(
        "rb_review_every_days",
        "Every how many days are risks and benefits to be reviewed?",
        "days",
        "1",
        "36500",
        "JCG-K1",
        "JCG-19",
        short="how often it is reviewed",
    ),
    choice(
        "prescription_event",
        "Is this a new prescription or a renewal?",
        PRESCRIPTION_EVENTS,
        "JCG-1a",
        "JCG-16",
        short="whether it is a new prescription or a renewal",
    ),
    yes_no(
        "rb_review_this_event",
        "Were risks and benefits reviewed with this prescription?",
        "JCG-1a",
        "JCG-16",
        short="a review with this prescription",
    ),
    choice(
        "pdmp_checked",
        "Was the prescription monitoring programme, or what serves as one here, looked at?",
        MONITORING_CHECKS,
        "JCG-1b",
        short="the prescription monitoring programme",
    ),
)

_TESTING_FURTHER = (
    yes_no("tested", "Has a drug test been done?", "UDT-1", "UDT-2", "UDT-3", "UDT-4", "UDT-5", short="a drug test"),
    yes_no(
        "immunoassay_negative",
        "Did an immunoassay find no benzodiazepine?",
        "UDT-1",
        short="the immunoassay's result",
    ),
    yes_no(
        "metabolites_found",
        "Were temazepam, oxazepam or nordiazepam found?",
        "UDT-2",
        short="which metabolites were found",
    ),
    yes_no(
        "result_called_illicit",
        "Is the result to be called use beyond what is prescribed?",
        "UDT-2",
        short="what the result is called",
    ),
    yes_no("result_unexpected", "Was a result not what was expected?", "UDT-3", short="an unexpected result"),
    yes_no(
        "result_confirmed",
        "Has the unexpected result been confirmed by LC-MS/MS, and talked over with the person?",
        "UDT-3",
        short="its confirmation",
    ),
    yes_no(
        "result_used_against",
        "Is a result to be the reason for a discharge, or for stopping a dose?",
        "UDT-1",
        "UDT-4",
        short="what follows from the result",
    ),
    yes_no(
        "designer_suspected",
        "Might the person have taken a designer benzodiazepine, such as etizolam?",
        "UDT-5",
        short="a designer benzodiazepine",
    ),
)

_DISCHARGE_FURTHER = (
    yes_no("taper_finished", "Has the taper reached its goal?", "JCG-22", short="whether the taper is finished"),
    yes_no("continuing_care", "Is further treatment arranged after the taper?", "JCG-22", short="care afterwards"),
)


QUESTIONS = (
    *of_group(FactGroup.PLACE, _PLACE, _PLACE_FURTHER),
    *of_group(FactGroup.PLAN, _PLAN, _PLAN_FURTHER),
    *of_group(FactGroup.REVIEWS, (), _REVIEWS_FURTHER),
    *of_group(FactGroup.TESTING, (), _TESTING_FURTHER),
    *of_group(FactGroup.DISCHARGE, (), _DISCHARGE_FURTHER),
)
