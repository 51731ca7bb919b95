"""The correction of a withdrawal score that was wrong: a further score beside the same vital signs."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from glidepath.care.monitoring import queries, services
from glidepath.care.monitoring.cards import card, scale_rows
from glidepath.care.monitoring.forms import BedsideForm, CiwaBCorrectionForm, ScaleCorrectionForm
from glidepath.care.monitoring.models import CiwaB, ScaleScore
from glidepath.care.monitoring.views import chart
from glidepath.clinical.monitoring.scale_choice import Scale
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, person: UUID, score: UUID) -> HttpResponse:
    """A further score in place of a wrong one, which stays readable. Emptied, it takes the old one back."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="observe")
    try:
        row = queries.ciwa_b_of(found, score)
    except CiwaB.DoesNotExist:
        raise Http404("no such score here") from None
    if request.method == "GET":
        return _page(request, found, row, CiwaBCorrectionForm(initial={"once": uuid4().hex, **_typed(row)}))
    form = CiwaBCorrectionForm(request.POST)
    missing = form.missing() if form.is_valid() else ()
    if form.is_valid() and not missing:
        items, oriented = form.corrected
        try:
            services.correct_ciwa_b(
                ciwa_b=row,
                items=items,
                oriented=oriented,
                reason=form.cleaned_data["reason"],
                by=viewer,
                once=form.cleaned_data["once"],
            )
        except ServiceError as refused:
            chart.refuse(form, refused)
        else:
            return chart.back(found)
    return _page(request, found, row, form, missing=missing, status=422)


@login_required
@require_http_methods(["GET", "POST"])
def correct_scale(request: HttpRequest, person: UUID, score: UUID) -> HttpResponse:
    """The same for CIWA-Ar and COWS."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="observe")
    try:
        row = queries.scale_score_of(found, score)
    except ScaleScore.DoesNotExist:
        raise Http404("no such score here") from None
    scale = Scale(row.scale)
    if request.method == "GET":
        typed = {f"{scale}_{number}": answer for number, answer in enumerate(row.items, start=1)}
        return _scale_page(request, found, row, ScaleCorrectionForm(scale, initial={"once": uuid4().hex, **typed}))
    form = ScaleCorrectionForm(scale, request.POST)
    if form.is_valid():
        try:
            services.correct_scale(
                score=row,
                items=form.corrected,
                reason=form.cleaned_data["reason"],
                by=viewer,
                once=form.cleaned_data["once"],
            )
        except ServiceError as refused:
            chart.refuse(form, refused)
        else:
            return chart.back(found)
    return _scale_page(request, found, row, form, status=422)


def _scale_page(
    request: HttpRequest, found: Person, row: ScaleScore, form: ScaleCorrectionForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "person": found,
        "tab": "observations",
        "row": row,
        "newer": queries.correction_of(row),
        "companion": queries.standing_observation(row.observation),
        "rows": scale_rows(form, None),
        "form": form,
    }
    return pages.page(
        request, "monitoring/correct_scale.html", context, action="observations.read", person=found, status=status
    )


def _page(
    request: HttpRequest,
    found: Person,
    row: CiwaB,
    form: CiwaBCorrectionForm,
    *,
    missing: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "person": found,
        "tab": "observations",
        "row": row,
        "newer": queries.correction_of(row),
        "companion": queries.standing_observation(row.observation),
        "card": card(
            found,
            bed=None,
            latest=queries.latest([found])[found.pk],
            due=None,
            scale=queries.oxygen_scale(found),
            form=BedsideForm(centre=found.centre),
            scores=form,
            seizures=0,
            missing=missing,
        ),
        "form": form,
    }
    return pages.page(
        request, "monitoring/correct_score.html", context, action="observations.read", person=found, status=status
    )


def _typed(row: CiwaB) -> dict[str, Any]:
    """The old answers as the form shows them."""
    answers = {f"c{number}": answer for number, answer in enumerate(row.items, start=1)}
    return {"oriented": "yes" if row.oriented else "no", **answers}
