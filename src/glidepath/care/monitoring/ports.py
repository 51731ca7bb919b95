"""What monitoring must know and cannot look up, because the rooms that know it stand after it.

How often a person is observed depends on the last change of dose; what their vital signs mean depends on what was told
at the assessment (pregnant, an opioid). The rooms that hold it hand a reader in when they start, in AppConfig.ready;
nothing is copied and nothing is written here. Without a reader the answer is unknown, which is never "no".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.record.people.models import Person

# People and the moment asked about; by person id, when the dose last changed before it. No entry: it did not.
DoseChanges = Callable[[Sequence[Person], dt.datetime], Mapping[int, dt.datetime]]

FactsOf = Callable[[Person], PersonFacts]

_reader: DoseChanges | None = None
_facts_of: FactsOf | None = None


def tell_dose_changes(reader: DoseChanges) -> None:
    """Hands in who knows when doses changed."""
    global _reader
    _reader = reader


def dose_changes(people: Sequence[Person], now: dt.datetime) -> Mapping[int, dt.datetime] | None:
    """When the dose of each last changed, or None where nobody can say."""
    return None if _reader is None else _reader(people, now)


def tell_facts(reader: FactsOf) -> None:
    """Hands in who knows what was told at the assessment."""
    global _facts_of
    _facts_of = reader


def facts_of(person: Person) -> PersonFacts:
    """What is known about the person; everything unknown where nobody can say."""
    return PersonFacts() if _facts_of is None else _facts_of(person)
