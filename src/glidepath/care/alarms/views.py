"""An alarm's page and the acts that answer it. A click answers; closing asks for words, a hard stop for the PIN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from glidepath.care.alarms import queries, services
from glidepath.care.alarms.forms import AnswerForm, CloseForm
from glidepath.care.alarms.models import Alarm
from glidepath.care.alarms.redirects import SeeOther
from glidepath.record.audit import pages
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in


@login_required
@require_GET
def alarm(request: HttpRequest, alarm: UUID) -> HttpResponse:
    """What was found, everything done about it, and the ways to answer."""
    found, person = _alarm(request, alarm, "alarm.acknowledge")
    return _page(request, found, person, CloseForm(initial={"once": uuid4().hex}))


@login_required
@require_POST
def acknowledge(request: HttpRequest, alarm: UUID) -> HttpResponse:
    return _answer(request, alarm, "alarm.acknowledge", services.acknowledge)


@login_required
@require_POST
def attend(request: HttpRequest, alarm: UUID) -> HttpResponse:
    return _answer(request, alarm, "alarm.attend", services.attend)


@login_required
@require_POST
def close(request: HttpRequest, alarm: UUID) -> HttpResponse:
    """Closed by name; on any refusal the page comes back with the words that were typed."""
    found, person = _alarm(request, alarm, "alarm.acknowledge")
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            services.close(
                alarm=found,
                words=form.cleaned_data["words"],
                by=signed_in(request),
                once=form.cleaned_data["once"],
                proof=proof_for(request, form.cleaned_data["pin"]) if found.prescriber_closes else None,
                seen=form.cleaned_data["seen"],
            )
        except ServiceError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return _back(request, found)
    return _page(request, found, person, form, status=422)


def _answer(request: HttpRequest, public_id: UUID, action: str, answered: Callable[..., Alarm]) -> HttpResponse:
    found, _ = _alarm(request, public_id, action)
    form = AnswerForm(request.POST)
    if form.is_valid():
        answered(alarm=found, by=signed_in(request), once=form.cleaned_data["once"])
    return _back(request, found)


def _alarm(request: HttpRequest, public_id: UUID, action: str) -> tuple[Alarm, Person]:
    try:
        return queries.alarm_for(signed_in(request), public_id, action=action)
    except Alarm.DoesNotExist:
        raise Http404("no such alarm here") from None


def _page(request: HttpRequest, found: Alarm, person: Person, form: CloseForm, status: int = 200) -> HttpResponse:
    viewer = signed_in(request)
    acts = queries.history(found)
    standing = next((each for each in queries.open_alarms([person]) if each.alarm.pk == found.pk), None)
    closing = "alarm.close_hard_stop" if found.prescriber_closes else "alarm.close"
    context: dict[str, Any] = {
        "person": person,
        "alarm": found,
        "standing": standing,
        "acts": acts,
        "seen": acts[-1].pk if acts else "",
        "form": form,
        "key": uuid4().hex,
        "key_attend": uuid4().hex,
        "may_close": may(viewer, closing),
        "fresh_proof": kept_proof(request) is not None,
    }
    return pages.page(request, "alarms/alarm.html", context, action="alarm.read", person=person, status=status)


def _back(request: HttpRequest, found: Alarm) -> HttpResponse:
    """To the page the click came from, if it is one of ours; else to the alarm's own."""
    asked = request.POST.get("back", "")
    safe = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return SeeOther(asked if safe else reverse("alarms:alarm", args=[found.public_id]))
