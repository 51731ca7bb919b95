"""What is due to whom, and what became of it: worked out from versions, orders and answers whenever it is asked.

The people are already those the viewer may see. Every read is over many people at once: the same queries for 3 and 30.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from glidepath.care.assessment.queries import facts_of
from glidepath.care.medication.as_needed import next_allowed
from glidepath.care.medication.missed import missed
from glidepath.care.medication.models import DoseAnswer, Order, PrnRecheck, SedativeWord, YesNoUnknown
from glidepath.care.medication.rows import DueRow, LastRass, NotTaken, PrnRow, State
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.queries import latest, sedation_holds
from glidepath.care.taper.queries import Tapers, active, running, tapers, was_signed_in
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing import schedule
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.daily_dose import dde_max
from glidepath.clinical.guidelines.dependence import dependence
from glidepath.record import clock
from glidepath.record.centres.models import CentreSettings
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import current_episodes
from glidepath.record.people.models import Person

__all__ = ["DoseAnswer", "DueRow", "LastRass", "NotTaken", "PrnRow", "State"]  # the values of these reads, with them

LOOK_BACK = dt.timedelta(days=3)  # how far back a dose that nobody took is looked for
LATE_AT_MOST = dt.timedelta(hours=12)  # ours: half-way to the next dose, and never longer than this after its time


@dataclass(frozen=True, slots=True)
class Standing:
    """What the doses of some people follow from, read once: within one page, or under one person's lock."""

    tapers: Tapers
    orders: Mapping[int, Sequence[Order]]
    holds: Mapping[int, Event]
    words: Mapping[int, bool]
    settings: Mapping[int, CentreSettings]

    def doses(self, person: Person, since: dt.datetime, until: dt.datetime) -> Sequence[schedule.DueDose]:
        """What is due to one of them from `since` to before `until`, whether or not it was answered."""
        orders = [order.as_clinical() for order in self.orders.get(person.pk, ())]
        plans, stood = self.tapers.plans[person.pk], self.tapers.stood[person.pk]
        return schedule.due(plans, orders, stood, since=since, until=until, zone=person.centre.zone)


def standing_now(people: Sequence[Person], *, known: Tapers | None = None) -> Standing:
    """The same queries for 3 and for 30. `known`: the tapers, where they were read already."""
    return Standing(
        tapers=known or tapers(people),
        orders=_orders_of(people),
        holds=sedation_holds(people),
        words=_words(people),
        settings=_settings(people),
    )


def due(
    people: Sequence[Person], since: dt.datetime, until: dt.datetime, *, standing: Standing | None = None
) -> list[DueRow]:
    """Every dose due from `since` to before `until`, in order of time. `standing`: where it was read already."""
    known = standing or standing_now(people)
    answers = _answers(people, since, until)
    now = clock.now()
    rows = [
        _row(person, dose, known, answers.get((person.pk, dose.key, dose.due_at)), now)
        for person in people
        for dose in known.doses(person, since, until)
    ]
    return sorted(rows, key=lambda row: (row.due.due_at, row.person.pk, row.due.key))


def due_one(person: Person, key: str, due_at: dt.datetime, *, standing: Standing | None = None) -> DueRow | None:
    """The due dose of this key and moment, or None: then nothing of the kind is due."""
    rows = due([person], due_at, due_at + dt.timedelta(seconds=1), standing=standing)
    return next((row for row in rows if row.due.key == key), None)


def last_moment(row: DueRow, standing: Standing) -> dt.datetime:
    """Up to when this dose may be given: half-way to the next one of the same medicine, at most twelve hours later."""
    due_at = row.due.due_at
    following = standing.doses(row.person, due_at + dt.timedelta(seconds=1), due_at + 2 * LATE_AT_MOST)
    half_way = (due_at + (one.due_at - due_at) / 2 for one in following if one.medicine == row.due.medicine)
    return min([due_at + LATE_AT_MOST, *half_way])


def due_here(
    people: Sequence[Person], since: dt.datetime, until: dt.datetime, *, standing: Standing | None = None
) -> list[DueRow]:
    """`due`, without what was due before the person came to us: that was not ours to give."""
    came = _admitted_at(people)
    rows = due(people, since, until, standing=standing)
    return [row for row in rows if row.due.due_at >= came.get(row.person.pk, row.due.due_at)]


