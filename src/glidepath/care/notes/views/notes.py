"""The progress notes of one person: read by profession, written, signed, amended."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.notes import queries, services
from glidepath.care.notes.forms import AmendForm, NoteForm
from glidepath.care.notes.models import Note
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Role
from glidepath.record.staff.permissions import ACTIONS, may
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in


@login_required
@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, person: UUID) -> HttpResponse:
    """`?by=nurse`: the notes of one profession. A POST signs a new one."""
    viewer, posted = signed_in(request), request.method == "POST"
    found = person_for(viewer, person, action="note.write" if posted else "note.read")
    form = NoteForm(request.POST if posted else None, initial={"once": uuid4().hex, "kind": Note.Kind.PROGRESS})
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            services.sign_note(
                person=found,
                kind=Note.Kind(given["kind"]),
                words=given["words"],
                for_handover=given["for_handover"],
                by=viewer,
                proof=proof_for(request, given["pin"]),
                once=given["once"],
            )
        except ServiceError as refused:
            put_on(form, refused)
        else:
            messages.success(request, "The note is signed.")
            return _back(found)
    return _page(request, found, form, status=422 if posted else 200)


@login_required
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, person: UUID, note: UUID) -> HttpResponse:
    """A further note in place of one's own; another's can only be read."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="note.write")
    try:
        row = queries.note_of(viewer, found, note)
    except Note.DoesNotExist:
        raise Http404("no such note here") from None
    if request.method == "GET":
        initial = {"once": uuid4().hex, "words": row.words, "for_handover": row.for_handover}
        return _amendment(request, found, row, AmendForm(initial=initial))
    form = AmendForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.amend_note(
                note=row,
                words=given["words"],
                reason=given["reason"],
                for_handover=given["for_handover"],
                by=viewer,
                proof=proof_for(request, given["pin"]),
                once=given["once"],
            )
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return _back(found)
    return _amendment(request, found, row, form, status=422)


def _back(found: Person) -> HttpResponse:
    return SeeOther(reverse("notes:notes", args=[found.public_id]))


def _page(request: HttpRequest, found: Person, form: NoteForm, status: int = 200) -> HttpResponse:
    viewer = signed_in(request)
    writers = [role for role in Role if role in ACTIONS["note.write"]]
    by = request.GET.get("by", "")
    profession = by if by in writers else ""
    context: dict[str, Any] = {
        "person": found,
        "tab": "notes",
        "form": form,
        "notes": queries.notes_of(viewer, found, profession=profession),
        "writers": writers,
        "profession": profession,
        "roles": dict(Role.choices),
        "may_write": may(viewer, "note.write"),
        "may_apart": may(viewer, "note.write_apart"),
        "fresh_proof": kept_proof(request) is not None,
    }
    return pages.page(request, "notes/notes.html", context, action="notes.read", person=found, status=status)


def _amendment(request: HttpRequest, found: Person, row: Note, form: AmendForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "person": found,
        "tab": "notes",
        "row": row,
        "newer": queries.amendment_of(row),
        "form": form,
        "fresh_proof": kept_proof(request) is not None,
    }
    return pages.page(request, "notes/amend.html", context, action="notes.read", person=found, status=status)
