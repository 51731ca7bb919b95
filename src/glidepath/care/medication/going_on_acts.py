"""A prescriber is asked how a benzodiazepine goes on at a move or without stock, and says so by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.queries import open_alarm, said_of
from glidepath.care.alarms.services import close_answered, raise_alarm
from glidepath.care.medication.answering import same_centre
from glidepath.care.medication.going_on import DAY, Question, questions
from glidepath.care.medication.models import GoingOn
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.models import Centre
from glidepath.record.episodes.queries import admitted_people
from glidepath.record.errors import BadInput, ChangedMeanwhile
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof

CAUSE = "goes_on"
DO = (
    "Decide by name on the person's medicines how it goes on: who gives and prescribes it then, or who brings the "
    "stock. Until then the dose goes on."
)
AT_ONCE = 3  # questions in one message; further ones follow with the next look


@transaction.atomic
def say_how_it_goes_on(
    *, person: Person, key: UUID, about: dt.datetime, choice: str, words: str, by: Staff, proof: Proof, once: str = ""
) -> GoingOn:
    """A prescriber's answer to one question. key, about: the question as it was shown. An order is signed elsewhere.

    Raises BadInput for a choice that does not belong to it, ChangedMeanwhile where it is not asked any more.
    """
    earlier = submits.found(once, "order.goes_on")
    if earlier is not None:
        return GoingOn.objects.get(pk=earlier)
    require(by, "order.sign")
    require_proof(by, proof)
    same_centre(person, by)
    Person.objects.select_for_update().get(pk=person.pk)
    asked = _asked(person, key, about)
    if choice not in asked.choices:
        raise BadInput(f"“{choice}” is no answer here. Choose one of those on the page.", field="choice")
    if choice != GoingOn.Choice.STANDS and not words.strip():
        raise BadInput("Say in a few words what is arranged: who, where, when.", field="words")
    now = clock.now()
    row = GoingOn.objects.create(
        centre_id=person.centre_id, person=person, move=asked.move, product=asked.product, asked_about=asked.at,
        choice=choice, words=words.strip()[:300], happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    if open_alarm(person, CAUSE) is not None and not questions([person]):
        close_answered(person=person, cause=CAUSE, words=f"A prescriber decided: {row.get_choice_display()}.", by=by)
    submits.remember(once, "order.goes_on", row.pk)
    audit.write("order.goes_on", by=by, centre=person.centre, kind="sign", person=person, about=row, code=choice)
    return row


def alarm_going_on(centre: Centre) -> int:
    """By time alone: each question once a day before, and once when its moment has come. How many calls went out."""
    by_person: dict[int, list[Question]] = {}
    for one in questions(admitted_people(centre)):
        by_person.setdefault(one.person.pk, []).append(one)
    said = said_of(list(by_person), CAUSE, since=clock.now() - 3 * DAY) if by_person else {}
    calls = 0
    for pk, asked in by_person.items():
        fresh = [one for one in asked if not any(one.mark in words for words in said.get(pk, ()))]
        if fresh:
            _raise(fresh[:AT_ONCE])
            calls += 1
    return calls


@transaction.atomic
def _raise(asked: Sequence[Question]) -> None:
    raise_alarm(
        person=asked[0].person,
        cause=CAUSE,
        rank=Rank.NOW if any(one.is_past for one in asked) else Rank.SOON,
        message=" ".join(one.words for one in asked),
        do=DO,
        by=None,
        prescriber_closes=True,
    )


def _asked(person: Person, key: UUID, about: dt.datetime) -> Question:
    """The question as the page showed it, if it is still asked."""
    found = next((one for one in questions([person]) if one.key == key and one.at == about), None)
    if found is not None:
        return found
    last = GoingOn.objects.select_related("recorded_by").filter(person=person, asked_about=about).last()
    by = last.recorded_by.name if last else "the stock or the plan"
    at = last.recorded_at if last else clock.now()
    raise ChangedMeanwhile(f"This is not asked any more: {by} changed it. Look at the medicines again.", by=by, at=at)
