"""Who writes about a person locks them first: others who would wait until that act is over, and then read anew."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared


def lock_person(key: int) -> Person:
    """The person as they are now, with their centre, locked until the transaction ends. Raises Person.DoesNotExist."""
    for person in _locked([key]):
        return person
    raise Person.DoesNotExist(f"There is no person with the key {key}.")


def lock_people(keys: Iterable[int]) -> list[Person]:
    """Many at once, always in the same order: two acts about the same people never wait for each other."""
    return _locked(keys)


@prepared
def _locked(keys: Many[int]) -> QuerySet[Person]:
    people = Person.objects.select_for_update(of=("self",)).select_related("centre__settings")
    return people.filter(pk__in=keys).order_by("pk")
