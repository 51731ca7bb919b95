"""To sign is to prove again who you are. A proof is a value less than five minutes old; the PIN makes one.

Where an act wants two people the second proves it at the same screen, by user name and PIN, for this one act: that
proof is kept in no session. Tries are counted in the shared cache before the PIN is looked at, so that many at once
are no way round the limit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest

from glidepath.record import clock
from glidepath.record.audit import services as audit
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.prepared import prepared
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may, who_may
from glidepath.record.staff.queries import is_on_shift

PROOF_LASTS = dt.timedelta(minutes=5)
TRIES = 5
LOCKED_SECONDS = 300
PIN_DIGITS = (4, 8)
_SESSION_KEY = "proof"


@dataclass(frozen=True, slots=True)
class Proof:
    """This member of staff proved at this moment who they are."""

    staff_id: int
    at: dt.datetime

    def is_fresh(self, now: dt.datetime) -> bool:
        return self.at <= now < self.at + PROOF_LASTS


def prove(by: Staff, *, pin: str) -> Proof:
    """A proof from the PIN. Raises BadInput (field `pin`): none set, wrong, or locked for five minutes."""
    if not by.is_active or by.centre_id is None:
        raise NotAllowed(f"{by.name} cannot sign here: the account is closed or belongs to no centre.")
    if not by.pin:
        raise BadInput("No PIN is set for you yet. Set one on the shift page, then sign.", field="pin")
    left = _take_a_try(by)
    if not check_password(pin.strip(), by.pin):
        _note_wrong(by, left)
        raise BadInput(_wrong(left), field="pin")
    forget_tries(by)
    return Proof(by.pk, clock.now())


def require_proof(by: Staff, proof: Proof | None) -> None:
    """Raises BadInput (field `pin`) unless `proof` is of `by` and under five minutes old."""
    if proof is None:
        raise BadInput("Sign with your PIN.", field="pin")
    if proof.staff_id != by.pk:
        raise NotAllowed(f"This proof is another person's. {by.name} signs with their own PIN.")
    if not proof.is_fresh(clock.now()):
        raise BadInput("Your last PIN is more than five minutes old. Enter it again to sign.", field="pin")


def proof_for(request: HttpRequest, pin: str = "") -> Proof:
    """The proof a form carries: from its `pin`, else the one in the session while it is fresh."""
    by = signed_in(request)
    if pin:
        proof = prove(by, pin=pin)
        request.session[_SESSION_KEY] = {"staff": proof.staff_id, "at": proof.at.isoformat()}
        return proof
    proof_kept = kept_proof(request)
    require_proof(by, proof_kept)
    assert proof_kept is not None
    return proof_kept


def second_proof_for(request: HttpRequest, username: str, pin: str) -> Proof | None:
    """The second proof a form carries; None where nobody was named. It goes into no session."""
    return prove_second(signed_in(request), username=username, pin=pin) if username.strip() else None


def kept_proof(request: HttpRequest) -> Proof | None:
    """The fresh proof in this session; with one, a form leaves its PIN field out."""
    kept = request.session.get(_SESSION_KEY)
    if not kept or kept["staff"] != request.user.pk:
        return None
    proof = Proof(kept["staff"], dt.datetime.fromisoformat(kept["at"]))
    return proof if proof.is_fresh(clock.now()) else None


def prove_second(by: Staff, *, username: str, pin: str) -> Proof:
    """The proof of the second person who signs beside `by`. Raises BadInput (fields `second_user`, `second_pin`).

    A wrong PIN counts against its owner's tries like any other.
    """
    second = _second(by, username)
    try:
        return prove(second, pin=pin)
    except BadInput as refused:
        raise BadInput(f"{second.name}: {refused.message}", field="second_pin") from refused


def second_signer(by: Staff, proof: Proof | None, *, action: str, on_duty: bool = True) -> Staff:
    """Who signs beside `by`: somebody else of the same centre, on duty, who may do `action` and has just proved it.

    on_duty: False for those who work no shifts, such as a manager who co-signs. Raises BadInput or NotAllowed, whose
    field is `second_user` or `second_pin`.
    """
    if proof is None:
        raise BadInput("A second clinician signs beside you, with user name and PIN.", field="second_user")
    (second,) = _with_centre(proof.staff_id)
    _refuse_the_same(by, second)
    if not proof.is_fresh(clock.now()):
        raise BadInput(f"{second.name}: this PIN is more than five minutes old. Enter it again.", field="second_pin")
    if second.centre_id != by.centre_id:
        raise NotAllowed(f"{second.name} works at another centre. Ask a colleague of this one.", field="second_user")
    if not may(second, action):
        raise NotAllowed(f"{second.name} may not sign this. It is for {who_may(action)}.", field="second_user")
    if on_duty and not is_on_shift(second):
        raise BadInput(f"{second.name} is not on duty: start a shift first, or ask another.", field="second_user")
    return second


@prepared
def _with_centre(key: int) -> QuerySet[Staff]:
    return Staff.objects.select_related("centre").filter(pk=key)


def signed_in(request: HttpRequest) -> Staff:
    """The member of staff at the screen."""
    if not isinstance(request.user, Staff):
        raise NotAllowed("Sign in first.")
    return request.user


def forget_tries(by: Staff) -> None:
    """All tries are theirs again: after a right PIN, or by an administrator's act."""
    cache.delete_many([_key(by, slot) for slot in range(TRIES)])


