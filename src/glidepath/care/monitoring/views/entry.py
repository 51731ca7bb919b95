"""One look at one person outside a round, and the correction of one that was wrong."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from glidepath.care.monitoring import consequences, queries, services
from glidepath.care.monitoring.bedside import Bedside
from glidepath.care.monitoring.cards import card
from glidepath.care.monitoring.forms import CiwaBForm, CorrectionForm
from glidepath.care.monitoring.models import Event, Observation
from glidepath.care.monitoring.views import chart
from glidepath.care.monitoring.views.saving import Given, blank, given_by, save, what_is_missing
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.episodes.queries import bed_of, person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, person: UUID) -> HttpResponse:
    """A whole or partial set for this person, now or as a late entry."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="observe")
    if request.method == "GET":
        return _page(request, found, blank(found.centre))
    given = given_by(request.POST, found.centre)
    missing: tuple[str, ...] = ()
    if given.is_valid():
        settings = clinical_settings_of(found.centre)
        missing = what_is_missing(given, queries.oxygen_scale(found), settings)
        if not missing:
            try:
                save(found, given, by=viewer)
            except ServiceError as refused:
                given.refuse(refused)
            else:
                return chart.back(found)
    return _page(request, found, given, missing=missing, status=422)


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, person: UUID, observation: UUID) -> HttpResponse:
    """A further entry in place of a wrong one, which stays readable. Emptied, it takes the old one back."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="observe")
    try:
        row = queries.observation_of(found, observation)
    except Observation.DoesNotExist:
        raise Http404("no such entry here") from None
    if request.method == "GET":
        initial = {"once": uuid4().hex, **_typed(consequences.bedside_of(row))}
        return _correction(request, found, row, CorrectionForm(initial=initial, centre=found.centre))
    form = CorrectionForm(request.POST, centre=found.centre)
    if form.is_valid() and form.bedside is not None:
        try:
            services.correct_observation(
                observation=row,
                bedside=form.bedside,
                reason=form.cleaned_data["reason"],
                by=viewer,
                once=form.cleaned_data["once"],
            )
        except ServiceError as refused:
            chart.refuse(form, refused)
        else:
            return chart.back(found)
    return _correction(request, found, row, form, status=422)


def _page(
    request: HttpRequest,
    found: Person,
    given: Given,
    *,
    missing: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    in_bed = bed_of(found)
    context: dict[str, Any] = {
        "person": found,
        "tab": "observations",
        "card": card(
            found,
            bed=in_bed.bed.number if in_bed else None,
            latest=queries.latest([found])[found.pk],
            due=queries.due([found], clock.now()).get(found.pk),
            scale=queries.oxygen_scale(found),
            form=given.look,
            scores=given.ciwa_b,
            scales=given.scales,
            seizures=len(queries.events_of_kind(found, Event.Kind.SEIZURE)),
            missing=missing,
        ),
    }
    return pages.page(request, "monitoring/new.html", context, action="observations.read", person=found, status=status)


def _correction(
    request: HttpRequest, found: Person, row: Observation, form: CorrectionForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "person": found,
        "tab": "observations",
        "row": row,
        "newer": queries.correction_of(row),
        "card": card(
            found,
            bed=None,
            latest=queries.latest([found])[found.pk],
            due=None,
            scale=row.spo2_scale,
            form=form,
            scores=CiwaBForm(),
            seizures=0,
        ),
        "form": form,
    }
    return pages.page(
        request, "monitoring/correct.html", context, action="observations.read", person=found, status=status
    )


def _typed(bedside: Bedside) -> dict[str, Any]:
    """The old values as the form shows them."""
    oxygen = {None: "", True: "oxygen", False: "air"}[bedside.on_oxygen]
    return {
        "state": bedside.state.value,
        "rr": bedside.rr,
        "spo2": bedside.spo2,
        "on_oxygen": oxygen,
        "sbp": bedside.sbp,
        "dbp": bedside.dbp,
        "pulse": bedside.pulse,
        "temperature": bedside.temperature,
        "mind": bedside.mind or "",
        "rass": bedside.rass,
        "breathing": bedside.breathing or "",
        "colour": bedside.colour or "",
        "position": bedside.position or "",
        "also": [sign.value for sign in bedside.also_seen],
    }
