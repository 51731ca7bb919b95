"""PINs and the right to prescribe. Accounts stand in accounts.py, shifts in shifts.py, who is on
call in calling.py; all are reached from here."""

from __future__ import annotations

from django.db import transaction

from glidepath.record.audit import services as audit
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.history import save_as
from glidepath.record.staff.accounts import (
    assign_units,
    change_account,
    change_password,
    check_addiction_physician,
    close_account,
    create_staff,
    forget_wrong_pins,
    give_first_password,
    manages,
    reopen_account,
)
from glidepath.record.staff.calling import (
    CAN_BE_ON_CALL,
    call_on_device,
    forget_device,
    put_on_call,
    set_call_address,
    take_device_away,
    take_off_call,
)
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.permissions import MAY_HOLD_PRESCRIBING
from glidepath.record.staff.shifts import end_shift, start_shift
from glidepath.record.staff.signing import Proof, hashed_pin, require_proof

__all__ = [
    "CAN_BE_ON_CALL",
    "assign_units",
    "call_on_device",
    "change_account",
    "change_password",
    "close_account",
    "create_staff",
    "end_shift",
    "forget_device",
    "forget_wrong_pins",
    "give_first_password",
    "grant_prescribing",
    "name_addiction_physician",
    "put_on_call",
    "reopen_account",
    "set_call_address",
    "set_pin",
    "start_shift",
    "take_device_away",
    "take_off_call",
]


@transaction.atomic
def set_pin(*, staff: Staff, pin: str, by: Staff | None, password: str = "") -> None:
    """A new PIN. One's own, with one's password; never another's. by None: set up from the machine."""
    if by is not None and by.pk != staff.pk:
        raise NotAllowed("A PIN is set by the one it belongs to.")
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    if by is not None and not locked.check_password(password):
        raise BadInput("That password is not right. A new PIN needs it.", field="password")
    locked.pin = hashed_pin(pin)
    save_as(locked, by)
    staff.pin = locked.pin
    assert locked.centre is not None
    audit.write("staff.pin_set", by=by, centre=locked.centre, about=locked)


@transaction.atomic
def grant_prescribing(*, staff: Staff, granted: bool, by: Staff, proof: Proof) -> None:
    """Gives or takes the right to prescribe, by name, with a signature."""
    require_proof(by, proof)
    manages(by, staff.centre_id)
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    if granted and locked.role not in MAY_HOLD_PRESCRIBING:
        raise BadInput(f"A {locked.get_role_display()} cannot be given the right to prescribe.")
    locked.may_prescribe = granted
    save_as(locked, by)
    assert locked.centre is not None
    audit.write(
        "staff.prescribing_set", by=by, centre=locked.centre, kind="sign", about=locked, code="yes" if granted else "no"
    )


@transaction.atomic
def name_addiction_physician(*, staff: Staff, granted: bool, by: Staff, proof: Proof) -> None:
    """Names a physician as an addiction physician, or takes it back, with a signature. Raises BadInput, NotAllowed."""
    require_proof(by, proof)
    manages(by, staff.centre_id)
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    check_addiction_physician(Role(locked.role), granted)
    locked.is_addiction_physician = granted
    save_as(locked, by)
    staff.is_addiction_physician = granted
    assert locked.centre is not None
    audit.write(
        "staff.addiction_physician_set", by=by, centre=locked.centre, kind="sign", about=locked,
        code="yes" if granted else "no",
    )  # fmt: skip
