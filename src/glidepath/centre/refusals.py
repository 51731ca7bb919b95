"""What a service refused becomes a page that says so, when the view did not show it beside the form itself."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from glidepath.faces.shell import errors
from glidepath.record.errors import ChangedMeanwhile, NotAllowed, ServiceError


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return errors.page(request, 403, "You may not do this", exception.message)
        if isinstance(exception, ChangedMeanwhile):
            return errors.page(request, 409, "Somebody was first", exception.message)
        if isinstance(exception, ServiceError):
            return errors.page(request, 422, "This cannot be done", exception.message)
        return None
