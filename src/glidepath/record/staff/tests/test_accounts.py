"""Accounts: opened, changed, closed and opened again by the administrator, each with a signature."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache

from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.history import version_of
from glidepath.record.staff import services
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.queries import on_shift
from glidepath.record.staff.signing import Proof, locked_pins, prove
from tests.cast import PIN, Cast, client_for, proof
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db

FIRST = "heron under the bridge"
OWN = "two slow snails at noon"


def test_only_the_administrator_makes_accounts(cast: Cast) -> None:
    for one in cast.everybody:
        if one.role != Role.ADMINISTRATOR:
            with pytest.raises(NotAllowed, match="It is for administrator"):
                _new(cast, by=one)
    assert _new(cast).role == Role.NURSE


@pytest.mark.parametrize("act", ["create", "change", "close", "reopen", "first password"])
def test_each_act_on_an_account_is_signed(cast: Cast, act: str, frozen_clock: FrozenClock) -> None:
    old = Proof(cast.administrator.pk, clock.now() - dt.timedelta(minutes=5))
    for bad in (None, old):
        with pytest.raises(BadInput) as refused:
            _do(cast, act, by=cast.administrator, proof=bad)
        assert refused.value.field == "pin"
    with pytest.raises(NotAllowed, match="another person's"):
        _do(cast, act, by=cast.administrator, proof=proof(cast.manager))


@pytest.mark.parametrize("act", ["change", "close", "reopen", "first password", "unlock"])
def test_an_account_of_another_centre_is_out_of_reach(cast: Cast, act: str) -> None:
    with pytest.raises(NotAllowed, match="another centre"):
        _do(cast, act, by=cast.administrator, proof=proof(cast.administrator), staff=cast.stranger)


@pytest.mark.parametrize("act", ["change", "close", "reopen", "first password", "unlock"])
@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_touches_an_account(cast: Cast, act: str, role: Role) -> None:
    by = next(one for one in cast.everybody if one.role == role)
    with pytest.raises(NotAllowed, match="It is for administrator"):
        _do(cast, act, by=by, proof=proof(by))


def test_a_user_name_is_taken_once_whatever_the_capitals(cast: Cast) -> None:
    _new(cast)
    with pytest.raises(BadInput, match="is taken"):
        _new(cast, username="New.Nurse")


def test_a_second_submit_makes_one_account(cast: Cast) -> None:
    first = _new(cast, once="a" * 32)
    assert _new(cast, once="a" * 32) == first


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"password": "short"}, "password", "too short"),
        ({"username": "two words"}, "username", "letters, numbers"),
        ({"username": "  "}, "username", "to sign in with"),
        ({"name": "   "}, "name", "up to 120 letters"),
        ({"name": "N" * 121}, "name", "up to 120 letters"),
        ({"role": "janitor"}, "role", "no role"),
        ({"role": Role.COUNSELLOR, "may_prescribe": True}, "may_prescribe", "cannot be given"),
    ],
)
def test_what_cannot_be_an_account_is_said_beside_its_field(
    cast: Cast, wrong: dict[str, Any], field: str, says: str
) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        _new(cast, **wrong)
    assert refused.value.field == field
    assert not Staff.objects.filter(name="New Nurse").exists()


def test_a_first_password_lasts_three_days_and_ones_own_for_good(cast: Cast, frozen_clock: FrozenClock) -> None:
    nurse = _new(cast)
    assert nurse.first_password_until == clock.now() + dt.timedelta(days=3)
    services.change_password(by=nurse, old=FIRST, new=OWN)
    stored = Staff.objects.get(pk=nurse.pk)
    assert (stored.first_password_until, stored.check_password(OWN)) == (None, True)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("a guess", OWN, "old_password"), (FIRST, FIRST, "new_password"), (FIRST, "short", "new_password")],
)
def test_a_password_that_cannot_be_taken_leaves_the_first_one(cast: Cast, old: str, new: str, field: str) -> None:
    nurse = _new(cast)
    with pytest.raises(BadInput) as refused:
        services.change_password(by=nurse, old=old, new=new)
    assert refused.value.field == field
    assert Staff.objects.get(pk=nurse.pk).first_password_until is not None


def test_another_role_takes_the_rights_given_by_name_with_it(cast: Cast) -> None:
    signed = proof(cast.administrator)
    services.name_addiction_physician(staff=cast.physician, granted=True, by=cast.administrator, proof=signed)
    _change(cast, cast.physician, role=Role.NURSE)
    changed = Staff.objects.get(pk=cast.physician.pk)
    assert (changed.role, changed.may_prescribe, changed.is_addiction_physician) == (Role.NURSE, False, False)
    assert AuditLine.objects.latest("seq").code == "physician-to-nurse"


def test_another_name_leaves_the_right_to_prescribe(cast: Cast) -> None:
    _change(cast, cast.physician, name="Dr Ines  Ferreira-Wilk")
    changed = Staff.objects.get(pk=cast.physician.pk)
    assert (changed.name, changed.may_prescribe) == ("Dr Ines Ferreira-Wilk", True)


def test_who_no_longer_works_on_a_unit_is_off_shift(cast: Cast) -> None:
    _change(cast, cast.nurse, role=Role.ADMISSIONS)
    assert cast.nurse not in on_shift(cast.unit)


def test_two_administrators_at_one_account_do_not_overwrite_each_other(cast: Cast) -> None:
    seen = version_of(cast.nurse)
    _change(cast, cast.nurse, name="Marta Lindqvist-Berg", seen=seen)
    with pytest.raises(ChangedMeanwhile, match="Owen Pritchard"):
        _change(cast, cast.nurse, name="Marta Berg", seen=seen)


def test_signing_in_is_no_change_of_the_account(cast: Cast) -> None:
    seen = version_of(cast.nurse)
    client_for(cast.nurse)
    assert version_of(cast.nurse) == seen
    assert Staff.objects.get(pk=cast.nurse.pk).last_login is not None


def test_a_closed_account_is_off_shift_and_its_open_page_leads_nowhere(cast: Cast) -> None:
    client = client_for(cast.nurse)
    assert client.get("/").status_code == 200
    _do(cast, "close", by=cast.administrator, proof=proof(cast.administrator))
    assert cast.nurse not in on_shift(cast.unit)
    assert client.get("/")["Location"].startswith("/sign-in/")


def test_opening_an_account_again_wakes_no_old_session(cast: Cast) -> None:
    client = client_for(cast.physician)
    client.get("/")
    signed = proof(cast.administrator)
    services.close_account(staff=cast.physician, by=cast.administrator, proof=signed)
    services.reopen_account(staff=cast.physician, password=FIRST, by=cast.administrator, proof=signed)
    assert client.get("/")["Location"].startswith("/sign-in/")
    again = Staff.objects.get(pk=cast.physician.pk)
    assert (again.is_active, again.may_prescribe, again.first_password_until is not None) == (True, False, True)


def test_a_new_first_password_ends_the_sessions_of_who_forgot_theirs(cast: Cast) -> None:
    client = client_for(cast.nurse)
    _do(cast, "first password", by=cast.administrator, proof=proof(cast.administrator))
    assert client.get("/")["Location"].startswith("/sign-in/")


def test_nobody_closes_demotes_or_resets_themselves(cast: Cast) -> None:
    for act in ("close", "first password"):
        with pytest.raises(BadInput):
            _do(cast, act, by=cast.administrator, proof=proof(cast.administrator), staff=cast.administrator)
    with pytest.raises(BadInput, match="your own role"):
        _change(cast, cast.administrator, role=Role.MANAGER)


def test_the_last_administrator_cannot_be_closed_or_given_another_role(cast: Cast) -> None:
    """The other one was closed a moment ago, in another window, and still has the page open."""
    second = _new(cast, username="second", name="Second One", role=Role.ADMINISTRATOR)
    services.close_account(staff=second, by=cast.administrator, proof=proof(cast.administrator))
    with pytest.raises(BadInput, match="last administrator"):
        services.close_account(staff=cast.administrator, by=second, proof=proof(second))
    with pytest.raises(BadInput, match="last administrator"):
        _change(cast, cast.administrator, role=Role.MANAGER, by=second)


def test_closing_twice_is_closing_once(cast: Cast) -> None:
    for _ in range(2):
        _do(cast, "close", by=cast.administrator, proof=proof(cast.administrator))
    assert AuditLine.objects.filter(action="staff.closed").count() == 1


def test_a_locked_pin_is_opened_by_the_administrator_and_stays_the_same(cast: Cast) -> None:
    cache.clear()
    for _ in range(5):
        with pytest.raises(BadInput):
            prove(cast.nurse, pin="9075")
    assert locked_pins([cast.nurse, cast.physician]) == {cast.nurse.pk}
    services.forget_wrong_pins(staff=cast.nurse, by=cast.administrator)
    assert locked_pins([cast.nurse]) == set()
    prove(cast.nurse, pin=PIN)


def _new(cast: Cast, *, by: Staff | None = None, **what: Any) -> Staff:
    signer = by or cast.administrator
    account = {"username": "new.nurse", "name": "New Nurse", "role": Role.NURSE, "password": FIRST, **what}
    return services.create_staff(centre=cast.centre, by=signer, **{"proof": proof(signer), **account})


def _change(cast: Cast, staff: Staff, *, by: Staff | None = None, **what: Any) -> None:
    signer = by or cast.administrator
    now = {"name": staff.name, "role": staff.role, "units": [cast.unit], "proof": proof(signer)}
    services.change_account(staff=staff, by=signer, **{**now, **what})


def _do(cast: Cast, act: str, *, by: Staff, proof: Proof | None, staff: Staff | None = None) -> None:
    one = staff or cast.nurse
    if act == "create":
        _new(cast, by=by, proof=proof)
    elif act == "change":
        _change(cast, one, by=by, proof=proof)
    elif act == "close":
        services.close_account(staff=one, by=by, proof=proof)  # type: ignore[arg-type]
    elif act == "reopen":
        services.reopen_account(staff=one, password=FIRST, by=by, proof=proof)  # type: ignore[arg-type]
    elif act == "first password":
        services.give_first_password(staff=one, password=FIRST, by=by, proof=proof)  # type: ignore[arg-type]
    else:
        services.forget_wrong_pins(staff=one, by=by)
