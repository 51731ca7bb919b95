"""The medicine round: one person at a time, one tap a dose. Every act is a plain form; htmx only spares the reload."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from glidepath.care.alarms.queries import open_alarms, silence
from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.medication import choices, queries, services
from glidepath.care.medication.models import PrnRecheck
from glidepath.care.medication.rounds import Round, round_of
from glidepath.clinical.dosing.schedule import moment
from glidepath.clinical.facts.load import clinical_settings
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.centres.models import Unit
from glidepath.record.centres.queries import unit_at, units
from glidepath.record.episodes.queries import bed_of, person_for
from glidepath.record.errors import BadInput, ChangedMeanwhile, ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.queries import open_shifts
from glidepath.record.staff.signing import signed_in


@login_required
@require_GET
def medicine_round(request: HttpRequest) -> HttpResponse:
    """Whose doses are due on the unit, and the card of the one who is next or asked for."""
    viewer = signed_in(request)
    require(viewer, "dose.give")
    unit = _unit(request, viewer)
    if unit is None:
        return render(request, "medication/no_unit.html")
    return _page(request, round_of(viewer, unit, _asked_time(request, unit)))


@login_required
@require_POST
def act(request: HttpRequest, person: UUID) -> HttpResponse:
    """One act at the bedside: the button that was pressed says which. A refusal keeps what was tapped and typed."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="dose.give")
    in_bed = bed_of(found)
    if in_bed is None:
        raise Http404("not on a round: nobody's bed")
    unit = in_bed.bed.room.unit
    try:
        _do(request, found, viewer)
    except ServiceError as refused:
        going = round_of(viewer, unit, _asked_time(request, unit))
        return _page(request, going, refused=refused, chosen=found.public_id)
    return SeeOther(_address(request, unit, found))


@dataclass(frozen=True, slots=True)
class _Pressed:
    """What a button carries: the dose's key, its moment, and the answer the page showed, if there was one."""

    wanted: services.Wanted
    seen: int | None

    @classmethod
    def read(cls, person: Person, token: str) -> _Pressed:
        key, _, rest = token.rpartition("|")
        key, _, at = key.rpartition("|")
        try:
            due_at = dt.datetime.fromisoformat(at)
            seen = int(rest) if rest else None
        except ValueError:
            raise BadInput("This button cannot be read. Open the round again.") from None
        if due_at.tzinfo is None or not key:
            raise BadInput("This button cannot be read. Open the round again.")
        return cls(services.Wanted(person, key, due_at), seen)


def _do(request: HttpRequest, person: Person, by: Staff) -> None:
    sent = request.POST
    words = sent.get("words", "").strip()[:300]
    if "give" in sent:
        pressed = _Pressed.read(person, sent["give"])
        services.give(
            wanted=pressed.wanted,
            by=by,
            rass=_rass(request),
            words=words,
            seen=pressed.seen,
            once=_once(request, "give"),
        )
    elif "not_given" in sent:
        reason, _, token = sent["not_given"].partition("|")
        pressed = _Pressed.read(person, token)
        services.answer_dose(
            wanted=pressed.wanted, outcome=choices.OUTCOME_OF.get(reason, ""), reason=reason, by=by, words=words,
            seen=pressed.seen, once=_once(request, "not_given"),
        )  # fmt: skip
    elif "prn" in sent:
        order = queries.order_at(person, _uuid(sent["prn"]))
        if order is None:
            raise Http404("no such order here")
        services.give_prn(order=order, by=by, rass=_rass(request), words=words, once=_once(request, "prn"))
    elif "recheck" in sent:
        helped, _, address = sent["recheck"].partition("|")
        answer = queries.answer_at(person, _uuid(address))
        if answer is None:
            raise Http404("no such dose here")
        services.record_recheck(answer=answer, helped=helped, by=by, words=words, once=_once(request, "recheck"))
    else:
        raise BadInput("Nothing was chosen: tap what became of the dose.")


def _once(request: HttpRequest, act: str) -> str:
    """One key a button: the card is one form, and its buttons are different acts."""
    key = request.POST.get("once", "")
    if not key:
        raise BadInput("This page is not whole. Open the round again.")
    pressed = hashlib.sha256(f"{act}:{request.POST[act]}".encode()).hexdigest()[:16]
    return f"{key[:32]}-{pressed}"


def _rass(request: HttpRequest) -> int | None:
    text = request.POST.get("rass", "")
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise BadInput("RASS is a whole number.", field="rass") from None


def _page(
    request: HttpRequest, going: Round, *, refused: ServiceError | None = None, chosen: UUID | None = None
) -> HttpResponse:
    current = going.person(chosen or _asked_person(request))
    people = [one.person for one in going.people]
    context: dict[str, Any] = {
        "round": going,
        "unit": going.unit,
        "units": units(going.unit.centre),
        "current": current,
        "next": going.after(current),
        "by_time": going.by_time() if request.GET.get("by") == "time" else None,
        "asked": _query(request, going.unit),
        "here": request.GET.get("at", ""),
        "alarms": open_alarms(people, now=clock.now()),
        "silence": silence(going.unit.centre),
        "beds": {one.person.pk: one.in_bed.bed.number for one in going.people},
        "rass_choices": choices.rass(),
        "rass_hold": clinical_settings().hold_rass_at_most,
        "declined": choices.DECLINED,
        "on_hold": choices.HELD,
        "missed": choices.MISSED,
        "recheck_choices": PrnRecheck.HELPED,
        "refused": refused,
        "typed": request.POST,
        "rass_typed": request.POST.get("rass"),
    }
    status = 200 if refused is None else 409 if isinstance(refused, ChangedMeanwhile) else 422
    return pages.page(request, "medication/round.html", context, action="round.read", people=people, status=status)


def _unit(request: HttpRequest, viewer: Staff) -> Unit | None:
    """The unit asked for, else the one the viewer is on shift for."""
    assert viewer.centre is not None
    asked = request.GET.get("unit")
    if asked:
        return unit_at(viewer.centre, _uuid(asked))
    shift = open_shifts(viewer).first()
    return shift.unit if shift else None


def _asked_time(request: HttpRequest, unit: Unit) -> dt.datetime | None:
    """The named time of today that the round is about; None: now."""
    text = (request.GET.get("at") or request.POST.get("at") or "").strip()
    if not text:
        return None
    try:
        asked = dt.time.fromisoformat(text)
    except ValueError:
        raise Http404("no such time of the day") from None
    return moment(clock.today(unit.centre), asked.replace(tzinfo=None), unit.centre.zone)


def _asked_person(request: HttpRequest) -> UUID | None:
    asked = request.GET.get("person")
    return _uuid(asked) if asked else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404("no such address") from None


def _query(request: HttpRequest, unit: Unit) -> str:
    """What every link of the round carries on: the unit, the time, the order of the list."""
    kept = {"unit": str(unit.public_id)}
    for name in ("at", "by"):
        value = request.GET.get(name) or request.POST.get(name)
        if value:
            kept[name] = value
    return urlencode(kept)


def _address(request: HttpRequest, unit: Unit, person: Person) -> str:
    return f"{reverse('medication:round')}?{_query(request, unit)}&person={person.public_id}"
