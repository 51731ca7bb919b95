"""No benzodiazepine of a dependent person ends because they are moved, or because a shelf is empty.

A day before a planned move to another unit or out of the house, and a day before a dose that the register of the unit
does not hold, a prescriber is asked how it goes on; at the moment itself the question is for now. What is asked is
worked out whenever it is looked at: from planned moves, from the doses that are due, and from the stock.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from glidepath.care.assessment.queries import facts_of
from glidepath.care.medication import queries
from glidepath.care.medication.going_on_rows import FOR_A_UNIT, FOR_AWAY, FOR_STOCK
from glidepath.care.medication.models import GoingOn
from glidepath.care.medication.rows import ASKS_BEFORE, DueRow
from glidepath.care.supply import amounts, cover, services as supply
from glidepath.care.supply.covering import lots_to_give
from glidepath.care.supply.models import StockedProduct
from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.daily_dose import dde_max
from glidepath.clinical.guidelines.dependence import dependence
from glidepath.record import clock
from glidepath.record.centres.queries import units as units_of
from glidepath.record.episodes.models import PlannedMove
from glidepath.record.episodes.queries import last_units
from glidepath.record.episodes.services import planned_moves
from glidepath.record.people.models import Person

STILL_OPEN = dt.timedelta(hours=12)  # ours: an unanswered dose of this long ago still needs its tablets
DAY = dt.timedelta(hours=24)
LONGEST = 190  # three of them make one message


@dataclass(frozen=True, slots=True)
class Question:
    """How a person's benzodiazepine goes on, about one planned move or one product. at: when it would end."""

    person: Person
    at: dt.datetime
    now: dt.datetime
    move: PlannedMove | None = None
    product: StockedProduct | None = None
    held: int = 0  # base units of the product that the unit may give
    unit: str = ""

    @property
    def key(self) -> UUID:
        """What it is about, as an address: the move's id, or the product's."""
        about = self.move or self.product
        assert about is not None
        return about.public_id

    @property
    def is_past(self) -> bool:
        return self.at <= self.now

    @property
    def choices(self) -> tuple[GoingOn.Choice, ...]:
        if self.move is None:
            return FOR_STOCK
        return FOR_AWAY if self.move.kind == PlannedMove.Kind.LEAVE else FOR_A_UNIT

    @property
    def mark(self) -> str:
        """The part of its words that stays as long as it is the same question: it tells whether that was said."""
        local = clock.local(self.person.centre, self.at)
        come = "The moment has come: " if self.is_past else ""
        if self.product is not None:
            name = self.product.as_clinical().name
            return f"{come}{name}: too little for the dose of {local:%-d %b} at {local:%H:%M}"
        assert self.move is not None
        where = "leave" if self.move.bed is None else f"move to {self.move.bed.room.unit.name}"
        planned = f"planned to {where} on {local:%-d %b}"
        return f"{come}{planned}" if come else f"P{planned[1:]}"

    @property
    def words(self) -> str:
        if self.product is not None:
            return f"{self.mark}; {self.unit} holds {amounts.in_words(self.held, self.product)}."[:LONGEST]
        return f"{self.mark}: say how the benzodiazepine goes on."[:LONGEST]


def questions(people: Sequence[Person], now: dt.datetime | None = None) -> list[Question]:
    """What a prescriber is asked about these admitted people and has not answered; the earliest first.

    People whose facts rule physical dependence out are left out; where it is not known they are not. The same queries
    for 3 people and for 60.
    """
    at = now or clock.now()
    if not people:
        return []
    standing = queries.standing_now(people)
    rows = queries.due(people, at - DAY, at + ASKS_BEFORE + dt.timedelta(seconds=1), standing=standing)
    takes = [row for row in rows if row.is_benzodiazepine]
    asked = [*_about_moves(people, takes, standing, at), *_about_stock(people, rows, at)]
    found = _unanswered(asked)
    dependent = _may_be_dependent({one.person.pk: one.person for one in found}.values(), takes, at)
    return sorted(
        (one for one in found if one.person.pk in dependent), key=lambda one: (one.at, one.person.pk, one.key)
    )


