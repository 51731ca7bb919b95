"""ORD-4: somebody told of a benzodiazepine or Z-drug and nothing gives it when its next dose is due.

By the reported regimen where it is known, else within the centre's hours after admission; by time alone. It stands
until an order or a plan is signed, or a prescriber closes it with the reason why none is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.queries import last_word, open_alarm
from glidepath.care.alarms.services import close_answered, raise_alarm
from glidepath.care.assessment.models import BenzodiazepineUse
from glidepath.care.assessment.queries import facts_of, uses_of
from glidepath.care.medication import held_against, queries
from glidepath.care.medication.models import Order
from glidepath.care.medication.reported_times import early, named_times, regimen_of
from glidepath.care.taper.queries import Tapers, plans_in_force
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.daily_dose import dde_max
from glidepath.clinical.guidelines.dependence import dependence
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.reported_dose import NOTHING_ORDERED, check_against_before
from glidepath.clinical.guidelines.wording import doses
from glidepath.record import clock
from glidepath.record.centres.models import Centre, CentreSettings
from glidepath.record.centres.queries import settings_of_all
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import admitted_people, current_episodes
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

SOON = dt.timedelta(hours=24)
DO = (
    "Sign the first order now, so that no dose gap opens (JCG-2: no abrupt stop); or close this with the reason why "
    "none is signed."
)


@dataclass(frozen=True, slots=True)
class Gap:
    """Nothing, or only a part of what was told, is ordered. `due_at`: when the next dose by the report is or was due.

    passed: the newest moment at which a dose by the report came due; None before the first.
    told_at: when this stay began, or when it was last told what is taken.
    """

    person: Person
    due_at: dt.datetime
    passed: dt.datetime | None
    told_at: dt.datetime
    is_part: bool
    ordered: str  # "Ordered so far: …", or that nothing is
    told: str

    @property
    def words(self) -> str:
        """What is said of it on a list: the hour comes beside it."""
        return f"{self.ordered} {self.told}"


def gaps(
    people: Sequence[Person],
    now: dt.datetime | None = None,
    *,
    known: Tapers | None = None,
    orders: Mapping[int, Sequence[Order]] | None = None,
    episodes: Mapping[int, Episode] | None = None,
    uses: Mapping[int, list[BenzodiazepineUse]] | None = None,
) -> dict[int, Gap]:
    """Who was admitted and has no first order or plan yet, by person id. The same queries for 3 people and for 30.

    People whose facts rule physical dependence out are left out; where it is not known they are not. known, orders,
    episodes, uses: their tapers, their orders, their episodes and what was told, where they were read already.
    """
    at = now or clock.now()
    episodes = current_episodes(people) if episodes is None else episodes
    stays = {pk: one for pk, one in episodes.items() if one.stage == Stage.ADMITTED}
    plans = known.plans if known else plans_in_force(people)
    orders = queries.orders_of(people) if orders is None else orders
    told = uses_of(people) if uses is None else uses
    given_from = queries.orders_given_from(people)
    open_ones = [
        person
        for person in people
        if person.pk in stays
        and told.get(person.pk)
        and not any(plan.ended_at is None and plan.effective_at <= at + SOON for plan in plans[person.pk])
        and not any(_gives(one, stays[person.pk], given_from, at) for one in orders.get(person.pk, ()))
    ]
    facts = facts_of(open_ones, taken=told, episodes=episodes) if open_ones else {}
    settings = settings_of_all(person.centre for person in open_ones)
    found = {}
    for person in open_ones:
        own = [one for one in orders.get(person.pk, ()) if one.episode_id == stays[person.pk].pk]
        gap = _gap(person, stays[person.pk], told[person.pk], own, facts[person.pk], settings[person.centre_id], at)
        if gap is not None:
            found[person.pk] = gap
    return found


def alarm_nothing_ordered(centre: Centre) -> int:
    """By time alone: the next dose by the report has come due and nothing gives it. Returns how many calls went out."""
    due = [gap for gap in gaps(admitted_people(centre)).values() if gap.passed is not None]
    heard = last_word([gap.person for gap in due], NOTHING_ORDERED) if due else {}
    fresh = [gap for gap in due if _is_news(gap, heard.get(gap.person.pk))]
    for gap in fresh:
        _raise(gap)
    return len(fresh)


def close_if_ordered(person: Person, *, by: Staff) -> None:
    """Part of the act that signs an order: where nothing is missing any more, the call is answered by it."""
    if open_alarm(person, NOTHING_ORDERED) is not None and not gaps([person]):
        close_answered(person=person, cause=NOTHING_ORDERED, words="An order was signed.", by=by)


def _gives(order: Order, stay: Episode, given_from: set[int], now: dt.datetime) -> bool:
    """Whether this order of this stay gives, or gave, what was told; a single dose only moves the hour."""
    if order.episode_id != stay.pk or not order.is_benzodiazepine or order.kind == Order.Kind.ONCE:
        return False
    if held_against.is_part(order):
        return False
    return order.pk in given_from or (order.stands(now) and order.start_at <= now + SOON)


def _gap(
    person: Person, stay: Episode, told: Sequence[BenzodiazepineUse], orders: Sequence[Order], facts: PersonFacts,
    settings: CentreSettings, now: dt.datetime,
) -> Gap | None:  # fmt: skip
    before = held_against.before(told, stay)
    highest = dde_max(before.daily, formulary=formulary()) if before.daily else None
    if dependence(facts, dde_max=highest).likely is False:
        return None
    parts = [one for one in orders if held_against.is_part(one) and one.stands(now)]
    daily = queries.daily_of(parts)
    if parts:
        said = check_against_before(before, daily, facts=facts, formulary=formulary(), ceiling=Limits.of().ceiling)
        if not any(one.stops for one in said):
            return None
    began = stay.admitted_at or stay.opened_at
    due = _due(person, began, told, orders, settings, now)
    so_far = doses(tuple(daily.values()))
    return Gap(
        person=person,
        due_at=due[0],
        passed=max((at for at in due if at <= now), default=None),
        told_at=max(began, *(one.recorded_at for one in told)),
        is_part=bool(parts),
        ordered=f"Ordered so far: {so_far} a day." if parts else "No order gives a benzodiazepine or Z-drug.",
        told=f"Reported: {_in_words(told)}.",
    )


def _due(
    person: Person, began: dt.datetime, told: Sequence[BenzodiazepineUse], orders: Sequence[Order],
    settings: CentreSettings, now: dt.datetime,
) -> list[dt.datetime]:  # fmt: skip
    """When doses by the report come due, in order, the first of them perhaps still ahead; not before the admission."""
    taken_early = early(settings)
    once = [one.start_at + taken_early for one in orders if one.kind == Order.Kind.ONCE and one.is_benzodiazepine]
    found: set[dt.datetime] = set()
    for use in told:
        last = began if use.last_dose_at is None else max(use.last_dose_at + taken_early, began - SOON)
        since = max([last, *once])
        times = regimen_of(use, settings)
        named = named_times(person.centre, times, since, now) if times else [began + settings.first_order_hours * _HOUR]
        found.update(max(at, began) for at in named)
    return sorted(found)


_HOUR = dt.timedelta(hours=1)


def _in_words(told: Sequence[BenzodiazepineUse]) -> str:
    return "; ".join(one.regimen or f"{one.medicine_name}, how much is not known" for one in told)


def _is_news(gap: Gap, heard: dt.datetime | None) -> bool:
    """New: never said, told anew since, or a further dose has come due while the call stands open."""
    if heard is None or gap.told_at > heard:
        return True
    return gap.passed is not None and gap.passed > heard and open_alarm(gap.person, NOTHING_ORDERED) is not None


@transaction.atomic
def _raise(gap: Gap) -> None:
    assert gap.passed is not None
    at = clock.local(gap.person.centre, gap.passed)
    raise_alarm(
        person=gap.person,
        cause=NOTHING_ORDERED,
        rank=Rank.NOW,
        message=f"{gap.words} A dose was due at {at:%H:%M} on {at:%-d %b}."[:600],
        do=DO,
        by=None,
        prescriber_closes=True,
    )
