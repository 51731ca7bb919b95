"""Two people sign: who can be the second, and what happens to a PIN that is not theirs."""

from __future__ import annotations

import pytest

from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, NotAllowed, ServiceError
from glidepath.record.staff import services
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.signing import prove_second, second_signer
from tests.cast import PIN, Cast, proof
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db
ACTION = "taper.second_sign"


def refused(cast: Cast, *, username: str, pin: str = PIN) -> ServiceError:
    with pytest.raises(ServiceError) as said:
        second_signer(cast.physician, prove_second(cast.physician, username=username, pin=pin), action=ACTION)
    return said.value


@pytest.mark.parametrize("who", ["second_physician", "nurse", "pharmacist"])
def test_a_colleague_on_duty_signs_beside_one_with_user_name_and_pin(cast: Cast, who: str) -> None:
    second: Staff = getattr(cast, who)
    given = prove_second(cast.physician, username=f" {second.username.upper()} ", pin=PIN)
    assert second_signer(cast.physician, given, action=ACTION) == second


def test_nobody_is_their_own_second(cast: Cast) -> None:
    assert refused(cast, username=cast.physician.username).field == "second_user"
    with pytest.raises(BadInput, match="another person's"):
        second_signer(cast.physician, proof(cast.physician), action=ACTION)


def test_without_a_second_nothing_is_signed(cast: Cast) -> None:
    with pytest.raises(BadInput, match="second clinician") as said:
        second_signer(cast.physician, None, action=ACTION)
    assert said.value.field == "second_user"
    assert refused(cast, username=" ").field == "second_user"


def test_an_unknown_user_name_is_said_as_it_was_typed(cast: Cast) -> None:
    assert "“nobody.here”" in refused(cast, username="nobody.here").message


def test_a_wrong_pin_counts_against_its_owner_and_no_one_else(cast: Cast) -> None:
    said = refused(cast, username=cast.nurse.username, pin="1111")
    assert (said.field, "4 tries left" in said.message) == ("second_pin", True)
    assert AuditLine.objects.get(action="pin.wrong").actor_id == cast.nurse.pk
    for _ in range(4):
        refused(cast, username=cast.nurse.username, pin="1111")
    assert "locked" in refused(cast, username=cast.nurse.username).message


def test_somebody_of_another_centre_is_nobody_here(cast: Cast) -> None:
    assert refused(cast, username=cast.stranger.username).field == "second_user"
    with pytest.raises(NotAllowed, match="another centre"):
        second_signer(cast.physician, proof(cast.stranger), action=ACTION)


def test_a_closed_account_signs_nothing(cast: Cast) -> None:
    services.close_account(staff=cast.nurse, by=cast.administrator, proof=proof(cast.administrator))
    assert "closed" in refused(cast, username=cast.nurse.username).message
    with pytest.raises(NotAllowed):
        second_signer(cast.physician, proof(cast.nurse), action=ACTION)


def test_who_has_not_the_right_is_told_who_has(cast: Cast) -> None:
    said = refused(cast, username=cast.counsellor.username)
    assert (said.field, "physician, nurse or pharmacist" in said.message) == ("second_user", True)


def test_who_is_not_on_duty_signs_nothing(cast: Cast) -> None:
    assert "not on duty" in refused(cast, username=cast.off_shift_nurse.username).message


def test_the_second_proof_too_counts_for_five_minutes(cast: Cast, frozen_clock: FrozenClock) -> None:
    given = proof(cast.nurse)
    frozen_clock.tick(minutes=5)
    with pytest.raises(BadInput, match="five minutes old") as said:
        second_signer(cast.physician, given, action=ACTION)
    assert said.value.field == "second_pin"


# --- Named by the administrator ---------------------------------------------------------------------------------------
def test_an_addiction_physician_is_named_and_taken_back_by_the_administrator(cast: Cast) -> None:
    for granted in (True, False):
        services.name_addiction_physician(
            staff=cast.physician, granted=granted, by=cast.administrator, proof=proof(cast.administrator)
        )
        assert Staff.objects.get(pk=cast.physician.pk).is_addiction_physician is granted
    lines = AuditLine.objects.filter(action="staff.addiction_physician_set").order_by("seq")
    assert [line.code for line in lines] == ["yes", "no"]


def test_only_a_physician_can_be_one_and_only_the_administrator_names_them(cast: Cast) -> None:
    with pytest.raises(BadInput, match="for physicians"):
        services.name_addiction_physician(
            staff=cast.nurse, granted=True, by=cast.administrator, proof=proof(cast.administrator)
        )
    with pytest.raises(NotAllowed):
        services.name_addiction_physician(
            staff=cast.second_physician, granted=True, by=cast.physician, proof=proof(cast.physician)
        )
    with pytest.raises(NotAllowed):
        services.name_addiction_physician(
            staff=cast.stranger, granted=True, by=cast.administrator, proof=proof(cast.administrator)
        )
    with pytest.raises(BadInput):
        services.create_staff(
            centre=cast.centre, username="a.nurse", name="A Nurse", role=Role.NURSE, password=None,
            by=cast.administrator, proof=proof(cast.administrator), is_addiction_physician=True,
        )  # fmt: skip
