"""The medicines of one person: what is ordered, what was given day by day, what may be given as needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.medication import grid, queries
from glidepath.care.medication.going_on import questions
from glidepath.care.medication.missing_order import gaps
from glidepath.care.medication.models import Order
from glidepath.care.taper.queries import running
from glidepath.clinical.dosing.plan import PlannedDose
from glidepath.clinical.dosing.schedule import moment
from glidepath.clinical.regimen import regimen_of
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import bed_of, current_episodes, person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import signed_in

DAYS = 7


@login_required
@require_GET
def medicines(request: HttpRequest, person: UUID) -> HttpResponse:
    found = person_for(signed_in(request), person, action="order.read")
    now, zone = clock.now(), found.centre.zone
    days = grid.days_until(clock.today(found.centre), DAYS)
    since = moment(days[0], dt.time.min, zone)
    until = moment(days[-1] + dt.timedelta(days=1), dt.time.min, zone)
    given = queries.given(found, since, now + dt.timedelta(seconds=1))
    as_needed = [one for one in given if one.order is not None and one.order.kind == Order.Kind.PRN]
    standing, episodes = queries.standing_now([found]), current_episodes([found])
    orders, sedatives = queries.all_orders_in(standing, found), queries.sedatives_in(standing, found)
    due = queries.due_here([found], since, until, standing=standing, episodes=episodes)
    missing = gaps([found], now, known=standing.tapers, orders=standing.orders, episodes=episodes)
    step = running([found], now, known=standing.tapers).get(found.pk)
    in_bed = bed_of(found)
    context: dict[str, Any] = {
        "person": found,
        "tab": "medicines",
        "orders": [(order, sedatives[order.pk]) for order in orders if order.stands(now)],
        "ended": [order for order in orders if not order.stands(now)][::-1],
        "prn": queries.prn([found], standing=standing),
        "days": days,
        "lines": grid.lines(due, as_needed, days, zone),
        "totals": grid.totals(given, days, zone),
        "answers": queries.answers_of(found, since),
        "in_bed": in_bed,
        "now": now,
        "gap": missing.get(found.pk),
        "has_plan": step is not None,
        "away": queries.leave_of(found),
        "asking": queries.asking([found]),
        "goes_on": questions([found], now) if in_bed else (),
        "unsigned": queries.unsigned([found]),
        "read": {"running": step, "episode": episodes.get(found.pk)},
        "regimen": regimen_now(orders, now),
    }
    return pages.page(request, "medication/person.html", context, action="medicines.read", person=found)


def regimen_now(orders: Sequence[Order], now: dt.datetime) -> str:
    """What the regular benzodiazepine orders give a day, as the planner reads it; empty where there are none, or where
    two of them give the same medicine at the same time."""
    standing = [one for one in orders if one.is_benzodiazepine and one.kind == Order.Kind.REGULAR and one.stands(now)]
    doses = [PlannedDose(time, order.dose, order.made) for order in standing for time in order.clock_times]
    times = {(dose.time, dose.dose.medicine) for dose in doses}
    return regimen_of(doses).text() if doses and len(times) == len(doses) else ""


def back(found: Person) -> HttpResponse:
    return SeeOther(reverse("medication:person", args=[found.public_id]))


def refuse(form: forms.Form, refused: ServiceError) -> None:
    """The service's refusal, at the field it belongs to."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)
