"""The calendar as a file to print and as a file for a telephone."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from glidepath.faces.printing.from_record import taper_calendar
from glidepath.faces.printing.ics import calendar_ics
from glidepath.faces.printing.pdf import Paper, calendar_pdf
from glidepath.faces.shell import errors
from glidepath.record.audit.pages import note_read
from glidepath.record.episodes.queries import person_for
from glidepath.record.staff.signing import signed_in

NO_TAPER = "No taper runs for this person, so there is nothing to print. A calendar follows once a plan is signed."


@login_required
@require_GET
def calendar_as_pdf(request: HttpRequest, person: UUID) -> HttpResponse:
    """Large print, on the paper of the centre's country."""
    who = person_for(signed_in(request), person, action="taper.read")
    calendar = taper_calendar(who)
    if calendar is None:
        return errors.page(request, 404, "No taper yet", NO_TAPER)
    paper = Paper.LETTER if who.centre.region == "us" else Paper.A4
    body = calendar_pdf(calendar, paper=paper)
    note_read(request, action="taper.calendar_pdf", person=who)
    return _file(body, "application/pdf", 'inline; filename="calendar.pdf"')


@login_required
@require_GET
def calendar_as_ics(request: HttpRequest, person: UUID) -> HttpResponse:
    """For the person's telephone; its name says nothing about what it holds."""
    who = person_for(signed_in(request), person, action="taper.read")
    calendar = taper_calendar(who)
    if calendar is None:
        return errors.page(request, 404, "No taper yet", NO_TAPER)
    body = calendar_ics(calendar, zone=who.centre.zone)
    note_read(request, action="taper.calendar_ics", person=who)
    return _file(body, "text/calendar; charset=utf-8", 'attachment; filename="my-daily-plan.ics"')


def _file(body: bytes, kind: str, disposition: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind, headers={"Content-Disposition": disposition})
    patch_cache_control(response, no_store=True, private=True)
    return response
