"""What every page of the shell knows: the centre, the places, the units one is on shift for, the centre's clock."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from glidepath.faces.shell.navigation import places
from glidepath.record import clock
from glidepath.record.staff.models import Staff
from glidepath.record.staff.queries import open_shifts


def shell(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that a fragment or an error page pays for nothing it does not show."""
    viewer = getattr(request, "user", None)
    if not isinstance(viewer, Staff) or viewer.centre is None:
        return {}
    centre = viewer.centre
    return {
        "centre": centre,
        "local_now": clock.local(centre, clock.now()),
        "places": SimpleLazyObject(lambda: places(request)),
        "shifts": SimpleLazyObject(lambda: open_shifts(viewer)),
    }