def for_round(
    people: Sequence[Person], now: dt.datetime | None = None, *, standing: Standing | None = None
) -> list[DueRow]:
    """What is to be answered: the doses of the last days up to the end of the window, and the latest answers."""
    moment = now or clock.now()
    standing = standing or standing_now(people)
    window = max((one.round_window_minutes for one in standing.settings.values()), default=60)
    until = moment + dt.timedelta(minutes=window, seconds=1)
    rows = due_here(people, moment - LOOK_BACK, until, standing=standing)
    recent = moment - dt.timedelta(hours=4)
    return [row for row in rows if row.answer is None or row.due.due_at >= recent]


def last_rass(people: Sequence[Person]) -> dict[int, LastRass]:
    """The newest look at how sedated each is: before a dose, or on the observation round."""
    looks = [
        LastRass(answer.person_id, answer.rass, answer.happened_at)
        for answer in _standing_answers().filter(person__in=people, happened_at__gt=clock.now() - LOOK_BACK)
        if answer.rass is not None
    ]
    looks += [
        LastRass(pk, seen.awake.rass, seen.awake.happened_at)
        for pk, seen in latest(people).items()
        if seen.awake is not None and seen.awake.rass is not None
    ]
    return {look.person_id: look for look in sorted(looks, key=lambda look: look.at)}


def given(person: Person, since: dt.datetime, until: dt.datetime) -> list[DoseAnswer]:
    """What was given in this time, regular and as needed, in order; what was set right counts as it stands now."""
    rows = _standing_answers().filter(person=person, outcome=DoseAnswer.Outcome.GIVEN)
    found = rows.filter(happened_at__gte=since, happened_at__lt=until).select_related("order")
    return list(found.order_by("happened_at", "pk"))


def orders_given_from(people: Sequence[Person]) -> set[int]:
    """The ids of their benzodiazepine orders from which a dose was given, in one query."""
    rows = _standing_answers().filter(
        person__in=people, outcome=DoseAnswer.Outcome.GIVEN, order__is_benzodiazepine=True
    )
    return {pk for pk in rows.order_by().values_list("order_id", flat=True).distinct() if pk is not None}


def orders_of(people: Sequence[Person]) -> dict[int, list[Order]]:
    """`all_orders` of many, by person id, in a fixed number of queries."""
    return _orders_of(people)


def daily_of(orders: Sequence[Order]) -> dict[str, Dose]:
    """What regular orders give a day, by medicine; an order by interval counts by its hours."""
    daily: dict[str, Dose] = {}
    for order in orders:
        a_day = Fraction(24, order.every_hours or 24) if order.kind == Order.Kind.INTERVAL else len(order.times)
        dose = Dose.from_ng(int(order.ng * a_day), order.clinical_name)
        daily[dose.medicine] = daily[dose.medicine] + dose if dose.medicine in daily else dose
    return daily


def answers_of(person: Person, since: dt.datetime) -> list[DoseAnswer]:
    """Every answer since then, the newest first, corrected ones too: both can be read."""
    rows = DoseAnswer.objects.filter(person=person, due_at__gte=since)
    return list(rows.select_related("order", "recorded_by", "superseded_by").order_by("-due_at", "-pk"))


def answer_at(person: Person, public_id: UUID) -> DoseAnswer | None:
    return DoseAnswer.objects.filter(person=person, public_id=public_id).first()


def correction_of(answer: DoseAnswer) -> DoseAnswer | None:
    """The entry that stands in its place, if it was set right."""
    return DoseAnswer.objects.filter(supersedes=answer).select_related("recorded_by").first()


def orders(person: Person) -> list[Order]:
    """The orders that stand, in the order in which they were signed."""
    now = clock.now()
    return [order for order in all_orders(person) if order.stands(now)]


def has_plan(person: Person) -> bool:
    """Whether a taper plan gives this person's doses now."""
    return bool(running([person]))


def takes_as_needed(person: Person) -> bool:
    """Whether a benzodiazepine or Z-drug may be given as needed now."""
    return any(order.kind == Order.Kind.PRN and order.is_benzodiazepine for order in orders(person))


def plans_of_stay(person: Person, episode: Episode) -> bool:
    """Whether a taper was signed in this stretch of care, or one goes on from an earlier one."""
    return active(person) is not None or was_signed_in(episode)


def all_orders(person: Person) -> list[Order]:
    """Every order, ended ones too, with who signed it."""
    found = _orders_of([person]).get(person.pk, [])
    prefetch_related_objects(found, "recorded_by")
    return found


