"""Accounts, PINs and shifts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from glidepath.record import clock
from glidepath.record.audit import services as audit
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.history import save_as
from glidepath.record.staff.models import Role, Shift, Staff
from glidepath.record.staff.permissions import MAY_HOLD_PRESCRIBING, require
from glidepath.record.staff.queries import SHIFT_LASTS
from glidepath.record.staff.signing import Proof, hashed_pin, require_proof

if TYPE_CHECKING:
    from glidepath.record.centres.models import Centre, Unit


@transaction.atomic
def create_staff(
    *,
    centre: Centre,
    username: str,
    name: str,
    role: Role,
    password: str | None,
    by: Staff | None,
    may_prescribe: bool = False,
    units: Sequence[Unit] = (),
    pin: str = "",
) -> Staff:
    """An account of one named person.

    by: who has `staff.manage`; None only while a centre is set up from the machine itself. password: None makes an
    account that signs in by passkey or by the demo's door. units: where they may sign on for a shift.
    """
    if by is not None:
        _manages(by, centre.pk)
    _check_account(username, name, role, may_prescribe)
    staff = Staff(centre=centre, username=username, name=" ".join(name.split()), role=role, may_prescribe=may_prescribe)
    if password is not None:
        _check_password(password, staff)
    staff.set_password(password)
    if pin:
        staff.pin = hashed_pin(pin)
    save_as(staff, by)
    staff.units.set(_units_here(units, centre.pk))
    audit.write("staff.created", by=by, centre=centre, about=staff, code=role)
    return staff


@transaction.atomic
def assign_units(*, staff: Staff, units: Sequence[Unit], by: Staff) -> None:
    """The units this member of staff may sign on for, from now on; an open shift elsewhere goes on."""
    _manages(by, staff.centre_id)
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    locked.units.set(_units_here(units, locked.centre_id))
    assert locked.centre is not None
    audit.write("staff.units_assigned", by=by, centre=locked.centre, about=locked)


@transaction.atomic
def close_account(*, staff: Staff, by: Staff) -> None:
    """They leave: no sign-in, no shift; what they wrote keeps their name."""
    _manages(by, staff.centre_id)
    if staff.pk == by.pk:
        raise BadInput("You cannot close your own account. Ask another administrator.")
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    locked.is_active = False
    save_as(locked, by)
    for shift in Shift.objects.filter(staff=locked, ended_at__isnull=True):
        _end(shift)
    assert locked.centre is not None
    audit.write("staff.closed", by=by, centre=locked.centre, about=locked)


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
def start_shift(*, unit: Unit, by: Staff) -> Shift:
    """Signs `by` on for a unit they are assigned to; already on, it stays as it is. Raises NotAllowed."""
    require(by, "shift.work")
    Staff.objects.select_for_update().get(pk=by.pk)
    if by.centre_id != unit.centre_id or not by.units.filter(pk=unit.pk).exists():
        raise NotAllowed(f"You are not assigned to {unit.name}. The administrator assigns units.")
    open_one = Shift.objects.filter(staff=by, unit=unit, ended_at__isnull=True).first()
    if open_one and open_one.started_at > clock.now() - SHIFT_LASTS:
        return open_one
    if open_one:  # nobody ended it: it ended by itself when it stopped counting
        open_one.ended_at = open_one.started_at + SHIFT_LASTS
        open_one.save(update_fields=["ended_at"])
    shift = Shift.objects.create(centre_id=unit.centre_id, staff=by, unit=unit, started_at=clock.now())
    audit.write("shift.started", by=by, centre=unit.centre, kind="session", about=unit)
    return shift


@transaction.atomic
def end_shift(*, unit: Unit, by: Staff) -> None:
    """Signs `by` off a unit; when they are not on it, nothing happens."""
    shift = Shift.objects.select_for_update().filter(staff=by, unit=unit, ended_at__isnull=True).first()
    if shift is None:
        return
    _end(shift)
    audit.write("shift.ended", by=by, centre=unit.centre, kind="session", about=unit)


@transaction.atomic
def grant_prescribing(*, staff: Staff, granted: bool, by: Staff, proof: Proof) -> None:
    """Gives or takes the right to prescribe, by name, with a signature."""
    require_proof(by, proof)
    _manages(by, staff.centre_id)
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    if granted and locked.role not in MAY_HOLD_PRESCRIBING:
        raise BadInput(f"A {locked.get_role_display()} cannot be given the right to prescribe.")
    locked.may_prescribe = granted
    save_as(locked, by)
    assert locked.centre is not None
    audit.write(
        "staff.prescribing_set", by=by, centre=locked.centre, kind="sign", about=locked, code="yes" if granted else "no"
    )


def _end(shift: Shift) -> None:
    shift.ended_at = min(clock.now(), shift.started_at + SHIFT_LASTS)
    shift.save(update_fields=["ended_at"])


def _manages(by: Staff, centre_id: int | None) -> None:
    require(by, "staff.manage")
    if by.centre_id != centre_id:
        raise NotAllowed("This account belongs to another centre.")


def _check_account(username: str, name: str, role: Role, may_prescribe: bool) -> None:
    if role not in Role.values:
        raise BadInput(f"There is no role {role!r}.", field="role")
    if not name.strip() or not username.strip():
        raise BadInput("An account has a user name and the name colleagues read.", field="name")
    if Staff.objects.filter(username__iexact=username).exists():
        raise BadInput(f"The user name {username} is taken. Choose another.", field="username")
    if may_prescribe and role not in MAY_HOLD_PRESCRIBING:
        raise BadInput(f"A {Role(role).label} cannot be given the right to prescribe.", field="may_prescribe")


def _check_password(password: str, staff: Staff) -> None:
    try:
        validate_password(password, staff)
    except ValidationError as error:
        raise BadInput(" ".join(error.messages), field="password") from error


def _units_here(units: Sequence[Unit], centre_id: int | None) -> list[Unit]:
    if any(unit.centre_id != centre_id for unit in units):
        raise BadInput("A unit of another centre cannot be assigned.", field="units")
    return list(units)
