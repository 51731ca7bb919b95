"""A password that an administrator typed opens nothing but the page where it is exchanged for one's own."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from glidepath.record import clock
from glidepath.record.staff.models import Staff

OPEN_TO_IT = ("/account/password/", "/sign-out/", "/sign-in/", "/still-here/")


class FirstPasswordMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        viewer = request.user
        if not isinstance(viewer, Staff) or viewer.first_password_until is None:
            return self.get_response(request)
        if viewer.first_password_until <= clock.now():
            logout(request)
            messages.warning(request, "This first password has run out. Ask the administrator for another one.")
            return HttpResponseRedirect(reverse("account_login"))
        if request.path.startswith(OPEN_TO_IT):
            return self.get_response(request)
        return HttpResponseRedirect(reverse("account_change_password"))
