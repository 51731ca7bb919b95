"""One person on one page, for a team that has two minutes: what they want, how it came, what could hurt, what helps.

Everything here stands in the record under somebody's name; nothing is written on this page. What nobody has asked or
signed is said to be so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from glidepath.care.alarms.queries import open_alarm
from glidepath.care.assessment import diagnosing, queries as assessment
from glidepath.care.assessment.models import BenzodiazepineUse, Diagnosis
from glidepath.care.assessment.parts import Part
from glidepath.care.assessment.reconciliation import reconciliation
from glidepath.care.assessment.shown import value_words
from glidepath.care.instruments.queries import Result, results
from glidepath.care.instruments.screened import screened
from glidepath.care.medication import queries as medication
from glidepath.care.planning import queries as planning
from glidepath.care.planning.models import Version
from glidepath.care.safety import queries as safety
from glidepath.care.taper.queries import Running, last_doses
from glidepath.clinical.amounts import plain, rounded
from glidepath.clinical.facts.dependence import DependenceRisk
from glidepath.clinical.facts.load import formulary, screens
from glidepath.clinical.guidelines.case import known_of
from glidepath.clinical.guidelines.daily_dose import dde_max
from glidepath.clinical.guidelines.dependence import Dependence
from glidepath.clinical.guidelines.domains import asked_question
from glidepath.clinical.guidelines.facts import VOCABULARY, PersonFacts
from glidepath.clinical.guidelines.severe_withdrawal import seizure_risks
from glidepath.faces.ward.about import Chart
from glidepath.faces.ward.case import case_of
from glidepath.record import clock
from glidepath.record.people.models import Person

OWN_WORDS = ("wants", "words_for_condition", "worries", "readiness")
LIFE = ("housing", "lives_with", "dependants", "violence", "work", "driving", "home_safe")
HELPS = ("strengths", "network", "spirituality", "culture")
NOTHING = ("unknown", "declined")

EXPECTED = {
    DependenceRisk.YES: "to be expected",
    DependenceRisk.RARE: "rare",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What was told about one fact: the question in short, and the answer in words."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Signed:
    """What one member of staff summed up and signed of a part of the assessment. is_old: written to since."""

    words: str
    by: str
    role: str
    is_old: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """A part of the assessment, and what each signed of it."""

    part: str
    signed: tuple[Signed, ...]


@dataclass(frozen=True, slots=True)
class Formulation:
    own_words: tuple[Line, ...]
    uses: tuple[BenzodiazepineUse, ...]
    past_tapers: tuple[str, ...]
    substances: tuple[str, ...]
    dependence: str
    diagnoses: tuple[Diagnosis, ...]
    suggested: str  # codes that wait for a clinician; empty: none
    seizure_risks: tuple[str, ...]
    seizure_unknown: tuple[str, ...]
    suicide: str
    sedatives: tuple[str, ...]
    sedatives_unsure: tuple[str, ...]
    screens: tuple[str, ...]
    life: tuple[Line, ...]
    helps: tuple[Line, ...]
    summaries: tuple[Summary, ...]
    unsigned: tuple[str, ...]  # parts nobody has signed
    running: Running | None
    plan: Version | None
    problems: tuple[tuple[str, str], ...]  # of the signed plan: the problem, and the goal in the person's words

    @property
    def is_bare(self) -> bool:
        return not (self.own_words or self.uses or self.summaries)


def formulation_of(chart: Chart) -> Formulation:
    """As the record stands now. A fixed number of queries beyond those of the chart."""
    person = chart.person
    told, settings = assessment.told_now(person, chart.episode), chart.standing.settings[person.centre_id]
    case = case_of(chart, settings, told=told.facts).case
    answers, entries = assessment.answers_among(told.said), told.entries
    parts = assessment.parts(person, told_now=told)
    looked = reconciliation(person, told_now=told, given=medication.listed_in(chart.standing, person, chart.running))
    signed, confirmed = planning.newest_of(person), diagnosing.diagnoses_in(person, chart.episode)
    highest = dde_max(case.daily, formulary=formulary()) if case.daily else None
    done = results([person], instruments=[diagnosing.KEY, *screens()])
    lasts = last_doses([person], known=chart.tapers)
    return Formulation(
        own_words=_lines(answers, OWN_WORDS),
        uses=told.uses,
        past_tapers=tuple(one.summary for one in entries.past_tapers),
        substances=tuple(one.summary for one in entries.substances),
        dependence=_dependence(known_of(case, formulary=formulary()).dependence),
        diagnoses=confirmed,
        suggested=_suggested(person, confirmed, done.get(person.pk, ())),
        seizure_risks=seizure_risks(case.facts, dde_max=highest),
        seizure_unknown=_unknown_risks(case.facts, highest),
        suicide=_suicide(person, answers),
        sedatives=tuple(one.name for one in looked.sedatives),
        sedatives_unsure=tuple(one.name for one in looked.unsure),
        screens=tuple(one.words for one in screened([person], done=done, last_doses=lasts)[person.pk]),
        life=_lines(answers, LIFE),
        helps=_lines(answers, HELPS),
        summaries=tuple(_summaries(parts)),
        unsigned=tuple(part.domain.title for part in parts if not any(own.newest for own in part.owns)),
        running=chart.running,
        plan=signed,
        problems=_problems(signed),
    )


def _lines(answers: Mapping[str, assessment.Answer], names: Sequence[str]) -> tuple[Line, ...]:
    return tuple(
        Line(asked_question(name).words, value_words(name, answers[name].value))
        for name in names
        if name in answers and answers[name].value not in NOTHING
    )


def _dependence(found: Dependence | None) -> str:
    """How likely withdrawal is (the joint guideline's Table 2); physical, and no word about a use disorder."""
    if found is None or found.risk is None:
        return "cannot be said yet" + (f": {', '.join(_asked(found.missing))} not recorded" if found else "")
    return EXPECTED.get(found.risk, found.risk.value.replace("_", " "))


def _asked(names: Sequence[str]) -> list[str]:
    """What rules lack, in words; what no question asks (the daily dose) by its name."""
    return [asked_question(name).words if name in VOCABULARY else name.replace("_", " ") for name in names]


def _suggested(person: Person, confirmed: Sequence[Diagnosis], done: Sequence[Result]) -> str:
    found = diagnosing.suggested(person, done=done)
    standing = {one.code for one in confirmed}
    waiting = [f"{one.code} {one.words}" for one in found.codes if one.code not in standing]
    return f"{', '.join(waiting)} ({found.because})" if waiting else ""


def _unknown_risks(facts: PersonFacts, highest: Fraction | None) -> tuple[str, ...]:
    """What would raise the risk of a seizure and was not asked."""
    names = facts.unknown("past_seizure", "past_withdrawal_complicated", "alcohol_dependent", "other_sedatives")
    return (*_asked(names), *(() if highest is not None else ("the daily dose",)))


def _suicide(person: Person, answers: Mapping[str, assessment.Answer]) -> str:
    return f"{_asked_about_suicide(person, answers)}; {_safety_plan(person)}"


def _asked_about_suicide(person: Person, answers: Mapping[str, assessment.Answer]) -> str:
    alarm = open_alarm(person, "SUI-1")
    if alarm is not None:
        return f"An alert stands open since {clock.local(person.centre, alarm.opened_at):%-d %b, %H:%M}"
    asked = answers.get("suicidality_voiced")
    if asked is None or asked.value in NOTHING:
        return "not asked in this stay"
    day = clock.local(person.centre, asked.asked_at)
    return f"Asked on {day:%-d %b}: {'voiced' if asked.is_yes else 'none voiced'}; no alert stands open"


def _safety_plan(person: Person) -> str:
    state = safety.plan_state(person)
    if state.plan is None:
        return "no safety plan is written"
    day = clock.local(person.centre, state.plan.happened_at)
    return f"safety plan of {day:%-d %b}{', to be read again' if state.is_due else ''}"


def _summaries(parts: Sequence[Part]) -> Iterator[Summary]:
    for part in parts:
        signed = tuple(
            Signed(own.newest.words, own.author.name, own.author.get_role_display(), own.state == "changed")
            for own in part.owns
            if own.newest is not None
        )
        if signed:
            yield Summary(part.domain.title, signed)


def _problems(signed: Version | None) -> tuple[tuple[str, str], ...]:
    if signed is None:
        return ()
    return tuple((one.words, one.goal.words) for one in planning.plan_of(signed.content).problems)


def daily_words(running: Running | None) -> str:
    """ "diazepam 15 mg", the dose of the step in force."""
    if running is None:
        return ""
    return " + ".join(f"{name} {plain(rounded(dose.exact, 4))} mg" for name, dose in running.daily.items())
