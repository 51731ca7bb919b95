"""The path of one alert: what was answered, whose it is, who came, what was found, what is due, how it is closed."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from glidepath.care.alarms.closing import may_close, who_closes
from glidepath.care.alarms.forms import CloseForm
from glidepath.care.alarms.models import Alarm, AlarmAct
from glidepath.care.alarms.queries import history, open_alarms
from glidepath.care.safety import queries
from glidepath.care.safety.due import next_contact
from glidepath.care.safety.pathway import answers_of, screeners
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import kept_proof, signed_in

CAME = (AlarmAct.Kind.ACKNOWLEDGED, AlarmAct.Kind.ATTENDED, AlarmAct.Kind.CLOSED)


@login_required
@require_GET
def person(request: HttpRequest, person: UUID) -> HttpResponse:
    """The newest alert of this person; without one, that there is none, and the safety plan."""
    found = person_for(signed_in(request), person, action="safety.read")
    every = queries.alerts(found)
    return _page(request, found, every[0] if every else None, every)


@login_required
@require_GET
def alert(request: HttpRequest, person: UUID, alarm: UUID) -> HttpResponse:
    """This one, open or closed."""
    found = person_for(signed_in(request), person, action="safety.read")
    every = queries.alerts(found)
    return _page(request, found, queries.alert_for(found, alarm), every)


def _page(request: HttpRequest, found: Person, one: Alarm | None, every: list[Alarm]) -> HttpResponse:
    context: dict[str, Any] = {
        "person": found,
        "alarm": one,
        "others": [each for each in every if one is not None and each.pk != one.pk],
        "state": queries.plan_state(found),
        "numbers": queries.whom_to_call(found.centre),
        "may_write": may(signed_in(request), "safety.write"),
    }
    if one is not None:
        context |= _of_alert(request, found, one)
    return pages.page(request, "safety/alert.html", context, action="safety.read", person=found)


def _of_alert(request: HttpRequest, found: Person, one: Alarm) -> dict[str, Any]:
    viewer = signed_in(request)
    acts = history(one)
    talks, caring = queries.contacts_of(one), queries.caring_of(one)
    said = dict(screeners(found)) if any(each.screener_id for each in talks) else {}
    standing = next((each for each in open_alarms([found]) if each.alarm.pk == one.pk), None)
    return {
        "standing": standing,
        "answers": answers_of(one, found),
        "owner": queries.owner(acts),
        "came": [act for act in acts if act.kind in CAME],
        "contacts": [
            (each, said.get(str(each.screener.public_id), "") if each.screener else "") for each in talks[::-1]
        ],
        "caring": caring[::-1],
        "next": next_contact(one, talks, caring),
        "may_close": may_close(viewer, one),
        "who_closes": who_closes(one),
        "seen": acts[-1].pk if acts else "",
        "form": CloseForm(initial={"once": uuid4().hex}),
        "key": uuid4().hex,
        "key_attend": uuid4().hex,
        "fresh_proof": kept_proof(request) is not None,
    }
