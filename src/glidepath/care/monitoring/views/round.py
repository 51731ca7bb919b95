"""The observation round of a unit: one person at a time, saved and on to the next."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from glidepath.care.alarms.queries import open_alarms, silence
from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.alarms.services import call_for_help
from glidepath.care.monitoring import consequences, queries, services
from glidepath.care.monitoring.bedside import State
from glidepath.care.monitoring.cards import card
from glidepath.care.monitoring.models import Event, Observation
from glidepath.care.monitoring.rounds import OnRound, Round, round_of
from glidepath.care.monitoring.views.saving import Given, blank, given_by, save, what_is_missing
from glidepath.record.audit import pages
from glidepath.record.centres.models import Unit
from glidepath.record.centres.queries import clinical_settings_of, unit_at
from glidepath.record.episodes.queries import bed_of, person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.queries import open_shifts
from glidepath.record.staff.signing import signed_in


@login_required
@require_GET
def observation_round(request: HttpRequest) -> HttpResponse:
    """Who is due on the unit, and the card of the one who is next or asked for."""
    viewer = signed_in(request)
    require(viewer, "observe")
    unit = _unit(request, viewer)
    if unit is None:
        return render(request, "monitoring/no_unit.html", status=200)
    going = round_of(viewer, unit)
    current = going.at(_uuid(request.GET.get("person")))
    centre = unit.centre
    awake = {"state": State.AWAKE} if _goes_on_awake(request, current) else {}
    return _page(request, going, current, blank(centre, **awake))


@login_required
@require_POST
def observe(request: HttpRequest, person: UUID) -> HttpResponse:
    """Saves one look, with a CIWA-B where one was scored; then the next person. A refusal keeps everything typed."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="observe")
    in_bed = bed_of(found)
    if in_bed is None:
        raise Http404("not on a round: nobody's bed")
    given = given_by(request.POST, found.centre)
    missing: tuple[str, ...] = ()
    if given.is_valid():
        scale = queries.oxygen_scale(found)
        missing = what_is_missing(given, scale, clinical_settings_of(found.centre))
        if not missing:
            try:
                done = save(found, given, by=viewer)
            except ServiceError as refused:
                given.refuse(refused)
            else:
                return _next(request, viewer, in_bed.bed.room.unit, found, done)
    going = round_of(viewer, in_bed.bed.room.unit)
    return _page(request, going, going.at(found.public_id), given, missing=missing, status=422)


@login_required
@require_POST
def seizure(request: HttpRequest, person: UUID) -> HttpResponse:
    """One tap: the event, the alarm, the frozen taper. Words and reviews come after."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="event.record")
    services.record_event(
        person=found,
        kind=Event.Kind.SEIZURE,
        by=viewer,
        once=request.POST.get("once", ""),
        seen=_seen(request),
    )
    return SeeOther(_address(person=found))


@login_required
@require_POST
def help_wanted(request: HttpRequest, person: UUID) -> HttpResponse:
    viewer = signed_in(request)
    found = person_for(viewer, person, action="event.record")
    call_for_help(person=found, by=viewer, once=request.POST.get("once", ""))
    return SeeOther(_address(person=found))


def _next(
    request: HttpRequest, viewer: Staff, unit: Unit, person: Person, done: services.Recorded[Observation]
) -> HttpResponse:
    """On to the next; back to the same person when the breathing asks to wake them."""
    going = round_of(viewer, unit)
    here = going.at(person.public_id)
    onward = going.after(here) if here is not None else going.at(None)
    if consequences.asks_to_wake(consequences.bedside_of(done.row)):
        onward = here
    return SeeOther(_address(unit=unit, person=onward.person if onward else None, saved=done.row))


def _address(*, unit: Unit | None = None, person: Person | None = None, saved: Observation | None = None) -> str:
    asked = {"unit": unit, "person": person, "saved": saved}
    query = {name: str(row.public_id) for name, row in asked.items() if row is not None}
    return f"{reverse('monitoring:round')}?{urlencode(query)}"


def _unit(request: HttpRequest, viewer: Staff) -> Unit | None:
    """The unit asked for, or the first the viewer is signed on for."""
    asked = _uuid(request.GET.get("unit"))
    if asked is not None and viewer.centre is not None:
        return unit_at(viewer.centre, asked)
    shift = next(iter(open_shifts(viewer)), None)
    return shift.unit if shift is not None else None


def _goes_on_awake(request: HttpRequest, current: OnRound | None) -> bool:
    """A doubt about somebody asleep was just saved: the same person comes again, to be woken."""
    asked = _uuid(request.GET.get("saved"))
    if asked is None or current is None or current.seen is not None:
        return False
    row = queries.saved_observation([current.person], asked)
    return row is not None and consequences.asks_to_wake(consequences.bedside_of(row))


def _seen(request: HttpRequest) -> int | None:
    """How many seizures the page showed. Whatever else a seizure's button carries, the seizure is recorded."""
    try:
        return int(request.POST.get("seen", ""))
    except ValueError:
        return None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404("no such address") from None


def _page(
    request: HttpRequest,
    going: Round,
    current: OnRound | None,
    given: Given,
    *,
    missing: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    people, by_urgency = [one.person for one in going.people], request.GET.get("by") == "urgency"
    context: dict[str, Any] = {
        "round": going,
        "unit": going.unit,
        "current": current,
        "next": going.after(current) if current is not None else None,
        "alarms": open_alarms(people, now=going.now),
        "silence": silence(going.unit.centre),
        "beds": {one.person.pk: one.in_bed.bed.number for one in going.people},
        "saved": _saved(request, people),
        "key_seizure": uuid4().hex,
        "key_help": uuid4().hex,
        "by_urgency": by_urgency,
        "people": going.by_urgency if by_urgency else going.people,
        "form": given.look,
        "scores": given.ciwa_b,
    }
    if current is not None:
        context["card"] = card(
            current.person,
            bed=current.in_bed.bed.number,
            latest=current.latest,
            due=current.due,
            scale=current.scale,
            form=given.look,
            scores=given.ciwa_b,
            scales=given.scales,
            seizures=len(queries.events_of_kind(current.person, Event.Kind.SEIZURE)),
            missing=missing,
        )
    return pages.page(request, "monitoring/round.html", context, action="round.read", people=people, status=status)


def _saved(request: HttpRequest, people: list[Person]) -> dict[str, Any] | None:
    """What the last save had to say, for the toast; only of somebody on this round."""
    asked = _uuid(request.GET.get("saved"))
    if asked is None:
        return None
    row = queries.saved_observation(people, asked)
    if row is None:
        return None
    seen = consequences.bedside_of(row)
    return {
        "row": row,
        "findings": consequences.worth_saying(row, clinical_settings_of(row.person.centre)),
        "wake": consequences.asks_to_wake(seen),
        "why": consequences.why_wake(seen),
    }
