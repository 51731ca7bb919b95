"""Reads of suicide risk: the path of one alert, the contact that is due, the safety plan and whether to read it again.

The people are already those the viewer may see. A read over people costs the same number of queries for 3 and for 30.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from glidepath.care.alarms import queries as alarms
from glidepath.care.alarms.closing import SUICIDE_RISK
from glidepath.care.alarms.models import Alarm, AlarmAct
from glidepath.care.alarms.queries import ANSWERS, OpenAlarm
from glidepath.care.safety.due import NextContact, level_changed, next_contact
from glidepath.care.safety.models import CaringContact, PlanCopy, PlanLook, RiskContact, SafetyPlan
from glidepath.care.safety.parts import Content
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared
from glidepath.record.staff.models import Staff
from glidepath.record.staff.queries import on_duty

Row = TypeVar("Row", RiskContact, CaringContact)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has the alert now: the last to take it since it was last triggered. on_duty: signed on for a shift."""

    staff: Staff
    kind: str  # acknowledged, or with the person
    since: dt.datetime
    on_duty: bool


@dataclass(frozen=True, slots=True)
class PlanState:
    """The plan that counts, when it was last read with the person, and why to read it again (empty: no need)."""

    plan: SafetyPlan | None
    looked_at: dt.datetime | None
    reasons: tuple[str, ...] = ()

    @property
    def is_due(self) -> bool:
        return bool(self.reasons)


@dataclass(frozen=True, slots=True)
class AtRisk:
    """One person for the home page: an open alert, a contact that is due, or a plan that is to be read again."""

    person: Person
    alarm: Alarm
    owner: Owner | None
    next: NextContact | None
    plan: PlanState

    @property
    def is_open(self) -> bool:
        return self.alarm.closed_at is None

    @property
    def is_missed(self) -> bool:
        return self.next is not None and self.next.is_missed

    @property
    def urgency(self) -> tuple[int, dt.datetime]:
        """Missed first, then open, then the earliest contact."""
        by = self.next.by if self.next else self.alarm.opened_at
        return (0 if self.is_missed else 1 if self.is_open else 2), by


def whom_to_call(centre: Centre) -> tuple[str, ...]:
    """The numbers the centre has set for people in care; nothing is invented where it set none."""
    own = f"{centre.name}: {centre.phone}" if centre.phone else ""
    return tuple(text for text in (centre.crisis_line, own) if text)


# --- One alert -------------------------------------------------------------------------------------------------------
def alerts(person: Person) -> list[Alarm]:
    """Every alert of this person, the newest first."""
    return alarms.of_cause(person, SUICIDE_RISK)


def alert_for(person: Person, public_id: UUID | str) -> Alarm:
    """This person's alert under this address. Raises Http404."""
    found = next((one for one in alerts(person) if str(one.public_id) == str(public_id)), None)
    if found is None:
        raise Http404("this person has no such alert")
    return found


def is_open(person: Person) -> bool:
    """Whether an alert about this person stands open."""
    return alarms.open_alarm(person, SUICIDE_RISK) is not None


def contacts_of(alarm: Alarm) -> list[RiskContact]:
    """What clinicians recorded about it, the oldest first."""
    rows = RiskContact.objects.filter(alarm=alarm, superseded_by__isnull=True)
    return list(rows.select_related("recorded_by", "screener").order_by("recorded_at", "pk"))


def caring_of(alarm: Alarm) -> list[CaringContact]:
    """The caring contacts, those tried in vain too, the oldest first."""
    rows = CaringContact.objects.filter(alarm=alarm, superseded_by__isnull=True)
    return list(rows.select_related("recorded_by").order_by("recorded_at", "pk"))


def owner_of(acts: Sequence[AlarmAct], duty: Iterable[int]) -> Owner | None:
    """Who took it last since the last trigger. acts: of the alarm, the oldest first. duty: ids of those on shift."""
    last = max((index for index, one in enumerate(acts) if one.kind == AlarmAct.Kind.TRIGGERED), default=-1)
    for act in reversed(acts[last + 1 :]):
        if act.kind in ANSWERS and act.recorded_by is not None:
            return Owner(act.recorded_by, act.get_kind_display(), act.recorded_at, act.recorded_by_id in set(duty))
    return None


def owner(acts: Sequence[AlarmAct]) -> Owner | None:
    """`owner_of` for one alert."""
    return owner_of(acts, on_duty({one.recorded_by_id for one in acts if one.recorded_by_id is not None}))


# --- Many people -----------------------------------------------------------------------------------------------------
def contacts_due(people: Sequence[Person], *, newest: Mapping[int, Alarm] | None = None) -> dict[int, NextContact]:
    """The contact that is due, by person id; none is due: left out. For an open alert and for a closed one. newest:
    the newest alert of each, where they were read already."""
    newest = alarms.newest_of_cause(people, SUICIDE_RISK) if newest is None else newest
    if not newest:
        return {}
    talks, caring = _by_alarm(RiskContact, newest.values()), _by_alarm(CaringContact, newest.values())
    found = {key: next_contact(one, talks.get(one.pk, []), caring.get(one.pk, [])) for key, one in newest.items()}
    return {key: one for key, one in found.items() if one is not None}


