"""Recording what a person agreed to, declined or took back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from glidepath.record.audit import once as repeated, services as audit
from glidepath.record.consent.models import Consent
from glidepath.record.consent.queries import standing
from glidepath.record.episodes.models import Episode
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import require
from glidepath.record.times import when

if TYPE_CHECKING:
    from glidepath.record.staff.models import Staff


@transaction.atomic
def record(
    *,
    episode: Episode,
    kind: str,
    decision: str,
    by: Staff,
    how: str = "",
    happened_at: dt.datetime | None = None,
    once: str = "",
) -> Consent:
    """One decision of one kind. A later decision does not correct the earlier: both were true in their time.

    how: "signed on paper", "said, witnessed by ..."; needed for a yes. Raises BadInput to take back what was not given.
    """
    earlier = repeated.found(once, "consent.recorded")
    if earlier:
        return Consent.objects.get(pk=earlier)
    require(by, "consent.record")
    if by.centre_id != episode.centre_id:
        raise NotAllowed("This person is in the care of another centre.")
    person = Person.objects.select_for_update().get(pk=episode.person_id)
    _check(person, kind, decision, how)
    true_at, written_at = when(happened_at)
    consent = Consent.objects.create(
        centre_id=episode.centre_id,
        person=person,
        episode=episode,
        kind=kind,
        decision=decision,
        how=" ".join(how.split()),
        happened_at=true_at,
        recorded_at=written_at,
        recorded_by=by,
    )
    repeated.remember(once, "consent.recorded", consent.pk)
    audit.write(
        "consent.recorded", by=by, centre=episode.centre, person=person, about=consent, code=f"{kind}.{decision}"
    )
    return consent


def _check(person: Person, kind: str, decision: str, how: str) -> None:
    if kind not in Consent.Kind.values:
        raise BadInput("Choose what the consent is about.", field="kind")
    if decision not in Consent.Decision.values:
        raise BadInput("Choose given, declined or taken back.", field="decision")
    if decision == Consent.Decision.GIVEN and not how.strip():
        raise BadInput("Say how it was given: signed on paper, or said and witnessed by whom.", field="how")
    if len(how) > 120:
        raise BadInput(f"This is {len(how)} letters long; 120 fit.", field="how")
    now = standing(person).get(kind)
    if decision == Consent.Decision.WITHDRAWN and (now is None or now.decision != Consent.Decision.GIVEN):
        raise BadInput("Only a consent that was given can be taken back. Record it as declined.", field="decision")
