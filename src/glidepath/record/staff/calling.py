"""The list of who is on call, which the handover keeps, and by which way each is called."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.history import save_as
from glidepath.record.staff.models import OnCall, PushDevice, Role, Staff
from glidepath.record.staff.permissions import WORKS_SHIFTS, require
from glidepath.record.staff.push import is_push_service

if TYPE_CHECKING:
    from glidepath.record.centres.models import Unit

CAN_BE_ON_CALL = WORKS_SHIFTS | {Role.MANAGER}
LONGEST = dt.timedelta(days=14)  # ours: a longer entry is a slip of the year or the month


@transaction.atomic
def put_on_call(
    *, staff: Staff, unit: Unit | None, begins_at: dt.datetime, until: dt.datetime, by: Staff, once: str = "",
    phone: str = "", remarks: str = "",
) -> OnCall:  # fmt: skip
    """Puts `staff` on the list for a unit, or for every unit (None). Raises BadInput, NotAllowed.

    It counts from now at the earliest: nobody was on call before the list said so. Times are aware.
    """
    earlier = submits.found(once, "on_call.set")
    if earlier is not None:
        return OnCall.objects.get(pk=earlier)
    require(by, "on_call.keep")
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    if locked.centre_id != by.centre_id or (unit is not None and unit.centre_id != by.centre_id):
        raise NotAllowed("Staff and unit are of another centre.")
    _check(locked, unit, begins_at, until)
    assert by.centre is not None
    row = OnCall.objects.create(
        centre=by.centre, staff=locked, unit=unit, begins_at=begins_at, until=until, phone=phone.strip(),
        remarks=remarks.strip(), set_at=clock.now(), set_by=by,
    )  # fmt: skip
    submits.remember(once, "on_call.set", row.pk)
    audit.write("on_call.set", by=by, centre=by.centre, about=row)
    return row


@transaction.atomic
def take_off_call(*, entry: OnCall, by: Staff) -> OnCall:
    """Ends an entry now; one that lies ahead never begins. Raises ChangedMeanwhile where somebody ended it."""
    require(by, "on_call.keep")
    if entry.centre_id != by.centre_id:
        raise NotAllowed("This list is another centre's.")
    locked = OnCall.objects.select_for_update(of=("self",)).select_related("staff", "ended_by").get(pk=entry.pk)
    if locked.ended_by is not None:
        raise ChangedMeanwhile(
            f"{locked.ended_by.name} took {locked.staff.name} off the list.",
            by=locked.ended_by.name,
            at=locked.ended_at or clock.now(),
        )
    locked.ended_at, locked.ended_by = clock.now(), by
    locked.save(update_fields=["ended_at", "ended_by"])
    assert by.centre is not None
    audit.write("on_call.ended", by=by, centre=by.centre, about=locked)
    return locked


@transaction.atomic
def set_call_address(*, by: Staff, email: str) -> None:
    """Where one is called by e-mail; empty: not by e-mail. The message names nobody. Raises BadInput (`email`)."""
    require(by, "call.own")
    address = email.strip()
    if address:
        try:
            validate_email(address)
        except ValidationError as wrong:
            raise BadInput(
                f"“{address}” is no e-mail address. Write one such as name@centre.org, or leave it empty.",
                field="email",
            ) from wrong
    locked = Staff.objects.select_for_update().get(pk=by.pk)
    locked.email = address
    save_as(locked, by)
    by.email = address
    assert locked.centre is not None
    audit.write("staff.call_address_set", by=by, centre=locked.centre, about=locked, code="yes" if address else "no")


@transaction.atomic
def call_on_device(*, by: Staff, endpoint: str, name: str) -> PushDevice:
    """From now on this browser calls `by`, and nobody else: a shared device calls whoever said so last.

    Raises BadInput for an address that is no push service's.
    """
    require(by, "call.own")
    if len(endpoint) > 800 or not is_push_service(endpoint):
        raise BadInput("This browser's push service is none we send to. Ask whoever looks after the server.")
    Staff.objects.select_for_update().get(pk=by.pk)
    standing = PushDevice.objects.select_for_update().filter(endpoint=endpoint, removed_at__isnull=True).first()
    if standing is not None and standing.staff_id == by.pk:
        return standing
    if standing is not None:
        forget_device(standing)
    assert by.centre is not None
    row = PushDevice.objects.create(
        centre=by.centre, staff=by, endpoint=endpoint, name=name[:60] or "a browser", added_at=clock.now()
    )
    audit.write("staff.call_device_set", by=by, centre=by.centre, about=row)
    return row


@transaction.atomic
def take_device_away(*, device: PushDevice, by: Staff) -> None:
    """One's own device calls no longer. Raises NotAllowed for another's."""
    if device.staff_id != by.pk:
        raise NotAllowed("A device is taken away by the one it calls.")
    forget_device(device)
    assert by.centre is not None
    audit.write("staff.call_device_removed", by=by, centre=by.centre, about=device)


def forget_device(device: PushDevice) -> None:
    """It calls no longer: its owner said so, or its push service says that it is gone."""
    device.removed_at = clock.now()
    device.save(update_fields=["removed_at"])


def _check(staff: Staff, unit: Unit | None, begins_at: dt.datetime, until: dt.datetime) -> None:
    if staff.role not in CAN_BE_ON_CALL or not staff.is_active:
        raise BadInput(f"{staff.name} ({staff.get_role_display()}) cannot be on call.", field="staff")
    if until <= begins_at:
        raise BadInput("It ends before it begins. Give a later end.", field="until")
    if until <= clock.now():
        raise BadInput("This end has passed. Give one that lies ahead.", field="until")
    if until - begins_at > LONGEST:
        raise BadInput(f"Longer than {LONGEST.days} days: enter each duty by itself.", field="until")
    same = OnCall.objects.filter(staff=staff, unit=unit, ended_at__isnull=True)
    standing = same.filter(begins_at__lt=until, until__gt=begins_at).first()
    if standing is not None:
        ends = clock.local(standing.centre, standing.until)
        raise BadInput(
            f"{staff.name} stands on the list already, until {ends:%-d %b, %H:%M}. Take that off, or begin after it.",
            field="begins_at",
        )
