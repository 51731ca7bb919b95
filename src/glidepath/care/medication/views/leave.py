"""Doses to take along: signed by a prescriber, counted out before somebody leaves, counted back when they return."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.medication import queries, services
from glidepath.care.medication.coming_back import BECAME
from glidepath.care.medication.forms import LeaveForm, ReturnForm, SignLeaveForm
from glidepath.care.medication.models import LeaveOrder, LeavePack
from glidepath.care.medication.views.person import back, refuse
from glidepath.care.supply import amounts, queries as register
from glidepath.clinical.monitoring.centre_times import back_by_at_most
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.centres.models import Centre
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may, who_may
from glidepath.record.staff.queries import colleagues, on_duty
from glidepath.record.staff.signing import kept_proof, proof_for, second_proof_for, signed_in

SHOWN = dt.timedelta(hours=24)  # of what goes along, while nobody has said until when
WORDS = {"taken": "taken", "back": "brought back", "missing": "missing"}
CHOICES = tuple((one, WORDS[one], "") for one in BECAME)


@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, person: UUID) -> HttpResponse:
    """A prescriber signs; who is here leaves with doses; who is away comes back with what is left."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="leave.pack" if may(viewer, "leave.pack") else "order.sign")
    if "signing" in request.POST:
        return _sign(request, found)
    pack = queries.leave_of(found)
    if pack is not None or "counting_back" in request.POST:
        return _back(request, found, pack)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.pack_leave(
                person=found,
                until=_utc(given["until"], found),
                explained=given["explained"],
                by=viewer,
                second=second_proof_for(request, given["second_user"], given["second_pin"]),
                once=given["once"],
            )
        except ServiceError as refused:
            refuse(form, refused)
        else:
            return back(found)
    return _before(request, found, form)


def _sign(request: HttpRequest, found: Person) -> HttpResponse:
    form = SignLeaveForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.sign_leave(
                person=found,
                until=_utc(given["allowed_until"], found),
                words=given["words"],
                by=signed_in(request),
                proof=proof_for(request, given["pin"]),
                once=given["once"],
            )
        except ServiceError as refused:
            refuse(form, refused)
        else:
            return _here(found)
    return _before(request, found, form)


def _back(request: HttpRequest, found: Person, pack: LeavePack | None) -> HttpResponse:
    form = ReturnForm(request.POST or None)
    if pack is None:  # a second submit, or a colleague was first
        return back(found)
    marks = [f"{key}|{at}" for key, at, _ in pack.doses]
    said = {mark: request.POST.get(f"became-{number}", "") for number, mark in enumerate(marks)}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.return_leave(
                pack=pack,
                became=said,
                words=given["words"],
                sealed=services.Sealed(given["seal"], given["kept_where"]),
                by=signed_in(request),
                second=second_proof_for(request, given["second_user"], given["second_pin"]),
                once=given["once"],
            )
        except ServiceError as refused:
            refuse(form, refused)
        else:
            return _here(found)
    lines = [
        (f"became-{number}", dt.datetime.fromisoformat(at), words, said[marks[number]])
        for number, (_, at, words) in enumerate(pack.doses)
    ]
    return _page(request, found, form, pack=pack, lines=lines, issued=_issued(pack))


def _before(request: HttpRequest, found: Person, form: LeaveForm | SignLeaveForm) -> HttpResponse:
    """The page of who is here: what would go along, from where, and what a prescriber signed."""
    viewer, signed, now = signed_in(request), queries.signed_leave(found), clock.now()
    ahead = services.doses_to_take(found, back_by_at_most(now, clinical_settings_of(found.centre)))
    until = signed.until_at if signed else now + SHOWN
    rows = [row for row in ahead if row.due.due_at < until]
    is_signing = isinstance(form, SignLeaveForm)
    last = queries.last_leave(found)
    return _page(
        request,
        found,
        form,
        rows=rows,
        until=until,
        signed=signed,
        wants_signature=any(wants for wants, _ in services.made_of_each(found, ahead)),
        planned=services.from_stock(found, rows),
        signers=_signers(found.centre),
        pack_form=form if form.is_bound and not is_signing else LeaveForm(initial=_until(signed, found)),
        sign_form=(form if is_signing else SignLeaveForm()) if may(viewer, "order.sign") else None,
        fresh_proof=kept_proof(request),
        last=last,
        became=[(words, dt.datetime.fromisoformat(at), WORDS[how]) for words, at, how in _ended(last)],
        issued=_issued(last) if last else [],
    )


def _ended(last: LeavePack | None) -> list[tuple[str, str, str]]:
    """Each dose of the last leave: in words, when it was due, what became of it."""
    if last is None:
        return []
    said = zip(last.doses, last.came_back.became, strict=True)
    return [(words, at, how) for (_, at, words), (_, _, how) in said]


def _issued(pack: LeavePack) -> list[str]:
    """What left the stock for it: "3 tablets of diazepam 10 mg tablet, lot A1, from Willow cupboard"."""
    return [
        f"{amounts.in_words(row.quantity, row.batch.product)} of {row.batch.product.as_clinical().name}, lot "
        f"{row.batch.lot}, from {row.source.name}"
        for row in register.issued_for_leave(pack.public_id)
    ]


def _signers(centre: Centre) -> str:
    """Who may sign: those on duty by name, else in words."""
    able = [one for one in colleagues(centre) if may(one, "order.sign")]
    here = on_duty(one.pk for one in able)
    return ", ".join(one.name for one in able if one.pk in here) or who_may("order.sign")


def _utc(typed: dt.datetime, person: Person) -> dt.datetime:
    return typed.replace(tzinfo=person.centre.zone).astimezone(dt.UTC)


def _until(signed: LeaveOrder | None, person: Person) -> dict[str, str]:
    """Up to when a prescriber signed, as the box of the nurse begins."""
    return {"until": f"{clock.local(person.centre, signed.until_at):%Y-%m-%dT%H:%M}"} if signed else {}


def _here(found: Person) -> HttpResponse:
    return SeeOther(reverse("medication:leave", args=[found.public_id]))


def _page(request: HttpRequest, found: Person, form: forms.Form, **more: Any) -> HttpResponse:
    context = {"person": found, "tab": "medicines", "form": form, "choices": CHOICES, **more}
    status = 422 if form.errors else 200
    return pages.page(request, "medication/leave.html", context, action="order.read", person=found, status=status)
