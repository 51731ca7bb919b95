"""Where the centre demands it (REQUIRE_SECOND_FACTOR=1), nobody works without a passkey or an authenticator app."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

SET_UP_AT = "/account/"


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.SECOND_FACTOR_REQUIRED
            and request.user.is_authenticated
            and not request.path.startswith((SET_UP_AT, "/sign-in/", "/sign-out/"))
            and not is_mfa_enabled(request.user)
        ):
            messages.warning(request, "This centre asks for a second proof at sign-in. Add a passkey or an app first.")
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)
