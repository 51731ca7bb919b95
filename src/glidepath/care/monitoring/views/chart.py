"""The observations of one person: what stands open, the trends, every entry, and the small forms beside them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.monitoring import consequences, moods, ports, queries, services, trend
from glidepath.care.monitoring.forms import EventForm, OxygenTargetForm, SleepForm
from glidepath.care.monitoring.models import Event, Observation
from glidepath.care.monitoring.nights import beside_hours
from glidepath.clinical.facts.load import seizure_window_facts
from glidepath.clinical.monitoring.seizure_window import stages_bundle
from glidepath.drawing.scores import drawing
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import current_episodes, person_for
from glidepath.record.errors import ServiceError
from glidepath.record.forms import with_version_of_now
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in

DAYS = 14  # how far back the drawings reach
LATEST, NIGHTS = 12, 4  # how many entries and nights the page shows; the others have a page of their own


@login_required
@require_GET
def person(request: HttpRequest, person: UUID) -> HttpResponse:
    """`?night=2026-11-16`: the sleep form begins with that night, to correct it."""
    found = person_for(signed_in(request), person, action="person.read")
    return page(request, found, sleep_form=_sleep_form(found, _night(request)))


@login_required
@require_POST
def sleep(request: HttpRequest, person: UUID) -> HttpResponse:
    """Hours of the night that ended on a day; a second answer asks why."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="sleep.record")
    form = SleepForm(request.POST)
    if form.is_valid():
        try:
            services.record_sleep(
                person=found,
                night_of=form.cleaned_data["night_of"],
                minutes=int(form.cleaned_data["hours"] * 60),
                by=viewer,
                once=form.cleaned_data["once"],
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"] or 0,
            )
        except ServiceError as refused:
            refuse(form, refused)
            standing = queries.sleep_of(found, form.cleaned_data["night_of"])
            if standing is not None:
                return page(request, found, sleep_form=with_version_of_now(form, standing.pk), status=422)
        else:
            return back(found)
    return page(request, found, sleep_form=form, status=422)


@login_required
@require_POST
def oxygen(request: HttpRequest, person: UUID) -> HttpResponse:
    """A prescriber's oxygen target, signed."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="order.sign")
    form = OxygenTargetForm(request.POST)
    if form.is_valid():
        try:
            services.set_oxygen_target(
                person=found,
                scale_two=form.cleaned_data["scale"] == "2",
                by=viewer,
                proof=proof_for(request, form.cleaned_data["pin"]),
                once=form.cleaned_data["once"],
            )
        except ServiceError as refused:
            refuse(form, refused)
        else:
            return back(found)
    return page(request, found, oxygen_form=form, status=422)


def page(request: HttpRequest, found: Person, *, status: int = 200, **given: forms.Form) -> HttpResponse:
    """The whole page; `given` are forms that came back with what was typed."""
    now = clock.now()
    since = now - dt.timedelta(days=DAYS)
    values, episodes = queries.seen([found]), current_episodes([found])
    windows = ports.seizure_windows([found], now)
    window = windows.get(found.pk)
    due = queries.due([found], now, values=values, episodes=episodes, windows=lambda people, at: windows)
    events = queries.events(found)
    seizures = sum(one.kind == Event.Kind.SEIZURE and one.correction is None for one in events)
    context: dict[str, Any] = {
        "person": found,
        "tab": "observations",
        "latest": values.latest[found.pk],
        "due": due.get(found.pk),
        "alarms": open_alarms([found], now=now),
        "scale": queries.oxygen_scale(found),
        "open_events": values.events[found.pk],
        "events": events,
        "mood": Event.Kind.MOOD,
        "screen": moods.screen_waiting(found) if any(one.kind == Event.Kind.MOOD for one in events) else None,
        "entries": queries.entries(found, LATEST),
        "scores": queries.scores(found, LATEST),
        "scale_scores": queries.scale_scores(found),
        "read": {"values": values, "episode": episodes.get(found.pk)},
        "window": window,
        "window_open": window.open_now(now) if window else (),
        "bundle": stages_bundle(window, now),
        "bundle_left_out": seizure_window_facts().left_out,
        "drawings": _drawings(found, since, now),
        "days": DAYS,
        "states": Observation.State,
        "kinds": Event.Kind,
        "seizures": seizures,
        "fresh_proof": kept_proof(request) is not None,
        "event_form": given.get("event_form") or EventForm(initial={"once": uuid4().hex, "seen": seizures}),
        "nights": queries.nights(found, NIGHTS),
        "night_said": beside_hours(found, values.latest[found.pk]),
        "sleep_form": given.get("sleep_form") or _sleep_form(found, None),
        "oxygen_form": given.get("oxygen_form") or OxygenTargetForm(initial={"once": uuid4().hex}),
        "words_of_rass": consequences.rass_words(),
    }
    return pages.page(
        request, "monitoring/person.html", context, action="observations.read", person=found, status=status
    )


def back(found: Person) -> HttpResponse:
    return SeeOther(reverse("monitoring:person", args=[found.public_id]))


def refuse(form: forms.Form, refused: ServiceError) -> None:
    """The service's refusal, at the field it belongs to."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def _night(request: HttpRequest) -> dt.date | None:
    try:
        return dt.date.fromisoformat(request.GET.get("night", ""))
    except ValueError:
        return None


def _sleep_form(found: Person, night: dt.date | None) -> SleepForm:
    """For last night; or for a night answered before, with what stands there."""
    standing = queries.sleep_of(found, night) if night else None
    initial: dict[str, Any] = {"once": uuid4().hex, "night_of": night or clock.today(found.centre)}
    if standing is not None:
        initial |= {"seen": standing.pk, "hours": Decimal(standing.minutes) / 60}
    return SleepForm(initial=initial)


def _drawings(found: Person, since: dt.datetime, now: dt.datetime) -> list[dict[str, str]]:
    """NEWS2 and CIWA-B over the same days. The marks are ours and their words are escaped where they are drawn."""
    zone, until = found.centre.zone, now + dt.timedelta(seconds=1)
    tracks = (
        ("NEWS2", trend.news2_marks(queries.observed(found, since, until)), trend.bands("news2")),
        ("CIWA-B", trend.ciwa_b_marks(queries.scored(found, since, until)), trend.bands("ciwa_b")),
    )
    return [
        {"name": name, "svg": mark_safe(drawing(name, marks, bands, since=since, until=now, zone=zone))}
        for name, marks, bands in tracks
    ]
