"""A session ends after 15 minutes without a person at the screen, and after 12 hours in any case.

Parts of a page that refresh themselves say so (`POLL_HEADER`) and do not count as a person. Typing counts, through
/still-here/.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from glidepath.centre.typed_too_late import sign_out_and_keep
from glidepath.faces.shell import errors
from glidepath.record import clock
from glidepath.record.audit.pages import POLL_HEADER

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
WRITE_EVERY_SECONDS = 60  # the last look is written once a minute, not once a page


class SessionLimitsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        why = why_ended(request, clock.now())
        if why:
            return signed_out(request, why)
        return self.get_response(request)


def why_ended(request: HttpRequest, now: dt.datetime) -> str:
    """A key of REASONS when this session is over; empty while it lives, and then the look is noted."""
    moment = int(now.timestamp())
    started = request.session.setdefault(SIGNED_IN_AT, moment)
    seen = request.session.setdefault(SEEN_AT, moment)
    if moment - started > settings.SESSION_AT_MOST.total_seconds():
        return "too_long"
    if moment - seen > settings.SESSION_IDLE.total_seconds():
        return "idle"
    if moment - seen >= WRITE_EVERY_SECONDS and request.headers.get(POLL_HEADER) != "1":
        request.session[SEEN_AT] = moment
    return ""


def signed_out(request: HttpRequest, why: str) -> HttpResponse:
    """Back to the sign-in page, and from there to where the person was, or to what they had typed into a form."""
    said = REASONS[why]
    if errors.typed(request):
        return sign_out_and_keep(request, said)
    logout(request)
    messages.warning(request, said)
    address = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def in_words(span: dt.timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} hours" if minutes % 60 == 0 else f"{minutes} minutes"


REASONS = {
    "idle": f"You were signed out after {in_words(settings.SESSION_IDLE)} without a tap or a key.",
    "too_long": f"You were signed out: a session lasts {in_words(settings.SESSION_AT_MOST)}.",
}