def order_at(person: Person, public_id: UUID) -> Order | None:
    return next((order for order in all_orders(person) if order.public_id == public_id), None)


def sedative_of(order: Order) -> YesNoUnknown:
    """Whether it counts as a sedative: as ordered, or by the prescriber's newest word."""
    return sedatives([order])[order.pk]


def sedatives(orders: Sequence[Order]) -> dict[int, YesNoUnknown]:
    """`sedative_of` for many, by the order's id, in one query."""
    words = _words({order.person_id for order in orders})
    return {order.pk: _sedative(order, words) for order in orders}


def is_sedative_answer(answer: DoseAnswer) -> bool:
    """Whether the answered dose counts as a sedative, or nobody has said that it does not."""
    return answer.order is None or sedative_of(answer.order) is not YesNoUnknown.NO


def prn_one(order: Order) -> PrnRow | None:
    """What the limits of one as-needed order allow now; None where it does not stand."""
    return next((row for row in prn([order.person]) if row.order.pk == order.pk), None)


def prn(people: Sequence[Person], *, standing: Standing | None = None) -> list[PrnRow]:
    """Every as-needed order that stands, with what its limits allow now."""
    now = clock.now()
    holds = standing.holds if standing else sedation_holds(people)
    words = standing.words if standing else _words(people)
    by_person = standing.orders if standing else _orders_of(people)
    day = _standing_answers().filter(
        person__in=people, outcome=DoseAnswer.Outcome.GIVEN, order__kind=Order.Kind.PRN,
        happened_at__gt=now - dt.timedelta(days=7),
    )  # fmt: skip
    by_order: dict[int, list[DoseAnswer]] = {}
    for answer in day.order_by("happened_at", "pk"):
        by_order.setdefault(answer.order_id or 0, []).append(answer)
    rows = []
    for person in people:
        for order in by_person.get(person.pk, ()):
            if order.kind != Order.Kind.PRN or order.start_at > now or not order.stands(now):
                continue
            doses = by_order.get(order.pk, [])
            rows.append(_prn_row(person, order, doses, words, holds.get(person.pk), now))
    return rows


def rechecks_due(people: Sequence[Person]) -> list[DoseAnswer]:
    """As-needed doses whose re-check nobody has recorded and whose time has come, oldest first."""
    now = clock.now()
    checked = PrnRecheck.objects.filter(answer__person__in=people).values("answer_id")
    rows = _standing_answers().filter(
        person__in=people, outcome=DoseAnswer.Outcome.GIVEN, order__kind=Order.Kind.PRN,
        happened_at__gt=now - dt.timedelta(days=2),
    )  # fmt: skip
    found = rows.exclude(pk__in=checked).select_related("order", "person__centre").order_by("happened_at")
    return [one for one in found if one.happened_at + dt.timedelta(minutes=_recheck_minutes(one)) <= now]


def not_taken(people: Sequence[Person], now: dt.datetime | None = None) -> dict[int, list[NotTaken]]:
    """Whose benzodiazepine doses were not taken, whatever the reason: that is a cut nobody decided.

    Of one medicine so many due doses in a row, or none within so many hours after one was due (centre settings, ours).
    People whose facts rule physical dependence out are left out; where it is not known they are not.
    """
    moment = now or clock.now()
    by_person: dict[int, list[DueRow]] = {}
    # A day ahead, because a dose may be answered before its time; what lies ahead unanswered is not decided yet.
    standing = standing_now(people)
    for row in due_here(people, moment - LOOK_BACK, moment + dt.timedelta(days=1), standing=standing):
        if row.is_benzodiazepine:
            by_person.setdefault(row.person.pk, []).append(row)
    found = {
        person.pk: missed(by_person[person.pk], standing.settings[person.centre_id], moment)
        for person in people
        if person.pk in by_person
    }
    concerned = [person for person in people if found.get(person.pk)]
    facts = facts_of(concerned)
    return {
        person.pk: found[person.pk]
        for person in concerned
        if dependence(facts[person.pk], dde_max=_daily_equivalent(by_person[person.pk], moment)).likely is not False
    }


def key_of(medicine: str) -> str:
    """The facts' key of a medicine by the name a dose carries; empty outside the facts."""
    return next((key for key, one in formulary().medicines.items() if one.name == medicine), "")


