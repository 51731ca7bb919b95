"""While a member of staff is at work, pages and forms speak the time of their centre."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from glidepath.record.staff.models import Staff


class CentreClockMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        viewer = request.user
        if not isinstance(viewer, Staff) or viewer.centre is None:
            return self.get_response(request)
        with timezone.override(viewer.centre.zone):
            return self.get_response(request)
