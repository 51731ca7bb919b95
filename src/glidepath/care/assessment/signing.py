"""To sign what oneself wrote in one domain of the assessment."""

from __future__ import annotations

from django.db import transaction

from glidepath.care.assessment import queries
from glidepath.care.assessment.locking import lock, present_stay
from glidepath.care.assessment.models import DomainSignature
from glidepath.clinical.guidelines.domains import domains
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof

LONGEST_SUMMARY = 1000


@transaction.atomic
def sign_part(
    *, person: Person, domain: str, words: str, by: Staff, proof: Proof, shown: str, once: str = ""
) -> DomainSignature:
    """The author's own answers and entries of this stay, with a summary in words; the version before stays as it was.

    shown: the digest of what the page showed. Raises BadInput for nothing of one's own, nothing new, or no words
    (field `words`), ChangedMeanwhile where what was shown has changed.
    """
    earlier = submits.found(once, "assessment.signed")
    if earlier is not None:
        return DomainSignature.objects.get(pk=earlier, person=person)
    require(by, "assessment.sign")
    require_proof(by, proof)
    lock(person, by)
    if domain not in domains():
        raise BadInput("The assessment has no such part. Open the page again.")
    said = words.strip()
    if not said:
        raise BadInput("Sum it up in a few words: a colleague reads these first.", field="words")
    if len(said) > LONGEST_SUMMARY:
        raise BadInput(f"Sum it up in {LONGEST_SUMMARY} characters at most.", field="words")
    own = queries.part(person, domain).own_of(by)
    if not own.content:
        raise BadInput("There is nothing of yours here to sign: each signs what they wrote.")
    if own.digest != shown:
        raise ChangedMeanwhile(
            "What you wrote here has changed since you opened the page. Look at it, then sign again.",
            by=by.name,
            at=clock.now(),
        )
    if own.state == "signed":
        raise BadInput("You have signed this already, and nothing of yours has changed since.")
    now = clock.now()
    row = DomainSignature.objects.create(
        centre_id=person.centre_id, person=person, episode=present_stay(person), domain=domain,
        number=own.newest.number + 1 if own.newest else 1, words=said, content=[list(one) for one in own.content],
        digest=own.digest, happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "assessment.signed", row.pk)
    audit.write(
        "assessment.signed", by=by, centre=person.centre, kind="sign", person=person, about=row, code=domain,
        digest=row.digest,
    )  # fmt: skip
    return row
