"""To choose between answers that disagree, and to say of an earlier stay's answer whether it still holds."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from glidepath.care.assessment import queries
from glidepath.care.assessment.locking import lock
from glidepath.care.assessment.models import PersonFact
from glidepath.care.assessment.standing import Heard
from glidepath.clinical.guidelines.domains import asked_question
from glidepath.clinical.guidelines.questions import FactKind
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require

LONGEST_REASON = 300


@transaction.atomic
def settle(*, person: Person, name: str, chosen: UUID, reason: str, by: Staff, once: str = "") -> PersonFact:
    """Of several answers that stand, this one counts. All of them stay, and so does the reason.

    chosen: the public id of an answer that stands. Raises BadInput without a reason (field `reason`) or where nothing
    disagrees, ChangedMeanwhile where the chosen one no longer stands.
    """
    earlier = submits.found(once, "assessment.settled")
    if earlier is not None:
        return PersonFact.objects.get(pk=earlier, person=person)
    require(by, "fact.settle")
    lock(person, by)
    said = reason.strip()
    if not said:
        raise BadInput("Say why this answer counts; all of them stay readable.", field="reason")
    if len(said) > LONGEST_REASON:
        raise BadInput(f"Say why in {LONGEST_REASON} characters at most.", field="reason")
    heard = _heard(person, name)
    answer = _standing(heard, chosen)
    now = clock.now()
    row = PersonFact.objects.create(
        centre_id=person.centre_id, person=person, happened_at=now, recorded_at=now, recorded_by=by,
        name=answer.name, value=answer.value, words=said, mouth=answer.mouth, settles=True,
    )  # fmt: skip
    submits.remember(once, "assessment.settled", row.pk)
    audit.write("assessment.settled", by=by, centre=person.centre, person=person, about=row)
    return row


def answer_of_before(person: Person, name: str, *, holds: bool) -> tuple[str, str]:
    """The value and the words by which an earlier stay's answer is answered again: it still holds, or no longer.

    Raises BadInput where there is none, or where it must be asked anew.
    """
    heard = _heard(person, name)
    if not heard.is_earlier:
        raise BadInput("This was answered in this stay meanwhile. Look at the answer as it stands.")
    if heard.both:
        raise BadInput("Two answers stand from the earlier stay: ask again, and record what is said now.")
    value = heard.answer.value
    if holds:
        return value, ""
    if asked_question(name).kind is FactKind.YES_NO and value in ("yes", "no"):
        return ("no" if value == "yes" else "yes"), "changed since the earlier stay"
    return "unknown", "no longer as in the earlier stay"


def _heard(person: Person, name: str) -> Heard:
    found = queries.heard([person], (name,)).get(person.pk, {}).get(name)
    if found is None:
        raise BadInput("Nobody has answered this yet.")
    return found


def _standing(heard: Heard, chosen: UUID) -> PersonFact:
    row = next((one for one in heard.standing if one.public_id == chosen), None)
    if row is None:
        last = heard.newest
        raise ChangedMeanwhile(
            f"{last.recorded_by.name} answered or chose meanwhile. Look at what stands now, then choose again.",
            by=last.recorded_by.name,
            at=last.recorded_at,
        )
    if not heard.both:
        raise BadInput("Nothing disagrees here: there is one answer.")
    return row
