"""Two small addresses: whether the server is up, and that somebody is still at the screen."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST


@require_GET
def alive(request: HttpRequest) -> HttpResponse:
    """200 when the server and its database answer. Says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_POST
@login_required
def still_here(request: HttpRequest) -> HttpResponse:
    """Somebody is typing or tapping; the session-limits middleware has noted it by now."""
    return HttpResponse(status=204)
