"""The fixed cast: one centre with its staff, units, rooms and beds, and people who come into its care.

Made by services only, under whatever time the clock shows. Shifts are open, PINs are set (`PIN`), names are invented.

    cast = make_centre()
    person = admitted_person(cast, bed=cast.beds[0])
    sign_something(by=cast.physician, proof=proof(cast.physician))
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass

from django.test import Client

from glidepath.record import clock
from glidepath.record.centres import services as centres
from glidepath.record.centres.models import Bed, Centre, Room, Unit
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.people import services as people
from glidepath.record.people.models import Person
from glidepath.record.staff import services as staff
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.queries import is_on_shift
from glidepath.record.staff.signing import Proof
from tests.remembered import remembered

PIN = "2580"
BACKEND = "django.contrib.auth.backends.ModelBackend"
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody and everything of the test centre. All who work shifts are on shift on `unit`."""

    centre: Centre
    unit: Unit
    other_unit: Unit  # nobody is on shift there
    room: Room
    beds: tuple[Bed, ...]  # of `unit`, ready and free
    other_bed: Bed  # of `other_unit`
    physician: Staff  # may prescribe
    second_physician: Staff  # may prescribe
    nurse: Staff
    second_nurse: Staff
    pharmacist: Staff
    counsellor: Staff
    psychologist: Staff
    case_manager: Staff
    admissions: Staff
    peer_worker: Staff
    manager: Staff
    auditor: Staff
    administrator: Staff
    off_shift_nurse: Staff  # assigned to both units, on shift on neither
    stranger: Staff  # a physician of another centre, on shift there
    other_centre: Centre

    @property
    def everybody(self) -> tuple[Staff, ...]:
        """One of each role of this centre."""
        return (
            self.physician,
            self.nurse,
            self.pharmacist,
            self.counsellor,
            self.psychologist,
            self.case_manager,
            self.admissions,
            self.peer_worker,
            self.manager,
            self.auditor,
            self.administrator,
        )


@remembered
def make_centre(
    name: str = "Willowbrook", *, time_zone: str = "Europe/London", region: str = "uk", beds: int = 6
) -> Cast:
    """A centre with one unit of `beds` beds, a second unit with one, and its staff; and a stranger elsewhere."""
    centre = centres.create_centre(name=name, time_zone=time_zone, region=region, phone="020 7946 0000")
    manager = _staff(centre, Role.MANAGER, "Ruth Aldous")
    unit = centres.add_unit(centre=centre, name="Willow", setting=Unit.Setting.RESIDENTIAL, by=manager)
    room = centres.add_room(unit=unit, name="East", by=manager)
    other_unit = centres.add_unit(centre=centre, name="Aspen", setting=Unit.Setting.INPATIENT_MEDICAL, by=manager)
    other_room = centres.add_room(unit=other_unit, name="North", by=manager)
    both = (unit, other_unit)
    other_centre = centres.create_centre(name=f"{name} Elsewhere")
    cast = Cast(
        centre=centre,
        unit=unit,
        other_unit=other_unit,
        room=room,
        beds=tuple(centres.add_bed(room=room, number=number, by=manager) for number in range(1, beds + 1)),
        other_bed=centres.add_bed(room=other_room, number=1, by=manager),
        physician=_staff(centre, Role.PHYSICIAN, "Dr Ines Ferreira", both, may_prescribe=True),
        second_physician=_staff(centre, Role.PHYSICIAN, "Dr Tomasz Wilk", both, may_prescribe=True),
        nurse=_staff(centre, Role.NURSE, "Marta Lindqvist", both),
        second_nurse=_staff(centre, Role.NURSE, "Kofi Mensah", both),
        pharmacist=_staff(centre, Role.PHARMACIST, "Hana Petrova", both),
        counsellor=_staff(centre, Role.COUNSELLOR, "Joao Castro", both),
        psychologist=_staff(centre, Role.PSYCHOLOGIST, "Dr Amara Nwosu", both),
        case_manager=_staff(centre, Role.CASE_MANAGER, "Leila Haddad", both),
        admissions=_staff(centre, Role.ADMISSIONS, "Petra Novak"),
        peer_worker=_staff(centre, Role.PEER_WORKER, "Sam Okafor", both),
        manager=manager,
        auditor=_staff(centre, Role.AUDITOR, "Grace Lim"),
        administrator=_staff(centre, Role.ADMINISTRATOR, "Owen Pritchard"),
        off_shift_nurse=_staff(centre, Role.NURSE, "Ewa Dudek", both),
        stranger=_stranger(other_centre),
        other_centre=other_centre,
    )
    for one in (
        cast.physician,
        cast.second_physician,
        cast.nurse,
        cast.second_nurse,
        cast.pharmacist,
        cast.counsellor,
        cast.psychologist,
    ):
        staff.start_shift(unit=unit, by=one)
    return cast