def _about_moves(
    people: Sequence[Person], takes: Sequence[DueRow], standing: queries.Standing, now: dt.datetime
) -> list[Question]:
    """Planned for a day that begins within a day: to another unit, or away."""
    here, found = {person.pk: person for person in people}, []
    concerned = {row.person.pk for row in takes if row.due.due_at > now} | {
        person.pk
        for person in people
        if any(order.is_benzodiazepine and order.stands(now) for order in standing.orders.get(person.pk, ()))
    }
    units = last_units(people)
    for centre in {person.centre_id: person.centre for person in people}.values():
        for move in planned_moves(centre, until=clock.local(centre, now + ASKS_BEFORE).date()):
            person = here.get(move.episode.person_id)
            if person is None or person.pk not in concerned:
                continue
            if move.bed is None or move.bed.room.unit_id != units.get(person.pk):
                at = dt.datetime.combine(move.on, dt.time.min, centre.zone).astimezone(dt.UTC)
                found.append(Question(person, at, now, move=move))
    return found


def _about_stock(people: Sequence[Person], rows: Sequence[DueRow], now: dt.datetime) -> list[Question]:
    """The first dose of each person and product that the unit's stock does not cover, doses served in order of time."""
    units, known = last_units(people), _known(people)
    needs: dict[tuple[int, int], list[tuple[DueRow, supply.Part]]] = defaultdict(list)
    for row in rows:
        unit = units.get(row.person.pk)
        if unit is None or row.answer is not None or row.on_leave or row.due.due_at < now - STILL_OPEN:
            continue
        for part in supply.parts_of(row.person.centre, row.due.made, known=known[row.person.centre_id]):
            needs[unit, part.product.pk].append((row, part))
    lots = lots_to_give({unit for unit, _ in needs})
    centres = {person.centre_id: person.centre for person in people}.values()
    names = {one.pk: one.name for centre in centres for one in units_of(centre)}
    first: dict[tuple[int, int], Question] = {}
    for key, wanted in needs.items():
        if key not in lots:  # the unit keeps no register for it: what lies there nobody can say
            continue
        days = [(clock.local(row.person.centre, row.due.due_at).date(), part.quantity) for row, part in wanted]
        held = sum(lot.quantity for lot in lots[key])
        for (row, part), missing in zip(wanted, cover.short_of(lots[key], days), strict=True):
            if missing and row.is_benzodiazepine:
                asked = Question(
                    row.person, row.due.due_at, now, product=part.product, held=held, unit=names[key[0]]
                )  # fmt: skip
                first.setdefault((row.person.pk, part.product.pk), asked)
    return list(first.values())


def _known(people: Sequence[Person]) -> Mapping[int, supply.Known]:
    centres = {person.centre_id: person.centre for person in people}
    return {pk: supply.known_products(centre) for pk, centre in centres.items()}


def _unanswered(asked: Sequence[Question]) -> list[Question]:
    """An answer holds for the moment it was given about, and until that moment comes; a move's answer that it goes on
    so holds for as long as the move is planned."""
    if not asked:
        return []
    rows = GoingOn.objects.filter(person__in={one.person.pk for one in asked}, superseded_by__isnull=True)
    said = {(row.person_id, row.move_id, row.product_id, row.asked_about): row.choice for row in rows.order_by("pk")}
    return [one for one in asked if not _is_settled(one, said)]


def _is_settled(one: Question, said: Mapping[tuple[int, int | None, int | None, dt.datetime], str]) -> bool:
    move, product = one.move.pk if one.move else None, one.product.pk if one.product else None
    choice = said.get((one.person.pk, move, product, one.at))
    if choice is None:
        return False
    return not one.is_past or (one.move is not None and choice != GoingOn.Choice.WAITS)


def _may_be_dependent(people: Iterable[Person], takes: Sequence[DueRow], now: dt.datetime) -> set[int]:
    """Of whom the facts do not rule dependence out, by the higher of the last and of the next 24 hours."""
    asked = list(people)
    facts = facts_of(asked) if asked else {}
    return {
        person.pk
        for person in asked
        if dependence(facts[person.pk], dde_max=_highest(person, takes, now)).likely is not False
    }


def _highest(person: Person, takes: Sequence[DueRow], now: dt.datetime) -> Fraction | None:
    """The greater diazepam equivalent, by the highest table; None where it is not known."""
    own = [row.due for row in takes if row.person.pk == person.pk]
    days = ([one.dose for one in own if one.due_at <= now], [one.dose for one in own if one.due_at > now])
    known = [found for doses in days if (found := _equivalent(doses)) is not None]
    return max(known, default=None)


def _equivalent(doses: Sequence[Dose]) -> Fraction | None:
    daily: dict[str, Dose] = {}
    for dose in doses:
        daily[dose.medicine] = daily[dose.medicine] + dose if dose.medicine in daily else dose
    return dde_max(daily, formulary=formulary()) if daily else None
