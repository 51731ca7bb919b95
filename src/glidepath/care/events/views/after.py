"""After an emergency: what was done, the debrief, the review that two sign, and what follows from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.events import queries, services
from glidepath.care.events.forms import DebriefForm, DoneForm, NameForm, ReviewForm, SignForm
from glidepath.care.events.models import Factor, Part, Review, Running
from glidepath.care.events.reviewing import ACTION_OF
from glidepath.clinical.monitoring.emergency import debrief_by, review_by
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.errors import BadInput, ServiceError
from glidepath.record.forms import put_on
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.permissions import WORKS_SHIFTS, may
from glidepath.record.staff.queries import colleague, colleagues
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in


@login_required
@require_GET
def after(request: HttpRequest, person: UUID, running: UUID) -> HttpResponse:
    """The minutes of it, and what is still owed."""
    return _page(request, _row(request, person, running, "incident.read"))


@login_required
@require_POST
def name(request: HttpRequest, person: UUID, running: UUID, handed: UUID) -> HttpResponse:
    """Who had the letter, by name and place."""
    row = _row(request, person, running, "incident.letter")
    disclosure, form = queries.disclosure_of(row, handed), NameForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.name_recipient(
                disclosure=disclosure, name=given["name"], facility=given["facility"], by=signed_in(request),
                once=given["once"],
            )  # fmt: skip
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return _done(request, row, "The name is written beside the letter.")
    return _page(request, row, name_form=form, status=422)


@login_required
@require_POST
def debrief(request: HttpRequest, person: UUID, running: UUID) -> HttpResponse:
    row = _row(request, person, running, "incident.debrief")
    form = DebriefForm(request.POST, people=_at_work(row))
    if form.is_valid():
        given = form.cleaned_data
        there = [one for one in _at_work(row) if str(one.public_id) in given["there"]]
        words = {name: given[name] for name in ("others", "went_well", "missing", "words", "once")}
        try:
            services.debrief(running=row, there=there, by=signed_in(request), **words)
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return _done(request, row, "The debrief is kept. The review follows.")
    return _page(request, row, debrief_form=form, status=422)


@login_required
@require_POST
def review(request: HttpRequest, person: UUID, running: UUID) -> HttpResponse:
    """Written and signed by a manager or a prescriber; the other one signs it after."""
    row = _row(request, person, running, "incident.read")
    form = ReviewForm(request.POST, people=colleagues(row.centre))
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.write_review(
                running=row, cause=given["cause"], factors=given["factors"], words=given["words"],
                actions=[_action(row, *one) for one in form.actions()], by=signed_in(request),
                proof=proof_for(request, given["pin"]), once=given["once"], seen=given["seen"], reason=given["reason"],
            )  # fmt: skip
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return _done(request, row, "The review is written and signed by you.")
    return _page(request, row, review_form=form, status=422)


@login_required
@require_POST
def sign(request: HttpRequest, person: UUID, running: UUID) -> HttpResponse:
    row = _row(request, person, running, "incident.read")
    form = SignForm(request.POST)
    newest = queries.review_of(row)
    if form.is_valid() and newest is not None:
        try:
            if form.cleaned_data["seen"] != newest.version:
                raise BadInput("A newer version was written meanwhile. Read it, then sign.")
            services.sign_review(
                review=newest, by=signed_in(request), proof=proof_for(request, form.cleaned_data["pin"]),
                once=form.cleaned_data["once"],
            )  # fmt: skip
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return _done(request, row, "Signed. With both signatures this emergency is closed.")
    return _page(request, row, sign_form=form, status=422)


@login_required
@require_POST
def action_done(request: HttpRequest, person: UUID, running: UUID, action: UUID) -> HttpResponse:
    row = _row(request, person, running, "incident.read")
    found, form = queries.action_of(row, action), DoneForm(request.POST)
    if form.is_valid():
        try:
            services.say_action_done(
                action=found, words=form.cleaned_data["words"], by=signed_in(request), once=form.cleaned_data["once"]
            )
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return _done(request, row, "What was done is kept.")
    return _page(request, row, done_form=form, status=422)


def _at_work(row: Running) -> list[Staff]:
    """Who may have been there: those who work shifts, with a manager."""
    return colleagues(row.centre, roles=(*WORKS_SHIFTS, Role.MANAGER))


def _row(request: HttpRequest, person: UUID, running: UUID, action: str) -> Running:
    return queries.incident_for(signed_in(request), person, running, action=action)


def _done(request: HttpRequest, row: Running, said: str) -> HttpResponse:
    messages.success(request, said)
    return SeeOther(reverse("events:after", args=[row.person.public_id, row.public_id]))


def _action(row: Running, what: str, owner: str, day: Any) -> services.ActionGiven:
    found = colleague(row.centre, owner)
    if found is None:
        raise BadInput("An action belongs to somebody who works here.", field="actions")
    return services.ActionGiven(what, found, day)


def _page(request: HttpRequest, row: Running, *, status: int = 200, **given: Any) -> HttpResponse:
    viewer, course = signed_in(request), queries.course_of(row)
    talked, reviews = queries.debrief_of(row), queries.reviews_of(row)
    newest = reviews[-1] if reviews else None
    staff, settings = colleagues(row.centre), clinical_settings_of(row.centre)
    there = {one.pk for one in course.there}
    context: dict[str, Any] = {
        "person": row.person,
        "running": row,
        "course": course,
        "debrief": talked,
        "there": _names(staff, talked.there if talked else ()),
        "reviews": reviews,
        "review": newest,
        "factors": _factor_words(newest),
        "actions": queries.actions_of(newest) if newest else (),
        "closed_at": queries.closed_at(newest),
        "debrief_by": debrief_by(course.end.happened_at, settings) if course.end else None,
        "review_by": review_by(course.end.happened_at, settings) if course.end else None,
        "now": clock.now(),
        "may_talk": may(viewer, "incident.debrief"),
        "may_write": _parts(viewer) != [],
        "to_sign": _to_sign(viewer, newest),
        "may_chart": may(viewer, "person.read"),
        "fresh_proof": kept_proof(request) is not None,
        "key": uuid4().hex,
        "debrief_form": DebriefForm(
            people=_at_work(row),
            initial={"once": uuid4().hex, "there": [str(one.public_id) for one in staff if one.pk in there]},
        ),
        "review_form": ReviewForm(people=staff, initial=_begun(newest)),
        "name_form": NameForm(initial={"once": uuid4().hex}),
        "sign_form": SignForm(initial={"once": uuid4().hex}),
        "done_form": DoneForm(initial={"once": uuid4().hex}),
        **given,
    }
    return pages.page(request, "events/after.html", context, action="incident.read", person=row.person, status=status)


def _begun(newest: Review | None) -> dict[str, Any]:
    """A further version begins with what stands."""
    begun: dict[str, Any] = {"once": uuid4().hex, "seen": newest.version if newest else 0}
    if newest is not None:
        begun |= {"cause": newest.cause, "factors": newest.factors, "words": newest.words}
        for number, one in enumerate(queries.actions_of(newest), start=1):
            begun |= {f"what_{number}": one.what, f"owner_{number}": str(one.owner.public_id),
                      f"day_{number}": one.by_day}  # fmt: skip
    return begun


def _parts(viewer: Staff) -> list[Part]:
    return [part for part, action in ACTION_OF.items() if may(viewer, action)]


def _to_sign(viewer: Staff, newest: Review | None) -> Part | None:
    """As what this viewer can sign the newest version; None where they have, or are neither."""
    if newest is None:
        return None
    signed = {one.part for one in newest.signatures.all()}
    return next((part for part in _parts(viewer) if part not in signed), None)


def _names(staff: list[Staff], ids: Any) -> list[str]:
    return [one.name for one in staff if one.pk in ids]


def _factor_words(newest: Review | None) -> list[str]:
    return [Factor(one).label for one in newest.factors] if newest else []
