"""What is asked about diagnoses, age and body, pregnancy and the baby."""

from __future__ import annotations

from glidepath.clinical.guidelines.questions import FactGroup
from glidepath.clinical.guidelines.vocabulary.forms import number, of_group, worked_out, yes_no

_DIAGNOSES = (
    yes_no(
        "dx_ptsd",
        "Does the person live with post-traumatic stress disorder?",
        "JCG-25",
        "JCG-24",
        short="post-traumatic stress disorder",
    ),
    yes_no(
        "dx_mood", "Does the person live with a mood disorder?", "JCG-26", "JCG-26a", "JCG-24", short="a mood disorder"
    ),
    yes_no(
        "dx_bipolar",
        "Does the person live with bipolar disorder?",
        "JCG-26",
        "JCG-26a",
        "JCG-24",
        "JCG-K1",
        short="bipolar disorder",
    ),
    yes_no(
        "dx_psychotic",
        "Does the person live with a psychotic disorder?",
        "JCG-26",
        "JCG-26a",
        "JCG-24",
        short="a psychotic disorder",
    ),
    yes_no("dx_osa", "Does the person have sleep apnoea?", "JCG-7", "JCG-K1", "RES-1", short="sleep apnoea"),
    yes_no("dx_epilepsy", "Does the person have epilepsy?", "SEI-4", short="epilepsy"),
    yes_no(
        "epilepsy_prescriber_agreed",
        "Has the prescriber who treats the epilepsy agreed to this plan?",
        "SEI-4",
        short="the agreement of the epilepsy's prescriber",
    ),
    yes_no(
        "major_medical", "Does the person have a major physical illness?", "LOC-2", short="a major physical illness"
    ),
    yes_no(
        "major_psych",
        "Does the person have a major mental illness that is not yet treated?",
        "LOC-2",
        "JCG-24",
        short="an untreated major mental illness",
    ),
)
_DIAGNOSES_FURTHER = (
    yes_no(
        "dx_other_psych",
        "Does the person live with another mental health condition, such as an anxiety disorder?",
        "JCG-24",
        short="another mental health condition",
    ),
    yes_no(
        "psych_treatment_optimised",
        "Is the mental health condition treated as well as it can be?",
        "JCG-24",
        short="its treatment",
    ),
    yes_no("ssri_started", "Was an SSRI started during the taper?", "ADJ-3", short="a new SSRI"),
    yes_no(
        "bzd_use_disorder",
        "Is a benzodiazepine use disorder recorded as a diagnosis?",
        "JCG-G2",
        short="a recorded benzodiazepine use disorder",
    ),
    yes_no(
        "criteria_beyond_dependence",
        "Are criteria of a use disorder met beyond tolerance and withdrawal?",
        "JCG-G2",
        short="criteria beyond tolerance and withdrawal",
    ),
    yes_no(
        "other_high_risk",
        "Is there another reason to look at risks and benefits more often?",
        "JCG-K1",
        short="another high risk",
    ),
    yes_no(
        "palliative",
        "Is the person in palliative care or near the end of life?",
        "PAL-1",
        short="palliative care",
    ),
)

_BODY = (
    worked_out(
        number(
            "age",
            "How old is the person?",
            "years",
            "0",
            "125",
            "JCG-27",
            "OLD-1",
            "JCG-7",
            "ADO-1",
            "FAC-AGE",
            "FAC-START",
        )
    ),
    yes_no(
        "liver_severe",
        "Does the person have severe liver disease?",
        "EQ-4",
        "JCG-7",
        "LIV-1",
        "FAC-LIVER",
        "FAC-START",
        short="severe liver disease",
    ),
    yes_no("resp_severe", "Does the person have severe lung disease?", "JCG-7", "RES-1", short="severe lung disease"),
    yes_no(
        "falls_risk",
        "Might the person fall here: an older person, a fall in the past year, unsteady, a sedative newly started or "
        "raised, dizzy on standing, hurrying to the toilet, or trouble seeing or thinking clearly?",
        "INP-15",
        short="the falls check",
        unknown="could not be asked",
    ),
)
_BODY_FURTHER = (
    yes_no("kidney_severe", "Does the person have severe kidney disease?", "FAC-KIDNEY", short="severe kidney disease"),
    yes_no(
        "resp_precautions",
        "Is breathing watched, and is no loading dose planned?",
        "RES-1",
        short="precautions for breathing",
    ),
)

_PREGNANCY = (
    yes_no("pregnant", "Is the person pregnant?", "JCG-28", "INP-10", "PRG-1", short="pregnancy"),
    yes_no("obstetric_plan", "Is there a plan agreed with obstetrics?", "JCG-28", short="a plan with obstetrics"),
    yes_no("lactating", "Is the person breastfeeding?", short="breastfeeding"),
)
_PREGNANCY_FURTHER = (
    yes_no("third_trimester", "Is it the third trimester?", "PRG-1"),
    yes_no(
        "infant_exposed",
        "Is there a young baby who was exposed to benzodiazepines before birth?",
        "JCG-29a",
        "JCG-29b",
        short="a baby exposed before birth",
    ),
    yes_no(
        "parental_consent",
        "Has a parent consented that the baby's clinician is told?",
        "JCG-29b",
        short="a parent's consent",
    ),
    yes_no(
        "infant_clinician_told",
        "Has the baby's clinician been told?",
        "JCG-29b",
        short="whether the baby's clinician was told",
    ),
)

QUESTIONS = (
    *of_group(FactGroup.DIAGNOSES, _DIAGNOSES, _DIAGNOSES_FURTHER),
    *of_group(FactGroup.BODY, _BODY, _BODY_FURTHER),
    *of_group(FactGroup.PREGNANCY, _PREGNANCY, _PREGNANCY_FURTHER),
)
