"""What the doses of a unit take out of its stock, day by day: the register's expected use (care/supply/ports.py).

Ahead: doses due by released steps, by the present dose that goes on, and by signed orders; as-needed doses cannot be
foreseen. Behind: what was due, and the as-needed doses that were given. What somebody took along on leave was used on
the day it was handed out, and not on the days it was due; what they brought back and was still ahead is due here again.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

from glidepath.care.medication import queries
from glidepath.care.medication.models import DoseAnswer, LeavePack, Order
from glidepath.care.supply import services as supply
from glidepath.care.supply.ports import Use
from glidepath.clinical.dosing.plan import Made
from glidepath.record import clock
from glidepath.record.centres.models import Unit
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import admitted_people, current_episodes, last_units
from glidepath.record.people.models import Person


def use_of(unit: Unit, first: dt.date, days: int) -> Use:
    """Base units of each stocked product on each of `days` calendar days from `first` on. The same queries for 3 people
    and for 60."""
    since, until = (_midnight(unit, first + dt.timedelta(days=offset)) for offset in (0, days))
    by_day: dict[int, list[Made]] = defaultdict(list)
    people = _people(unit, since, until)
    packs = queries.packs_of(people, since, until)
    for at, made in _taken(people, packs, since, until):
        by_day[(clock.local(unit.centre, at).date() - first).days] += made
    known = supply.known_products(unit.centre)
    found: dict[int, list[int]] = {}
    for day, made in by_day.items():
        for part in supply.parts_of(unit.centre, made, known=known):
            found.setdefault(part.product.pk, [0] * days)[day] += part.quantity
    products = {str(one.public_id): one.pk for one in known.values()}
    for pack in packs:
        day = (clock.local(unit.centre, pack.happened_at).date() - first).days
        for piece in pack.all_pieces() if 0 <= day < days else ():
            if piece.product in products:
                found.setdefault(products[piece.product], [0] * days)[day] += piece.quantity
    return found


def _taken(
    people: Sequence[Person], packs: Sequence[LeavePack], since: dt.datetime, until: dt.datetime
) -> Iterator[tuple[dt.datetime, Sequence[Made]]]:
    along = {(pack.person_id, *dose) for pack in packs for dose in pack.used_away()}
    episodes, standing = current_episodes(people), queries.standing_now(people)
    for person in people:
        episode = episodes.get(person.pk)
        for due in standing.doses(person, since, until):
            taken_along = (person.pk, due.key, due.due_at.isoformat()) in along
            if _was_here(episode, due.due_at) and not taken_along:
                yield due.due_at, due.made
    given = DoseAnswer.objects.filter(
        person__in=people, superseded_by__isnull=True, outcome=DoseAnswer.Outcome.GIVEN, order__kind=Order.Kind.PRN,
        happened_at__gte=since, happened_at__lt=until,
    )  # fmt: skip
    for answer in given.select_related("order").prefetch_related("order__pieces"):
        if answer.order is not None:
            yield answer.happened_at, answer.order.made


def _people(unit: Unit, since: dt.datetime, until: dt.datetime) -> list[Person]:
    """Who lies on the unit, and who lay there last and was answered a dose in this time."""
    answered = DoseAnswer.objects.filter(centre=unit.centre, due_at__gte=since, due_at__lt=until)
    gone = Person.objects.filter(pk__in=answered.values("person_id")).select_related("centre")
    everybody = list({person.pk: person for person in (*admitted_people(unit.centre), *gone)}.values())
    units = last_units(everybody)
    return [person for person in everybody if units.get(person.pk) == unit.pk]


def _was_here(episode: Episode | None, at: dt.datetime) -> bool:
    """Whether the person was in the house then: what is taken at home does not come from here."""
    if episode is None or episode.admitted_at is None or at < episode.admitted_at:
        return False
    return episode.left_at is None or at < episode.left_at


def _midnight(unit: Unit, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, unit.centre.zone)
