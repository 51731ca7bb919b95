"""Reads of what a person told. What nobody asked stays unknown, and is drawn so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from glidepath.care.assessment.models import BenzodiazepineUse, PersonFact, Source
from glidepath.clinical.amounts import Dose
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.record import clock
from glidepath.record.people.models import Person

CO_USE = ("alcohol_dependent", "opioid_active", "oud_med")


@dataclass(frozen=True, slots=True)
class Answer:
    """The newest answer to one question: its value as given, and when it was asked."""

    name: str
    value: str
    asked_at: dt.datetime
    words: str = ""

    @property
    def is_yes(self) -> bool:
        return self.value not in ("no", "unknown", "none", "")


def uses(person: Person) -> list[BenzodiazepineUse]:
    """What counts now of what the person takes, in the order it was told."""
    return uses_of([person]).get(person.pk, [])


def uses_of(people: Sequence[Person]) -> dict[int, list[BenzodiazepineUse]]:
    """`uses` for many, by person id, in one query. Of several episodes the newest one's entries count."""
    rows = BenzodiazepineUse.objects.filter(person__in=people, superseded_by__isnull=True)
    found: dict[int, list[BenzodiazepineUse]] = {}
    for row in rows.select_related("recorded_by").order_by("person_id", "episode__opened_at", "pk"):
        kept = found.setdefault(row.person_id, [])
        if kept and kept[-1].episode_id != row.episode_id:
            kept.clear()
        kept.append(row)
    return found


def reported_daily(rows: Iterable[BenzodiazepineUse]) -> dict[str, Dose]:
    """The reported daily dose by medicine; a medicine without a known amount is left out."""
    daily: dict[str, Dose] = {}
    for row in rows:
        if row.medicine and row.daily_ng:
            dose, name = Dose.from_ng(row.daily_ng, row.medicine_name), row.medicine_name
            daily[name] = daily[name] + dose if name in daily else dose
    return daily


def answers(people: Sequence[Person], names: Sequence[str] = ()) -> dict[int, dict[str, Answer]]:
    """The newest answer by person id and name, in one query; a name is missing where nobody asked."""
    rows = PersonFact.objects.filter(person__in=people, superseded_by__isnull=True)
    if names:
        rows = rows.filter(name__in=names)
    found: dict[int, dict[str, Answer]] = {}
    for row in rows.order_by("happened_at", "pk"):
        answer = Answer(row.name, row.value, row.happened_at, row.words)
        found.setdefault(row.person_id, {})[row.name] = answer
    return found


def co_use(people: Sequence[Person]) -> dict[int, dict[str, Answer]]:
    """Alcohol and opioids, as asked: shown with every sedative. A missing name was not asked, and is drawn so."""
    return answers(people, CO_USE)


def facts(person: Person) -> PersonFacts:
    """Everything the rules may ask about this person, as far as it is known."""
    return facts_of([person])[person.pk]


def facts_of(people: Sequence[Person]) -> dict[int, PersonFacts]:
    """`facts` for many, by person id, in two queries."""
    told, taken = answers(people), uses_of(people)
    return {person.pk: _facts(person, told.get(person.pk, {}), taken.get(person.pk, [])) for person in people}


def _facts(person: Person, told: dict[str, Answer], taken: list[BenzodiazepineUse]) -> PersonFacts:
    known = PersonFacts.of({name: answer.value for name, answer in told.items()})
    return replace(
        known,
        age=Decimal(age_on(person.birth_date, clock.today(person.centre))),
        use_days_per_week=_largest(row.days_per_week for row in taken) or known.use_days_per_week,
        use_months=_largest(row.months for row in taken) or known.use_months,
        use_source=_source(taken) or known.use_source,
    )


def age_on(birth_date: dt.date, day: dt.date) -> int:
    """Full years of age on that calendar day."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


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
