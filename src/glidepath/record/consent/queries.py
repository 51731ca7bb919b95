"""Reads about consent. No row means that nobody asked."""

from __future__ import annotations

from collections.abc import Sequence

from glidepath.record.consent.models import Consent
from glidepath.record.people.models import Person


def standing(person: Person) -> dict[str, Consent]:
    """The newest decision of each kind that was asked about, by kind."""
    return standing_for([person])[person.pk]


def standing_for(people: Sequence[Person]) -> dict[int, dict[str, Consent]]:
    """`standing` for many, by person id, in one query."""
    newest: dict[int, dict[str, Consent]] = {person.pk: {} for person in people}
    rows = Consent.objects.filter(person__in=people, superseded_by__isnull=True).select_related("recorded_by")
    for row in rows.order_by("happened_at", "pk"):
        newest[row.person_id][row.kind] = row
    return newest


def history(person: Person) -> list[Consent]:
    """Every decision, the newest first."""
    return list(Consent.objects.filter(person=person).select_related("recorded_by").order_by("-happened_at", "-pk"))
