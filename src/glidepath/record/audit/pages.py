"""The way to a page that shows a person's data: no line, no page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control

from glidepath.record import clock
from glidepath.record.audit import services
from glidepath.record.audit.models import AuditLine
from glidepath.record.audit.session import session_digest

if TYPE_CHECKING:
    from glidepath.record.people.models import Person
    from glidepath.record.staff.models import Staff

POLL_HEADER = "X-Glidepath-Poll"  # sent by a part of a page that refreshes itself
POLL_LINE_EVERY = dt.timedelta(hours=1)


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    action: str,
    person: Person | None = None,
    people: Iterable[Person | int] = (),
    status: int = 200,
) -> HttpResponse:
    """Renders, writes the read line in its own transaction, and only then answers.

    action: the line's, such as "chart.read". person: whose page it is. people: whom a list showed.
    status: 422 for a form that comes back with what was typed.
    """
    body = render_to_string(template, dict(context), request=request)
    note_read(request, action=action, person=person, people=people)
    response = HttpResponse(body, status=status)
    patch_cache_control(response, no_store=True, private=True)
    return response


def note_read(
    request: HttpRequest, *, action: str, person: Person | None = None, people: Iterable[Person | int] = ()
) -> None:
    """The read line alone: for what is no page (a PDF, a calendar file). Call it before the body is returned."""
    viewer: Any = request.user
    shown = sorted({one if isinstance(one, int) else one.pk for one in people})
    if _is_poll(request) and _read_within_the_hour(viewer, action, person, shown):
        return
    services.write(action, by=viewer, centre=viewer.centre, kind="read", person=person, people=shown)


def _is_poll(request: HttpRequest) -> bool:
    return request.headers.get(POLL_HEADER) == "1"


def _read_within_the_hour(viewer: Staff, action: str, person: Person | None, shown: list[int]) -> bool:
    """Whether this viewer's reading of the same people already has its line of this hour in this session."""
    lines = AuditLine.objects.filter(
        centre=viewer.centre,
        actor_id=viewer.pk,
        session=session_digest(),
        action=action,
        person_id=person.pk if person else None,
        at__gt=clock.now() - POLL_LINE_EVERY,
    )
    return any(line.people == shown for line in lines.only("people"))
