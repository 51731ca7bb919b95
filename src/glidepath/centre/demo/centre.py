"""The demo's house, its staff and its shelf."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from glidepath.care.supply import services as supply
from glidepath.record.centres import services as centres
from glidepath.record.centres.models import Bed, Centre, Unit
from glidepath.record.staff import services as staffing
from glidepath.record.staff.models import Role, Staff

# username, name, role, may prescribe
STAFF = (
    ("ines.ferreira", "Dr Ines Ferreira", Role.PHYSICIAN, True),
    ("wei.chen", "Dr Wei Chen", Role.PHYSICIAN, True),
    ("amara.okafor", "Amara Okafor", Role.NURSE, False),
    ("tomas.ruiz", "Tomas Ruiz", Role.NURSE, False),
    ("hilde.vos", "Hilde Vos", Role.PHARMACIST, False),
    ("jun.park", "Jun Park", Role.COUNSELLOR, False),
    ("lena.fischer", "Dr Lena Fischer", Role.PSYCHOLOGIST, False),
    ("carlos.mendes", "Carlos Mendes", Role.CASE_MANAGER, False),
    ("petra.novak", "Petra Novak", Role.ADMISSIONS, False),
    ("sunny.adeyemi", "Sunny Adeyemi", Role.PEER_WORKER, False),
    ("ruth.aldous", "Ruth Aldous", Role.MANAGER, False),
    ("grace.lim", "Grace Lim", Role.AUDITOR, False),
    ("owen.pritchard", "Owen Pritchard", Role.ADMINISTRATOR, False),
)
ADDICTION_PHYSICIANS = ("wei.chen",)
SHELF = (
    ("diazepam/uk/tablet/2", "2"),
    ("diazepam/uk/tablet/5", "5"),
    ("diazepam/uk/tablet/10", "10"),
    ("diazepam/uk/oral suspension, strong/1.0", "1.0"),
    ("lorazepam/uk/tablet/0.5", "0.5"),
    ("lorazepam/uk/tablet/1", "1"),
    ("lorazepam/uk/oral solution/1.0", "1.0"),
    ("alprazolam/uk/tablet/0.25/0.5", "0.25"),
    ("alprazolam/uk/tablet/0.25/0.5", "0.5"),
    ("clonazepam/uk/tablet/0.5", "0.5"),
    ("oxazepam/uk/tablet/10/15", "15"),
    ("temazepam/uk/tablet/10/20", "20"),
    ("zopiclone/uk/tablet/3.75", "3.75"),
    ("zopiclone/uk/tablet/7.5", "7.5"),
)


@dataclass(frozen=True, slots=True)
class House:
    """Who does what in the demo, and where.

    left: while it is lived forward, what stands in the record and is refused to its staff waits here, in words. None
    while it is loaded: there nothing may be refused.
    """

    centre: Centre
    unit: Unit
    beds: tuple[Bed, ...]
    by_username: dict[str, Staff]
    left: list[str] | None = None

    @property
    def physician(self) -> Staff:
        return self.by_username["ines.ferreira"]

    @property
    def nurse(self) -> Staff:
        return self.by_username["amara.okafor"]

    @property
    def night_nurse(self) -> Staff:
        return self.by_username["tomas.ruiz"]

    @property
    def pharmacist(self) -> Staff:
        return self.by_username["hilde.vos"]

    @property
    def admissions(self) -> Staff:
        return self.by_username["petra.novak"]


def build(password: str, pin: str) -> House:
    """The centre with its unit of fourteen beds, one account of each role and more, and the stocked products."""
    centre = centres.create_centre(
        name="Lindenhof Centre",
        time_zone="Europe/London",
        region="uk",
        phone="020 7946 0123",
        crisis_line="Emergency 999. Samaritans 116 123, day and night.",
    )
    staff = {one[0]: _account(centre, one, password, pin) for one in STAFF}
    manager, administrator = staff["ruth.aldous"], staff["owen.pritchard"]
    centres.change_settings(centre=centre, changes={"inpatient_protocols": ["etg"]}, by=manager)
    unit = centres.add_unit(centre=centre, name="Birch", setting=Unit.Setting.RESIDENTIAL, by=manager)
    other = centres.add_unit(centre=centre, name="Rowan", setting=Unit.Setting.INPATIENT_MEDICAL, by=manager)
    room = centres.add_room(unit=unit, name="East", by=manager)
    beds = tuple(centres.add_bed(room=room, number=number, by=manager) for number in range(1, 15))
    side = centres.add_room(unit=other, name="South", by=manager)
    for number in (1, 2):
        centres.add_bed(room=side, number=number, by=manager)
    for one in staff.values():
        staffing.assign_units(staff=one, units=(unit, other), by=administrator)
    for key, strength in SHELF:
        supply.stock_product(
            centre=centre, form_key=key, strength_mg=Decimal(strength), by=staff["hilde.vos"], once=uuid.uuid4().hex
        )
    return House(centre, unit, beds, staff)


def found(centre: Centre, unit: Unit, beds: tuple[Bed, ...], staff: list[Staff]) -> House:
    """The house as it stands in a demo that was loaded earlier."""
    return House(centre, unit, beds, {one.username: one for one in staff}, left=[])


def _account(centre: Centre, one: tuple[str, str, Role, bool], password: str, pin: str) -> Staff:
    username, name, role, may_prescribe = one
    return staffing.create_staff(
        centre=centre, username=username, name=name, role=role, password=password, by=None,
        may_prescribe=may_prescribe, is_addiction_physician=username in ADDICTION_PHYSICIANS, pin=pin,
    )  # fmt: skip
