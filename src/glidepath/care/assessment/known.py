"""One fact, known on both sides: what was told, for forms that ask it too; what forms say, for this room's pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from glidepath.care.assessment import queries
from glidepath.care.assessment.shown import said
from glidepath.care.assessment.standing import Heard
from glidepath.care.instruments.beside import from_forms
from glidepath.care.instruments.ports import Known
from glidepath.record import clock
from glidepath.record.people.models import Person
from glidepath.record.people.queries import age_on


def told(person: Person, facts: Collection[str]) -> Sequence[Known]:
    """What was told of these facts, in words, by whom and when; and the age by the birth date."""
    heard = queries.heard([person], sorted(facts)).get(person.pk, {})
    found = [Known(name, words) for name, one in heard.items() for words in _words(person, one)]
    if "age" in facts:
        found.append(Known("age", f"{age_on(person.birth_date, clock.today(person.centre))} years, by the birth date"))
    return found


def said_in_forms(person: Person, names: Collection[str]) -> dict[str, list[str]]:
    """What this stay's forms say of these facts, in words, by name."""
    found: dict[str, list[str]] = {}
    for one in from_forms(person, names):
        found.setdefault(one.fact, []).append(one.words)
    return found


def _words(person: Person, heard: Heard) -> list[str]:
    """ "yes, says the person; Amara Okafor, 17 Nov"; of an earlier stay as of its day."""
    found = []
    for one in said(heard):
        day = f"{clock.local(person.centre, one.at):%-d %b %Y}"
        words = f"as of {day}: {one.words}, not confirmed in this stay" if heard.is_earlier else one.words
        found.append(words if heard.is_earlier else f"{words}, says {one.mouth}; {one.by}, {day}")
    return found
