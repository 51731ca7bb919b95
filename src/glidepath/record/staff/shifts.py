"""Signing on for a unit and off again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from glidepath.record import clock
from glidepath.record.audit import services as audit
from glidepath.record.errors import NotAllowed
from glidepath.record.prepared import prepared
from glidepath.record.staff.models import Shift, Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.queries import SHIFT_LASTS

if TYPE_CHECKING:
    from glidepath.record.centres.models import Unit


@transaction.atomic
def start_shift(*, unit: Unit, by: Staff) -> Shift:
    """Signs `by` on for a unit they are assigned to; already on, it stays as it is. Raises NotAllowed."""
    require(by, "shift.work")
    _locked(by.pk)
    if by.centre_id != unit.centre_id or not _assigned(by.pk, unit):
        raise NotAllowed(f"You are not assigned to {unit.name}. The administrator assigns units.")
    open_one = next(iter(_open(by, unit)), None)
    if open_one and open_one.started_at > clock.now() - SHIFT_LASTS:
        return open_one
    if open_one:  # nobody ended it: it ended by itself when it stopped counting
        open_one.ended_at = open_one.started_at + SHIFT_LASTS
        open_one.save(update_fields=["ended_at"])
    shift = Shift.objects.create(centre_id=unit.centre_id, staff=by, unit=unit, started_at=clock.now())
    audit.write("shift.started", by=by, centre=unit.centre, kind="session", about=unit)
    return shift


@prepared
def _locked(key: int) -> QuerySet[Staff]:
    return Staff.objects.select_for_update().filter(pk=key)


@prepared
def _assigned(key: int, unit: Unit) -> QuerySet[Staff, int]:
    return Staff.objects.filter(pk=key, units=unit).values_list("pk", flat=True)


@prepared
def _open(staff: Staff, unit: Unit) -> QuerySet[Shift]:
    return Shift.objects.filter(staff=staff, unit=unit, ended_at__isnull=True).order_by("pk")[:1]


@transaction.atomic
def end_shift(*, unit: Unit, by: Staff) -> None:
    """Signs `by` off a unit; when they are not on it, nothing happens."""
    shift = Shift.objects.select_for_update().filter(staff=by, unit=unit, ended_at__isnull=True).first()
    if shift is None:
        return
    _end(shift)
    audit.write("shift.ended", by=by, centre=unit.centre, kind="session", about=unit)


def end_every_shift(staff: Staff) -> None:
    """Part of an act of the administrator, whose own audit line says it."""
    for shift in Shift.objects.select_for_update().filter(staff=staff, ended_at__isnull=True):
        _end(shift)


def _end(shift: Shift) -> None:
    shift.ended_at = min(clock.now(), shift.started_at + SHIFT_LASTS)
    shift.save(update_fields=["ended_at"])
