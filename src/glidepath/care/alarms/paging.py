"""The worker's part: it carries the messages of the ladder. Who is called stands on the board with it or without it.

One row says that a message is due, written once by whoever is first; a second says what became of it. Where a worker
dies between the two, the next look sends it: a message twice is better than none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from glidepath.care.alarms.models import Alarm, AlarmAct, PageSent
from glidepath.care.alarms.outbox import Outbox
from glidepath.care.alarms.queries import OpenAlarm, ringing
from glidepath.clinical.monitoring.ladder import Call
from glidepath.record import clock
from glidepath.record.audit import services as audit
from glidepath.record.centres.models import Centre, Unit
from glidepath.record.staff.models import PushDevice, Staff
from glidepath.record.staff.queries import devices_by_staff

Devices = Mapping[int, Sequence[PushDevice]]  # by staff id
SENT_BY_THEN = dt.timedelta(minutes=2)  # ours: longer than any send takes; after it whoever began has died


def page_who_is_called(centre: Centre) -> int:
    """Writes the messages that are due, each once, and sends them. Returns how many were written now."""
    outbox, devices = Outbox(), devices_by_staff(centre)
    found = ringing(centre)
    written = [page for each in found for page in _claim_all(each, devices)]
    units = {each.alarm.pk: each.calling.unit for each in found}
    for page in [*written, *_left_behind(centre)]:
        if page.way != AlarmAct.Way.BOARD:
            _send(page, units.get(page.alarm_id), outbox, devices)
    return len(written)


def _claim_all(each: OpenAlarm, devices: Devices) -> list[AlarmAct]:
    done = {(act.called_at, act.rung, act.whom_id, act.way) for act in each.acts if act.kind == AlarmAct.Kind.PAGED}
    due = [
        (call, duty.staff, way)
        for call in each.calling.to_page()
        for duty in each.calling.on_rung(call.rung)
        for way in ways_of(duty.staff, devices)
    ]
    new = [one for one in due if (one[0].at, one[0].rung + 1, one[1].pk, one[2]) not in done]
    return [page for call, staff, way in new if (page := _claim(each.alarm, call, staff, way)) is not None]


def ways_of(staff: Staff, devices: Devices) -> tuple[AlarmAct.Way, ...]:
    """How this member of staff is called; whoever has set nothing is called on the board alone."""
    email = (AlarmAct.Way.EMAIL,) if staff.email else ()
    push = (AlarmAct.Way.PUSH,) if devices.get(staff.pk) else ()
    return (*email, *push) or (AlarmAct.Way.BOARD,)


def _claim(alarm: Alarm, call: Call, staff: Staff, way: AlarmAct.Way) -> AlarmAct | None:
    """The row of this message, or None where another worker was first, or somebody has closed the alarm meanwhile."""
    now = clock.now()
    try:
        with transaction.atomic():
            open_ = Alarm.objects.select_for_update(of=("self",)).filter(pk=alarm.pk, closed_at__isnull=True).exists()
            if not open_:
                return None
            page = AlarmAct.objects.create(
                centre_id=alarm.centre_id, alarm=alarm, kind=AlarmAct.Kind.PAGED, whom=staff, way=way,
                rung=call.rung + 1, called_at=call.at, happened_at=now, recorded_at=now, recorded_by=None,
            )  # fmt: skip
            audit.write("alarm.paged", by=None, centre=alarm.centre, person=alarm.person, about=page, code=way)
    except IntegrityError:  # the constraint: each call pages each once
        return None
    return page


def _left_behind(centre: Centre) -> list[AlarmAct]:
    """Messages of open alarms that were begun and of which nobody knows what became."""
    pages = AlarmAct.objects.filter(
        centre=centre, alarm__closed_at__isnull=True, kind=AlarmAct.Kind.PAGED, sent__isnull=True,
        recorded_at__lt=clock.now() - SENT_BY_THEN,
    )  # fmt: skip
    return list(pages.exclude(way=AlarmAct.Way.BOARD).select_related("whom", "alarm"))


def _send(page: AlarmAct, unit: Unit | None, outbox: Outbox, devices: Devices) -> None:
    assert page.whom is not None
    assert page.rung is not None
    if page.way == AlarmAct.Way.PUSH:
        failed = outbox.send_push(devices.get(page.whom.pk, []))
    else:
        failed = outbox.send_email(page.whom, message(unit, page.rung))
    try:
        with transaction.atomic():
            PageSent.objects.create(centre_id=page.centre_id, page=page, at=clock.now(), failed=failed[:300])
    except IntegrityError:  # another worker sent it too: what became of it stands
        return


def message(unit: Unit | None, rung: int) -> str:
    """What leaves the house: the unit and how far the ladder is. No name of anybody, and no word of health."""
    where = f" on {unit.name}" if unit else ""
    return f"Glidepath: an alarm{where} waits for you (page {rung}). Sign in."
