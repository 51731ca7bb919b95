"""Reads of the structured entries: what somebody takes and took, earlier tapers, and the list of medicines.

Entries that were corrected are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from glidepath.care.assessment.models import (
    BenzodiazepineUse,
    MedicineCheck,
    MedicineDecision,
    MedicineTaken,
    PastTaper,
    Said,
    SubstanceUse,
)
from glidepath.care.assessment.parts import Entry
from glidepath.clinical.amounts import Dose
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.people.models import Person
from glidepath.record.prebuilt import prebuilt
from glidepath.record.prepared import Many, prepared
from glidepath.record.rows import ClinicalRow

OfLine = TypeVar("OfLine", MedicineDecision, MedicineCheck)
Row = TypeVar("Row", BenzodiazepineUse, PastTaper, SubstanceUse, MedicineTaken)
Kept = TypeVar("Kept", bound=ClinicalRow)
CLOSED = (Stage.DISCHARGED, Stage.AFTERCARE)  # a returning person begins a new stretch of care


def uses(person: Person) -> list[BenzodiazepineUse]:
    """What counts now of what the person takes, in the order it was told."""
    return uses_of([person]).get(person.pk, [])


def uses_of(people: Sequence[Person]) -> dict[int, list[BenzodiazepineUse]]:
    """`uses` for many, by person id, in one query. Of several episodes the newest one's entries count."""
    found: dict[int, list[BenzodiazepineUse]] = {}
    for row in _told_uses(people):
        kept = found.setdefault(row.person_id, [])
        if kept and kept[-1].episode_id != row.episode_id:
            kept.clear()
        kept.append(row)
    return found


@prepared
def _told_uses(people: Many[Person]) -> QuerySet[BenzodiazepineUse]:
    rows = BenzodiazepineUse.objects.filter(person__in=people, superseded_by__isnull=True).select_related("recorded_by")
    return rows.order_by("person_id", "episode__opened_at", "pk")


def reported_daily(rows: Iterable[BenzodiazepineUse]) -> dict[str, Dose]:
    """The reported daily dose by medicine; a medicine without a known amount is left out."""
    daily: dict[str, Dose] = {}
    for row in rows:
        if row.medicine and row.daily_ng:
            dose, name = Dose.from_ng(row.daily_ng, row.medicine_name), row.medicine_name
            daily[name] = daily[name] + dose if name in daily else dose
    return daily


@dataclass(frozen=True, slots=True)
class Entries:
    """The structured entries of this stay that stand, each kind in the order written."""

    uses: tuple[BenzodiazepineUse, ...]
    past_tapers: tuple[PastTaper, ...]
    substances: tuple[SubstanceUse, ...]
    medicines: tuple[MedicineTaken, ...]

    def of_domain(self, key: str) -> tuple[Entry, ...]:
        kinds: Mapping[str, tuple[Entry, ...]] = {
            "benzodiazepines": (*self.uses, *self.past_tapers),
            "substances": self.substances,
            "medicines": self.medicines,
        }
        return kinds.get(key, ())


def entries(person: Person) -> Entries:
    """Of this stay; what an earlier stay told is read by `earlier_entries`."""
    return entries_of(current_episode(person))


def entries_of(episode: Episode | None) -> Entries:
    """Of one stay; None: nothing."""
    if episode is None:
        return Entries((), (), (), ())
    return Entries(
        _of_stay(BenzodiazepineUse, episode),
        _of_stay(PastTaper, episode),
        _of_stay(SubstanceUse, episode),
        _of_stay(MedicineTaken, episode),
    )


def uses_now(person: Person) -> tuple[BenzodiazepineUse, ...]:
    """What was told in the stretch of care that is open; nothing at the door of a new one."""
    episode = current_episode(person)
    return () if episode is None or episode.stage in CLOSED else _of_stay(BenzodiazepineUse, episode)


def earlier_entries(person: Person) -> tuple[Entry, ...]:
    """Of each kind those of the newest earlier stay, for the page: as of their day, until they are told again."""
    episode = current_episode(person)
    if episode is None:
        return ()
    return (
        *_of_stay_before(BenzodiazepineUse, episode),
        *_of_stay_before(PastTaper, episode),
        *_of_stay_before(SubstanceUse, episode),
        *_of_stay_before(MedicineTaken, episode),
    )


def _of_stay(kind: type[Row], episode: Episode) -> tuple[Row, ...]:
    return tuple(_kept_of(kind)(episode))


@cache
def _kept_of(kind: type[Row]) -> Callable[[Episode], list[Row]]:
    @prepared
    def of_stay(episode: Episode) -> QuerySet[Row, Row]:
        return _kept(kind).filter(episode=episode)

    return of_stay


@prebuilt
def _kept(kind: type[Kept]) -> QuerySet[Kept]:
    """What stands of one kind, in the order written."""
    return kind._default_manager.filter(superseded_by__isnull=True).select_related("recorded_by").order_by("pk")


def _of_stay_before(kind: type[Row], episode: Episode) -> list[Row]:
    rows = kind._default_manager.filter(
        person=episode.person_id, superseded_by__isnull=True, episode__opened_at__lt=episode.opened_at
    )
    newest = list(rows.select_related("recorded_by", "episode").order_by("-episode__opened_at", "pk"))
    return [row for row in newest if row.episode_id == newest[0].episode_id]


def seizures_when_tapering(people: Sequence[Person]) -> set[int]:
    """Whose entries tell of a seizure on an earlier way down: that is one, whatever else was answered."""
    return {*_told_of_a_seizure(people)}


@prepared
def _told_of_a_seizure(people: Many[Person]) -> QuerySet[PastTaper, int]:
    rows = PastTaper.objects.filter(person__in=people, superseded_by__isnull=True, seizure=Said.YES)
    return rows.values_list("person_id", flat=True)


@dataclass(frozen=True, slots=True)
class MedicineLine:
    """One line of the list with the newest decision and the newest check; None: nobody has yet."""

    medicine: MedicineTaken
    decision: MedicineDecision | None
    check: MedicineCheck | None


def medicine_lines(person: Person, *, known: Entries | None = None) -> tuple[MedicineLine, ...]:
    """The list of this stay, in the order written; a fixed number of queries. known: `entries`, where read already."""
    lines = (known or entries(person)).medicines
    decided = {row.medicine_id: row for row in _of_lines(MedicineDecision, lines)}
    checked = {row.medicine_id: row for row in _of_lines(MedicineCheck, lines)}
    return tuple(MedicineLine(one, decided.get(one.pk), checked.get(one.pk)) for one in lines)


def medicine_at(person: Person, public_id: UUID) -> MedicineTaken | None:
    """The line of this person under this address that stands, or None."""
    rows = MedicineTaken.objects.filter(person=person, public_id=public_id, superseded_by__isnull=True)
    return rows.select_related("person__centre").first()


def _of_lines(kind: type[OfLine], lines: Sequence[MedicineTaken]) -> list[OfLine]:
    rows = kind._default_manager.filter(medicine__in=lines, superseded_by__isnull=True)
    return list(rows.select_related("recorded_by").order_by("pk"))
