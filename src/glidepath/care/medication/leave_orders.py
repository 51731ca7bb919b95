"""A prescriber signs that somebody may take doses along, and until when. A nurse packs under it, once and not longer.

It is due for every benzodiazepine, for every opioid, and for every other medicine that the centre's register holds.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from glidepath.care.medication.answering import same_centre
from glidepath.care.medication.due_reads import leave_of
from glidepath.care.medication.leave_reads import signed_leave
from glidepath.care.medication.models import LeaveOrder
from glidepath.clinical.monitoring.centre_times import back_by_at_most
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require, who_may
from glidepath.record.staff.signing import Proof, require_proof

ANEW = "signed anew"


@transaction.atomic
def sign_leave(
    *, person: Person, until: dt.datetime, by: Staff, proof: Proof | None, words: str = "", once: str = ""
) -> LeaveOrder:
    """May leave with what falls due up to `until`. One that was signed before and not packed under is replaced.

    Raises BadInput (field `allowed_until`) for a time not ahead or farther than the centre allows, and while somebody
    is away already.
    """
    earlier = submits.found(once, "leave.signed")
    if earlier is not None:
        return LeaveOrder.objects.get(pk=earlier)
    require(by, "order.sign")
    require_proof(by, proof)
    same_centre(person, by)
    Person.objects.select_for_update().get(pk=person.pk)
    episode, now = current_episode(person), clock.now()
    refuse_until(person, until, now, field="allowed_until")
    if episode is None or episode.admitted_at is None or episode.left_at is not None:
        raise BadInput("This person is not in the house: there is no leave to sign.")
    if leave_of(person) is not None:
        raise BadInput("Doses are out already: they are counted back first.")
    before = signed_leave(person)
    row = LeaveOrder.objects.create(
        centre_id=person.centre_id, person=person, episode=episode, until_at=until, words=words.strip()[:300],
        supersedes=before, correction_reason=ANEW if before else "", happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "leave.signed", row.pk)
    audit.write("leave.signed", by=by, centre=person.centre, kind="sign", person=person, about=row)
    return row


def refuse_until(person: Person, until: dt.datetime, now: dt.datetime, *, field: str) -> None:
    """Raises BadInput unless a leave that begins now may last until then."""
    settings = clinical_settings_of(person.centre)
    if not now < until <= back_by_at_most(now, settings):
        raise BadInput(f"Say until when: a time ahead, at most {settings.leave_longest_days} days.", field=field)


def refuse_unsigned(person: Person, until: dt.datetime, medicines: list[str]) -> LeaveOrder:
    """The signature under which these medicines are taken along until then. Raises BadInput, which says who signs."""
    names = ", ".join(dict.fromkeys(medicines))
    signed = signed_leave(person)
    if signed is None:
        raise BadInput(
            f"{names}: taken along only where a prescriber has signed until when. It is for {who_may('order.sign')}; "
            "they sign on this page."
        )
    if until > signed.until_at:
        local = clock.local(person.centre, signed.until_at)
        raise BadInput(
            f"{signed.recorded_by.name} signed until {local:%-d %b %H:%M}: {names} cannot be taken along for longer. "
            "Choose a time up to then, or ask a prescriber to sign anew.",
            field="until",
        )
    return signed
