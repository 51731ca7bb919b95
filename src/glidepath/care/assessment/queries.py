"""Reads of what a person told. What nobody asked stays unknown, and is drawn so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import QuerySet

from glidepath.care.assessment import standing
from glidepath.care.assessment.entry_reads import (
    CLOSED,
    Entries,
    MedicineLine,
    earlier_entries,
    entries,
    entries_of,
    medicine_at,
    medicine_lines,
    reported_daily,
    seizures_when_tapering,
    uses,
    uses_now,
    uses_of,
)
from glidepath.care.assessment.models import BenzodiazepineUse, DomainSignature, PersonFact, Source
from glidepath.care.assessment.parts import Part, part_of
from glidepath.care.assessment.standing import Heard
from glidepath.clinical.guidelines.domains import Domain, domains
from glidepath.clinical.guidelines.facts import VOCABULARY, PersonFacts
from glidepath.clinical.guidelines.questions import NO_ANSWER
from glidepath.record import clock
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import current_episode, current_episodes
from glidepath.record.people.models import Person
from glidepath.record.people.queries import age_on
from glidepath.record.prepared import Many, prepared

__all__ = [
    "Entries", "MedicineLine", "earlier_entries", "entries", "medicine_at", "medicine_lines", "reported_daily", "uses",
    "uses_now", "uses_of",
]  # fmt: skip
A_MOMENT = dt.timedelta(microseconds=1)
CO_USE = ("alcohol_dependent", "opioid_active", "oud_med")
TOLD_ALONE = frozenset(VOCABULARY) - {
    "age", "use_days_per_week", "use_months", "use_source", "past_seizure", "past_withdrawal_complicated",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """The newest answer to one question: its value as given, and when it was asked."""

    name: str
    value: str
    asked_at: dt.datetime
    words: str = ""
    is_earlier: bool = False  # said in an earlier stay, and confirmed by nobody in this one
    disagrees: bool = False  # another mouth says otherwise, and nobody has chosen yet

    @property
    def is_yes(self) -> bool:
        return self.value not in ("no", "none", "", *NO_ANSWER)


def heard(
    people: Sequence[Person],
    names: Sequence[str] = (),
    *,
    at_the_door: bool = False,
    episodes: Mapping[int, Episode] | None = None,
) -> dict[int, dict[str, Heard]]:
    """What was said of each fact and stands, by person id and name, in two queries; a name is missing where nobody
    asked. For pages: earlier stays and answers that disagree are there too, and say so.

    at_the_door: for an admission, see `stays_began`. episodes: their current ones, where they were read already.
    """
    rows = _said_with_writers(people)
    found = [row for row in rows if row.name in names] if names else rows
    return _heard(people, found, at_the_door, episodes)


def _heard(
    people: Sequence[Person], rows: Iterable[PersonFact], at_the_door: bool, episodes: Mapping[int, Episode] | None
) -> dict[int, dict[str, Heard]]:
    by_fact: dict[int, dict[str, list[PersonFact]]] = {}
    for row in rows:
        by_fact.setdefault(row.person_id, {}).setdefault(row.name, []).append(row)
    began = stays_began(people, at_the_door=at_the_door, episodes=episodes)
    return {
        pk: {name: standing.heard(found, since=began.get(pk)) for name, found in named.items()}
        for pk, named in by_fact.items()
    }


@prepared
def _said(people: Many[Person]) -> QuerySet[PersonFact]:
    return PersonFact.objects.filter(person__in=people, superseded_by__isnull=True).order_by("pk")


@prepared
def _said_of(people: Many[Person], names: Many[str]) -> QuerySet[PersonFact]:
    rows = PersonFact.objects.filter(person__in=people, name__in=names, superseded_by__isnull=True)
    return rows.order_by("pk")


@prepared
def _said_with_writers(people: Many[Person]) -> QuerySet[PersonFact]:
    rows = PersonFact.objects.filter(person__in=people, superseded_by__isnull=True)
    return rows.prefetch_related("recorded_by").order_by("pk")


def stays_began(
    people: Sequence[Person], *, at_the_door: bool = False, episodes: Mapping[int, Episode] | None = None
) -> dict[int, dt.datetime]:
    """When the present stay of each began, by person id; without any, everything ever said counts.

    at_the_door: somebody whose last stay is closed begins a new one now, so that everything is of an earlier one.
    """
    return {
        pk: clock.now() + A_MOMENT if at_the_door and episode.stage in CLOSED else episode.opened_at
        for pk, episode in (current_episodes(people) if episodes is None else episodes).items()
    }


def answers(
    people: Sequence[Person], names: Sequence[str] = (), *, episodes: Mapping[int, Episode] | None = None
) -> dict[int, dict[str, Answer]]:
    """What counts now, by person id and name: a name is missing where nobody asked in this stay.

    Of an earlier stay only what warns is there, as of its day. Of two answers that disagree the one that warns, else
    the newest; `disagrees` says so. episodes: their current ones, where they were read already.
    """
    rows = _said_of(people, names) if names else _said(people)
    return {pk: answers_among(found) for pk, found in _heard(people, rows, False, episodes).items()}


def answers_among(said: Mapping[str, Heard]) -> dict[str, Answer]:
    """`answers` of one person, of what was heard already."""
    return {name: _answer(one) for name, one in said.items() if one.warns or not one.is_earlier}


def _answer(one: Heard) -> Answer:
    row = one.answer
    return Answer(row.name, row.value, row.happened_at, row.words, one.is_earlier, one.disagrees)


def told(person: Person) -> list[PersonFact]:
    """Every answer this person gave that was not corrected, the newest first."""
    rows = PersonFact.objects.filter(person=person, superseded_by__isnull=True).select_related("recorded_by")
    return list(rows.order_by("-happened_at", "-pk"))


def co_use(people: Sequence[Person]) -> dict[int, dict[str, Answer]]:
    """Alcohol and opioids, as asked: shown with every sedative. A missing name was not asked, and is drawn so."""
    return answers(people, CO_USE)


def facts(person: Person, said: Mapping[str, Heard] | None = None) -> PersonFacts:
    """Everything the rules may ask about this person, as far as it is known. said: `stands`, where it was read."""
    return facts_of([person])[person.pk] if said is None else _facts_of([person], {person.pk: said})[person.pk]


def stands(person: Person, episode: Episode | None = None) -> Mapping[str, Heard]:
    """What was said of each fact and stands, by name, as the rules need it; `heard` names who wrote it too.

    episode: the current one, where it was read already.
    """
    episodes = None if episode is None else _by_person(episode)
    return _heard([person], _said([person]), at_the_door=False, episodes=episodes).get(person.pk, {})


def facts_of(
    people: Sequence[Person],
    *,
    taken: Mapping[int, list[BenzodiazepineUse]] | None = None,
    episodes: Mapping[int, Episode] | None = None,
) -> dict[int, PersonFacts]:
    """`facts` for many, by person id, in a fixed number of queries.

    What two mouths disagree about is unknown, and what an earlier stay said is unknown, unless it warns. taken,
    episodes: `uses_of` and the current episodes of all of them, where they were read already.
    """
    return _facts_of(people, _heard(people, _said(people), at_the_door=False, episodes=episodes), taken)


def facts_told(person: Person, only: Collection[str], *, episode: Episode | None = None) -> PersonFacts:
    """Of `facts` those named here, and everything else unknown; in one query, and one more without the `episode`.

    only: facts that nothing but an answer tells (TOLD_ALONE). Raises ValueError for another.
    """
    unfit = set(only) - TOLD_ALONE
    if unfit:
        raise ValueError(f"more than answers tells of {sorted(unfit)}: ask for all facts")
    rows = _said_of([person], only)
    return PersonFacts.of(_told(_heard([person], rows, False, _by_person(episode) or None).get(person.pk, {})))


def _facts_of(
    people: Sequence[Person],
    said: Mapping[int, Mapping[str, Heard]],
    taken: Mapping[int, list[BenzodiazepineUse]] | None = None,
) -> dict[int, PersonFacts]:
    taken, seizures = uses_of(people) if taken is None else taken, seizures_when_tapering(people)
    return {
        person.pk: _facts(person, said.get(person.pk, {}), taken.get(person.pk, []), person.pk in seizures)
        for person in people
    }


def _facts(
    person: Person, said: Mapping[str, Heard], taken: list[BenzodiazepineUse], seizure_when_tapering: bool
) -> PersonFacts:
    told = _told(said)
    if seizure_when_tapering:
        told |= {"past_seizure": "yes", "past_withdrawal_complicated": "yes"}
    known = PersonFacts.of(told)
    return replace(
        known,
        age=Decimal(age_on(person.birth_date, clock.today(person.centre))),
        use_days_per_week=_largest(row.days_per_week for row in taken) or known.use_days_per_week,
        use_months=_largest(row.months for row in taken) or known.use_months,
        use_source=_source(taken) or known.use_source,
    )


def _told(said: Mapping[str, Heard]) -> dict[str, str]:
    return {name: one.answer.value for name, one in said.items() if one.counts and name in VOCABULARY}


def parts(person: Person, *, told_now: ToldNow | None = None) -> tuple[Part, ...]:
    """Every domain as it stands in this stay: how far, who wrote, who signed; a fixed number of queries.

    told_now: where it was read already.
    """
    return _parts(person, tuple(domains().values()), told_now)


def part(person: Person, domain: str) -> Part:
    """One domain of `parts`. Raises KeyError for a domain that does not exist."""
    return _parts(person, (domains()[domain],), None)[0]


def _parts(person: Person, wanted: Sequence[Domain], told_now: ToldNow | None) -> tuple[Part, ...]:
    episode = told_now.episode if told_now else current_episode(person)
    said = told_now.said if told_now else heard([person], episodes=_by_person(episode)).get(person.pk, {})
    found = told_now.entries if told_now else entries_of(episode)
    signed = _signatures(person, episode)
    return tuple(part_of(one, said, found.of_domain(one.key), signed) for one in wanted)


@dataclass(frozen=True, slots=True)
class ToldNow:
    """What one person told, as it stands: read once for a page that shows many sides of it."""

    episode: Episode | None
    said: Mapping[str, Heard]
    entries: Entries
    facts: PersonFacts

    @property
    def uses(self) -> tuple[BenzodiazepineUse, ...]:
        """As `uses_now`."""
        return () if self.episode is None or self.episode.stage in CLOSED else self.entries.uses


def told_now(person: Person, episode: Episode | None) -> ToldNow:
    """episode: the current one."""
    heard_of = heard([person], episodes=_by_person(episode))
    return ToldNow(episode, heard_of.get(person.pk, {}), entries_of(episode), _facts_of([person], heard_of)[person.pk])


def _by_person(episode: Episode | None) -> dict[int, Episode]:
    return {} if episode is None else {episode.person_id: episode}


def _signatures(person: Person, episode: Episode | None) -> list[DomainSignature]:
    rows = DomainSignature.objects.filter(person=person, episode=episode).select_related("recorded_by")
    return list(rows.order_by("-recorded_at", "-pk"))


def unconfirmed(person: Person, said: Mapping[str, Heard] | None = None) -> tuple[Heard, ...]:
    """Warnings of an earlier stay that count on although nobody has confirmed them in this one. said: `stands`, where
    it was read."""
    found = stands(person) if said is None else said
    return tuple(one for one in found.values() if one.is_earlier and one.warns)


def newest_answer(person: Person) -> int:
    """The id of the newest answer to any fact, 0 for none: what a form was made from."""
    newest = PersonFact.objects.filter(person=person).order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def said_since(person: Person, seen: int, names: Sequence[str]) -> list[PersonFact]:
    """Answers to these facts that came after `seen`, the oldest first."""
    rows = PersonFact.objects.filter(person=person, pk__gt=seen, name__in=names).select_related("recorded_by")
    return list(rows.order_by("pk"))


def as_of(
    person: Person, seen: int | None, *, at_the_door: bool = False, episode: Episode | None = None
) -> dict[str, Heard]:
    """What a form that was made from `seen` showed of each fact; None: as it stands now, which is what `heard` says.

    episode: the current one, where it was read already.
    """
    rows = [row for row in _said_with_writers([person]) if seen is None or row.pk <= seen]
    episodes = None if episode is None else _by_person(episode)
    return _heard([person], rows, at_the_door, episodes).get(person.pk, {})


def _largest(values: Iterable[int | Decimal | None]) -> Decimal | None:
    """Of several medicines the longest and most frequent use counts. Where one is not known, the largest is not."""
    given = list(values)
    known = [Decimal(value) for value in given if value is not None]
    return max(known) if given and len(known) == len(given) else None


def _source(taken: list[BenzodiazepineUse]) -> str | None:
    sources = {row.source for row in taken}
    if not sources:
        return None
    if Source.UNKNOWN in sources:
        return Source.UNKNOWN.value
    return sources.pop() if len(sources) == 1 else Source.MIXED.value
