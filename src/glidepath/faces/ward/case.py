"""One person of the record as the rules see them. What the record does not know stays unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from glidepath.care.assessment.queries import uses
from glidepath.care.medication import held_against, queries as medication
from glidepath.care.medication.last_taken import seizure_windows
from glidepath.care.medication.models import Order, YesNoUnknown
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.monitoring.frequency import Due
from glidepath.care.monitoring.models import Event
from glidepath.care.taper import queries as tapers
from glidepath.care.taper.under_way import UnderWay, under_way
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.guidelines.case import Case, Change, OtherMedicine
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.faces.ward.about import Chart
from glidepath.faces.ward.known_facts import Value, facts_now, values_now
from glidepath.record import clock
from glidepath.record.centres.models import CentreSettings

Daily = Mapping[str, Dose]


@dataclass(frozen=True, slots=True)
class CaseNow:
    """The case, and where its parts come from, so that a page can say it. `daily_from` is empty where none is known."""

    case: Case
    taper: UnderWay | None
    daily_from: str
    setting_from: str
    values: tuple[Value, ...]
    due: Due | None  # the observations; None: not admitted, nobody observes


def case_of(chart: Chart, settings: CentreSettings, *, told: PersonFacts | None = None) -> CaseNow:
    """A fixed number of queries beyond those of the chart. settings: of the person's centre. told: what the person
    told, where it was read already."""
    person, now = chart.person, clock.now()
    orders = [order for order in chart.standing.orders.get(person.pk, ()) if order.stands(now)]
    daily, daily_from = _daily(chart, orders)
    beside = [order for order in orders if _is_beside(order, chart, daily)]
    sedatives = _sedatives(beside, chart)
    place = Setting(chart.bed.bed.room.unit.setting) if chart.bed else None
    taper = under_way(
        person,
        chart.tapers,
        chart.running,
        settings=settings,
        setting=place,
        open_seizure=any(event.kind == Event.Kind.SEIZURE for event in chart.seen.events[person.pk]),
        other_sedatives=sedatives,
    )
    values, due = values_now(chart.seen.latest[person.pk], now), _due(chart, now)
    case = Case(
        facts=facts_now(chart, taper, orders, sedatives, values, due, told),
        today=clock.today(person.centre),
        daily=daily,
        setting=place or (taper.planned.context.setting if taper else None),
        table=taper.planned.context.table if taper else None,
        planned=taper.planned if taper else None,
        others=_others(beside, now),
        spo2_scale_two=monitoring.oxygen_scale(person) == 2,
    )
    setting_from = "the unit of the bed" if place else "the plan" if taper else ""
    return CaseNow(case, taper, daily_from, setting_from, values, due)


def _daily(chart: Chart, orders: Sequence[Order]) -> tuple[Daily | None, str]:
    """What is taken a day and who says so: the running taper, else the orders, else what was told.

    Orders signed as a part of the day's dose are not the whole; where orders have ended, what is taken is not known.
    """
    if chart.running is not None:
        return chart.running.daily, f"the taper, step {chart.running.step.number}"
    regular = [order for order in orders if _counts(order)]
    if any(not held_against.is_part(order) for order in regular):
        return medication.daily_of(regular), "the orders"
    every = chart.standing.orders.get(chart.person.pk, ())
    if chart.episode is None or held_against.is_settled(every, chart.episode):
        return None, ""
    told = uses(chart.person)
    before = held_against.before(told, chart.episode) if told else None
    if before is None or before.without_amount or not before.daily:
        return None, ""
    return before.daily, "what was told"


def _counts(order: Order) -> bool:
    """Whether an order is of the daily dose: a benzodiazepine or Z-drug, given regularly."""
    return order.is_benzodiazepine and order.kind in held_against.REGULAR


def _is_beside(order: Order, chart: Chart, daily: Daily | None) -> bool:
    """Whether an order is of another medicine than those of the daily dose; a bridge has ended where a plan runs."""
    if not _counts(order):
        return True
    has_ended = order.until_plan and chart.running is not None
    return not has_ended and order.clinical_name not in (daily or {})


def _sedatives(orders: Sequence[Order], chart: Chart) -> tuple[str, ...]:
    said = medication.sedatives_in(chart.standing, chart.person)
    names = [order.clinical_name for order in orders if said[order.pk] is YesNoUnknown.YES]
    return tuple(dict.fromkeys(names))


def _others(orders: Sequence[Order], now: dt.datetime) -> tuple[OtherMedicine, ...]:
    """By generic name. No order says whether it is for the taper, so that stays open; one that lies ahead starts."""
    begun = {order.clinical_name for order in orders if order.start_at <= now}
    names = dict.fromkeys(order.clinical_name for order in orders)
    return tuple(
        OtherMedicine(name, change=Change.TAKEN if name in begun else Change.STARTS, for_taper=None) for name in names
    )


def _due(chart: Chart, now: dt.datetime) -> Due | None:
    person = chart.person
    changes = tapers.last_changes([person], now, known=chart.tapers)
    windows = partial(seizure_windows, standing=chart.standing, episodes=chart.episodes)
    due = monitoring.due([person], now, values=chart.seen, changes=changes, episodes=chart.episodes, windows=windows)
    return due.get(person.pk)
