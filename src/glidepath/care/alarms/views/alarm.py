"""An alarm's page and the acts that answer it. A click answers; closing asks for words, a hard stop for the PIN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from glidepath.care.alarms import queries, services
from glidepath.care.alarms.closing import SUICIDE_RISK, may_close, who_closes
from glidepath.care.alarms.forms import AnswerForm, CloseForm, OrderForm
from glidepath.care.alarms.models import Alarm
from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.alarms.timeline import timeline
from glidepath.record.audit import pages
from glidepath.record.back import asked_back
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in


@login_required
@require_GET
def alarm(request: HttpRequest, alarm: UUID) -> HttpResponse:
    """What was found, everything done about it, and the ways to answer."""
    found, person = _alarm(request, alarm, "alarm.acknowledge")
    return _page(request, found, person)


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
    return _page(request, found, person, closing=form)


@login_required
@require_POST
def order(request: HttpRequest, alarm: UUID) -> HttpResponse:
    """What a prescriber ordered or decided, written down by whoever took it; on a refusal what was typed comes back."""
    found, person = _alarm(request, alarm, "alarm.order")
    form = OrderForm(request.POST, givers=queries.gives_orders(found.centre), auto_id="order_%s")
    if form.is_valid():
        try:
            services.give_order(
                alarm=found,
                whose=_giver(found, form.cleaned_data["whose"]),
                words=form.cleaned_data["ordered"],
                by=signed_in(request),
                once=form.cleaned_data["once"],
            )
        except ServiceError as refused:
            form.add_error({"words": "ordered", "whose": "whose"}.get(refused.field or ""), refused.message)
        else:
            return SeeOther(reverse("alarms:alarm", args=[found.public_id]))
    return _page(request, found, person, ordering=form)


def _giver(found: Alarm, public_id: str) -> Staff:
    return next(one for one in queries.gives_orders(found.centre) if str(one.public_id) == public_id)


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


def _page(
    request: HttpRequest,
    found: Alarm,
    person: Person,
    *,
    closing: CloseForm | None = None,
    ordering: OrderForm | None = None,
) -> HttpResponse:
    viewer = signed_in(request)
    acts = queries.history(found)
    standing = next((each for each in queries.open_alarms([person]) if each.alarm.pk == found.pk), None)
    context: dict[str, Any] = {
        "person": person,
        "alarm": found,
        "standing": standing,
        "moments": timeline(found, acts),
        "seen": acts[-1].pk if acts else "",
        "form": closing or CloseForm(initial={"once": uuid4().hex}),
        "order_form": ordering or _order_form(viewer, found),
        "key": uuid4().hex,
        "key_attend": uuid4().hex,
        "may_close": may_close(viewer, found),
        "who_closes": who_closes(found),
        "is_suicide_risk": found.cause == SUICIDE_RISK,
        "fresh_proof": kept_proof(request) is not None,
    }
    status = 422 if closing or ordering else 200
    return pages.page(request, "alarms/alarm.html", context, action="alarm.read", person=person, status=status)


def _order_form(viewer: Staff, found: Alarm) -> OrderForm:
    givers = queries.gives_orders(found.centre)
    own = str(viewer.public_id) if viewer in givers else ""
    return OrderForm(initial={"once": uuid4().hex, "whose": own}, givers=givers, auto_id="order_%s")


def _back(request: HttpRequest, found: Alarm) -> HttpResponse:
    """To the page the click came from, if it is one of ours; else to the alarm's own."""
    return SeeOther(asked_back(request, reverse("alarms:alarm", args=[found.public_id])))
