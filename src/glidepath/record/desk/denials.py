"""A refusal leaves an audit line; who asked for a chart without a tie to it is shown the glass."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from glidepath.record.audit import services as audit
from glidepath.record.episodes.queries import OutsideCareTeam
from glidepath.record.errors import NotAllowed
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may


class DenialMiddleware:
    """Stands after (that is: is asked before) the middleware that makes a page of a refusal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotAllowed) or not isinstance(request.user, Staff) or not request.user.centre:
            return None
        person = exception.person if isinstance(exception, OutsideCareTeam) else None
        audit.write(
            "refused", by=request.user, centre=request.user.centre, kind="deny", person=person, code=_where(request)
        )
        if person is None or not may(request.user, "break_glass") or request.method != "GET":
            return None
        glass = reverse("episodes:break_glass", args=[person.public_id])
        return HttpResponseRedirect(f"{glass}?{urlencode({'next': request.path})}")


def _where(request: HttpRequest) -> str:
    """The page's name, such as "taper:plan": a code, whatever the address held."""
    return request.resolver_match.view_name[:60] if request.resolver_match else ""
