"""What every page of the register begins and ends with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.supply import queries
from glidepath.care.supply.models import Location
from glidepath.record.audit import pages
from glidepath.record.centres.models import Centre
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import kept_proof, signed_in


def reader(request: HttpRequest, action: str = "register.read") -> tuple[Staff, Centre]:
    viewer = signed_in(request)
    require(viewer, action)
    assert viewer.centre is not None
    return viewer, viewer.centre


def location_of(centre: Centre, public_id: UUID) -> Location:
    found = queries.location_at(centre, public_id)
    if found is None:
        raise Http404("no such location here")
    return found


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, form: forms.Form | None = None, **more: Any
) -> HttpResponse:
    """The page and its read line; a form that came back answers 422."""
    status = 422 if form is not None and form.is_bound and form.errors else 200
    whole = {"form": form, "fresh_proof": kept_proof(request) is not None, **context}
    return pages.page(request, template, whole, action=more.pop("action", "register.read"), status=status, **more)


def done(request: HttpRequest, words: str, to: str) -> HttpResponse:
    messages.success(request, words)
    return SeeOther(to)
