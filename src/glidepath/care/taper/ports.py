"""What a first plan is held against: what orders give, or what was told. The medication room, which comes after, knows.

It hands a reader in when it starts, in AppConfig.ready. Without one nothing can be said.
"""

from __future__ import annotations

from collections.abc import Callable

from glidepath.clinical.guidelines.reported_dose import Before
from glidepath.record.people.models import Person

BeforePlan = Callable[[Person], Before]

_reader: BeforePlan | None = None


def tell_before_plan(reader: BeforePlan) -> None:
    """Hands in who knows what is taken before a first plan."""
    global _reader
    _reader = reader


def before_plan(person: Person) -> Before:
    """What is taken until a first plan begins; nothing where nobody can say."""
    return Before({}) if _reader is None else _reader(person)
