"""One person's list of medicines as it is looked at: what was told, the list itself, other substances, and orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glidepath.care.assessment import queries
from glidepath.care.assessment.models import MedicineDecision, Said
from glidepath.care.assessment.ports import ordered
from glidepath.care.assessment.queries import Entries, ToldNow
from glidepath.clinical.facts.load import assessment
from glidepath.clinical.guidelines.reconciliation import Listed, Looked, look
from glidepath.record import clock
from glidepath.record.episodes.queries import current_episode
from glidepath.record.people.models import Person

TOLD, ON_THE_LIST = "told", "on the list"
KNOWN: dict[str, bool | None] = {Said.YES: True, Said.NO: False, Said.UNKNOWN: None}


def reconciliation(person: Person, *, told_now: ToldNow | None = None, given: Iterable[Listed] | None = None) -> Looked:
    """A fixed number of queries. A medicine that a prescriber stopped is not on it; one on hold is.

    told_now, given: what the person told, and what is ordered now, where they were read already.
    """
    told = told_now or queries.told_now(person, current_episode(person))
    listed = [*_told(told.entries), *_lines(person, told), *(ordered(person) if given is None else given)]
    return look(listed, facts=told.facts, today=clock.today(person.centre))


def _told(found: Entries) -> Iterator[Listed]:
    for use in found.uses:
        sedates = True if use.medicine else None
        yield Listed(use.medicine_name, use.medicine, sedates, False if use.medicine else None, (TOLD,))
    facts = assessment()
    for one in found.substances:
        sedates = True if one.substance in facts.sedating else None
        name = one.name or facts.substances[one.substance]
        yield Listed(name, "", sedates, True if one.substance in facts.opioids else None, (TOLD,))


def _lines(person: Person, told_now: ToldNow) -> Iterator[Listed]:
    for line in queries.medicine_lines(person, known=told_now.entries if told_now else None):
        row = line.medicine
        stopped = line.decision is not None and line.decision.decision == MedicineDecision.Choice.STOP
        if not stopped:
            yield Listed(row.medicine_name, row.medicine, KNOWN[row.is_sedative], KNOWN[row.is_opioid], (ON_THE_LIST,))
