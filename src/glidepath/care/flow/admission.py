"""What must be known before somebody is admitted, part by part: asked once, in any order, kept as it is answered."""

from __future__ import annotations

from dataclasses import dataclass

from glidepath.care.assessment import queries as assessment
from glidepath.record.consent import queries as consent
from glidepath.record.consent.models import Consent
from glidepath.record.people import queries as people
from glidepath.record.people.models import Person

# Asked of everybody, without exception: alcohol and opioids, seizures, and what changes a taper from the first day.
ALWAYS_ASKED = (
    "alcohol_dependent",
    "opioid_active",
    "oud_med",
    "naloxone_offered",
    "past_seizure",
    "past_withdrawal_complicated",
    "pregnant",
    "other_sedatives",
    "dx_epilepsy",
    "dx_osa",
    "resp_severe",
    "liver_severe",
    "dx_bipolar",
    "dx_psychotic",
    "suicidality_voiced",
    "falls_risk",
)
MUST_BE_ASKED = ("alcohol_dependent", "opioid_active", "past_seizure", "suicidality_voiced", "falls_risk")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the admission: `open` says what is still to do, empty when it is done."""

    key: str
    title: str
    open: str = ""

    @property
    def done(self) -> bool:
        return not self.open


def parts(person: Person) -> tuple[Part, ...]:
    """Allergies, medicines, questions and consent, each with what is still open."""
    return (
        Part("allergies", "Allergies", _allergies(person)),
        Part("medicines", "Benzodiazepines and Z-drugs", _medicines(person)),
        Part("questions", "Alcohol, opioids, seizures, health", _questions(person)),
        Part("consent", "Consent to treatment", _consent(person)),
    )


def still_open(person: Person) -> tuple[Part, ...]:
    return tuple(part for part in parts(person) if not part.done)


def _allergies(person: Person) -> str:
    known = people.allergies(person)
    if known.state == "not_asked":
        return "Ask about allergies; “none known” is an answer."
    if allergies_are_earlier(person, known):
        return "Ask again about allergies: what stands is of an earlier stay."
    return ""


def allergies_are_earlier(person: Person, known: people.Allergies) -> bool:
    """Whether all that stands was said before this stay began, and nobody has asked since."""
    began = assessment.stays_began([person], at_the_door=True).get(person.pk)
    return bool(known.statements) and began is not None and all(one.recorded_at < began for one in known.statements)


def _medicines(person: Person) -> str:
    if assessment.uses_now(person):
        return ""
    return "Record each benzodiazepine or Z-drug the person takes, with the last dose and how it began."


def _questions(person: Person) -> str:
    said = assessment.heard([person], MUST_BE_ASKED, at_the_door=True).get(person.pk, {})
    missing = [words for name, words in _WORDS.items() if name not in said or said[name].is_earlier]
    return f"Ask about {', '.join(missing)}; “not known” and “could not be asked” are answers." if missing else ""


def _consent(person: Person) -> str:
    given = consent.standing(person).get(Consent.Kind.TREATMENT)
    if given is None:
        return "Ask for consent to treatment."
    if given.decision != Consent.Decision.GIVEN:
        return f"Consent to treatment is {given.get_decision_display()}. Without it nobody is admitted; talk about why."
    return ""


_WORDS = {
    "alcohol_dependent": "alcohol",
    "opioid_active": "opioids",
    "past_seizure": "past seizures",
    "suicidality_voiced": "thoughts of suicide",
    "falls_risk": "falls",
}
