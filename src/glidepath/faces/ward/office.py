"""What waits for those whose work the clock of the ward does not time: the shelf, the way out, the house, the chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.supply import queries as supply
from glidepath.care.supply.queries import NextInventory, OpenDifference, ShelfWarnings
from glidepath.care.taper.queries import Running
from glidepath.clinical.dosing.plan import Product
from glidepath.record.audit.models import AuditHead, AuditLine
from glidepath.record.audit.queries import head, last_check
from glidepath.record.centres.models import Bed, Centre, Unit
from glidepath.record.centres.queries import beds
from glidepath.record.episodes.queries import glasses_waiting, taken_beds
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.permissions import may
from glidepath.record.staff.queries import accounts


@dataclass(frozen=True, slots=True)
class Census:
    """How full a unit is. Counts alone: who lies there, the unit's page shows to those who may see it."""

    unit: Unit
    taken: int
    free: int  # ready and empty
    closed: int  # being cleaned or closed


@dataclass(frozen=True, slots=True)
class ToCheck:
    """A running taper for the pharmacist to read. `gone`: products in it that the centre no longer stocks."""

    person: Person
    running: Running
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accounts:
    open: int
    closed: int
    first_password: int  # not exchanged for their own yet
    administrators: int


@dataclass(frozen=True, slots=True)
class Office:
    """Each part is None (or empty) for those whose work it is not."""

    by_the_clock: bool = False  # doses and observations are this one's work, or they read along
    census: tuple[Census, ...] = ()
    glasses_waiting: int | None = None
    accounts: Accounts | None = None
    chain: AuditHead | None = None
    last_check: AuditLine | None = None
    stocked: int | None = None
    to_check: tuple[ToCheck, ...] = ()
    shelf: ShelfWarnings | None = None  # what runs out or drifts
    leaving: tuple[Person, ...] = ()
    differences: tuple[OpenDifference, ...] = ()  # of the controlled-drug register, that this one has or must see to
    biennial: NextInventory | None = None  # only while it is announced
    told: tuple[Person, ...] = ()  # of whom sleep and events are written down by who makes no rounds


def office(viewer: Staff, in_bed: Sequence[Person], running: Mapping[int, Running]) -> Office:
    """in_bed: those of the viewer's charts who lie in a bed now; running: the steps in force, for who checks them."""
    centre = viewer.centre
    if centre is None:
        return Office()
    reads_lines, checks = may(viewer, "audit.read"), may(viewer, "product.change")
    stock = [product for _, product in supply.stock(centre)] if checks else []
    return Office(
        by_the_clock=may(viewer, "order.read"),
        census=_census(centre) if viewer.role in (Role.MANAGER, Role.ADMISSIONS) else (),
        glasses_waiting=glasses_waiting(viewer) if reads_lines else None,
        accounts=_accounts(centre) if may(viewer, "staff.manage") else None,
        chain=head(centre) if reads_lines else None,
        last_check=last_check(centre) if reads_lines else None,
        stocked=len(stock) if checks else None,
        to_check=_to_check(in_bed, running, stock) if checks else (),
        shelf=supply.shelf_warnings(centre) if checks else None,
        leaving=tuple(in_bed) if viewer.role == Role.CASE_MANAGER else (),
        differences=_differences(viewer, centre),
        biennial=_biennial(viewer, centre),
        told=tuple(in_bed) if may(viewer, "sleep.record") and not may(viewer, "observe") else (),
    )


def _differences(viewer: Staff, centre: Centre) -> tuple[OpenDifference, ...]:
    """Those that are the viewer's; a pharmacist sees all, a manager also those older than the policy allows."""
    if not may(viewer, "difference.open"):
        return ()
    return tuple(
        one
        for one in supply.open_differences(centre)
        if one.owner.pk == viewer.pk
        or may(viewer, "difference.close")
        or (may(viewer, "difference.cosign") and (one.is_with_manager or one.tell_by is not None))
    )


def _biennial(viewer: Staff, centre: Centre) -> NextInventory | None:
    if not (may(viewer, "register.keep") or may(viewer, "difference.cosign")):
        return None
    following = supply.next_biennial(centre)
    return following if following is not None and following.warning else None


def _census(centre: Centre) -> tuple[Census, ...]:
    taken, by_unit = taken_beds(centre), dict[Unit, list[Bed]]()
    for bed in beds(centre):
        by_unit.setdefault(bed.room.unit, []).append(bed)
    return tuple(_counted(unit, of_unit, taken) for unit, of_unit in by_unit.items())


def _counted(unit: Unit, of_unit: Sequence[Bed], taken: set[int]) -> Census:
    here = sum(bed.pk in taken for bed in of_unit)
    free = sum(bed.pk not in taken and bed.state == Bed.State.READY for bed in of_unit)
    return Census(unit, here, free, len(of_unit) - here - free)


def _accounts(centre: Centre) -> Accounts:
    everybody = accounts(centre)
    here = [one for one in everybody if one.is_active]
    return Accounts(
        open=len(here),
        closed=len(everybody) - len(here),
        first_password=sum(one.first_password_until is not None for one in here),
        administrators=sum(one.role == Role.ADMINISTRATOR for one in here),
    )


def _to_check(
    people: Sequence[Person], running: Mapping[int, Running], stock: Sequence[Product]
) -> tuple[ToCheck, ...]:
    """Plans with a product that is gone first, then the newest signature."""
    stocked = {_shelf_mark(product) for product in stock}
    found = [
        ToCheck(person, running[person.pk], _gone(running[person.pk], stocked))
        for person in people
        if person.pk in running
    ]
    newest_first = sorted(found, key=lambda one: one.running.version.recorded_at, reverse=True)
    return tuple(sorted(newest_first, key=lambda one: not one.gone))


def _gone(running: Running, stocked: set[tuple[object, ...]]) -> tuple[str, ...]:
    steps = [running.step, *([running.following] if running.following else [])]
    products = [made.product for step in steps for dose in step.doses for made in dose.made]
    return tuple(sorted({product.name for product in products if _shelf_mark(product) not in stocked}))


def _shelf_mark(product: Product) -> tuple[object, ...]:
    return (product.medicine, product.strength_mg, product.form)
