"""What a person brings along: counted by two, sealed, kept; given back or given up. It is never stock (L15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from glidepath.care.supply.models import OwnBag, OwnBagDestroyed, OwnBagLeft, OwnItem
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof, second_signer


@dataclass(frozen=True, slots=True)
class Brought:
    """One medicine as its pack names it; quantity in quarters of a piece, or microlitres; nought is an empty pack."""

    name: str
    quantity: int
    is_liquid: bool = False


@transaction.atomic
def take_in(
    *, person: Person, items: Sequence[Brought], seal: str, kept_where: str, by: Staff, second: Proof | None,
    once: str = "",
) -> OwnBag:  # fmt: skip
    """Two count what was brought, and it is sealed under a number. It stays the person's."""
    earlier = submits.found(once, "own.taken_in")
    if earlier is not None:
        return OwnBag.objects.get(pk=earlier)
    _may(by, person.centre_id)
    seal = seal.strip().upper()
    if not seal:
        raise BadInput("Write the number of the seal.", field="seal")
    if not kept_where.strip():
        raise BadInput("Write where the bag is kept.", field="kept_where")
    if not items:
        raise BadInput("Write at least one medicine.", field="name_1")
    witness = second_signer(by, second, action="register.witness")
    bag = _seal(person, seal, kept_where.strip(), by, witness)
    OwnItem.objects.bulk_create(
        OwnItem(bag=bag, name=one.name.strip(), is_liquid=one.is_liquid, quantity=one.quantity) for one in items
    )
    submits.remember(once, "own.taken_in", bag.pk)
    audit.write("own.taken_in", by=by, centre=person.centre, person=person, about=bag)
    return bag


@transaction.atomic
def let_bag_go(
    *, bag: OwnBag, how: str, seal_whole: bool, by: Staff, second: Proof | None, words: str = "", once: str = ""
) -> OwnBagLeft:
    """Given back to the person, or given up by them for destruction; two look at the seal."""
    earlier = submits.found(once, "own.left")
    if earlier is not None:
        return OwnBagLeft.objects.get(pk=earlier)
    _may(by, bag.centre_id)
    if how not in OwnBagLeft.How.values:
        raise BadInput("Choose whether it is given back or given up.", field="how")
    if not seal_whole and not words.strip():
        raise BadInput("The seal is broken: say what was found in the bag.", field="words")
    witness = second_signer(by, second, action="register.witness")
    OwnBag.objects.select_for_update().get(pk=bag.pk)
    first = OwnBagLeft.objects.select_related("recorded_by").filter(bag=bag).first()
    if first is not None:
        raise ChangedMeanwhile(
            f"{first.recorded_by.name} recorded it first: {first.get_how_display()}.",
            by=first.recorded_by.name,
            at=first.recorded_at,
        )
    now = clock.now()
    row = OwnBagLeft.objects.create(
        centre_id=bag.centre_id, bag=bag, how=how, seal_whole=seal_whole, words=words.strip(), witness=witness,
        happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "own.left", row.pk)
    audit.write("own.left", by=by, centre=bag.centre, person=bag.person, about=bag, code=how)
    return row


@transaction.atomic
def destroy_bag(
    *, bag: OwnBag, certificate: str, by: Staff, proof: Proof | None, second: Proof | None, once: str = ""
) -> OwnBagDestroyed:
    """A bag that was given up, destroyed by two with a certificate."""
    earlier = submits.found(once, "own.destroyed")
    if earlier is not None:
        return OwnBagDestroyed.objects.get(pk=earlier)
    _may(by, bag.centre_id)
    require_proof(by, proof)
    if not certificate.strip():
        raise BadInput("Write the number of the certificate of destruction.", field="certificate")
    OwnBag.objects.select_for_update().get(pk=bag.pk)
    given_up = OwnBagLeft.objects.filter(bag=bag, how=OwnBagLeft.How.SURRENDERED).exists()
    if not given_up:
        raise BadInput("Only what the person has given up is destroyed. Record that first, with a second person.")
    witness = second_signer(by, second, action="register.witness")
    if OwnBagDestroyed.objects.filter(bag=bag).exists():
        raise BadInput("This bag is destroyed already.")
    now = clock.now()
    row = OwnBagDestroyed.objects.create(
        centre_id=bag.centre_id, bag=bag, certificate=certificate.strip(), witness=witness, happened_at=now,
        recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "own.destroyed", row.pk)
    audit.write("own.destroyed", by=by, centre=bag.centre, person=bag.person, about=bag)
    return row


def _seal(person: Person, seal: str, kept_where: str, by: Staff, witness: Staff) -> OwnBag:
    now = clock.now()
    try:
        with transaction.atomic():
            return OwnBag.objects.create(
                centre_id=person.centre_id, person=person, seal=seal, kept_where=kept_where, witness=witness,
                happened_at=now, recorded_at=now, recorded_by=by,
            )  # fmt: skip
    except IntegrityError as used:
        raise BadInput(f"The seal {seal} is on another bag. Look at the number again.", field="seal") from used


def _may(by: Staff, centre_id: int) -> None:
    require(by, "own_medicines.keep")
    if by.centre_id != centre_id:
        raise NotAllowed("This person is in another centre's care.")