def at_risk(
    people: Sequence[Person], *, ringing: Sequence[OpenAlarm], due: Mapping[int, NextContact]
) -> tuple[AtRisk, ...]:
    """Who needs somebody: the missed first. ringing: their open alarms. due: `contacts_due` of the same people."""
    loud = {one.alarm.person_id: one for one in ringing if one.alarm.cause == SUICIDE_RISK}
    states = plan_states(people)
    shown = [one for one in people if one.pk in loud or one.pk in due or states[one.pk].is_due]
    closed = alarms.newest_of_cause([one for one in shown if one.pk not in loud], SUICIDE_RISK)
    duty = on_duty({act.recorded_by_id for one in loud.values() for act in one.acts if act.recorded_by_id is not None})
    rows = [
        AtRisk(
            person,
            loud[person.pk].alarm if person.pk in loud else closed[person.pk],
            owner_of(loud[person.pk].acts, duty) if person.pk in loud else None,
            due.get(person.pk),
            states[person.pk],
        )
        for person in shown
        if person.pk in loud or person.pk in closed
    ]
    return tuple(sorted(rows, key=lambda one: one.urgency))


# --- The safety plan -------------------------------------------------------------------------------------------------
def content_of(plan: SafetyPlan) -> Content:
    """The lines by part."""
    return {key: tuple(lines) for key, lines in plan.content.items()}


def newest_plan(person: Person) -> SafetyPlan | None:
    """The version that counts."""
    return _newest_plans([person]).get(person.pk)


def plans(person: Person) -> list[SafetyPlan]:
    """Every version, the newest first."""
    return list(SafetyPlan.objects.filter(person=person).select_related("recorded_by").order_by("-number"))


def looks(plan: SafetyPlan) -> list[PlanLook]:
    """When it was read again and stayed, the newest first."""
    return list(PlanLook.objects.filter(plan=plan).select_related("recorded_by").order_by("-recorded_at", "-pk"))


def copies(person: Person) -> list[PlanCopy]:
    """Who got a copy of which version, the newest first."""
    rows = PlanCopy.objects.filter(plan__person=person).select_related("plan", "recorded_by", "consent")
    return list(rows.order_by("-recorded_at", "-pk"))


def plan_state(person: Person, *, leaving: bool = False) -> PlanState:
    """leaving: the discharge is being prepared, and the plan is read once more on that day (ours)."""
    state = plan_states([person])[person.pk]
    if not leaving or state.plan is None or state.looked_at is None:
        return state
    if clock.local(person.centre, state.looked_at).date() == clock.today(person.centre):
        return state
    return PlanState(state.plan, state.looked_at, (*state.reasons, "the discharge is being prepared"))


def plan_states(people: Sequence[Person]) -> dict[int, PlanState]:
    """By person id, everybody asked for: a new alert, or another level, after the last look makes it due again."""
    newest, looked = _newest_plans(people), _last_looks(people)
    triggers = alarms.last_triggers(people, SUICIDE_RISK)
    talks = _by_person(people)
    return {
        person.pk: _state(
            person, newest.get(person.pk), looked.get(person.pk), triggers.get(person.pk), talks.get(person.pk, [])
        )
        for person in people
    }


def _state(
    person: Person,
    plan: SafetyPlan | None,
    looked: dt.datetime | None,
    trigger: dt.datetime | None,
    talks: Sequence[RiskContact],
) -> PlanState:
    if plan is None:
        return PlanState(None, None, ("there is no safety plan yet",) if trigger is not None else ())
    at = max(plan.recorded_at, looked) if looked is not None else plan.recorded_at
    reasons = []
    if trigger is not None and trigger > at:
        reasons.append(f"a new alert on {clock.local(person.centre, trigger):%-d %b at %H:%M}")
    changed = level_changed(talks, at)
    if changed is not None:
        reasons.append(f"the risk was judged {changed[1]}, before that {changed[0]}")
    return PlanState(plan, at, tuple(reasons))


# --- Building blocks -------------------------------------------------------------------------------------------------
def _newest_plans(people: Sequence[Person]) -> dict[int, SafetyPlan]:
    return {row.person_id: row for row in _plans(people)}


@prepared
def _plans(people: Many[Person]) -> QuerySet[SafetyPlan]:
    return SafetyPlan.objects.filter(person__in=people).select_related("recorded_by").order_by("number")


def _last_looks(people: Sequence[Person]) -> dict[int, dt.datetime]:
    return dict(_looks(people))


@prepared
def _looks(people: Many[Person]) -> QuerySet[PlanLook, tuple[int, dt.datetime]]:
    rows = PlanLook.objects.filter(plan__person__in=people).order_by("recorded_at")
    return rows.values_list("plan__person_id", "recorded_at")


def _by_alarm(model: type[Row], wanted: Iterable[Alarm]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in _after(model)(wanted):
        found.setdefault(row.alarm_id, []).append(row)
    return found


@cache
def _after(model: type[Row]) -> Callable[[Iterable[Alarm]], list[Row]]:
    @prepared
    def rows(wanted: Many[Alarm]) -> QuerySet[Row]:
        return model.objects.filter(alarm__in=wanted, superseded_by__isnull=True).order_by("recorded_at", "pk")

    return rows


@prepared
def _contacts(people: Many[Person]) -> QuerySet[RiskContact]:
    rows = RiskContact.objects.filter(person__in=people, superseded_by__isnull=True)
    return rows.order_by("recorded_at", "pk")


def _by_person(people: Sequence[Person]) -> dict[int, list[RiskContact]]:
    found: dict[int, list[RiskContact]] = {}
    for row in _contacts(people):
        found.setdefault(row.person_id, []).append(row)
    return found
