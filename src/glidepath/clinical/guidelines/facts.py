"""What the rules ask about a person: the vocabulary, and the facts as far as they are known.

A fact that is None is unknown: nobody asked, or nobody knows. It is never read as "no".
The names are those of the rules' predicates; a dot and an underscore are the same ("use.months", "use_months").
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction

FactValue = bool | Decimal | dt.date | str


class FactKind(StrEnum):
    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


class BadFact(ValueError):
    """A fact by an unknown name, or with a value its question does not allow: what was given, what to do."""


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """One word of the vocabulary. `question` is asked of or about the person, in plain words.

    `rules`: which rules need the answer. `low` and `high`: the bounds of a number, both included, in `unit`.
    `answers`: the choices of a choice, with the words that are shown.
    """

    name: str
    kind: FactKind
    question: str
    rules: tuple[str, ...]
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    answers: Mapping[str, str] | None = None
    unknown_words: str = "not known"  # what "unknown" means for this question, as a choice


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known about one person, by the names of the vocabulary. None is unknown."""

    use_days_per_week: Decimal | None = None
    use_months: Decimal | None = None
    use_source: str | None = None  # "unknown" is an answer (nobody can say); None is no answer
    injects_bzd: bool | None = None
    past_seizure: bool | None = None
    past_withdrawal_complicated: bool | None = None
    opioid_active: bool | None = None
    oud_med: str | None = None
    oud_med_stabilising: bool | None = None
    naloxone_offered: bool | None = None
    sud_any: bool | None = None
    alcohol_dependent: bool | None = None
    alcohol_plan: bool | None = None
    other_sedatives: bool | None = None
    dx_ptsd: bool | None = None
    dx_mood: bool | None = None
    dx_bipolar: bool | None = None
    dx_psychotic: bool | None = None
    dx_osa: bool | None = None
    dx_epilepsy: bool | None = None
    epilepsy_prescriber_agreed: bool | None = None
    major_medical: bool | None = None
    major_psych: bool | None = None
    senior_review: bool | None = None
    age: Decimal | None = None
    pregnant: bool | None = None
    obstetric_plan: bool | None = None
    lactating: bool | None = None
    liver_severe: bool | None = None
    resp_severe: bool | None = None
    sleep_disturbed: bool | None = None
    shared_decision: bool | None = None
    counselled: bool | None = None
    psychosocial_offered: bool | None = None
    suicidality_voiced: bool | None = None
    falls_risk: bool | None = None

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


def question_of(name: str) -> FactQuestion:
    """The question of a fact's name. Raises BadFact with close names."""
    key = name.strip().lower().replace(".", "_")
    if key in VOCABULARY:
        return VOCABULARY[key]
    close = get_close_matches(key, VOCABULARY, n=3, cutoff=0.6)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    raise BadFact(f"“{name}” is not a fact that a rule asks for.{hint} The vocabulary lists every name.")


