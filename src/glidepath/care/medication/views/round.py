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
from glidepath.care.medication import choices, codes, queries, services
from glidepath.care.medication.models import PrnRecheck
from glidepath.care.medication.rounds import Round, round_of
from glidepath.care.medication.views import scan
from glidepath.clinical.dosing.schedule import moment
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.centres.models import Unit
from glidepath.record.centres.queries import clinical_settings_of, unit_at, units
from glidepath.record.episodes.queries import bed_of, person_for
from glidepath.record.errors import BadInput, ChangedMeanwhile, ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.queries import open_shifts
from glidepath.record.staff.signing import second_proof_for, signed_in

LONGEST_WAIT = dt.timedelta(hours=2)  # ours: an entry that waited longer is looked at anew
SHORT = 6  # digits: no number of the bedside is longer


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
def read(request: HttpRequest) -> HttpResponse:
    """A code was read: the card it opens, or why nothing is given by it. Only the line of the read is written."""
    viewer = signed_in(request)
    require(viewer, "dose.give")
    unit = _unit(request, viewer)
    if unit is None:
        return render(request, "medication/no_unit.html")
    going = round_of(viewer, unit, _asked_time(request, unit))
    card = request.POST.get("card", "")
    current = going.person(_uuid(card)) if card else None
    return _page(request, going, seen=scan.read(request, going, current), chosen=_uuid(card) if card else None)


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
            words=words,
            seen=pressed.seen,
            once=_once(request, "give"),
            **_at_the_bed(request, person, pressed.wanted.mark),
        )
    elif "not_given" in sent:
        reason, _, token = sent["not_given"].partition("|")
        pressed = _Pressed.read(person, token)
        services.answer_dose(
            wanted=pressed.wanted, outcome=choices.OUTCOME_OF.get(reason, ""), reason=reason, by=by, words=words,
            seen=pressed.seen, happened_at=_happened_at(request, person), once=_once(request, "not_given"),
        )  # fmt: skip
    elif "prn" in sent:
        order = queries.order_at(person, _uuid(sent["prn"]))
        if order is None:
            raise Http404("no such order here")
        at_the_bed = _at_the_bed(request, person, f"{scan.AS_NEEDED}{order.pk}")
        services.give_prn(order=order, by=by, words=words, once=_once(request, "prn"), **at_the_bed)
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


def _at_the_bed(request: HttpRequest, person: Person, mark: str) -> dict[str, Any]:
    """What stands beside every dose that is given: the look, the witness, the codes that were read, the moment. mark:
    how the page names the dose; each pack that was read stands with the dose it was read for."""
    batch = scan.batch_read(request, person.centre, mark)
    sent = request.POST
    band, packs = sent.get("band", ""), sent.getlist("pack")
    if band and band != codes.wristband(person.public_id):
        raise BadInput("The wristband that was read is another person's. Nothing is given. Open the round again.")
    return {
        "rass": _number(request, "rass", "RASS"),
        "breathing": _number(request, "breathing", "Breaths a minute"),
        "witness": second_proof_for(request, sent.get("second_user", ""), sent.get("second_pin", "")),
        "read": services.ReadCodes(person=bool(band), pack=mark in packs or batch is not None, batch=batch),
        "happened_at": _happened_at(request, person),
    }


def _happened_at(request: HttpRequest, person: Person) -> dt.datetime | None:
    """The time that was typed, where it is written down only now; else the moment of the tap; None: now."""
    text = request.POST.get("given_at", "").strip()
    if not text:
        return _tapped_at(request)
    try:
        time = dt.time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise BadInput(f"“{text[:20]}” is no time of the day: write it as 08:10.", field="given_at") from None
    now, today, zone = clock.now(), clock.today(person.centre), person.centre.zone
    earlier = moment(today, time, zone)
    return earlier if earlier <= now else moment(today - dt.timedelta(days=1), time, zone)


def _tapped_at(request: HttpRequest) -> dt.datetime | None:
    """When it was tapped, where the entry waited for the network: by how long it waited, not by the device's clock."""
    waited = _number(request, "waited", "The time it waited")
    if not waited:
        return None
    if not 0 < waited <= LONGEST_WAIT.total_seconds():
        raise BadInput("This entry waited too long. Look at the round again and record what is still missing.")
    return clock.now() - dt.timedelta(seconds=waited)


def _number(request: HttpRequest, name: str, words: str) -> int | None:
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        if len(text) > SHORT:
            raise ValueError(text)
        return int(text)
    except ValueError:
        raise BadInput(f"{words} is a whole number.", field=name) from None


def _page(
    request: HttpRequest,
    going: Round,
    *,
    refused: ServiceError | None = None,
    chosen: UUID | None = None,
    seen: scan.Scan = scan.NOTHING_READ,
) -> HttpResponse:
    current = seen.current or going.person(chosen or _asked_person(request))
    band, packs = (request.POST.get("band", ""), request.POST.getlist("pack")) if refused else (seen.band, seen.packs)
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
        "rass_hold": clinical_settings_of(going.unit.centre).hold_rass_at_most,
        "declined": choices.DECLINED,
        "on_hold": choices.HELD,
        "missed": choices.MISSED,
        "elsewhere": choices.ELSEWHERE,
        "scan": seen,
        "band": band,
        "packs": packs,
        "batches": request.POST.getlist("batch") if refused else seen.batches,
        "recheck_choices": PrnRecheck.HELPED,
        "refused": refused,
        "typed": request.POST,
        "rass_typed": request.POST.get("rass"),
        "chosen": bool(_asked_person(request) or chosen or request.POST.get("chosen")),
    }
    status = 200 if refused is None else 409 if isinstance(refused, ChangedMeanwhile) else 422
    return pages.page(request, "medication/round.html", context, action="round.read", people=people, status=status)


def _unit(request: HttpRequest, viewer: Staff) -> Unit | None:
    """The unit asked for, else the one the viewer is on shift for."""
    assert viewer.centre is not None
    asked = request.GET.get("unit") or request.POST.get("unit")
    if asked:
        return unit_at(viewer.centre, _uuid(asked))
    shift = next(iter(open_shifts(viewer)), None)
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
