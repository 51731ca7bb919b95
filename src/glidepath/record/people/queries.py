"""Reads about people. Who may open a chart is decided in record/episodes; a search shows who is here, and no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from glidepath.record.history import version_of
from glidepath.record.people.fold import fold
from glidepath.record.people.models import AllergyStatement, Contact, Person
from glidepath.record.prepared import Many, prepared
from glidepath.record.staff.permissions import require

if TYPE_CHECKING:
    from glidepath.record.centres.models import Centre
    from glidepath.record.staff.models import Staff

FOUND_AT_MOST = 30

AllergyState = Literal["not_asked", "none_known", "known"]


@dataclass(frozen=True, slots=True)
class Allergies:
    """What is known of somebody's allergies. "not_asked" is no answer and never means none."""

    state: AllergyState
    statements: tuple[AllergyStatement, ...] = ()  # those that stand: the allergies, or the one that none is known

    @property
    def known(self) -> tuple[AllergyStatement, ...]:
        return self.statements if self.state == "known" else ()


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who is here already and may be the one at the desk."""

    person: Person
    certain: bool  # same legal name and birth date; else only near
    why: str


def search(viewer: Staff, text: str) -> list[Person]:
    """People of the viewer's centre by any part of their names, or by number. Accents and capitals do not matter.

    Shows who is here, so that a clinician outside the care team can find whose glass to break; it opens no chart.
    """
    require(viewer, "people.search")
    words = fold(text).split()
    if not words:
        return []
    wanted = Q(number=int(words[0])) if len(words) == 1 and words[0].isdecimal() and len(words[0]) < 10 else Q()
    if not wanted:
        for word in words:
            wanted &= Q(folded__contains=word)
    people = Person.objects.filter(wanted, centre=viewer.centre).select_related("centre")
    return list(people.order_by("folded", "number")[:FOUND_AT_MOST])


def find_known(centre: Centre, legal_name: str, birth_date: dt.date) -> list[Alike]:
    """Who of the centre this may be, the certain first: same name and birth date, same birth date, same name."""
    name = fold(legal_name)
    people = Person.objects.filter(centre=centre).filter(Q(birth_date=birth_date) | Q(folded__contains=name))
    alike = [_alike(person, name, birth_date) for person in people.order_by("number")]
    return sorted((one for one in alike if one), key=lambda one: (not one.certain, one.person.number))


def allergies(person: Person) -> Allergies:
    return allergies_for([person])[person.pk]


def allergies_for(people: Sequence[Person]) -> dict[int, Allergies]:
    """`allergies` for many, by person id, in one query; everybody asked for is in it."""
    standing: dict[int, list[AllergyStatement]] = {person.pk: [] for person in people}
    for row in _statements(people):
        standing[row.person_id].append(row)
    return {person_id: _allergies(rows) for person_id, rows in standing.items()}


@prepared
def _statements(people: Many[Person]) -> QuerySet[AllergyStatement]:
    rows = AllergyStatement.objects.filter(person__in=people, superseded_by__isnull=True)
    return rows.select_related("recorded_by").order_by("happened_at", "pk")


def allergy_history(person: Person) -> list[AllergyStatement]:
    """Every statement ever made, those set right too, the newest first."""
    rows = AllergyStatement.objects.filter(person=person).select_related("recorded_by", "supersedes", "superseded_by")
    return list(rows.order_by("-recorded_at", "-pk"))


def contacts(person: Person) -> list[Contact]:
    """The people this person named, whom to call in an emergency first."""
    return list(Contact.objects.filter(person=person).order_by("-is_emergency_contact", "name"))


def contact_at(person: Person, public_id: UUID | str) -> Contact | None:
    return Contact.objects.filter(person=person, public_id=public_id).first()


def person_version(person: Person) -> int:
    """What the identity form carries as `seen`."""
    return version_of(person)


def person_now(person: Person) -> Person:
    """The person's row as it stands this moment, whatever was read before."""
    return Person.objects.select_related("centre").get(pk=person.pk)


def numbers(centre: Centre, ids: Sequence[int]) -> dict[int, int]:
    """The centre's numbers by person id: what the audit page shows instead of names."""
    return dict(Person.objects.filter(centre=centre, pk__in=ids).values_list("pk", "number"))


def with_number(centre: Centre, number: int) -> Person | None:
    return Person.objects.filter(centre=centre, number=number).first()


def _alike(person: Person, name: str, birth_date: dt.date) -> Alike | None:
    same_name, same_day = fold(person.legal_name) == name, person.birth_date == birth_date
    if same_name and same_day:
        return Alike(person, True, "same legal name and birth date")
    if same_day:
        return Alike(person, False, "same birth date")
    return Alike(person, False, "same legal name") if same_name else None


def _allergies(rows: list[AllergyStatement]) -> Allergies:
    known = tuple(row for row in rows if row.substance)
    if known:
        return Allergies("known", known)
    none = tuple(row for row in rows if row.none_known)
    return Allergies("none_known", none) if none else Allergies("not_asked")


def age_on(birth_date: dt.date, day: dt.date) -> int:
    """Full years on that calendar day; somebody born on 29 February is a year older on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
