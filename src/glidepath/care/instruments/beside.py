"""What is known already of a fact that a form asks: said elsewhere in the record, or in another form of this stay.

It is shown beside the question and answers nothing by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from functools import cache

from glidepath.care.instruments import queries
from glidepath.care.instruments.catalogue import IN_A_BED, ON_THE_ROUND, instrument_of
from glidepath.care.instruments.models import Form, GivenAnswer
from glidepath.care.instruments.ports import AtBedside, Known, at_bedside, known_elsewhere
from glidepath.clinical.facts.instruments import Instrument, Item
from glidepath.clinical.facts.load import instruments
from glidepath.record import clock
from glidepath.record.people.models import Person

OF_ONE_NIGHT = frozenset({"hours_slept", "minutes_until_asleep"})  # only today's answer is about the same night


@cache
def asked_by_forms() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Which items of the forms (instrument, item) ask each fact that other forms ask too."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, one in instruments().items():
        for item in one.items:
            if item.fact is not None and key not in ON_THE_ROUND:
                found.setdefault(item.fact, []).append((key, item.key))
    return {fact: tuple(items) for fact, items in found.items()}


def from_forms(person: Person, facts: Collection[str], *, but: Form | None = None) -> list[Known]:
    """What this stay's forms say of these facts, the newest last; of a night only today's. One query, or none."""
    by_item = {item: fact for fact in facts for item in asked_by_forms().get(fact, ())}
    if not by_item:
        return []
    today = clock.today(person.centre)
    rows = queries.answers_to(person, by_item, but=but)
    found = [(by_item[row.form.instrument, row.item], row) for row in rows]
    return [Known(fact, _words(row)) for fact, row in found if fact not in OF_ONE_NIGHT or _day(row) == today]


def known_beside(form: Form, asked: Instrument) -> dict[str, tuple[str, ...]]:
    """For the page of a form: by item what is known of its fact, from other forms and from the rest of the record."""
    facts = {item.fact for item in asked.items if item.fact is not None}
    known = [*known_elsewhere(form.person, facts), *from_forms(form.person, facts, but=form)]
    return {item.key: tuple(one.words for one in known if one.fact == item.fact) for item in asked.items if item.fact}


def last_at_bedside(person: Person, instrument: str) -> AtBedside | None:
    """The newest score of this instrument that was taken on the observation round; no query for any other one."""
    return newest_at_bedside(person).get(instrument) if instrument in IN_A_BED else None


def newest_at_bedside(person: Person) -> dict[str, AtBedside]:
    """By instrument, the newest score of the observation round."""
    return {one.instrument: one for one in at_bedside([person]).get(person.pk, ())}


def _words(row: GivenAnswer) -> str:
    asked = instrument_of(row.form)
    item = asked.item(row.item)
    at = clock.local(row.form.centre, row.happened_at)
    return f"{item.label}: {_answer(item, row.answer)} ({asked.name}, {at:%-d %b %H:%M})"


def _answer(item: Item, text: str) -> str:
    words = item.anchors.get(int(text), "") if item.allowed else ""
    return words or (f"{text} {item.unit}" if item.unit else text)


def _day(row: GivenAnswer) -> dt.date:
    return clock.local(row.form.centre, row.happened_at).date()
