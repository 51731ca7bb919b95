"""CIWA-Ar and COWS from both sides: what was scored on the round, and what a form of before the admission says.

Of somebody in a bed the round is their only door; each side shows what the other holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from glidepath.care.instruments import queries as forms
from glidepath.care.instruments.ports import AtBedside
from glidepath.care.monitoring.models import ScaleScore
from glidepath.care.monitoring.standing_rows import standing
from glidepath.clinical.monitoring.scale_choice import Scale
from glidepath.record import clock
from glidepath.record.people.models import Person


def at_bedside(people: Sequence[Person]) -> Mapping[int, Sequence[AtBedside]]:
    """What was scored on the round and stands, by person id, the oldest first; in one query."""
    rows = standing(ScaleScore).filter(person__in=[one.pk for one in people], answered__gt=0)
    found: dict[int, list[AtBedside]] = {}
    for row in rows.select_related("recorded_by").order_by("happened_at", "id"):
        words = f"{row.total}, {row.band_words}" if row.total is not None else row.label
        one = AtBedside(row.scale, words, row.happened_at, row.recorded_by.name, row.total is not None)
        found.setdefault(row.person_id, []).append(one)
    return found


def by_form(person: Person, scales: Collection[Scale]) -> Mapping[Scale, str]:
    """The newest finished form of each of these scales in words; in two queries, or none."""
    if not scales:
        return {}
    rows = forms.results([person], instruments=[one.value for one in scales]).get(person.pk, ())
    return {Scale(one.instrument): _words(one) for one in rows}


def _words(one: forms.Result) -> str:
    at = clock.local(one.form.centre, one.at)
    said = f"{one.score.total}, {one.score.band_label}" if one.score.total is not None else "partial"
    return f"{said}, {at:%-d %b %H:%M}"
