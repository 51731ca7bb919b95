"""Where somebody stands right after signing in."""

from __future__ import annotations

from django.urls import reverse

from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may
from glidepath.record.staff.queries import is_on_shift


def first_page(staff: Staff) -> str:
    """The shift page for those who work shifts and are on none; else home."""
    if may(staff, "shift.work") and not is_on_shift(staff):
        return reverse("staff:shift")
    return reverse("ward:home")
