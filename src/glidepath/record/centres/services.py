"""Changing the centre: its units, rooms, beds and settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction

from glidepath.clinical.facts.centre_settings import setting_facts
from glidepath.clinical.facts.load import clinical_settings, formulary, inpatient_protocols
from glidepath.record import clock
from glidepath.record.audit import once as repeated, services as audit
from glidepath.record.centres.limits import BY_NAME, defaults
from glidepath.record.centres.models import Bed, Centre, CentreSettings, DatabaseMark, Room, Unit
from glidepath.record.centres.readings import with_reading
from glidepath.record.errors import BadInput
from glidepath.record.history import refuse_if_changed, save_as
from glidepath.record.staff.permissions import require, require_any

if TYPE_CHECKING:
    from glidepath.record.staff.models import Staff

TIMES_A_DAY_AT_MOST = 6


@transaction.atomic
def mark_database(*, is_demo: bool) -> DatabaseMark:
    """Says once, of an empty database, whether it is a demo. Raises BadInput when it is marked otherwise already."""
    mark = DatabaseMark.objects.select_for_update().first()
    if mark is None:
        if is_demo and Centre.objects.exists():
            raise BadInput("This database already holds a centre; only an empty one can be made a demo.")
        return DatabaseMark.objects.create(is_demo=is_demo, made_at=clock.now())
    if mark.is_demo is not is_demo:
        raise BadInput(f"This database is marked as {'a demo' if mark.is_demo else 'no demo'}; that never changes.")
    return mark


@transaction.atomic
def create_centre(
    *, name: str, time_zone: str = "Europe/London", region: str = "uk", phone: str = "", crisis_line: str = ""
) -> Centre:
    """A centre with its settings (defaults from the facts) and its audit chain. Nobody signs: staff come after."""
    _known_zone(time_zone)
    if region not in {"us", "uk"}:
        raise BadInput(f"The region is us or uk, not {region!r}.", field="region")
    centre = Centre(
        name=_needed(name, "name", 120), time_zone=time_zone, region=region, phone=phone, crisis_line=crisis_line
    )
    save_as(centre, None)
    times = [time.strftime("%H:%M") for time in clinical_settings().default_dose_times[3]]
    save_as(CentreSettings(centre=centre, dose_times=times, **defaults()), None)
    audit.open_chain(centre)
    audit.write("centre.created", by=None, centre=centre, about=centre)
    return centre


@transaction.atomic
def add_unit(*, centre: Centre, name: str, setting: str, by: Staff, once: str = "") -> Unit:
    """A unit of a centre. Raises BadInput for a name that is taken or a setting that does not exist."""
    earlier = repeated.found(once, "unit.added")
    if earlier:
        return Unit.objects.get(pk=earlier)
    _here(by, centre.pk)
    if setting not in Unit.Setting.values:
        raise BadInput(f"A unit is one of {', '.join(Unit.Setting.values)}; {setting!r} is none.", field="setting")
    unit = Unit(centre=centre, name=_needed(name, "name", 60), setting=setting)
    _saved_unique(unit, by, f"There is a unit {unit.name} already. Choose another name.")
    repeated.remember(once, "unit.added", unit.pk)
    audit.write("unit.added", by=by, centre=centre, about=unit)
    return unit


@transaction.atomic
def add_room(*, unit: Unit, name: str, by: Staff, once: str = "") -> Room:
    earlier = repeated.found(once, "room.added")
    if earlier:
        return Room.objects.get(pk=earlier)
    _here(by, unit.centre_id)
    Unit.objects.select_for_update().get(pk=unit.pk)
    name = _needed(name, "name", 40)
    if Room.objects.filter(unit=unit, name=name).exists():
        raise BadInput(f"{unit.name} has a room {name} already. Choose another name.", field="name")
    room = Room.objects.create(centre_id=unit.centre_id, unit=unit, name=name)
    repeated.remember(once, "room.added", room.pk)
    audit.write("room.added", by=by, centre=unit.centre, about=room)
    return room


@transaction.atomic
def add_bed(*, room: Room, number: int, by: Staff, once: str = "") -> Bed:
    """A bed; its number is said aloud, so it exists once on a unit."""
    earlier = repeated.found(once, "bed.added")
    if earlier:
        return Bed.objects.get(pk=earlier)
    _here(by, room.centre_id)
    unit = Unit.objects.select_for_update().get(pk=room.unit_id)
    if not 1 <= number <= 999:
        raise BadInput(f"A bed's number is 1 to 999, not {number}.", field="number")
    if Bed.objects.filter(room__unit=unit, number=number).exists():
        raise BadInput(f"{unit.name} has a bed {number} already. Choose another number.", field="number")
    bed = save_as(Bed(centre_id=room.centre_id, room=room, number=number), by)
    repeated.remember(once, "bed.added", bed.pk)
    audit.write("bed.added", by=by, centre=room.centre, about=bed)
    return bed


@transaction.atomic
def set_bed_state(*, bed: Bed, state: str, by: Staff) -> Bed:
    """Ready, being cleaned, or closed. Whether somebody lies in it is another matter (record/episodes)."""
    require_any(by, "bed.move", "settings.change")
    _same_centre(by, bed.centre_id)
    if state not in Bed.State.values:
        raise BadInput(f"A bed is {', '.join(Bed.State.values)}, not {state!r}.", field="state")
    locked = Bed.objects.select_for_update().get(pk=bed.pk)
    locked.state = state
    save_as(locked, by)
    audit.write("bed.state_set", by=by, centre=locked.centre, about=locked, code=state)
    return locked


@transaction.atomic
def change_settings(
    *, centre: Centre, changes: Mapping[str, object], by: Staff, seen: int | None = None
) -> CentreSettings:
    """Changes the settings named in `changes`; the others stay.

    changes: whole numbers by the names in limits.py; numbers by the names of the clinical settings, None for the
    default (readings.py); `dose_times` a sequence of times; `default_table` a table's key
    or ""; `inpatient_protocols` a sequence of keys. seen: the version the form showed. Raises BadInput,
    ChangedMeanwhile, NotAllowed.
    """
    _here(by, centre.pk)
    settings = CentreSettings.objects.select_for_update().get(centre=centre)
    refuse_if_changed(settings, seen, "The settings")
    for name, value in changes.items():
        if name in setting_facts() and name not in BY_NAME:
            settings.readings = with_reading(settings.readings, name, value)
        else:
            setattr(settings, name, _allowed(name, value))
    save_as(settings, by)
    audit.write("settings.changed", by=by, centre=centre, about=settings)
    return settings


@transaction.atomic
def change_centre(
    *, centre: Centre, name: str, phone: str, crisis_line: str, by: Staff, seen: int | None = None
) -> Centre:
    """What is printed on papers that leave the building. The time zone is set once, when the centre is made."""
    _here(by, centre.pk)
    locked = Centre.objects.select_for_update().get(pk=centre.pk)
    refuse_if_changed(locked, seen, "The centre's data")
    locked.name, locked.phone, locked.crisis_line = _needed(name, "name", 120), phone.strip(), crisis_line.strip()
    save_as(locked, by)
    audit.write("centre.changed", by=by, centre=locked, about=locked)
    return locked


def _allowed(name: str, value: object) -> object:
    if name == "dose_times":
        return _dose_times(value)
    if name == "default_table":
        return _table(value)
    if name == "inpatient_protocols":
        return _protocols(value)
    limit = BY_NAME.get(name)
    if limit is None:
        raise BadInput(f"There is no setting {name!r}.", field=name)
    if not isinstance(value, int) or isinstance(value, bool) or not limit.low <= value <= limit.high:
        raise BadInput(
            f"{limit.label}: {value} cannot be. Give a whole number from {limit.low} to {limit.high} ({limit.unit}).",
            field=name,
        )
    return value


def _dose_times(value: object) -> list[str]:
    times: Sequence[object] = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else ()
    if not times or len(times) > TIMES_A_DAY_AT_MOST or not all(isinstance(time, dt.time) for time in times):
        raise BadInput(f"Give one to {TIMES_A_DAY_AT_MOST} times of day, such as 08:00.", field="dose_times")
    written = [time.strftime("%H:%M") for time in times if isinstance(time, dt.time)]
    if len(set(written)) != len(written):
        raise BadInput("A time of day stands there twice.", field="dose_times")
    return sorted(written)


def _table(value: object) -> str:
    tables = formulary().tables
    if value and value not in tables:
        raise BadInput(f"There is no table {value!r}. Choose one of {', '.join(tables)}.", field="default_table")
    return str(value or "")


def _protocols(value: object) -> list[str]:
    known = inpatient_protocols()
    named = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    unknown = [one for one in named if one not in known]
    if unknown:
        raise BadInput(
            f"There is no inpatient protocol {unknown[0]!r}. Choose from {', '.join(known)}.",
            field="inpatient_protocols",
        )
    return sorted({str(one) for one in named})


def _known_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInput(f"There is no time zone {name!r}; write it as Europe/London.", field="time_zone") from error


def _needed(text: str, field: str, most: int) -> str:
    text = " ".join(text.split())
    if not text or len(text) > most:
        raise BadInput(f"Give a {field} of up to {most} letters.", field=field)
    return text


def _saved_unique(unit: Unit, by: Staff, says: str) -> None:
    try:
        with transaction.atomic():
            save_as(unit, by)
    except IntegrityError as error:
        raise BadInput(says, field="name") from error


def _here(by: Staff, centre_id: int) -> None:
    require(by, "settings.change")
    _same_centre(by, centre_id)


def _same_centre(by: Staff, centre_id: int) -> None:
    if by.centre_id != centre_id:
        raise BadInput("This belongs to another centre.")
