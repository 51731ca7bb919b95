"""Where a form came from: a page of ours that it names, and never another's."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def asked_back(request: HttpRequest, otherwise: str) -> str:
    """The form's own `back` where it is an address of this site, else `otherwise`."""
    asked = request.POST.get("back", "")
    ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if ours else otherwise
