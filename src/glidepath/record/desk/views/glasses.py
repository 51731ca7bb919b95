"""Charts opened without a tie: what was done in each, and the manager's review. Codes and words, nothing clinical."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from glidepath.record.audit import pages
from glidepath.record.audit.queries import Span, done_within
from glidepath.record.centres.models import Centre
from glidepath.record.desk.forms import GlassReviewForm
from glidepath.record.episodes import queries, services
from glidepath.record.episodes.models import BreakGlass
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may, require
from glidepath.record.staff.signing import signed_in

A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Opening:
    """One opened glass with what was opened in it: the lines' codes, and how often each."""

    glass: BreakGlass
    done: dict[str, int]


@login_required
@require_GET
def glasses(request: HttpRequest) -> HttpResponse:
    viewer, centre = _reader(request)
    page = Paginator(queries.opened_glasses(viewer), A_PAGE).get_page(request.GET.get("page"))
    openings = _openings(centre, list(page.object_list))
    context = {"page": page, "openings": openings, "may_review": may(viewer, "glass.review")}
    people = [one.glass.person_id for one in openings]
    return pages.page(request, "desk/glasses.html", context, action="glasses.read", people=people)


@login_required
@require_http_methods(["GET", "POST"])
def glass(request: HttpRequest, glass: UUID) -> HttpResponse:
    """One opening; whoever may, says in words how it stands."""
    viewer, centre = _reader(request)
    found = queries.opened_glass(viewer, glass)
    form = GlassReviewForm(request.POST or None)
    if request.method == "POST":
        require(viewer, "glass.review")
    if request.method == "POST" and form.is_valid():
        try:
            services.review_glass(
                glass=found,
                outcome=form.cleaned_data["outcome"],
                words=form.cleaned_data["words"],
                by=viewer,
                once=form.cleaned_data["once"],
            )
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, "The review is kept.")
            return redirect("episodes:glasses")
    context = {
        "opening": _openings(centre, [found])[0],
        "form": form,
        "may_review": may(viewer, "glass.review"),
        "may_name": may(viewer, "identity.read"),
    }
    status = 422 if form.errors else 200
    return pages.page(request, "desk/glass.html", context, action="glass.read", person=found.person, status=status)


def _reader(request: HttpRequest) -> tuple[Staff, Centre]:
    viewer = signed_in(request)
    require(viewer, "audit.read")
    if viewer.centre is None:
        raise Http404("this account belongs to no centre")
    return viewer, viewer.centre


def _openings(centre: Centre, found: list[BreakGlass]) -> list[Opening]:
    spans = [Span(one.recorded_by_id, one.person_id, one.recorded_at, one.until) for one in found]
    return [Opening(one, done) for one, done in zip(found, done_within(centre, spans), strict=True)]
