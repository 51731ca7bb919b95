"""To raise an alarm, to answer it, to close it by name. A second trigger joins the open one and makes it loud again."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from glidepath.care.alarms.closing import closing_actions
from glidepath.care.alarms.models import Alarm, AlarmAct, Rank, WatchLook
from glidepath.care.alarms.paging import page_who_is_called
from glidepath.care.alarms.queries import GIVES_ORDERS
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.models import Centre
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.cover import is_any
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require, require_any
from glidepath.record.staff.signing import Proof, require_proof

__all__ = [
    "acknowledge",
    "attend",
    "call_for_help",
    "close",
    "close_answered",
    "give_order",
    "note_look",
    "page_who_is_called",
    "raise_alarm",
]


@transaction.atomic
def raise_alarm(
    *,
    person: Person,
    cause: str,
    rank: Rank,
    message: str,
    do: str,
    by: Staff | None,
    pauses_taper: bool = False,
    prescriber_closes: bool = False,
    emergency: bool = False,
) -> Alarm:
    """An alarm for this person and cause; where one is open it is joined, never doubled, and never made milder.

    emergency: by a limit of the rule itself: its calls go by the ladder of an emergency from now on.
    `by` None: derived by the system. Called inside the transaction of whatever found the cause, as its last act but
    the audit line.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    now = clock.now()
    alarm = _open(person, cause)
    if alarm is None:
        try:
            with transaction.atomic():
                alarm = Alarm.objects.create(
                    centre_id=person.centre_id, person=person, cause=cause, rank=rank, message=message, do=do,
                    prescriber_closes=prescriber_closes, pauses_taper=pauses_taper,
                    paused_at=now if pauses_taper else None, emergency_at=now if emergency else None,
                    opened_at=now, opened_by=by,
                )  # fmt: skip
        except IntegrityError:  # somebody opened it between the look and the insert: the constraint decides, we join
            alarm = Alarm.objects.select_for_update().get(person=person, cause=cause, closed_at__isnull=True)
            _join(alarm, rank, message, do, pauses_taper, prescriber_closes, emergency, now)
    else:
        _join(alarm, rank, message, do, pauses_taper, prescriber_closes, emergency, now)
    _act(alarm, AlarmAct.Kind.TRIGGERED, by=by, at=now, words=message)
    audit.write("alarm.raised", by=by, centre=alarm.centre, person=person, about=alarm, code=cause)
    return alarm


@transaction.atomic
def call_for_help(*, person: Person, by: Staff, once: str) -> Alarm:
    """`by` is at the bedside and wants others there now."""
    earlier = submits.found(once, "alarm.help")
    if earlier is not None:
        return Alarm.objects.get(pk=earlier)
    require(by, "event.record")
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    alarm = raise_alarm(
        person=person,
        cause="help",
        rank=Rank.NOW,
        message=f"{by.name} calls for help.",
        do="Go there now.",
        by=by,
    )
    submits.remember(once, "alarm.help", alarm.pk)
    return alarm


@transaction.atomic
def acknowledge(*, alarm: Alarm, by: Staff, once: str) -> Alarm:
    """`by` has seen it and has it in hand."""
    return _answer(alarm, AlarmAct.Kind.ACKNOWLEDGED, "alarm.acknowledge", by=by, once=once)


@transaction.atomic
def attend(*, alarm: Alarm, by: Staff, once: str) -> Alarm:
    """`by` is with the person: it stops the ladder and records the time."""
    return _answer(alarm, AlarmAct.Kind.ATTENDED, "alarm.attend", by=by, once=once)


@transaction.atomic
def give_order(*, alarm: Alarm, whose: Staff, words: str, by: Staff, once: str) -> Alarm:
    """Writes down what was ordered or decided, and by whom; `by` may be who took it by telephone. It is no dose order.

    Whose order it is decides whether the ladder counts it. Raises BadInput, NotAllowed, ChangedMeanwhile.
    """
    if submits.found(once, "alarm.order") is not None:
        return Alarm.objects.get(pk=alarm.pk)
    locked = _lock(alarm, by, "alarm.order")
    words = words.strip()
    if not words:
        raise BadInput("Write what was ordered or decided.", field="words")
    if whose.centre_id != by.centre_id or not is_any(whose, GIVES_ORDERS):
        raise BadInput(f"{whose.name} gives no orders here. Name who decided.", field="whose")
    now = clock.now()
    act = AlarmAct.objects.create(
        centre_id=locked.centre_id, alarm=locked, kind=AlarmAct.Kind.ORDERED, words=words, whom=whose,
        happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "alarm.order", act.pk)
    audit.write("alarm.order", by=by, centre=locked.centre, person=locked.person, about=locked, code=locked.cause)
    return locked


