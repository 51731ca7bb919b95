"""The audit page: who read or wrote what, and whether the chain is whole. For auditor and manager."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from glidepath.record.audit import pages, queries, services as audit
from glidepath.record.audit.models import AuditLine
from glidepath.record.audit.verify import Broken, Verified, verify
from glidepath.record.centres.models import Centre
from glidepath.record.desk.forms import LinesForm
from glidepath.record.episodes.queries import glasses_waiting
from glidepath.record.people.queries import numbers, with_number
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.queries import everybody_ever, names
from glidepath.record.staff.signing import signed_in

A_PAGE = 50
NOBODY = -1  # no person of that number: no line


@login_required
@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    viewer = signed_in(request)
    require(viewer, "audit.read")
    if viewer.centre is None:
        raise Http404("this account belongs to no centre")
    form = LinesForm(request.GET or None, staff=everybody_ever(viewer.centre))
    found = queries.lines(viewer.centre, **_narrowed(form, viewer.centre))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    context = {
        "form": form,
        "page": page,
        "lines": _with_names(shown, viewer.centre),
        "glasses_waiting": glasses_waiting(viewer),
        "verified": _checked(viewer, viewer.centre) if "verify" in request.GET else None,
        "head": queries.head(viewer.centre),
        "last_check": _last_check(viewer.centre),
        "asked": _asked(request),
    }
    people = {id_ for line in shown for id_ in (line.person_id, *line.people) if id_}
    return pages.page(
        request,
        "desk/lines.html",
        context,
        action="audit.read",
        people=people,
        status=422 if form.errors else 200,
    )


def _narrowed(form: LinesForm, centre: Centre) -> dict[str, Any]:
    if not form.is_bound or not form.is_valid():
        return {}
    narrowed: dict[str, Any] = {}
    if form.cleaned_data["number"] is not None:
        person = with_number(centre, form.cleaned_data["number"])
        narrowed["person_id"] = person.pk if person else NOBODY
    if form.cleaned_data["staff"]:
        narrowed["actor_id"] = int(form.cleaned_data["staff"])
    if form.cleaned_data["code"]:
        narrowed["code"] = form.cleaned_data["code"].strip()
    if form.day is not None:
        narrowed["since"] = dt.datetime.combine(form.day, dt.time(), tzinfo=centre.zone)
        narrowed["until"] = dt.datetime.combine(form.day + dt.timedelta(days=1), dt.time(), tzinfo=centre.zone)
    return narrowed


def _checked(viewer: Staff, centre: Centre) -> Verified | Broken:
    """Reads the whole chain; a line keeps how it stood, so that the next reader knows until where it was whole."""
    found = verify(centre)
    code, digest = (f"whole-{found.count}", found.hash) if isinstance(found, Verified) else (f"broken-{found.seq}", "")
    audit.write("audit.verified", by=viewer, centre=centre, kind="read", code=code, digest=digest)
    return found


def _last_check(centre: Centre) -> dict[str, Any] | None:
    """How the chain stood when somebody last read all of it."""
    line = queries.last_check(centre)
    if line is None:
        return None
    how, _, number = line.code.partition("-")
    return {"at": line.at, "is_whole": how == "whole", "number": number, "hash": line.digest}


def _with_names(shown: list[AuditLine], centre: Centre) -> list[tuple[AuditLine, str, str]]:
    """Each line with who acted, by name, and about whom, by number: (line, name, numbers)."""
    ids = sorted({id_ for line in shown for id_ in (line.person_id, *line.people) if id_})
    staff = names(centre, [line.actor_id for line in shown if line.actor_id])
    people = numbers(centre, ids)
    return [
        (
            line,
            staff.get(line.actor_id, "unknown") if line.actor_id else "the system",
            ", ".join(str(people[id_]) for id_ in (line.person_id, *line.people) if id_ in people),
        )
        for line in shown
    ]


def _asked(request: HttpRequest) -> str:
    """What the list is narrowed to, to stand in the links to its other pages."""
    asked = request.GET.copy()
    for name in ("page", "verify"):
        asked.pop(name, None)
    return asked.urlencode()
