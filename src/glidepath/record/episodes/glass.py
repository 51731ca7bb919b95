"""Breaking the glass: a clinician opens one chart they have no tie to, with a reason, for a while."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from glidepath.record import clock
from glidepath.record.audit import once as repeated
from glidepath.record.audit import services as audit
from glidepath.record.centres.queries import settings_of
from glidepath.record.episodes.models import BreakGlass
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof

if TYPE_CHECKING:
    from glidepath.record.staff.models import Staff


@transaction.atomic
def break_glass(*, person: Person, reason: str, words: str, by: Staff, proof: Proof, once: str = "") -> BreakGlass:
    """Opens this one chart to `by` for the centre's limit of minutes. Raises BadInput without a reason in words."""
    earlier = repeated.found(once, "glass.broken")
    if earlier:
        return BreakGlass.objects.get(pk=earlier)
    require(by, "break_glass")
    require_proof(by, proof)
    if by.centre_id != person.centre_id:
        raise NotAllowed("This person is in the care of another centre; its staff decide who sees the chart.")
    if reason not in BreakGlass.Reason.values:
        raise BadInput("Choose a reason.", field="reason")
    words = " ".join(words.split())
    if not words or len(words) > 300:
        raise BadInput("Say in a sentence why you open this chart, in up to 300 letters.", field="words")
    now = clock.now()
    glass = BreakGlass.objects.create(
        centre_id=person.centre_id,
        person=person,
        reason=reason,
        words=words,
        until=now + dt.timedelta(minutes=settings_of(person.centre).break_glass_minutes),
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    repeated.remember(once, "glass.broken", glass.pk)
    audit.write(
        "glass.broken", by=by, centre=person.centre, kind="break_glass", person=person, about=glass, code=reason
    )
    return glass