@transaction.atomic
def close(
    *, alarm: Alarm, words: str, by: Staff, once: str, proof: Proof | None = None, seen: int | None = None
) -> Alarm:
    """Close it by name, with the outcome in words. A hard stop is closed by a prescriber who has proved who it is; that
    of suicide risk also by a physician or a psychologist, who has too.

    `seen`: the last act on the page that closes it; a trigger that came meanwhile is not closed unread.
    """
    if submits.found(once, "alarm.close") is not None:
        return Alarm.objects.get(pk=alarm.pk)
    locked = _lock(alarm, by, *closing_actions(alarm))
    if locked.prescriber_closes:
        if proof is None:
            raise NotAllowed("A hard stop is closed with a signature: give your PIN.", field="pin")
        require_proof(by, proof)
    words = words.strip()
    if not words:
        raise BadInput("An alarm is closed with its outcome: write what was found and done.", field="words")
    _refuse_unread_trigger(locked, seen)
    now = clock.now()
    locked.closed_at = now
    locked.save(update_fields=["closed_at"])
    _act(locked, AlarmAct.Kind.CLOSED, by=by, at=now, words=words)
    submits.remember(once, "alarm.close", locked.pk)
    audit.write("alarm.closed", by=by, centre=locked.centre, person=locked.person, about=locked, code=locked.cause)
    return locked


@transaction.atomic
def close_answered(*, person: Person, cause: str, words: str, by: Staff) -> Alarm | None:
    """Closes the open alarm of this cause because the act itself was what it called for; None where none is open.

    Called inside the transaction of that act, which has asked whether `by` may do it. `words`: what was done.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    alarm = _open(person, cause)
    if alarm is None:
        return None
    now = clock.now()
    alarm.closed_at = now
    alarm.save(update_fields=["closed_at"])
    _act(alarm, AlarmAct.Kind.CLOSED, by=by, at=now, words=words)
    audit.write("alarm.closed", by=by, centre=person.centre, person=person, about=alarm, code=cause)
    return alarm


def note_look(centre: Centre) -> None:
    """The worker has looked through this centre to the end."""
    WatchLook.objects.update_or_create(centre=centre, defaults={"looked_at": clock.now()})


def _open(person: Person, cause: str) -> Alarm | None:
    return Alarm.objects.select_for_update().filter(person=person, cause=cause, closed_at__isnull=True).first()


def _join(
    alarm: Alarm,
    rank: Rank,
    message: str,
    do: str,
    pauses_taper: bool,
    prescriber_closes: bool,
    emergency: bool,
    now: dt.datetime,
) -> None:
    """The newest numbers on the open alarm. What makes it stricter stays, whatever the new trigger says."""
    milder = rank.order > Rank(alarm.rank).order or (alarm.emergency_at is not None and not emergency)
    if emergency and alarm.emergency_at is None:
        alarm.emergency_at = now
    alarm.message = message
    if not milder:
        alarm.rank, alarm.do = rank, do
    if pauses_taper and not alarm.pauses_taper:
        alarm.pauses_taper, alarm.paused_at = True, now
    alarm.prescriber_closes = alarm.prescriber_closes or prescriber_closes
    alarm.save(
        update_fields=["message", "rank", "do", "pauses_taper", "paused_at", "prescriber_closes", "emergency_at"]
    )


def _answer(alarm: Alarm, kind: AlarmAct.Kind, action: str, *, by: Staff, once: str) -> Alarm:
    if submits.found(once, action) is not None:
        return Alarm.objects.get(pk=alarm.pk)
    locked = _lock(alarm, by, action)
    act = _act(locked, kind, by=by, at=clock.now())
    submits.remember(once, action, act.pk)
    audit.write(action, by=by, centre=locked.centre, person=locked.person, about=locked, code=locked.cause)
    return locked


def _lock(alarm: Alarm, by: Staff, *actions: str) -> Alarm:
    """The alarm as it stands now, locked. Refuses another centre's, and one that somebody has closed."""
    require_any(by, *actions)
    if alarm.centre_id != by.centre_id:
        raise NotAllowed("This alarm belongs to another centre.")
    Person.objects.select_for_update().get(pk=alarm.person_id)
    locked = Alarm.objects.select_for_update(of=("self",)).select_related("centre", "person").get(pk=alarm.pk)
    if locked.closed_at is not None:
        closed = AlarmAct.objects.select_related("recorded_by").get(alarm=locked, kind=AlarmAct.Kind.CLOSED)
        name = closed.recorded_by.name if closed.recorded_by else "the system"
        at = clock.local(locked.centre, locked.closed_at)
        raise ChangedMeanwhile(f"{name} closed this alarm at {at:%H:%M}.", by=name, at=locked.closed_at)
    return locked


def _refuse_unread_trigger(alarm: Alarm, seen: int | None) -> None:
    newer = (
        AlarmAct.objects.filter(alarm=alarm, kind=AlarmAct.Kind.TRIGGERED, id__gt=seen) if seen is not None else None
    )
    trigger = newer.select_related("recorded_by").last() if newer is not None else None
    if trigger is not None:
        name = trigger.recorded_by.name if trigger.recorded_by else "the system"
        raise ChangedMeanwhile(
            f"It was triggered again meanwhile ({name}): {trigger.words} Read it, then close.",
            by=name,
            at=trigger.recorded_at,
        )


def _act(alarm: Alarm, kind: AlarmAct.Kind, *, by: Staff | None, at: dt.datetime, words: str = "") -> AlarmAct:
    return AlarmAct.objects.create(
        centre_id=alarm.centre_id, alarm=alarm, kind=kind, words=words, happened_at=at, recorded_at=at, recorded_by=by
    )
