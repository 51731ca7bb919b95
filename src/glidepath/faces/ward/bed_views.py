"""The bed board of any day, and the moves planned on it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.flow.queries import waiting
from glidepath.faces.ward.bed_board import BedBoard, bed_board
from glidepath.faces.ward.forms import DayForm, PlanForm
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.centres.models import Bed, Centre, Unit
from glidepath.record.centres.queries import bed_at, beds, unit_at, units
from glidepath.record.episodes.queries import beds_of, current_episode, people_for
from glidepath.record.episodes.services import drop_move, plan_move, planned_move_at
from glidepath.record.errors import BadInput, ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may, require, require_any
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def beds_page(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Who lies where on a day, what is planned, and a form for one more plan."""
    viewer = signed_in(request)
    assert viewer.centre is not None
    require_any(viewer, "person.read", "bed.move")
    here = unit_at(viewer.centre, unit)
    day = DayForm(request.GET or None)
    today = clock.today(viewer.centre)
    on = (day.cleaned_data["on"] if day.is_bound and day.is_valid() else None) or today
    people = _people(viewer) if may(viewer, "bed.move") else []
    form = PlanForm(
        request.POST or None, people=people, beds=beds(viewer.centre), initial={"once": uuid4().hex, "on": on}
    )
    if request.method == "POST":
        require(viewer, "bed.move")
        if form.is_valid() and _plan(form, viewer, viewer.centre, people):
            messages.success(request, "It is planned.")
            return SeeOther(_address(here, form.cleaned_data["on"]))
    board = bed_board(viewer, here, _within_reach(on, today))
    return _page(request, board, form, day)


@login_required
@require_POST
def drop_plan(request: HttpRequest, unit: UUID, move: UUID) -> HttpResponse:
    """A planned move is not to happen after all."""
    viewer = signed_in(request)
    assert viewer.centre is not None
    here, found = unit_at(viewer.centre, unit), planned_move_at(viewer.centre, move)
    if found is None:
        raise Http404("no such plan here")
    drop_move(move=found, by=viewer)
    messages.success(request, "The plan is dropped.")
    return SeeOther(_address(here, found.on))


def _plan(form: PlanForm, viewer: Staff, centre: Centre, people: list[Person]) -> bool:
    given = form.cleaned_data
    person = next(one for one in people if str(one.public_id) == given["person"])
    episode = current_episode(person)
    try:
        if episode is None:
            raise BadInput(f"{person.preferred_name} has no stay here and none to come.", field="person")
        bed: Bed | None = bed_at(centre, given["bed"]) if given["bed"] else None
        plan_move(
            episode=episode, kind=given["kind"], on=given["on"], bed=bed, words=given["words"], by=viewer,
            once=given["once"],
        )  # fmt: skip
    except ServiceError as refused:
        put_on(form, refused)
        return False
    return True


def _people(viewer: Staff) -> list[Person]:
    """Whom a move can be planned for: whom this viewer may move, in a bed or to come."""
    coming = {one.person.pk for one in waiting(viewer)}
    seen = [*people_for(viewer, action="bed.move")]
    lying = beds_of(seen)
    return [one for one in seen if one.pk in lying or one.pk in coming]


def _within_reach(on: dt.date, today: dt.date) -> dt.date:
    """A day that the calendar and its time zones still know on both sides."""
    return min(max(on, dt.date(2000, 1, 1)), today + dt.timedelta(days=366))


def _address(unit: Unit, on: dt.date) -> str:
    return f"{reverse('ward:beds', args=[unit.public_id])}?{urlencode({'on': on.isoformat()})}"


def _page(request: HttpRequest, board: BedBoard, form: PlanForm, day: DayForm) -> HttpResponse:
    viewer = signed_in(request)
    context: dict[str, Any] = {
        "board": board,
        "form": form,
        "day_error": day.errors.get("on", [""])[0] if day.is_bound else "",
        "units": units(board.unit.centre),
        "may_move": may(viewer, "bed.move"),
        "states": Bed.State.choices,
    }
    status = 422 if form.errors or (day.is_bound and day.errors) else 200
    return pages.page(request, "ward/beds.html", context, action="beds.read", people=board.people, status=status)
