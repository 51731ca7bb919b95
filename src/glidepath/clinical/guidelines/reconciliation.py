"""A person's whole list of medicines: every pair held against what is on file, and the sedative load counted.

What nobody has on file is named as not checked, and is never read as free of interactions. Whether a medicine outside
the facts sedates, or is an opioid, is what a clinician said of it; nothing is guessed from its name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from glidepath.clinical.facts.load import Interaction, interactions, rule, source
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.guidelines.co_use import check_naloxone, check_sedative_load
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.older_people import check_older_person
from glidepath.clinical.guidelines.other_medicines import MOVES
from glidepath.clinical.guidelines.risk_benefit import check_reviews

TOGETHER = "FAC-TOGETHER"


@dataclass(frozen=True, slots=True)
class Listed:
    """One medicine or substance of the list. key: the facts' key, empty outside them. sedates, is_opioid: None is not
    known. where: who says that it is taken, such as "told" and "ordered here"."""

    name: str
    key: str
    sedates: bool | None
    is_opioid: bool | None
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two of the list. moves: what is on file between them, each with the medicine it moves; empty: nothing."""

    first: Listed
    second: Listed
    moves: tuple[tuple[Listed, Interaction], ...]

    @property
    def is_checked(self) -> bool:
        """Whether something is on file; two benzodiazepines are counted in the load instead."""
        return bool(self.moves) or self.is_load

    @property
    def is_load(self) -> bool:
        return bool(self.first.key and self.second.key)

    @property
    def severity(self) -> Severity:
        return rule(TOGETHER).severity

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Each effect in words, with its source."""
        return tuple((_words(self, of, found), source(found.source).title) for of, found in self.moves)


@dataclass(frozen=True, slots=True)
class Looked:
    """The list as it was looked at. sedatives, unsure: those that sedate, and those of which nobody has said."""

    listed: tuple[Listed, ...]
    pairs: tuple[Pair, ...]
    findings: tuple[Finding, ...]

    @property
    def found(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.moves)

    @property
    def not_checked(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if not pair.is_checked)

    @property
    def sedatives(self) -> tuple[Listed, ...]:
        return tuple(one for one in self.listed if one.sedates)

    @property
    def unsure(self) -> tuple[Listed, ...]:
        return tuple(one for one in self.listed if one.sedates is None)

    @property
    def opioids(self) -> tuple[Listed, ...]:
        return tuple(one for one in self.listed if one.is_opioid)


def look(listed: Sequence[Listed], *, facts: PersonFacts, today: dt.date) -> Looked:
    """The whole list. facts: what is known of the person; an opioid or a sedative on the list counts too."""
    merged = merge(listed)
    pairs = tuple(Pair(first, second, _moves(first, second)) for first, second in combinations(merged, 2))
    return Looked(merged, pairs, _findings(merged, facts, today))


def merge(listed: Iterable[Listed]) -> tuple[Listed, ...]:
    """One entry a medicine, however many say that it is taken; a yes of one of them counts."""
    found: dict[str, Listed] = {}
    for one in listed:
        name = one.key or one.name.strip().casefold()
        before = found.get(name)
        found[name] = one if before is None else _both(before, one)
    return tuple(found.values())


def _both(one: Listed, other: Listed) -> Listed:
    return replace(
        one,
        sedates=_either(one.sedates, other.sedates),
        is_opioid=_either(one.is_opioid, other.is_opioid),
        where=tuple(dict.fromkeys((*one.where, *other.where))),
    )


def _either(one: bool | None, other: bool | None) -> bool | None:
    """A yes counts; a no counts where nobody says otherwise or does not know."""
    if one or other:
        return True
    return None if one is None or other is None else False


def _moves(first: Listed, second: Listed) -> tuple[tuple[Listed, Interaction], ...]:
    return (*_of(first, second), *_of(second, first))


def _of(medicine: Listed, agent: Listed) -> Iterable[tuple[Listed, Interaction]]:
    if not medicine.key:
        return ()
    name = agent.name.strip().lower()
    return [(medicine, found) for found in interactions(medicine.key) if name in found.agents]


def _words(pair: Pair, of: Listed, found: Interaction) -> str:
    agent = pair.second if of is pair.first else pair.first
    return f"{agent.name} {MOVES[found.level]} of {of.name} ({found.effect})"


def _findings(listed: Sequence[Listed], facts: PersonFacts, today: dt.date) -> tuple[Finding, ...]:
    takes = any(one.key for one in listed)
    opioid = any(one.is_opioid for one in listed)
    beside = tuple(one.name for one in listed if one.sedates and not one.key)
    known = replace(
        facts,
        opioid_active=True if opioid else facts.opioid_active,
        other_sedatives=True if beside else facts.other_sedatives,
    )
    if not takes:
        return ()
    reviews = [one for one in check_reviews(known, takes=True, today=today) if one.code == "JCG-16"]
    return (
        *check_naloxone(known),
        *reviews,
        *check_sedative_load(known, others=beside),
        *check_older_person(known, tapers_to_zero=bool(known.goal_full_stop)),
    )
