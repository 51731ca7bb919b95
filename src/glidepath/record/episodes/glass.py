"""Breaking the glass: a clinician opens one chart they have no tie to, with a reason, for a while; the manager looks at
each opening afterwards and says in words how it stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from glidepath.record import clock
from glidepath.record.audit import once as repeated, services as audit
from glidepath.record.centres.queries import settings_of
from glidepath.record.episodes.models import BreakGlass, GlassReview
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
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
    words = _sentence(words, "Say in a sentence why you open this chart, in up to 300 letters.")
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


@transaction.atomic
def review_glass(*, glass: BreakGlass, outcome: str, words: str, by: Staff, once: str = "") -> GlassReview:
    """The manager has looked at this opening. Raises ChangedMeanwhile, which names who looked before."""
    earlier = repeated.found(once, "glass.reviewed")
    if earlier:
        return GlassReview.objects.get(pk=earlier)
    require(by, "glass.review")
    if by.centre_id != glass.centre_id:
        raise NotAllowed("This chart was opened at another centre; its manager looks at it.")
    if outcome not in GlassReview.Outcome.values:
        raise BadInput("Choose how it stands.", field="outcome")
    words = _sentence(words, "Say in a sentence what you found, in up to 300 letters.")
    BreakGlass.objects.select_for_update().get(pk=glass.pk)
    _refuse_a_second(glass)
    now = clock.now()
    review = GlassReview.objects.create(
        centre_id=glass.centre_id,
        glass=glass,
        outcome=outcome,
        words=words,
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    repeated.remember(once, "glass.reviewed", review.pk)
    audit.write("glass.reviewed", by=by, centre=glass.centre, person=glass.person, about=review, code=outcome)
    return review


def _refuse_a_second(glass: BreakGlass) -> None:
    first = GlassReview.objects.filter(glass=glass).select_related("recorded_by").first()
    if first is not None:
        name = first.recorded_by.name
        raise ChangedMeanwhile(
            f"{name} has reviewed this already; a review stays as it is.", by=name, at=first.recorded_at
        )


def _sentence(words: str, asked: str) -> str:
    tidy = " ".join(words.split())
    if not 0 < len(tidy) <= 300:
        raise BadInput(asked, field="words")
    return tidy
