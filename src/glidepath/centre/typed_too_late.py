"""What somebody typed into a form while their session ended comes back to them after they sign in again.

It waits in the new, nameless session for fifteen minutes, for the same member of staff alone, and without secrets. They
see it and send it again by hand: permission, version and key of the form are asked as at any other time.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from glidepath.faces.shell import errors
from glidepath.record import clock

KEPT = "typed_too_late"
WAITS = settings.SESSION_IDLE
NOTHING_SAVED = "Nothing was saved."


class TypedTooLateMiddleware:
    """A form whose sender is signed in no more (elsewhere signed out, account closed, another browser window) is shown
    with what it held, where it would else be thrown away on the way to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated or not _is_sent_to_sign_in(response) or not errors.typed(request):
            return response
        said = f"You are not signed in any more. {NOTHING_SAVED} Copy what you typed, sign in, and send it again."
        return errors.page(request, 403, "Signed out meanwhile", said, sign_in=resolve_url(settings.LOGIN_URL))


def sign_out_and_keep(request: HttpRequest, said: str) -> HttpResponse:
    """Ends the session; keeps what this form held for the one who typed it."""
    typed = {
        "by": request.user.pk,
        "at": int(clock.now().timestamp()),
        "address": request.get_full_path(),
        "fields": errors.without_secrets(request),
    }
    logout(request)
    request.session[KEPT] = typed
    address = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': reverse('typed_too_late')})}"
    said = f"{said} {NOTHING_SAVED} Sign in, and what you typed waits for you there for {WAITS.seconds // 60} minutes."
    return errors.page(request, 403, "Signed out meanwhile", said, sign_in=address)


@login_required
@require_GET
def typed_too_late(request: HttpRequest) -> HttpResponse:
    """What was typed, with a button that sends it to where it was going. Shown once, to the one who typed it."""
    kept = request.session.pop(KEPT, None)
    if not kept or kept["by"] != request.user.pk or clock.now().timestamp() - kept["at"] > WAITS.total_seconds():
        return redirect("/")
    context = {"address": kept["address"], "fields": kept["fields"], "typed": errors.in_words(kept["fields"])}
    return render(request, "errors/typed_too_late.html", context)


def _is_sent_to_sign_in(response: HttpResponse) -> bool:
    return isinstance(response, HttpResponseRedirect) and response.url.startswith(resolve_url(settings.LOGIN_URL))
