"""To write down what a person told: each benzodiazepine they take, and each fact the rules ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.services import raise_alarm
from glidepath.care.assessment.diagnosing import confirm as confirm_diagnosis
from glidepath.care.assessment.entries import (
    Medicine,
    Substance,
    Taper,
    check_medicine,
    decide_medicine,
    record_medicine,
    record_past_taper,
    record_substance,
)
from glidepath.care.assessment.locking import lock
from glidepath.care.assessment.models import Beginning, BenzodiazepineUse, Mouth, PersonFact, Source
from glidepath.care.assessment.settling import answer_of_before, settle
from glidepath.care.assessment.signing import sign_part
from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.domains import asked_question
from glidepath.clinical.guidelines.escalation import check_suicidality
from glidepath.clinical.guidelines.facts import BadFact, PersonFacts, read
from glidepath.clinical.guidelines.questions import Asked
from glidepath.clinical.guidelines.severe_withdrawal import check_new_psychosis
from glidepath.clinical.monitoring.escalation import escalations
from glidepath.clinical.regimen import Regimen, RegimenError, parse_regimen
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.queries import dose_times
from glidepath.record.episodes.models import Episode
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require

__all__ = [
    "CALLS",
    "Medicine",
    "ReportedUse",
    "Substance",
    "Taper",
    "answer_again",
    "check_medicine",
    "confirm_diagnosis",
    "decide_medicine",
    "record_facts",
    "record_medicine",
    "record_past_taper",
    "record_substance",
    "record_use",
    "settle",
    "sign_part",
]
CALLS = ("suicidality_voiced", "new_hallucination")  # a yes calls somebody when it is answered (SUI-1, PSY-1)
DAYS_A_WEEK = 7
MOST_MONTHS = 1200


@dataclass(frozen=True, slots=True)
class ReportedUse:
    """One medicine as the person told it. An empty regimen: nobody knows how much (a product of unknown content)."""

    medicine_name: str
    source: Source
    beginning: Beginning
    regimen: str = ""
    days_per_week: int | None = None
    months: Decimal | None = None
    last_dose_at: dt.datetime | None = None
    last_dose: Dose | None = None
    first_reason: str = ""
    route: str = ""
    benefit_now: str = ""
    mouth: Mouth = Mouth.PERSON


@transaction.atomic
def record_use(
    *,
    person: Person,
    episode: Episode,
    use: ReportedUse,
    by: Staff,
    once: str = "",
    supersedes: BenzodiazepineUse | None = None,
    correction_reason: str = "",
) -> BenzodiazepineUse:
    """What the person takes of one medicine. A medicine outside the facts keeps its name. Raises BadInput by field."""
    earlier = submits.found(once, "assessment.use")
    if earlier is not None:
        return BenzodiazepineUse.objects.get(pk=earlier)
    require(by, "assessment.record")
    _belongs(person, episode, by)
    _refuse_impossible(use, person)
    if supersedes is not None and not correction_reason.strip():
        raise BadInput("Say why this is corrected; both entries stay readable.", field="correction_reason")
    regimen = _regimen(use, person)
    now = clock.now()
    row = BenzodiazepineUse.objects.create(
        centre_id=person.centre_id,
        person=person,
        episode=episode,
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
        supersedes=supersedes,
        correction_reason=correction_reason.strip(),
        medicine=_key(use.medicine_name),
        medicine_name=_name(use.medicine_name),
        regimen=regimen.text() if regimen else "",
        daily_ng=_daily_ng(regimen),
        days_per_week=use.days_per_week,
        months=use.months,
        source=use.source,
        beginning=use.beginning,
        last_dose_at=use.last_dose_at,
        last_dose_ng=use.last_dose.ng if use.last_dose else None,
        first_reason=use.first_reason.strip(),
        route=use.route.strip(),
        benefit_now=use.benefit_now.strip(),
        mouth=use.mouth,
    )
    submits.remember(once, "assessment.use", row.pk)
    audit.write("assessment.use", by=by, centre=person.centre, person=person, about=row)
    return row


@transaction.atomic
def record_facts(
    *,
    person: Person,
    answers: Mapping[str, str],
    by: Staff,
    once: str = "",
    words: Mapping[str, str] | None = None,
    mouth: Mouth = Mouth.PERSON,
    saw: int | None = None,
) -> tuple[PersonFact, ...]:
    """Each answer becomes a row and the older stay. "unknown" and "declined" are answers: somebody asked.

    mouth: who said it. saw: the newest answer (its id) that the writer had on the screen, 0 for none; what came after
    it is not replaced but stands beside. None: the writer knows everything so far.
    Raises BadInput naming the fact and what is allowed. Nothing is written unless every answer can be.
    """
    earlier = submits.found(once, "assessment.facts")
    if earlier is not None:
        return _written_with(PersonFact.objects.get(pk=earlier))
    require(by, "fact.record")
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    for name, value in answers.items():
        _refuse_bad_fact(name, value)
    lock(person, by)
    now = clock.now()
    rows = tuple(
        PersonFact.objects.create(
            centre_id=person.centre_id,
            person=person,
            happened_at=now,
            recorded_at=now,
            recorded_by=by,
            name=asked_question(name).name,
            value=value.strip(),
            words=(words or {}).get(name, "").strip(),
            mouth=mouth,
            saw=saw,
        )
        for name, value in answers.items()
    )
    _call(person, rows, by)
    if rows:
        submits.remember(once, "assessment.facts", rows[0].pk)
        audit.write("assessment.facts", by=by, centre=person.centre, person=person, about=rows[0], code=str(len(rows)))
    return rows


@transaction.atomic
def answer_again(
    *, person: Person, name: str, holds: bool, by: Staff, mouth: Mouth = Mouth.PERSON, once: str = ""
) -> PersonFact:
    """One tap on an earlier stay's answer: it still holds, or no longer. Raises BadInput where it must be asked anew.

    A fresh answer of this stay, with all that follows from one: thoughts of suicide that still stand call somebody.
    """
    earlier = submits.found(once, "assessment.facts")
    if earlier is not None:
        return PersonFact.objects.get(pk=earlier, person=person)
    require(by, "fact.record")
    lock(person, by)
    value, words = answer_of_before(person, name, holds=holds)
    return record_facts(person=person, answers={name: value}, words={name: words}, by=by, mouth=mouth, once=once)[0]


def _call(person: Person, rows: tuple[PersonFact, ...], by: Staff) -> None:
    """An answer that calls for somebody calls now: with it, or neither is kept. A later "no" takes no call back."""
    told = PersonFacts.of({row.name: row.value for row in rows if row.name in CALLS})
    for one in escalations((*check_suicidality(told), *check_new_psychosis(told))):
        raise_alarm(
            person=person,
            cause=one.code,
            rank=Rank(one.rank.value),
            message=one.finding.message,
            do=one.finding.do,
            by=by,
            pauses_taper=one.pauses_taper,
            prescriber_closes=one.prescriber_closes,
        )


def _written_with(first: PersonFact) -> tuple[PersonFact, ...]:
    """The answers of one form, by the first of them: they share their moment and their writer."""
    together = PersonFact.objects.filter(
        person_id=first.person_id, recorded_by_id=first.recorded_by_id, recorded_at=first.recorded_at, pk__gte=first.pk
    )
    return tuple(together.order_by("pk"))


def _belongs(person: Person, episode: Episode, by: Staff) -> None:
    if person.centre_id != by.centre_id or episode.person_id != person.pk:
        raise NotAllowed("This episode is not this person's, or is in another centre's care.")


def _refuse_impossible(use: ReportedUse, person: Person) -> None:
    if not use.medicine_name.strip():
        raise BadInput("Write the medicine's name, or “unknown” when nobody knows what it was.", field="medicine_name")
    if use.days_per_week is not None and not 1 <= use.days_per_week <= DAYS_A_WEEK:
        raise BadInput(f"{use.days_per_week} days a week cannot be: write 1 to 7.", field="days_per_week")
    if use.months is not None and not 0 <= use.months <= MOST_MONTHS:
        raise BadInput(f"{use.months} months cannot be: write how many months, such as 0.5 or 72.", field="months")
    if use.last_dose_at is not None and use.last_dose_at > clock.now():
        raise BadInput("The last dose cannot lie ahead: write when it was taken.", field="last_dose_at")
    if use.last_dose_at is not None and use.last_dose_at.date() < person.birth_date:
        raise BadInput(
            f"The last dose cannot lie before {person.preferred_name} was born, on {person.birth_date:%-d %b %Y}. "
            "Look at the year.",
            field="last_dose_at",
        )


def _regimen(use: ReportedUse, person: Person) -> Regimen | None:
    if not use.regimen.strip():
        return None
    try:
        regimen = parse_regimen(use.regimen, formulary=formulary(), default_times=dose_times(person.centre))
    except RegimenError as wrong:
        raise BadInput(str(wrong), field="regimen") from wrong
    if set(regimen.daily()) != {_name(use.medicine_name)}:
        raise BadInput(f"“{use.regimen}” is not only {use.medicine_name}: write one medicine a line.", field="regimen")
    return regimen


def _daily_ng(regimen: Regimen | None) -> int | None:
    return sum(dose.ng for dose in regimen.daily().values()) if regimen else None


def _key(name: str) -> str:
    try:
        return formulary().find(name).key
    except UnknownMedicine:
        return ""  # kept by its name: an unknown product is a fact too, and has no number


def _name(name: str) -> str:
    key = _key(name)
    return formulary().medicines[key].name if key else name.strip()


def _refuse_bad_fact(name: str, value: str) -> None:
    try:
        question = asked_question(name)
        read(question, value.strip())
        if question.asked is Asked.MEASURED:
            raise BadFact(f"{question.words} is measured on a round and is not told: record it there.")
    except BadFact as wrong:
        raise BadInput(str(wrong), field=name) from wrong
