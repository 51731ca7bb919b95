"""Every entry of one kind, however long the stay: what was written can always be read."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from glidepath.care.monitoring import queries
from glidepath.care.monitoring.models import CiwaB, Observation, ScaleScore, Sleep
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.staff.signing import signed_in

A_PAGE = 50  # entries


@dataclass(frozen=True, slots=True)
class Kind:
    key: str  # in the address
    name: str
    model: type[Observation] | type[CiwaB] | type[ScaleScore] | type[Sleep]
    part: str  # the template of its rows


KINDS = (
    Kind("sets", "Observations", Observation, "monitoring/parts/entries.html"),
    Kind("ciwa-b", "CIWA-B", CiwaB, "monitoring/parts/scores.html"),
    Kind("scales", "CIWA-Ar and COWS", ScaleScore, "monitoring/parts/scale_scores.html"),
    Kind("nights", "Nights", Sleep, "monitoring/parts/nights.html"),
)


@login_required
@require_GET
def every(request: HttpRequest, person: UUID, kind: str) -> HttpResponse:
    """`?page=2`: the older ones."""
    found = person_for(signed_in(request), person, action="person.read")
    shown = next((one for one in KINDS if one.key == kind), None)
    if shown is None:
        raise Http404("no such kind of entry")
    page = Paginator(queries.every(shown.model, found), A_PAGE).get_page(request.GET.get("page"))
    context = {"person": found, "tab": "observations", "kind": shown, "kinds": KINDS, "page": page}
    return pages.page(request, "monitoring/every.html", context, action="observations.read", person=found)