@remembered
def new_person(
    cast: Cast,
    *,
    preferred_name: str = "",
    legal_name: str = "",
    birth_date: dt.date | None = None,
    by: Staff | None = None,
) -> Person:
    """Somebody just registered: no episode yet. Every call makes another person."""
    number = next(_numbers)
    return people.register(
        preferred_name=preferred_name or f"Danilo {number}",
        legal_name=legal_name or f"Danilo Reyes {number}",
        birth_date=birth_date or dt.date(1979, 3, 12),
        by=by or cast.admissions,
    )


@remembered
def enquiring_person(cast: Cast, **who: object) -> Person:
    """Somebody who called: an open enquiry, no bed."""
    person = new_person(cast, **who)  # type: ignore[arg-type]
    episodes.open_enquiry(person=person, by=cast.admissions)
    return person


@remembered
def admitted_person(cast: Cast, *, bed: Bed | None = None, **who: object) -> Person:
    """Somebody admitted now, in `bed` (the first free one of the unit when none is named)."""
    person = new_person(cast, **who)  # type: ignore[arg-type]
    episode = episodes.open_enquiry(person=person, by=cast.admissions)
    episodes.change_stage(episode=episode, stage=Stage.ADMITTED, by=cast.physician)
    episodes.put_to_bed(episode=episode, bed=bed or _first_free(cast), by=cast.nurse)
    return person


def episode_of(person: Person) -> Episode:
    """The person's current episode."""
    from glidepath.record.episodes.queries import current_episode

    episode = current_episode(person)
    assert episode is not None
    return episode


def proof(signer: Staff) -> Proof:
    """What a PIN gives, without the typing."""
    return Proof(signer.pk, clock.now())


def witness_beside(by: Staff) -> Proof | None:
    """The proof of another nurse on duty, who sees a dose given by `by`; None where nobody is."""
    others = Staff.objects.filter(centre=by.centre, role=Role.NURSE).exclude(pk=by.pk).order_by("pk")
    return next((proof(one) for one in others if is_on_shift(one)), None)


def client_for(signed_in: Staff) -> Client:
    """A browser without a screen, signed in."""
    client = Client()
    client.force_login(signed_in, backend=BACKEND)
    return client


def _staff(
    centre: Centre, role: Role, name: str, units: tuple[Unit, ...] = (), *, may_prescribe: bool = False
) -> Staff:
    return staff.create_staff(
        centre=centre,
        username=f"{name.lower().replace(' ', '.')}.{centre.pk}",
        name=name,
        role=role,
        password=None,
        by=None,
        may_prescribe=may_prescribe,
        units=units,
        pin=PIN,
    )


def _stranger(centre: Centre) -> Staff:
    manager = _staff(centre, Role.MANAGER, "Noor Elsewhere")
    unit = centres.add_unit(centre=centre, name="Rowan", setting=Unit.Setting.RESIDENTIAL, by=manager)
    stranger = _staff(centre, Role.PHYSICIAN, "Dr Elsewhere", (unit,), may_prescribe=True)
    staff.start_shift(unit=unit, by=stranger)
    return stranger


def _first_free(cast: Cast) -> Bed:
    from glidepath.record.episodes.queries import taken_beds

    taken = taken_beds(cast.centre)
    return next(bed for bed in cast.beds if bed.pk not in taken)
