"""To write down a contact about an alert, and the caring contact that follows it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.models import Alarm
from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.instruments.queries import form_for
from glidepath.care.safety import queries, services
from glidepath.care.safety.due import first_contact_hours, next_contact
from glidepath.care.safety.forms import CaringForm, ContactForm
from glidepath.care.safety.pathway import answers_of, screeners
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, person: UUID, alarm: UUID) -> HttpResponse:
    """What was asked, how high the risk is judged, what was made safer, what follows. It closes nothing."""
    found = person_for(signed_in(request), person, action="safety.write")
    alert = queries.alert_for(found, alarm)
    begin = {"once": uuid4().hex, "next_contact_at": clock.now() + dt.timedelta(hours=first_contact_hours())}
    form = ContactForm(request.POST or None, screeners=screeners(found), initial=begin)
    if request.method == "POST" and form.is_valid() and _recorded(request, found, alert, form):
        messages.success(request, "Your contact is recorded. The alert stays until it is closed by name.")
        return SeeOther(reverse("safety:alert", args=[found.public_id, alert.public_id]))
    earlier = queries.contacts_of(alert)
    context = {"answers": answers_of(alert, found), "last": earlier[-1] if earlier else None}
    return _page(request, "safety/contact.html", found, alert, form, context)


@login_required
@require_http_methods(["GET", "POST"])
def caring(request: HttpRequest, person: UUID, alarm: UUID) -> HttpResponse:
    """Somebody spoke with the person after an alert, or tried to."""
    found = person_for(signed_in(request), person, action="safety.write")
    alert = queries.alert_for(found, alarm)
    form = CaringForm(request.POST or None, initial={"once": uuid4().hex})
    if request.method == "POST" and form.is_valid() and _spoke(request, alert, form):
        messages.success(request, "The contact is recorded.")
        return SeeOther(reverse("safety:alert", args=[found.public_id, alert.public_id]))
    talks, tried = queries.contacts_of(alert), queries.caring_of(alert)
    context = {"next": next_contact(alert, talks, tried), "tried": tried[::-1], "last": talks[-1] if talks else None}
    return _page(request, "safety/caring.html", found, alert, form, context)


def _recorded(request: HttpRequest, person: Person, alert: Alarm, form: ContactForm) -> bool:
    given = form.cleaned_data
    words = ("way", "asked", "level", "level_words", "watch", "watch_minutes", "watch_words", "taken_away", "outcome")
    screener = form_for(person, given["screener"]) if given["screener"] else None
    try:
        services.record_contact(
            alarm=alert,
            found=services.Found(
                **{name: given[name] for name in words},
                screener=screener,
                limit_supply="limit_supply" in given["means"],
                staged_dispensing="staged_dispensing" in given["means"],
                next_contact_at=given["next_contact_at"],
                happened_at=given["happened_at"],
            ),
            by=signed_in(request),
            once=given["once"],
        )
    except ServiceError as refused:
        put_on(form, refused)
        return False
    return True


def _spoke(request: HttpRequest, alert: Alarm, form: CaringForm) -> bool:
    given = form.cleaned_data
    try:
        services.record_caring_contact(
            alarm=alert,
            way=given["way"],
            reached=given["reached"] == "yes",
            words=given["words"],
            next_contact_at=given["next_contact_at"],
            happened_at=given["happened_at"],
            by=signed_in(request),
            once=given["once"],
        )
    except ServiceError as refused:
        put_on(form, refused)
        return False
    return True


def _page(
    request: HttpRequest, template: str, person: Person, alert: Alarm, form: Any, more: dict[str, Any]
) -> HttpResponse:
    context = {"person": person, "alarm": alert, "form": form, **more}
    status = 422 if form.errors else 200
    return pages.page(request, template, context, action="safety.read", person=person, status=status)
