"""Reads about those who work here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from glidepath.record import clock
from glidepath.record.staff.models import Role, Shift, Staff

if TYPE_CHECKING:
    from glidepath.record.centres.models import Centre, Unit

SHIFT_LASTS = dt.timedelta(hours=16)  # ours: a shift nobody ended stops opening charts by itself


def open_shifts(staff: Staff) -> QuerySet[Shift]:
    """The shifts that count now: not ended, and not forgotten since yesterday."""
    return _counting().filter(staff=staff).select_related("unit").order_by("started_at")


def on_shift(unit: Unit) -> list[Staff]:
    """Who is signed on for the unit now."""
    shifts = _counting().filter(unit=unit).select_related("staff").order_by("staff__name")
    return [shift.staff for shift in shifts]


def is_on_shift(staff: Staff) -> bool:
    """Whether this member of staff is on duty anywhere in their centre: a witness must be."""
    return open_shifts(staff).exists()


def units_on_shift(staff: Staff) -> QuerySet[Shift, int]:
    """Ids of the units this member of staff is signed on for; made to stand inside another query."""
    return _counting().filter(staff=staff).values_list("unit_id", flat=True)


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


def _counting() -> QuerySet[Shift]:
    return Shift.objects.filter(ended_at__isnull=True, started_at__gt=clock.now() - SHIFT_LASTS)
