"""The medicines, gone through before a discharge or a transfer: one list, one answer each, one signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.flow import services
from glidepath.care.flow.forms import GoThroughForm, refuse
from glidepath.care.flow.going_through import Listed, going_through
from glidepath.clinical.guidelines.medicines_at_a_move import Decided, Origin, Reply
from glidepath.record.audit import pages
from glidepath.record.centres.models import Unit
from glidepath.record.centres.queries import units
from glidepath.record.episodes.models import Stage
from glidepath.record.episodes.queries import current_episode, last_units, person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may, require
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in

WORDS = {Decided.CONTINUE: "goes on", Decided.CHANGE: "changed", Decided.STOP: "stopped"}


@login_required
@require_http_methods(["GET", "POST"])
def medicines(request: HttpRequest, person: UUID, unit: UUID | None = None) -> HttpResponse:
    """What they came with and what stands ordered: each goes on, is changed or is stopped. unit: of a transfer."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="order.read")
    to_unit = _unit(found, unit)
    episode = current_episode(found)
    if episode is None or episode.stage != Stage.ADMITTED:
        raise Http404("not admitted: there is no move to prepare")
    listed = going_through(found, episode, to_unit=to_unit)
    form = GoThroughForm(request.POST or None, initial={"once": uuid4().hex})
    if request.method == "POST":
        require(viewer, "medicine.decide")
        if form.is_valid():
            try:
                services.go_through(
                    person=found,
                    replies=form.replies([one.medicine.key for one in listed.lines]),
                    to_unit=to_unit,
                    by=viewer,
                    proof=proof_for(request, form.cleaned_data["pin"]),
                    once=form.cleaned_data["once"],
                )
            except ServiceError as refused:
                refuse(form, refused)
            else:
                messages.success(request, "The medicines were gone through.")
                return SeeOther(_onwards(found, to_unit))
    context = {
        "person": found,
        "to_unit": to_unit,
        "others": _other_units(found, to_unit),
        "form": form,
        "listed": listed,
        "rows": [_row(one, number, form) for number, one in enumerate(listed.lines)],
        "may_decide": may(viewer, "medicine.decide"),
        "fresh_proof": kept_proof(request) is not None,
    }
    status = 422 if form.errors else 200
    return pages.page(request, "flow/medicines.html", context, action="order.read", person=found, status=status)


def _row(one: Listed, number: int, form: GoThroughForm) -> dict[str, Any]:
    """One line of the page: what was typed, else what was signed before."""
    sent, words = form.typed(one.medicine.key)
    reply: Reply | None = one.reply
    given = one.medicine.is_benzodiazepine and one.medicine.origin is not Origin.CAME
    offered = [kind for kind in Decided if not (given and kind is Decided.STOP)]
    return {
        "line": one,
        "key": one.medicine.key,
        "id": f"words-{number}",
        "choices": [(kind.value, WORDS[kind], "") for kind in offered],
        "value": sent if form.is_bound else (reply.decided.value if reply else ""),
        "words": words if form.is_bound else (reply.words if reply else ""),
    }


def _unit(person: Person, public_id: UUID | None) -> Unit | None:
    if public_id is None:
        return None
    found = next((one for one in units(person.centre) if one.public_id == public_id), None)
    if found is None:
        raise Http404("no such unit here")
    return found


def _other_units(person: Person, to_unit: Unit | None) -> list[Unit]:
    """Where else they could go: neither where they lie, nor what this page is about."""
    here = last_units([person]).get(person.pk)
    return [one for one in units(person.centre) if one != to_unit and one.pk != here]


def _onwards(person: Person, to_unit: Unit | None) -> str:
    return reverse("flow:discharge" if to_unit is None else "episodes:move", args=[person.public_id])
