"""The three doors to one form: staff, the ward's tablet, a link. All draw one page and take the same answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from glidepath.care.instruments import queries, services
from glidepath.care.instruments.beside import known_beside, last_at_bedside
from glidepath.care.instruments.cards import FormCard, field_name, form_card
from glidepath.care.instruments.catalogue import instrument_of
from glidepath.care.instruments.models import Form, Way
from glidepath.care.instruments.services import GATE, Answered
from glidepath.clinical.facts.instruments import Instrument
from glidepath.record.errors import ServiceError
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may

LONGEST_KEY = 40  # of the part of an answer's key that the page makes
Errors = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Door:
    """Through which one form is filled in: who answers, where the page and its answers go, and where its end leads."""

    form: Form
    way: Way
    by: Staff | None
    base: str  # the page it stands in
    answers_at: str
    done_at: str

    @property
    def alone(self) -> bool:
        """Whether the person answers without staff: then the page speaks to them."""
        return self.by is None

    @property
    def opens_alarms(self) -> bool:
        """Whether whoever answers may open an alarm: at the first call admissions asks, and others come."""
        return self.by is not None and may(self.by, "alarm.acknowledge")


def context_of(door: Door, *, errors: Errors | None = None, refused: str = "") -> dict[str, Any]:
    """What the page of the form needs."""
    form = door.form
    filling = queries.filling_of(form)
    reads = door.by is not None and may(door.by, "form.read")  # who answers alone, or only asks, sees no chart
    last = queries.last_answers(form) if reads else {}
    known = known_beside(form, filling.instrument) if reads else {}
    return {
        "door": door,
        "base": door.base,
        "form": form,
        "person": form.person,
        "instrument": filling.instrument,
        "card": form_card(filling, last=last, raised=queries.raised_in(form), errors=errors, known=known),
        "has_last": bool(last),
        "bedside": last_at_bedside(form.person, form.instrument) if reads else None,
        "once": uuid4().hex,
        "refused": refused,
        "filled_by": FILLED_BY[form.filled_by],
    }


FILLED_BY = {
    "self": "filled in by the person",
    "interview": "asked in an interview",
    "observer": "observed",
    "measured": "measured",
}


def take_one(request: HttpRequest, door: Door) -> HttpResponse:
    """One answer, sent by the page as it was tapped. Answers with how the form stands now."""
    try:
        taken = services.answer(
            form=door.form,
            item=request.POST.get("item", ""),
            given=request.POST.get("given", ""),
            client_key=request.POST.get("key", ""),
            by=door.by,
            way=door.way,
            waited=_waited(request.POST.get("waited", "0")),
        )
    except ServiceError as refused:
        return JsonResponse({"refused": refused.message}, status=422)
    return JsonResponse(_state(door, taken))


def take_page(request: HttpRequest, door: Door) -> tuple[HttpResponse | None, Errors, str]:
    """The whole page, sent by its button: what is new is kept, then the form is finished where that was wanted.

    Returns where to go on; or None, with what came back wrong by item and what was refused.
    """
    errors = _take_new(request, door)
    if errors:
        return None, errors, ""
    taken_back = request.POST.get("take_back")
    if taken_back is not None or "finish" not in request.POST:
        return redirect(request.path), {}, ""
    try:
        services.close_form(form=door.form, by=door.by, way=door.way, once=request.POST.get("once", "")[:64])
    except ServiceError as refused:
        return None, {}, refused.message
    return redirect(door.done_at), {}, ""


def _take_new(request: HttpRequest, door: Door) -> dict[str, tuple[str, str]]:
    """Keeps what differs from what stands. By item, what could not be kept and why."""
    instrument = instrument_of(door.form)
    once = request.POST.get("once", "")[:LONGEST_KEY]
    standing = {item.key: item.answer for item in _card(door).items}
    back = request.POST.get("take_back")
    typed = {}
    for key in _keys(instrument):
        given = "" if back == field_name(key) else request.POST.get(field_name(key))
        if given is not None and given.replace("\r\n", "\n").strip() != standing[key]:
            typed[key] = given.replace("\r\n", "\n")
    if not typed:
        return {}
    wrong = services.answer_page(form=door.form, given=typed, key=f"page-{once}", by=door.by, way=door.way)
    return {key: (typed[key], message) for key, message in wrong.items()}


def _keys(instrument: Instrument) -> list[str]:
    return ([GATE] if instrument.gate else []) + [item.key for item in instrument.items]


def _card(door: Door) -> FormCard:
    return form_card(queries.filling_of(door.form), last={}, raised=queries.raised_in(door.form))


def _state(door: Door, taken: Answered) -> dict[str, Any]:
    card = _card(door)
    item = next(one for one in card.items if one.key == taken.answer.item)
    return {
        "asked": card.asked_names,
        "answered": card.answered,
        "of": card.asked,
        "late": taken.late,
        "called": render_to_string(
            "instruments/parts/called.html", {"item": item, "door": door, "person": door.form.person}
        ),
    }


def _waited(text: str) -> dt.timedelta:
    """Seconds that an answer waited in the page; what is no number did not wait."""
    return dt.timedelta(seconds=int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else dt.timedelta(0)
