"""Pages for what went wrong: what happened, what to do. Nobody is blamed, least of all by the software."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SECRET = ("password", "pin", "csrfmiddlewaretoken")
NEVER_SHOWN = (*SECRET, "once", "seen", "next")


def page(request: HttpRequest, status: int, title: str, message: str, *, sign_in: str = "") -> HttpResponse:
    """The error page; for a request of htmx only the message, to stand where the answer would have stood.

    What was typed into the form stands on the page, to be copied. sign_in: where to sign in, if that is next.
    """
    fragment = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "errors/fragment.html" if fragment else "errors/page.html"
    context = {"status": status, "title": title, "message": message, "typed": typed(request), "sign_in": sign_in}
    return render(request, template, context, status=status)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What this request's form held, field by field, without secrets and without the form's own marks."""
    return in_words(without_secrets(request))


def without_secrets(request: HttpRequest) -> list[tuple[str, list[str]]]:
    """The fields of this request's form as they were sent, less what opens or signs anything."""
    if request.method != "POST":
        return []
    fields = [(str(name), [str(value) for value in values]) for name, values in request.POST.lists()]
    return [(name, values) for name, values in fields if not any(word in name for word in SECRET)]


def in_words(fields: Iterable[tuple[str, Sequence[str]]]) -> list[tuple[str, str]]:
    """Fields as one reads them, without the form's own marks."""
    return [
        (name.replace("_", " "), ", ".join(values))
        for name, values in fields
        if any(values) and not any(word in name for word in NEVER_SHOWN)
    ]


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = "Part of the address or of the form was not as it should be. Go back and try again."
    return page(request, 400, "This could not be read", said)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = str(exception) if exception and exception.args else "Your role does not cover this. Ask the nurse in charge."
    return page(request, 403, "You may not do this", said)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = "Nothing is kept at this address. Look for the person by name, or start again from the unit."
    return page(request, 404, "Not here", said)


def server_error(request: HttpRequest) -> HttpResponse:
    """Stands on its own: whatever broke may have broken the session or the database too."""
    return render(None, "errors/500.html", status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's own proof of origin did not fit: mostly a page left open past a sign-out."""
    said = "Nothing was saved. What you typed stands below: copy it, open the page again, and send it once more."
    return page(request, 403, "This page was open too long", said)
