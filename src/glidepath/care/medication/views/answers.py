"""To set an answer right: the next revision, with its reason. The first stays to be read."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from glidepath.care.medication import choices, queries, services
from glidepath.care.medication.forms import CorrectionForm
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.views.person import back, refuse
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, person: UUID, answer: UUID) -> HttpResponse:
    viewer = signed_in(request)
    found = person_for(viewer, person, action="dose.correct")
    row = queries.answer_at(found, answer)
    if row is None:
        raise Http404("no such dose here")
    initial = {"once": uuid4().hex, "outcome": row.outcome, "reason": row.reason, "words": row.words, "rass": row.rass}
    form = CorrectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.correct(
                answer=row,
                outcome=given["outcome"],
                reason=given["reason"],
                words=given["words"],
                rass=given["rass"],
                why=given["why"],
                by=viewer,
                once=given["once"],
            )
        except ServiceError as refused:
            refuse(form, refused)
        else:
            return back(found)
    context: dict[str, Any] = {
        "person": found,
        "tab": "medicines",
        "row": row,
        "newer": queries.correction_of(row),
        "form": form,
        "outcomes": [(value, word, "") for value, word in DoseAnswer.Outcome.choices],
        "rass_choices": choices.rass(),
        "needs_rass": queries.is_sedative_answer(row),
    }
    status = 422 if form.errors else 200
    return pages.page(request, "medication/correct.html", context, action="order.read", person=found, status=status)
