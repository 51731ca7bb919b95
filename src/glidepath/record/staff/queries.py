"""Reads about those who work here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from glidepath.record import clock
from glidepath.record.prepared import Many, prepared
from glidepath.record.staff.cover import Cover, Duty
from glidepath.record.staff.models import OnCall, PushDevice, Role, Shift, Staff

if TYPE_CHECKING:
    from glidepath.record.centres.models import Centre, Unit

SHIFT_LASTS = dt.timedelta(hours=16)  # ours: a shift nobody ended stops opening charts by itself


def open_shifts(staff: Staff) -> list[Shift]:
    """The shifts that count now, the longest first: not ended, and not forgotten since yesterday."""
    return _open_shifts(staff, clock.now() - SHIFT_LASTS)


@prepared
def _open_shifts(staff: Staff, started: dt.datetime) -> QuerySet[Shift]:
    return _counting_since(started).filter(staff=staff).select_related("unit").order_by("started_at")


def on_shift(unit: Unit) -> list[Staff]:
    """Who is signed on for the unit now."""
    return [shift.staff for shift in _on_shift(unit, clock.now() - SHIFT_LASTS)]


def is_on_shift(staff: Staff) -> bool:
    """Whether this member of staff is on duty anywhere in their centre: a witness must be."""
    return bool(on_duty([staff.pk]))


def on_duty(ids: Iterable[int]) -> set[int]:
    """Which of these staff ids are signed on for a shift now, in one query."""
    return set(_on_duty(ids, clock.now() - SHIFT_LASTS))


def units_on_shift(staff: Staff) -> list[int]:
    """Ids of the units this member of staff is signed on for."""
    return _units_of(staff, clock.now() - SHIFT_LASTS)


@prepared
def _on_shift(unit: Unit, since: dt.datetime) -> QuerySet[Shift]:
    return _counting_since(since).filter(unit=unit).select_related("staff").order_by("staff__name")


@prepared
def _on_duty(ids: Many[int], since: dt.datetime) -> QuerySet[Shift, int]:
    return _counting_since(since).filter(staff__in=ids).values_list("staff_id", flat=True)


@prepared
def _units_of(staff: Staff, since: dt.datetime) -> QuerySet[Shift, int]:
    return _counting_since(since).filter(staff=staff).values_list("unit_id", flat=True)


def units_assigned(staff: Staff) -> list[Unit]:
    """The units this member of staff may sign on for."""
    return list(staff.units.order_by("name"))


def colleagues(centre: Centre, *, roles: Sequence[Role] = ()) -> list[Staff]:
    """Everybody who works here now, by name."""
    staff = Staff.objects.filter(centre=centre, is_active=True)
    return list((staff.filter(role__in=roles) if roles else staff).order_by("name"))


def colleague(centre: Centre, public_id: UUID | str) -> Staff | None:
    return Staff.objects.filter(centre=centre, is_active=True, public_id=public_id).first()


def everybody_ever(centre: Centre) -> list[Staff]:
    """Everybody who works or worked here, by name."""
    return list(Staff.objects.filter(centre=centre).order_by("name"))


def accounts(centre: Centre) -> list[Staff]:
    """Every account with its units, open ones first, by name."""
    found = Staff.objects.filter(centre=centre).prefetch_related("units")
    return list(found.order_by("-is_active", "name", "pk"))


def account(centre: Centre, public_id: UUID | str) -> Staff | None:
    """The account under this address, open or closed."""
    return Staff.objects.filter(centre=centre, public_id=public_id).first()


def account_named(username: str) -> Staff | None:
    """The account that signs in by this name, whatever the capitals, of any centre of this database."""
    return Staff.objects.filter(username__iexact=username).first()


def names(centre: Centre, ids: Iterable[int]) -> dict[int, str]:
    """Names by staff id, closed accounts too: what the audit page shows."""
    return dict(Staff.objects.filter(centre=centre, pk__in=set(ids)).values_list("pk", "name"))


def cover(centre_id: int, since: dt.datetime) -> Cover:
    """Every stretch of duty of the centre that ends after `since`: shifts, and who is on call. Two queries."""
    shifts, calls = _shifts_since(centre_id, since - SHIFT_LASTS, since), _calls_since(centre_id, since)
    return Cover((*(_shift(one) for one in shifts), *(_on_call(one) for one in calls)))


@prepared
def _shifts_since(centre: int, started: dt.datetime, since: dt.datetime) -> QuerySet[Shift]:
    rows = Shift.objects.filter(centre=centre, started_at__gt=started).exclude(ended_at__lte=since)
    return rows.select_related("staff").order_by("pk")


@prepared
def _calls_since(centre: int, since: dt.datetime) -> QuerySet[OnCall]:
    rows = OnCall.objects.filter(centre=centre, until__gt=since).exclude(ended_at__lte=since)
    return rows.select_related("staff").order_by("pk")


def on_call_list(centre: Centre, at: dt.datetime | None = None) -> list[OnCall]:
    """Who is on call at `at` (now) or later, in the order of their beginning; ended entries are left out."""
    rows = OnCall.objects.filter(centre=centre, until__gt=at or clock.now(), ended_at__isnull=True)
    return list(rows.select_related("staff", "unit", "set_by").order_by("begins_at", "staff__name", "pk"))


def on_call_history(centre: Centre, since: dt.datetime) -> list[OnCall]:
    """Every entry that was set, or would have counted, after `since`, the newest first; those taken off too."""
    rows = OnCall.objects.filter(centre=centre, until__gt=since)
    return list(rows.select_related("staff", "unit", "set_by", "ended_by").order_by("-begins_at", "-pk"))


def on_call_entry(centre: Centre, public_id: UUID | str) -> OnCall | None:
    return OnCall.objects.filter(centre=centre, public_id=public_id).select_related("staff", "unit").first()


def devices_of(staff: Staff) -> list[PushDevice]:
    """The browsers that call this member of staff, the newest first."""
    return list(PushDevice.objects.filter(staff=staff, removed_at__isnull=True).order_by("-added_at", "-pk"))


def devices_by_staff(centre: Centre) -> dict[int, list[PushDevice]]:
    """Every browser that calls somebody of the centre, by staff id; who has none is left out. One query."""
    found: dict[int, list[PushDevice]] = {}
    for one in PushDevice.objects.filter(centre=centre, removed_at__isnull=True).order_by("pk"):
        found.setdefault(one.staff_id, []).append(one)
    return found


def _shift(row: Shift) -> Duty:
    forgotten = row.started_at + SHIFT_LASTS
    return Duty(row.staff, row.unit_id, False, row.started_at, min(row.ended_at or forgotten, forgotten))


def _on_call(row: OnCall) -> Duty:
    return Duty(
        row.staff, row.unit_id, True, row.starts_counting, row.stops_counting, phone=row.phone, remarks=row.remarks
    )


def _counting_since(since: dt.datetime) -> QuerySet[Shift]:
    return Shift.objects.filter(ended_at__isnull=True, started_at__gt=since)
