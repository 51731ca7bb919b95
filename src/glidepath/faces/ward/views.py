"""Home by role, the unit, the people, and the chart with the glidepath."""

from __future__ import annotations

import datetime as dt
from functools import partial
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from glidepath.care.alarms.queries import open_alarms, silence, uncovered
from glidepath.care.events import queries as events
from glidepath.care.medication import queries as medication
from glidepath.care.medication.last_taken import seizure_windows
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.taper import queries as taper
from glidepath.drawing.timeline import draw_all
from glidepath.faces.ward import home as homes
from glidepath.faces.ward.about import chart_of
from glidepath.faces.ward.banner import banner_of
from glidepath.faces.ward.board import board
from glidepath.faces.ward.formulation import daily_words, formulation_of
from glidepath.faces.ward.guidance import guidance_of
from glidepath.faces.ward.scores import SINCE, latest_scores
from glidepath.faces.ward.timeline import shown
from glidepath.faces.ward.zoom import WINDOWS, began, zoom
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.centres.queries import unit_at, units
from glidepath.record.episodes.queries import people_for, person_for, team_of
from glidepath.record.people.queries import search
from glidepath.record.staff.permissions import CENTRE_WIDE, may, require
from glidepath.record.staff.queries import open_shifts
from glidepath.record.staff.signing import signed_in


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this member of staff: alarms, what is due, what is to sign, who is to come and to go."""
    viewer = signed_in(request)
    shown_home = homes.home(viewer)
    context = {
        "home": shown_home,
        "shifts": shown_home.shifts,
        "silence": silence(viewer.centre),
        "uncovered": uncovered(shown_home.units) if shown_home.office.by_the_clock else (),
    }
    return pages.page(request, "ward/home.html", context, action="home.read", people=shown_home.people)


@login_required
@require_GET
def unit(request: HttpRequest) -> HttpResponse:
    """The unit one works on: the one on shift, else the first; another by its address."""
    viewer = signed_in(request)
    on = [shift.unit for shift in open_shifts(viewer)]
    here = on or (units(viewer.centre) if viewer.centre else [])
    if not here:
        return redirect("staff:shift")
    return redirect("ward:board", unit=here[0].public_id)


@login_required
@require_GET
def board_page(request: HttpRequest, unit: UUID) -> HttpResponse:
    viewer = signed_in(request)
    assert viewer.centre is not None
    by_need = request.GET.get("by") == "need"
    action = "person.read" if may(viewer, "person.read") else "bed.move"
    require(viewer, action)
    shown_board = board(viewer, unit_at(viewer.centre, unit), by_need=by_need)
    context = {
        "board": shown_board,
        "silence": silence(viewer.centre),
        "uncovered": uncovered([shown_board.unit] if shown_board.here else []),
        "by_need": by_need,
        "units": units(viewer.centre),
        "beds": {tile.here.person.pk: tile.bed.number for tile in shown_board.tiles if tile.here},
    }
    return pages.page(request, "ward/board.html", context, action="unit.read", people=shown_board.people)


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Find somebody by name, number or birth date; without a search, everybody the viewer may see."""
    viewer = signed_in(request)
    require(viewer, "people.search")
    text = request.GET.get("q", "").strip()
    found = search(viewer, text) if text else [*people_for(viewer, action="identity.read")[:60]]
    # Who reaches everybody's identity reaches the chart only of those in their care: from the record, where it is open.
    may_chart = may(viewer, "person.read") and viewer.role not in CENTRE_WIDE
    context = {"found": found, "text": text, "may_chart": may_chart}
    return pages.page(request, "ward/people.html", context, action="people.searched", people=found)


@login_required
@require_GET
def chart(request: HttpRequest, person: UUID) -> HttpResponse:
    """The glidepath, what is due now, open alarms, the latest scores."""
    viewer = signed_in(request)
    found = person_for(viewer, person)
    known, now = chart_of(found), clock.now()
    recent = now - SINCE
    series = monitoring.series(
        found, min(began(known.episode, now), recent), now + dt.timedelta(seconds=1), observations_since=recent
    )
    place = zoom(request.GET, known.episode, now, found.centre.zone)
    sheet = shown(known, series, place)
    around = medication.around([found], now, standing=known.standing, episodes=known.episodes)
    rows = medication.for_round([found], now, standing=known.standing, rows=around)
    changes = taper.last_changes([found], now, known=known.tapers)
    windows = partial(seizure_windows, rows=around, episodes=known.episodes)
    due = monitoring.due([found], now, values=known.seen, changes=changes, episodes=known.episodes, windows=windows)
    context = {
        "person": found,
        "tab": "glidepath",
        "sheet": sheet,
        "drawing": mark_safe(draw_all(sheet.glidepath)),
        "windows": WINDOWS,
        "place": place,
        "alarms": open_alarms([found]),
        "runs": events.running_of([found]).get(found.pk, ()),
        "doses": [row for row in rows if row.answer is None],
        "observation": due.get(found.pk),
        "rechecks": medication.rechecks_due([found], episodes=known.episodes),
        "running": known.running,
        "scores": latest_scores(series.since(recent, found.centre.zone)),
        "team": team_of(known.episode, known.bed),
        "uses": sheet.uses,
        "bed": known.bed,
        "banner": banner_of(request, known),
    }
    return pages.page(request, "ward/chart.html", context, action="chart.read", person=found)


@login_required
@require_GET
def guidance(request: HttpRequest, person: UUID) -> HttpResponse:
    """What the guideline's rules say of this person, what changes the pace, and what is not recorded yet."""
    viewer = signed_in(request)
    found = person_for(viewer, person)
    known = chart_of(found)
    context = {"person": found, "guidance": guidance_of(known), "banner": banner_of(request, known)}
    return pages.page(request, "ward/guidance.html", context, action="guidance.read", person=found)


@login_required
@require_GET
def formulation(request: HttpRequest, person: UUID) -> HttpResponse:
    """The person on one page, to be read in two minutes and printed."""
    viewer = signed_in(request)
    found = person_for(viewer, person)
    known = chart_of(found)
    context = {
        "person": found,
        "one": formulation_of(known),
        "daily": daily_words(known.running),
        "episode": known.episode,
        "banner": banner_of(request, known),
    }
    return pages.page(request, "ward/formulation.html", context, action="assessment.read", person=found)