def read(question: FactQuestion, value: object) -> FactValue | None:
    """One answer as the rules use it; None for unknown. Raises BadFact naming the fact and what is allowed."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if question.kind is FactKind.CHOICE:
        return _choice(question, value)
    if value == "unknown":
        return None
    if question.kind is FactKind.YES_NO:
        return _yes_no(question, value)
    return _number(question, value) if question.kind is FactKind.NUMBER else _date(question, value)


def _yes_no(question: FactQuestion, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("yes", "no"):
        return value == "yes"
    raise BadFact(f"{question.name} is yes, no or unknown, not “{value}”")


def _number(question: FactQuestion, value: object) -> Decimal:
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        raise BadFact(f"{question.name} is a number{_in_unit(question)}, not “{value}”") from None
    low, high = question.low, question.high
    if isinstance(value, bool) or not number.is_finite():
        raise BadFact(f"{question.name} is a number{_in_unit(question)}, not “{value}”")
    if (low is not None and number < low) or (high is not None and number > high):
        raise BadFact(f"{question.name} is {low} to {high}{_in_unit(question)}, not {value}")
    return number


def _date(question: FactQuestion, value: object) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError:
        raise BadFact(f"{question.name} is a date like 2026-05-31, not “{value}”") from None


def _choice(question: FactQuestion, value: object) -> str | None:
    answers = question.answers or {}
    if value in answers:
        return str(value)
    if value == "unknown":
        return None
    raise BadFact(f"{question.name} is one of {', '.join(answers)}, not “{value}”")


def _in_unit(question: FactQuestion) -> str:
    return f" of {question.unit}" if question.unit else ""


def exact(value: Decimal | None) -> Fraction | None:
    """A known number as an exact fraction; None stays None."""
    return None if value is None else Fraction(value)


def _yes_no_question(name: str, question: str, *rules: str) -> FactQuestion:
    return FactQuestion(name, FactKind.YES_NO, question, rules)


def _number_question(name: str, question: str, unit: str, low: str, high: str, *rules: str) -> FactQuestion:
    return FactQuestion(name, FactKind.NUMBER, question, rules, unit, Decimal(low), Decimal(high))


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

_QUESTIONS = (
    _number_question(
        "use_days_per_week",
        "On how many days a week are benzodiazepines or Z-drugs taken?",
        "days",
        "0",
        "7",
        "JCG-T2",
        "JCG-2",
        "JCG-3",
        "OP-2",
    ),
    _number_question(
        "use_months",
        "For how many months have they been taken this way?",
        "months",
        "0",
        "1200",
        "JCG-T2",
        "JCG-2",
        "JCG-3",
        "OP-2",
    ),
    FactQuestion(
        "use_source", FactKind.CHOICE, "Where do the benzodiazepines come from?", ("OP-1", "JCG-T2"), answers=SOURCES
    ),
    _yes_no_question("injects_bzd", "Does the person inject benzodiazepines?", "LOC-1"),
    _yes_no_question("past_seizure", "Has the person ever had a seizure?", "LOC-2"),
    _yes_no_question(
        "past_withdrawal_complicated",
        "Was an earlier withdrawal complicated by a seizure, delirium or psychosis?",
        "OP-3",
    ),
    _yes_no_question(
        "opioid_active", "Does the person take an opioid at present, prescribed or not?", "JCG-17", "INP-12"
    ),
    FactQuestion(
        "oud_med",
        FactKind.CHOICE,
        "Which medicine for opioid use disorder does the person take?",
        ("JCG-17", "JCG-21"),
        answers=OUD_MEDICINES,
    ),
    _yes_no_question(
        "oud_med_stabilising", "Is the person still being stabilised on methadone or buprenorphine?", "LOC-2"
    ),
    _yes_no_question("naloxone_offered", "Has naloxone been offered or given?", "JCG-17", "DIS-3"),
    _yes_no_question("sud_any", "Does the person live with a substance use disorder?", "LOC-2"),
    _yes_no_question("alcohol_dependent", "Is the person dependent on alcohol?", "POL-1", "LOC-2"),
    _yes_no_question("alcohol_plan", "Does a plan for alcohol withdrawal stand beside this one?", "POL-1"),
    _yes_no_question(
        "other_sedatives",
        "Does the person take a gabapentinoid, a Z-drug, GHB, a barbiturate or another sedative as well?",
        "POL-8",
        "LOC-2",
    ),
    _yes_no_question("dx_ptsd", "Does the person live with post-traumatic stress disorder?", "JCG-25"),
    _yes_no_question("dx_mood", "Does the person live with a mood disorder?", "JCG-26", "JCG-26a"),
    _yes_no_question("dx_bipolar", "Does the person live with bipolar disorder?", "JCG-26", "JCG-26a"),
    _yes_no_question("dx_psychotic", "Does the person live with a psychotic disorder?", "JCG-26", "JCG-26a"),
    _yes_no_question("dx_osa", "Does the person have sleep apnoea?", "JCG-7"),
    _yes_no_question("dx_epilepsy", "Does the person have epilepsy?", "SEI-4"),
    _yes_no_question(
        "epilepsy_prescriber_agreed", "Has the prescriber who treats the epilepsy agreed to this plan?", "SEI-4"
    ),
    _yes_no_question("major_medical", "Does the person have a major physical illness?", "LOC-2"),
    _yes_no_question("major_psych", "Does the person have a major mental illness that is not yet treated?", "LOC-2"),
    _yes_no_question("senior_review", "Has a senior clinician agreed to outpatient care?", "LOC-2"),
    _number_question("age", "How old is the person?", "years", "0", "125", "JCG-27", "OLD-1", "JCG-7"),
    _yes_no_question("pregnant", "Is the person pregnant?", "JCG-28", "INP-10"),
    _yes_no_question("obstetric_plan", "Is there a plan agreed with obstetrics?", "JCG-28"),
    _yes_no_question("lactating", "Is the person breastfeeding?"),
    _yes_no_question("liver_severe", "Does the person have severe liver disease?", "EQ-4", "JCG-7"),
    _yes_no_question("resp_severe", "Does the person have severe lung disease?", "JCG-7"),
    _yes_no_question("sleep_disturbed", "Is the person's sleep badly disturbed now?", "JCG-26a"),
    _yes_no_question("shared_decision", "Was this plan decided together with the person?", "JCG-4"),
    _yes_no_question("counselled", "Has the person been told which symptoms to report after stopping?", "JCG-3"),
    _yes_no_question(
        "psychosocial_offered", "Has psychological support (such as CBT or CBT for insomnia) been offered?", "JCG-10"
    ),
    FactQuestion(
        "suicidality_voiced",
        FactKind.YES_NO,
        "Does the person speak of suicide, or of harming themselves, now?",
        ("SUI-1",),
        unknown_words="could not be asked",
    ),
    FactQuestion(
        "falls_risk",
        FactKind.YES_NO,
        "Might the person fall here: an older person, a fall in the past year, unsteady, a sedative newly started or "
        "raised, dizzy on standing, hurrying to the toilet, or trouble seeing or thinking clearly?",
        ("INP-15",),
        unknown_words="could not be asked",
    ),
)

VOCABULARY: Mapping[str, FactQuestion] = {question.name: question for question in _QUESTIONS}
assert tuple(VOCABULARY) == tuple(field.name for field in fields(PersonFacts))
