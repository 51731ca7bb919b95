"""A dose of which not all was taken: how much was, and where the rest went."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from glidepath.care.medication import queries, services
from glidepath.care.medication.left_over_form import LeftOverForm
from glidepath.care.medication.views.person import back, refuse
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.staff.signing import second_proof_for, signed_in


@login_required
@require_http_methods(["GET", "POST"])
def left_over(request: HttpRequest, person: UUID, answer: UUID) -> HttpResponse:
    """Wasted before a witness who gives a PIN here, or back into the stock where it is sealed."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="dose.correct")
    row = queries.answer_at(found, answer)
    if row is None:
        raise Http404("no such dose here")
    form = LeftOverForm(
        request.POST or None, parts=services.parts_left(row), initial={"once": uuid4().hex, "became": "wasted"}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.record_left_over(
                answer=row,
                rest=form.rest(),
                by=viewer,
                second=second_proof_for(request, given["second_user"], given["second_pin"]),
                outcome=given["outcome"],
                code=given["code"],
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
        "became": [(value, word, "") for value, word in form.fields["became"].choices],  # type: ignore[attr-defined]
        "outcomes": [(value, word, "") for value, word in form.fields["outcome"].choices],  # type: ignore[attr-defined]
    }
    status = 422 if form.errors else 200
    return pages.page(request, "medication/left_over.html", context, action="order.read", person=found, status=status)
