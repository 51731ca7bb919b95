"""What can serve an objective: records of this person, each under its kind and public id, with its time and words.

Rooms that stand after this one (therapy notes, sessions) hand in a reader in AppConfig.ready: `tell_evidence`.
Everything is read by person, so that a record of somebody else is never found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from glidepath.care.assessment import queries as assessment
from glidepath.care.instruments.catalogue import instrument_of
from glidepath.care.instruments.queries import results
from glidepath.care.medication import queries as medication
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.notes.queries import progress_notes, shortened
from glidepath.care.taper import queries as taper
from glidepath.clinical.guidelines.domains import asked_question
from glidepath.record import clock
from glidepath.record.people.models import Person

TAPER_VERSION, SYMPTOM_REVIEW = "taper_version", "symptom_review"
CIWA_B, OBSERVATION, SLEEP, EVENT = "ciwa_b", "observation", "sleep", "event"
DOSE, ANSWER, FORM, NOTE = "dose", "answer", "form", "note"

# Each kind by its key, as it is read; in the order in which it is shown.
KINDS: dict[str, str] = {
    TAPER_VERSION: "taper version",
    SYMPTOM_REVIEW: "symptom review",
    CIWA_B: "CIWA-B",
    OBSERVATION: "observation",
    SLEEP: "night",
    EVENT: "event",
    DOSE: "dose",
    ANSWER: "answer",
    FORM: "form",
    NOTE: "progress note",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record that may serve an objective. value: the number it is drawn by; None where it has none."""

    kind: str
    public_id: UUID
    at: dt.datetime
    words: str
    by: str
    value: float | None = None

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]


Reader = Callable[[Person, dt.datetime], Sequence[Evidence]]
Record = Mapping[tuple[str, UUID], Evidence]

_later: dict[str, Reader] = {}


def tell_evidence(kind: str, words: str, reader: Reader) -> None:
    """Hands in a further kind of record: a reader of one person's records of it since a moment."""
    KINDS[kind] = words
    _later[kind] = reader


def record_of(person: Person, since: dt.datetime) -> Record:
    """Everything of this person since then that may serve an objective, by kind and public id."""
    found = [*_of_the_taper(person, since), *_of_monitoring(person, since), *_of_doses(person, since)]
    found += [*_of_answers(person, since), *_of_forms(person, since), *_of_notes(person, since)]
    for reader in _later.values():
        found += reader(person, since)
    return {(one.kind, one.public_id): one for one in found}


def _of_the_taper(person: Person, since: dt.datetime) -> Iterator[Evidence]:
    """Versions of every time: a taper may be older than the plan that it serves."""
    for version in taper.tapers([person]).versions[person.pk]:
        words = f"version {version.number}: {version.get_kind_display()}"
        yield Evidence(TAPER_VERSION, version.public_id, version.recorded_at, words, version.recorded_by.name)
    plan = taper.active(person)
    for review in taper.reviews(plan) if plan else ():
        if review.happened_at >= since:
            words = f"{review.get_decision_display()}; {review.get_interference_display()}"
            yield Evidence(SYMPTOM_REVIEW, review.public_id, review.happened_at, words, review.recorded_by.name)


def _of_monitoring(person: Person, since: dt.datetime) -> Iterator[Evidence]:
    seen = monitoring.series(person, since, clock.now() + dt.timedelta(seconds=1))
    for score in seen.ciwa_b:
        words = f"{score.total}, {score.band_words}" if score.total is not None else score.label
        total = None if score.total is None else float(score.total)
        yield Evidence(CIWA_B, score.public_id, score.happened_at, words, "", total)
    for one in seen.observations:
        words = f"{one.get_state_display()}{'' if one.news2 is None else f', NEWS2 {one.news2}'}"
        yield Evidence(OBSERVATION, one.public_id, one.happened_at, words, "")
    for night in seen.sleep:
        hours = round(night.minutes / 60, 1)
        yield Evidence(SLEEP, night.public_id, night.happened_at, f"{hours:g} h", "", hours)
    for event in seen.events:
        yield Evidence(EVENT, event.public_id, event.happened_at, event.get_kind_display(), "")


def _of_doses(person: Person, since: dt.datetime) -> Iterator[Evidence]:
    for answer in medication.answers_of(person, since):
        if hasattr(answer, "superseded_by"):
            continue  # set right: the row that stands in its place counts
        words = f"{answer.medicine_name} {answer.get_outcome_display()}"
        yield Evidence(DOSE, answer.public_id, answer.happened_at, words, answer.recorded_by.name)


def _of_answers(person: Person, since: dt.datetime) -> Iterator[Evidence]:
    for fact in assessment.told(person):
        if fact.happened_at >= since:
            words = f"{asked_question(fact.name).words}: {fact.value}"
            yield Evidence(ANSWER, fact.public_id, fact.happened_at, words, fact.recorded_by.name)


def _of_forms(person: Person, since: dt.datetime) -> Iterator[Evidence]:
    """Forms that were filled in; a partial one has no number, and says so."""
    for one in results([person], since=since).get(person.pk, ()):
        score, name = one.score, instrument_of(one.form).name
        said = (
            score.label
            if score.total is None
            else f"{score.total}{f', {score.band_label}' if score.band_label else ''}"
        )
        by = one.closing.recorded_by.name if one.closing.recorded_by else person.preferred_name
        value = None if score.total is None else float(score.total)
        yield Evidence(FORM, one.closing.public_id, one.at, f"{name} {said}", by, value)


def _of_notes(person: Person, since: dt.datetime) -> Iterator[Evidence]:
    """Progress notes, which the whole care team reads; what is kept apart serves no objective here."""
    for note in progress_notes(person, since):
        yield Evidence(NOTE, note.public_id, note.happened_at, shortened(note.words), note.recorded_by.name)
