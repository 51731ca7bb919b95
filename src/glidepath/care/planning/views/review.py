"""A review of the plan with the person: each objective by one tap, then what the person says."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.planning import queries, services
from glidepath.care.planning.forms import ReviewForm
from glidepath.care.planning.models import Version
from glidepath.care.planning.progress import WORDS_OF
from glidepath.clinical.planning.values import Progress
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ChangedMeanwhile, ServiceError
from glidepath.record.forms import put_on, with_version_of_now
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, person: UUID) -> HttpResponse:
    """The form, with what the last review said beside each objective."""
    found = person_for(signed_in(request), person, action="plan.write")
    version = queries.newest_of(found)
    if version is None:
        context = {"person": found, "version": None}
        return pages.page(request, "planning/review.html", context, action="plan.read", person=found)
    form = ReviewForm(
        request.POST or None,
        objectives=queries.plan_of(version.content).objectives(),
        initial={"once": uuid4().hex, "seen": version.number},
    )
    if request.method == "POST" and form.is_valid() and _recorded(request, found, form):
        messages.success(request, "The review is recorded. Where something shall change, write it into the plan.")
        return SeeOther(reverse("planning:plan", args=[found.public_id]))
    return _page(request, found, version, form)


def _recorded(request: HttpRequest, person: Person, form: ReviewForm) -> bool:
    given = form.cleaned_data
    try:
        services.record_review(
            person=person,
            progress=form.progress(),
            persons_view=given["persons_view"],
            words=given["words"],
            by=signed_in(request),
            seen=given["seen"],
            once=given["once"],
        )
    except ChangedMeanwhile as late:
        put_on(form, late)
        newest = queries.newest_of(person)
        with_version_of_now(form, newest.number if newest else 0)
        return False
    except ServiceError as refused:
        put_on(form, refused)
        return False
    return True


def _page(request: HttpRequest, person: Person, version: Version, form: ReviewForm) -> HttpResponse:
    earlier = queries.reviews(version.plan)
    last = earlier[0].progress if earlier else {}
    context: dict[str, Any] = {
        "person": person,
        "version": version,
        "form": form,
        "rows": [
            (problem, one, box, WORDS_OF[Progress(last[one.key])] if one.key in last else "")
            for problem, one, box in form.rows()
        ],
        "reviews": earlier[:5],
        "due": queries.due_of(person),
    }
    status = 422 if form.errors else 200
    return pages.page(request, "planning/review.html", context, action="plan.read", person=person, status=status)
