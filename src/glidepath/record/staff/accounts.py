"""Accounts: who has one, as what, on which units; closed, opened again, and how somebody comes by a password.

No account is erased: what somebody wrote keeps their name. A password that another person typed opens the account for
three days and only as far as the page where it is exchanged for one's own.

The centre's rules ask two persons for a grant of power. Here one asks and signs with the PIN, and the manager and the
auditor read the line of it; that a second signs beforehand is not built.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from glidepath.record import clock
from glidepath.record.audit import once as repeated, services as audit
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.history import refuse_if_changed, save_as
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.permissions import MAY_HOLD_PRESCRIBING, WORKS_SHIFTS, require
from glidepath.record.staff.shifts import end_every_shift
from glidepath.record.staff.signing import Proof, forget_tries, hashed_pin, require_proof

if TYPE_CHECKING:
    from glidepath.record.centres.models import Centre, Unit

FIRST_PASSWORD_LASTS = dt.timedelta(days=3)  # ours


@transaction.atomic
def create_staff(
    *,
    centre: Centre,
    username: str,
    name: str,
    role: Role,
    password: str | None,
    by: Staff | None,
    proof: Proof | None = None,
    may_prescribe: bool = False,
    is_addiction_physician: bool = False,
    units: Sequence[Unit] = (),
    pin: str = "",
    once: str = "",
) -> Staff:
    """An account of one named person.

    by: who has `staff.manage`, with their proof; None only while a centre is set up from the machine itself.
    password: the first one, to be exchanged at the first sign-in, when somebody else types it; None makes an account
    that signs in by passkey or by the demo's door. units: where they may sign on for a shift.
    """
    earlier = repeated.found(once, "staff.created")
    if earlier:
        return Staff.objects.get(pk=earlier)
    if by is not None:
        _signs(by, proof, centre.pk)
    _check_account(username, name, role, may_prescribe)
    check_addiction_physician(role, is_addiction_physician)
    staff = Staff(
        centre=centre,
        username=username.strip(),
        name=_tidy(name),
        role=role,
        may_prescribe=may_prescribe,
        is_addiction_physician=is_addiction_physician,
    )
    _set_first_password(staff, password, by)
    if pin:
        staff.pin = hashed_pin(pin)
    save_as(staff, by)
    staff.units.set(_units_here(units, centre.pk))
    repeated.remember(once, "staff.created", staff.pk)
    audit.write("staff.created", by=by, centre=centre, kind="sign" if by else "write", about=staff, code=role)
    return staff


@transaction.atomic
def change_account(
    *, staff: Staff, name: str, role: Role, units: Sequence[Unit], by: Staff, proof: Proof, seen: int | None = None
) -> Staff:
    """Another name, role or other units. With the role go the rights given by name, which are given anew."""
    locked = _managed(staff, by, proof)
    refuse_if_changed(locked, seen, "This account’s data")
    _check_name(name)
    _check_role(role)
    before = locked.role
    if role != before:
        if locked.pk == by.pk:
            raise BadInput("You cannot change your own role. Ask another administrator.", field="role")
        _refuse_the_last_administrator(locked)
        _take_rights(locked)
    if role not in WORKS_SHIFTS:
        end_every_shift(locked)
    locked.name, locked.role = _tidy(name), role
    save_as(locked, by)
    locked.units.set(_units_here(units, locked.centre_id))
    code = f"{before}-to-{role}" if role != before else ""
    _line("staff.changed", locked, by, code=code)
    return locked


@transaction.atomic
def assign_units(*, staff: Staff, units: Sequence[Unit], by: Staff) -> None:
    """The units this member of staff may sign on for, from now on; an open shift elsewhere goes on."""
    manages(by, staff.centre_id)
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    locked.units.set(_units_here(units, locked.centre_id))
    _line("staff.units_assigned", locked, by)


@transaction.atomic
def close_account(*, staff: Staff, by: Staff, proof: Proof) -> None:
    """They leave: no sign-in, no shift, and every session ends at once; what they wrote keeps their name."""
    locked = _managed(staff, by, proof)
    if locked.pk == by.pk:
        raise BadInput("You cannot close your own account. Ask another administrator.")
    if not locked.is_active:
        return
    _refuse_the_last_administrator(locked)
    locked.is_active = False
    locked.set_unusable_password()  # sessions are sealed with it: none of them comes back to life with the account
    locked.first_password_until = None
    save_as(locked, by)
    end_every_shift(locked)
    _line("staff.closed", locked, by)


@transaction.atomic
def reopen_account(*, staff: Staff, password: str, by: Staff, proof: Proof) -> None:
    """They are back, with a first password; role and units as they were, rights given by name to be given anew."""
    locked = _managed(staff, by, proof)
    if locked.is_active:
        raise BadInput(f"The account of {locked.name} is open already.")
    _set_first_password(locked, password, by)
    locked.is_active = True
    _take_rights(locked)
    save_as(locked, by)
    _line("staff.reopened", locked, by)


@transaction.atomic
def give_first_password(*, staff: Staff, password: str, by: Staff, proof: Proof) -> None:
    """For somebody who forgot theirs. It ends their sessions; nobody gives it to themselves."""
    locked = _managed(staff, by, proof)
    if locked.pk == by.pk:
        raise BadInput("Your own password you change yourself, on the page for that.")
    if not locked.is_active:
        raise BadInput(f"The account of {locked.name} is closed. Open it again instead.")
    _set_first_password(locked, password, by)
    save_as(locked, by)
    _line("staff.first_password_given", locked, by)


@transaction.atomic
def change_password(*, by: Staff, old: str, new: str) -> None:
    """One's own password; a first one is exchanged by it. Their other sessions end."""
    locked = Staff.objects.select_for_update().get(pk=by.pk)
    if not locked.check_password(old):
        raise BadInput("That is not your present password. Capitals count.", field="old_password")
    if old == new:
        raise BadInput("The new password is the old one. Choose another.", field="new_password")
    _check_password(new, locked, field="new_password")
    locked.set_password(new)
    locked.first_password_until = None
    save_as(locked, by)
    by.password, by.first_password_until = locked.password, None
    assert locked.centre is not None
    audit.write("staff.password_changed", by=by, centre=locked.centre, about=locked)