def _daily_equivalent(rows: Sequence[DueRow], now: dt.datetime) -> Fraction | None:
    """The diazepam equivalent, by the highest table, of what was due in the last 24 hours; None where unknown."""
    daily: dict[str, Dose] = {}
    for row in rows:
        dose = row.due.dose
        if now - dt.timedelta(hours=24) < row.due.due_at <= now:
            daily[dose.medicine] = daily[dose.medicine] + dose if dose.medicine in daily else dose
    return dde_max(daily, formulary=formulary()) if daily else None


def _row(
    person: Person, dose: schedule.DueDose, standing: Standing, answer: DoseAnswer | None, now: dt.datetime
) -> DueRow:
    own = standing.orders.get(person.pk, ())
    order = None if dose.order_id is None else next(one for one in own if one.pk == dose.order_id)
    centre = standing.settings[person.centre_id]
    return DueRow(
        person=person,
        due=dose,
        order=order,
        answer=answer,
        sedative=_sedative(order, standing.words),
        is_benzodiazepine=order is None or order.is_benzodiazepine,
        held_by=standing.holds.get(person.pk),
        now=now,
        window=dt.timedelta(minutes=centre.round_window_minutes),
        late_after=dt.timedelta(minutes=centre.late_after_minutes),
    )


def _admitted_at(people: Sequence[Person]) -> dict[int, dt.datetime]:
    episodes = current_episodes(people)
    return {pk: episode.admitted_at for pk, episode in episodes.items() if episode.admitted_at is not None}


def _prn_row(
    person: Person,
    order: Order,
    doses: Sequence[DoseAnswer],
    words: Mapping[int, bool],
    held_by: Event | None,
    now: dt.datetime,
) -> PrnRow:
    recent = [one for one in doses if one.happened_at > now - dt.timedelta(hours=24)]
    return PrnRow(
        person=person,
        order=order,
        last=doses[-1] if doses else None,
        given_24h=Dose.from_ng(sum(one.given_ng for one in recent), order.clinical_name),
        next_at=next_allowed(
            [(one.happened_at, one.given_ng) for one in doses],
            dose_ng=order.ng,
            ceiling_ng=order.max_24h_ng or order.ng,
            least=dt.timedelta(minutes=order.min_interval_minutes or 0),
            not_before=order.start_at,
        ),
        sedative=_sedative(order, words),
        held_by=held_by,
        now=now,
    )


def _recheck_minutes(answer: DoseAnswer) -> int:
    return (answer.order.recheck_minutes if answer.order else None) or 60


def _sedative(order: Order | None, words: Mapping[int, bool]) -> YesNoUnknown:
    if order is None:
        return YesNoUnknown.YES  # a plan's dose: a benzodiazepine or Z-drug
    if order.pk in words:
        return YesNoUnknown.YES if words[order.pk] else YesNoUnknown.NO
    return YesNoUnknown(order.is_sedative)


def _orders_of(people: Iterable[Person]) -> dict[int, list[Order]]:
    """What the schedule needs of them. Each carries the very person that was asked for."""
    asked = {person.pk: person for person in people}
    rows = Order.objects.filter(person__in=list(asked), superseded_by__isnull=True)
    found: dict[int, list[Order]] = {}
    for order in rows.select_related("stop", "episode").prefetch_related("pieces").order_by("pk"):
        order.person = asked[order.person_id]
        found.setdefault(order.person_id, []).append(order)
    return found


def _words(people: Iterable[Person | int]) -> dict[int, bool]:
    rows = SedativeWord.objects.filter(order__person__in=list(people)).order_by("pk")
    return dict(rows.values_list("order_id", "is_sedative"))


def _standing_answers() -> QuerySet[DoseAnswer]:
    return DoseAnswer.objects.filter(superseded_by__isnull=True)


def _answers(
    people: Sequence[Person], since: dt.datetime, until: dt.datetime
) -> dict[tuple[int, str, dt.datetime], DoseAnswer]:
    rows = _standing_answers().filter(person__in=people, due_at__gte=since, due_at__lt=until)
    return {(row.person_id, row.due_key, row.due_at): row for row in rows.select_related("recorded_by", "witness")}


def _settings(people: Sequence[Person]) -> dict[int, CentreSettings]:
    rows = CentreSettings.objects.filter(centre__in={person.centre_id for person in people})
    return {row.centre_id: row for row in rows}
