"""Signing: the PIN, its limit of tries, and how long a proof counts."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.staff import services, signing
from glidepath.record.staff.models import Staff
from glidepath.record.staff.signing import proof_for, prove, require_proof
from tests.cast import PIN, Cast, proof
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db


def test_the_right_pin_makes_a_proof_of_its_owner(cast: Cast) -> None:
    require_proof(cast.nurse, prove(cast.nurse, pin=PIN))


def test_the_pin_is_kept_hashed(cast: Cast) -> None:
    assert PIN not in Staff.objects.get(pk=cast.nurse.pk).pin
    assert not any("pin" in field.name for field in Staff.history.model._meta.get_fields())


def test_a_proof_counts_for_five_minutes_and_no_longer(cast: Cast, frozen_clock: FrozenClock) -> None:
    given = proof(cast.nurse)
    frozen_clock.tick(minutes=4, seconds=59)
    require_proof(cast.nurse, given)
    frozen_clock.tick(seconds=1)
    with pytest.raises(BadInput, match="more than five minutes old"):
        require_proof(cast.nurse, given)


def test_nobody_signs_with_anothers_proof(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        require_proof(cast.physician, proof(cast.nurse))


def test_without_a_proof_nothing_is_signed(cast: Cast) -> None:
    with pytest.raises(BadInput, match="Sign with your PIN"):
        require_proof(cast.nurse, None)


def test_a_wrong_pin_says_how_many_tries_are_left_and_leaves_an_audit_line(cast: Cast) -> None:
    with pytest.raises(BadInput, match="4 tries left") as said:
        prove(cast.nurse, pin="1111")
    assert said.value.field == "pin"
    assert AuditLine.objects.filter(action="pin.wrong", kind="deny", actor_id=cast.nurse.pk).count() == 1


def test_five_wrong_pins_lock_even_the_right_one(cast: Cast) -> None:
    for _ in range(5):
        with pytest.raises(BadInput, match="not right"):
            prove(cast.nurse, pin="1111")
    with pytest.raises(BadInput, match="locked for five minutes"):
        prove(cast.nurse, pin=PIN)
    prove(cast.second_nurse, pin=PIN)  # a colleague is not locked


def test_the_lock_lasts_five_minutes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert signing.LOCKED_SECONDS == 300
    monkeypatch.setattr(signing, "LOCKED_SECONDS", 0)  # every try is forgotten at once
    for _ in range(7):
        with pytest.raises(BadInput, match="not right"):
            prove(cast.nurse, pin="1111")
    prove(cast.nurse, pin=PIN)


def test_the_right_pin_gives_all_tries_back(cast: Cast) -> None:
    for _ in range(4):
        with pytest.raises(BadInput):
            prove(cast.nurse, pin="1111")
    prove(cast.nurse, pin=PIN)
    with pytest.raises(BadInput, match="4 tries left"):
        prove(cast.nurse, pin="1111")


def test_a_session_keeps_the_proof_for_the_next_form(cast: Cast, frozen_clock: FrozenClock) -> None:
    request = RequestFactory().post("/")
    request.user, request.session = cast.nurse, {}  # type: ignore[assignment]
    with pytest.raises(BadInput, match="Sign with your PIN"):
        proof_for(request)
    proof_for(request, PIN)
    frozen_clock.tick(minutes=4)
    assert proof_for(request).staff_id == cast.nurse.pk
    frozen_clock.tick(minutes=1)
    with pytest.raises(BadInput):
        proof_for(request)


def test_a_proof_in_the_session_is_not_the_next_persons(cast: Cast) -> None:
    request = RequestFactory().post("/")
    request.user, request.session = cast.nurse, {}  # type: ignore[assignment]
    proof_for(request, PIN)
    request.user = cast.physician  # the tablet changed hands
    with pytest.raises(BadInput, match="Sign with your PIN"):
        proof_for(request)


def test_one_sets_ones_own_pin_with_ones_password(cast: Cast) -> None:
    cast.nurse.set_password("a long night shift")
    cast.nurse.save()
    with pytest.raises(BadInput, match="password is not right"):
        services.set_pin(staff=cast.nurse, pin="8642", by=cast.nurse, password="guess")
    services.set_pin(staff=cast.nurse, pin="8642", by=cast.nurse, password="a long night shift")
    prove(Staff.objects.get(pk=cast.nurse.pk), pin="8642")


def test_nobody_sets_anothers_pin(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        services.set_pin(staff=cast.nurse, pin="8642", by=cast.administrator, password="x")


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "1111", "1234", "٣٤٥٦", ""])
def test_a_pin_that_anybody_would_try_first_is_not_taken(cast: Cast, pin: str) -> None:
    with pytest.raises(BadInput):
        services.set_pin(staff=cast.nurse, pin=pin, by=None)


def test_without_a_pin_one_is_told_where_to_set_it(cast: Cast) -> None:
    cast.nurse.pin = ""
    with pytest.raises(BadInput, match="shift page"):
        prove(cast.nurse, pin=PIN)