@transaction.atomic
def forget_wrong_pins(*, staff: Staff, by: Staff) -> None:
    """After too many wrong PINs: they may try again at once. The PIN itself stays."""
    manages(by, staff.centre_id)
    forget_tries(staff)
    _line("staff.unlocked", staff, by, kind="write")


def manages(by: Staff, centre_id: int | None) -> None:
    """Raises NotAllowed unless `by` keeps the accounts of this centre."""
    require(by, "staff.manage")
    if by.centre_id != centre_id:
        raise NotAllowed("This account belongs to another centre.")


def check_addiction_physician(role: Role, wanted: bool) -> None:
    """Raises BadInput where somebody who is no physician would be named an addiction physician."""
    if wanted and role != Role.PHYSICIAN:
        raise BadInput(
            f"A {Role(role).label} cannot be named an addiction physician: it is for physicians.",
            field="is_addiction_physician",
        )


def _take_rights(staff: Staff) -> None:
    staff.may_prescribe = staff.is_addiction_physician = False


def _signs(by: Staff, proof: Proof | None, centre_id: int | None) -> None:
    require_proof(by, proof)
    manages(by, centre_id)


def _managed(staff: Staff, by: Staff, proof: Proof) -> Staff:
    """The account, locked, for whoever keeps the accounts and has just signed."""
    _signs(by, proof, staff.centre_id)
    return Staff.objects.select_for_update().get(pk=staff.pk)


def _refuse_the_last_administrator(staff: Staff) -> None:
    """All of them are locked, so that two who close each other at once do not leave the centre without one."""
    if staff.role != Role.ADMINISTRATOR:
        return
    everybody = Staff.objects.select_for_update().filter(centre=staff.centre, role=Role.ADMINISTRATOR, is_active=True)
    if not [one for one in everybody.order_by("pk") if one.pk != staff.pk]:
        raise BadInput(f"{staff.name} is the last administrator. Make another one first: somebody must open accounts.")


def _check_account(username: str, name: str, role: Role, may_prescribe: bool) -> None:
    _check_role(role)
    _check_name(name)
    _check_username(username.strip())
    if may_prescribe and role not in MAY_HOLD_PRESCRIBING:
        raise BadInput(f"A {Role(role).label} cannot be given the right to prescribe.", field="may_prescribe")


def _check_role(role: Role) -> None:
    if role not in Role.values:
        raise BadInput(f"There is no role {role!r}.", field="role")


def _check_name(name: str) -> None:
    if not 0 < len(_tidy(name)) <= 120:
        raise BadInput("An account has the name colleagues read, in up to 120 letters.", field="name")


def _check_username(username: str) -> None:
    try:
        Staff._meta.get_field("username").run_validators(username)
    except ValidationError as error:
        raise BadInput(" ".join(error.messages), field="username") from error
    if not username:
        raise BadInput("An account has a user name to sign in with.", field="username")
    if Staff.objects.filter(username__iexact=username).exists():
        raise BadInput(f"The user name {username} is taken. Choose another.", field="username")


def _set_first_password(staff: Staff, password: str | None, by: Staff | None) -> None:
    if password is not None:
        _check_password(password, staff)
    staff.set_password(password)
    staff.first_password_until = clock.now() + FIRST_PASSWORD_LASTS if by is not None and password is not None else None


def _check_password(password: str, staff: Staff, *, field: str = "password") -> None:
    try:
        validate_password(password, staff)
    except ValidationError as error:
        raise BadInput(" ".join(error.messages), field=field) from error


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _units_here(units: Sequence[Unit], centre_id: int | None) -> list[Unit]:
    if any(unit.centre_id != centre_id for unit in units):
        raise BadInput("A unit of another centre cannot be assigned.", field="units")
    return list(units)


def _line(action: str, staff: Staff, by: Staff, *, code: str = "", kind: audit.Kind = "sign") -> None:
    assert staff.centre is not None
    audit.write(action, by=by, centre=staff.centre, kind=kind, about=staff, code=code)
