"""What a service refused becomes a page that says so, when the view did not show it beside the form itself."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from glidepath.faces.shell import errors
from glidepath.record.errors import ChangedMeanwhile, NotAllowed, ServiceError

NUL = "\x00"  # PostgreSQL keeps no text with it; no keyboard makes it


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _holds_nul(request):
            said = "What was sent holds a sign that nobody can type and the database cannot keep. Type it again."
            return errors.page(request, 400, "This could not be read", said)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return errors.page(request, 403, "You may not do this", exception.message)
        if isinstance(exception, ChangedMeanwhile):
            return errors.page(request, 409, "Somebody was first", exception.message)
        if isinstance(exception, ServiceError):
            return errors.page(request, 422, "This cannot be done", exception.message)
        return None


def _holds_nul(request: HttpRequest) -> bool:
    sent = [*request.GET.lists(), *request.POST.lists()]
    return any(NUL in text for name, values in sent for text in (name, *values))
