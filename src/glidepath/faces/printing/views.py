"""What leaves the building: the taper calendar, a person's own copies of their plans, the letter to who called."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from glidepath.care.events.queries import incident_for
from glidepath.care.supply.queries import lines
from glidepath.faces.printing.answer_pdf import answer_pdf, own_answer
from glidepath.faces.printing.downtime import pack_of
from glidepath.faces.printing.downtime_pdf import downtime_pdf, paper_of
from glidepath.faces.printing.from_record import taper_calendar
from glidepath.faces.printing.ics import calendar_ics
from glidepath.faces.printing.labels_pdf import labels_pdf, shelf_label_of, wristband_of
from glidepath.faces.printing.pdf import Paper, calendar_pdf
from glidepath.faces.printing.plan_pdf import own_plan, plan_pdf
from glidepath.faces.printing.safety_pdf import own_safety_plan, safety_pdf
from glidepath.faces.printing.transfer_pdf import transfer_letter, transfer_pdf
from glidepath.faces.shell import errors
from glidepath.record import clock
from glidepath.record.audit.pages import note_read
from glidepath.record.centres.queries import unit_at
from glidepath.record.episodes.queries import in_beds, person_for
from glidepath.record.people.models import Person
from glidepath.record.people.queries import allergies
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import signed_in

NO_TAPER = "No taper runs for this person, so there is nothing to print. A calendar follows once a plan is signed."

NO_LABELS = "No product is stocked here, so there is no label to print. The pharmacist stocks one in the settings."
NO_PLAN = "No treatment plan is signed for this person, so there is nothing to print."

NO_ANSWER = "Nothing is decided about this enquiry, so there is nothing to print."
NO_SAFETY_PLAN = "No safety plan is written for this person, so there is nothing to print."


@login_required
@require_GET
def calendar_as_pdf(request: HttpRequest, person: UUID) -> HttpResponse:
    """Large print, on the paper of the centre's country."""
    who = person_for(signed_in(request), person, action="taper.read")
    calendar = taper_calendar(who)
    if calendar is None:
        return errors.page(request, 404, "No taper yet", NO_TAPER)
    body = calendar_pdf(calendar, paper=_paper(who))
    note_read(request, action="taper.calendar_pdf", person=who)
    return _file(body, "application/pdf", 'inline; filename="calendar.pdf"')


@login_required
@require_GET
def plan_as_pdf(request: HttpRequest, person: UUID) -> HttpResponse:
    """The person's own copy of their treatment plan, in large print."""
    who = person_for(signed_in(request), person, action="plan.read")
    plan = own_plan(who)
    if plan is None:
        return errors.page(request, 404, "No plan yet", NO_PLAN)
    body = plan_pdf(plan, paper=_paper(who))
    note_read(request, action="plan.pdf", person=who)
    return _file(body, "application/pdf", 'inline; filename="plan.pdf"')


@login_required
@require_GET
def answer_as_pdf(request: HttpRequest, person: UUID) -> HttpResponse:
    """The letter to somebody who called, in large print."""
    who = person_for(signed_in(request), person, action="screen.prepare")
    letter = own_answer(who)
    if letter is None:
        return errors.page(request, 404, "No answer yet", NO_ANSWER)
    body = answer_pdf(letter, paper=_paper(who))
    note_read(request, action="decision.pdf", person=who)
    return _file(body, "application/pdf", 'inline; filename="letter.pdf"')


@login_required
@require_GET
def safety_plan_as_pdf(request: HttpRequest, person: UUID) -> HttpResponse:
    """The person's own copy of their safety plan, on one page."""
    who = person_for(signed_in(request), person, action="safety.read")
    plan = own_safety_plan(who)
    if plan is None:
        return errors.page(request, 404, "No safety plan yet", NO_SAFETY_PLAN)
    body = safety_pdf(plan, paper=_paper(who))
    note_read(request, action="safety.pdf", person=who)
    return _file(body, "application/pdf", 'inline; filename="safety-plan.pdf"')


@login_required
@require_GET
def wristband_as_pdf(request: HttpRequest, person: UUID) -> HttpResponse:
    """One band with its code twice: it is read from either side."""
    who = person_for(signed_in(request), person, action="identity.read")
    label = wristband_of(who, allergies(who))
    body = labels_pdf([label], "wristband", paper=_paper(who), made_at=clock.local(who.centre, clock.now()))
    note_read(request, action="wristband.pdf", person=who)
    return _file(body, "application/pdf", 'inline; filename="wristband.pdf"')


@login_required
@require_GET
def shelf_labels_as_pdf(request: HttpRequest) -> HttpResponse:
    """A sheet with the label of every stocked product. It is about nobody."""
    viewer = signed_in(request)
    require(viewer, "settings.read")
    assert viewer.centre is not None
    labels = [shelf_label_of(line.row) for line in lines(viewer.centre)]
    if not labels:
        return errors.page(request, 404, "Nothing is stocked", NO_LABELS)
    made_at = clock.local(viewer.centre, clock.now())
    body = labels_pdf(labels, "shelf", paper=paper_of(viewer.centre), made_at=made_at)
    return _file(body, "application/pdf", 'inline; filename="labels.pdf"')


@login_required
@require_GET
def downtime_as_pdf(request: HttpRequest, unit: UUID) -> HttpResponse:
    """What the unit needs on paper: the next 24 hours, as they stand now, of those the viewer may see."""
    viewer = signed_in(request)
    require(viewer, "dose.give")
    assert viewer.centre is not None
    where = unit_at(viewer.centre, unit)
    here = in_beds(viewer, where, action="order.read")
    body = downtime_pdf(pack_of(where, here), paper=paper_of(where.centre))
    note_read(request, action="downtime.pdf", people=[one.person for one in here])
    return _file(body, "application/pdf", 'inline; filename="downtime.pdf"')


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


@login_required
@require_GET
def transfer_as_pdf(request: HttpRequest, person: UUID, running: UUID) -> HttpResponse:
    """The letter that goes along to hospital, as it stands at this moment of the emergency or after it."""
    viewer = signed_in(request)
    row = incident_for(viewer, person, running, action="incident.letter")
    body = transfer_pdf(transfer_letter(row, viewer), paper=_paper(row.person))
    note_read(request, action="transfer.pdf", person=row.person)
    return _file(body, "application/pdf", 'inline; filename="transfer-letter.pdf"')


def _paper(person: Person) -> Paper:
    return Paper.LETTER if person.centre.region == "us" else Paper.A4


def _file(body: bytes, kind: str, disposition: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind, headers={"Content-Disposition": disposition})
    patch_cache_control(response, no_store=True, private=True)
    return response