def locked_pins(staff: Sequence[Staff]) -> set[int]:
    """Ids of those whose PIN is locked now, in one look."""
    keys = {(one.pk, slot): _key(one, slot) for one in staff for slot in range(TRIES)}
    taken = cache.get_many(list(keys.values()))
    return {one.pk for one in staff if all(keys[one.pk, slot] in taken for slot in range(TRIES))}


def hashed_pin(pin: str) -> str:
    """The stored form of a new PIN. Raises BadInput for what is too short, no number, or the first anybody tries."""
    low, high = PIN_DIGITS
    if not pin.isascii() or not pin.isdigit() or not low <= len(pin) <= high:
        raise BadInput(f"A PIN is {low} to {high} digits.", field="pin")
    if len(set(pin)) == 1 or pin in "0123456789" or pin in "9876543210":
        raise BadInput("This PIN is one of the first anybody tries. Choose digits that are no row.", field="pin")
    return make_password(pin)


def _second(by: Staff, username: str) -> Staff:
    named = username.strip()
    if not named:
        raise BadInput("Give the user name of the second clinician, or read their badge.", field="second_user")
    who = Staff.objects.select_related("centre").filter(centre=by.centre)
    badge = _badge(named)
    found = (who.filter(public_id=badge) if badge else who.filter(username__iexact=named)).first()
    if found is None:
        raise BadInput(f"Nobody here has the user name “{named}”. Look how it is written.", field="second_user")
    _refuse_the_same(by, found)
    if not found.is_active:
        raise BadInput(f"The account of {found.name} is closed. Ask another colleague.", field="second_user")
    return found


def _badge(text: str) -> UUID | None:
    """The public id on a staff badge, as a scanner types it ("GLP:S:..."); None for a user name."""
    start, _, address = text.rpartition(":")
    try:
        return UUID(address) if start.upper() == "GLP:S" else None
    except ValueError:
        return None


def _refuse_the_same(by: Staff, second: Staff) -> None:
    if second.pk == by.pk:
        raise BadInput(f"{by.name} signs already. The second signature is another person's.", field="second_user")


def _key(by: Staff, slot: int) -> str:
    return f"pin-try:{by.pk}:{slot}"


def _take_a_try(by: Staff) -> int:
    """Claims one of the tries (a cache `add` is decided by the database). Returns how many are left."""
    for slot in range(TRIES):
        if cache.add(_key(by, slot), 1, timeout=LOCKED_SECONDS):
            return TRIES - 1 - slot
    raise BadInput(
        "Too many wrong PINs. Yours is locked for five minutes; ask a colleague to sign meanwhile.", field="pin"
    )


def _note_wrong(by: Staff, left: int) -> None:
    if left == 0:  # the lock is counted from the last wrong try
        for slot in range(TRIES):
            cache.set(_key(by, slot), 1, timeout=LOCKED_SECONDS)
    assert by.centre is not None
    audit.write("pin.wrong", by=by, centre=by.centre, kind="deny", code=f"left-{left}")


def _wrong(left: int) -> str:
    if left == 0:
        return "That PIN is not right. It is locked for five minutes."
    return f"That PIN is not right. {left} {'try' if left == 1 else 'tries'} left."
