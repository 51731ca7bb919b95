"""The lock of a tablet that was handed to a person: kept in the session, so that no reload and no tab is a way out."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from glidepath.care.instruments.models import Form

LOCKED_TO = "tablet_form"
# The names of what a locked session reaches: the form, its answers, the way back, and that somebody is still there.
REACHED = frozenset({"instruments:tablet", "instruments:tablet_answer", "instruments:tablet_back", "still_here"})


def lock(request: HttpRequest, form: Form) -> None:
    request.session[LOCKED_TO] = form.pk


def unlock(request: HttpRequest) -> None:
    request.session.pop(LOCKED_TO, None)


def locked_to(request: HttpRequest) -> int | None:
    """The form this session is locked to, by its key; None where it is not."""
    found = request.session.get(LOCKED_TO)
    return int(found) if found is not None else None


class TabletLockMiddleware:
    """Stands after the session's limits: a session that is over is over, and leads to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if locked_to(request) is None or request.path in {reverse(name) for name in REACHED}:
            return self.get_response(request)
        return HttpResponseRedirect(reverse("instruments:tablet"))
