"""Into a bed, or to another one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from glidepath.record.audit import pages
from glidepath.record.centres.models import Bed
from glidepath.record.centres.queries import bed_at, beds
from glidepath.record.desk.forms import MoveForm
from glidepath.record.episodes import queries, services
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.errors import BadInput, ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, person: UUID) -> HttpResponse:
    """One tap on a free bed and one on Move; whoever was first in it is named."""
    viewer = signed_in(request)
    found = queries.person_for(viewer, person, action="bed.move")
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            into = _move(found, form, viewer)
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, f"{found.preferred_name} is in {into}.")
            return redirect("episodes:move", person=found.public_id)
    return _page(request, found, form)


def _move(person: Person, form: MoveForm, by: Staff) -> Bed:
    into, episode = bed_at(person.centre, form.cleaned_data["bed"]), queries.current_episode(person)
    if into is None:
        raise Http404("no such bed here")
    if episode is None or episode.stage != Stage.ADMITTED:
        raise BadInput(f"{person.preferred_name} is not admitted now; beds are for those who are.")
    if queries.bed_of(person) is None:
        services.put_to_bed(episode=episode, bed=into, by=by)
    else:
        given = form.cleaned_data
        services.move_bed(episode=episode, bed=into, by=by, seen=given["seen"], urgent=given["urgent"])
    return into


def _form(request: HttpRequest, person: Person) -> MoveForm:
    """Every ready bed of the centre stays a choice after it was taken: the service says who was first."""
    return MoveForm(request.POST or None, beds=[bed for bed in beds(person.centre) if bed.state == Bed.State.READY])


def _page(request: HttpRequest, person: Person, form: MoveForm) -> HttpResponse:
    taken = queries.taken_beds(person.centre)
    here = queries.bed_of(person)
    episode: Episode | None = queries.current_episode(person)
    context = {
        "person": person,
        "form": form,
        "here": here,
        "stay": queries.open_stay(person),
        "admitted": episode is not None and episode.stage == Stage.ADMITTED,
        "beds": [(bed, bed.pk in taken) for bed in beds(person.centre)],
        "chosen": form["bed"].value(),
        "reads_medicines": may(signed_in(request), "order.read"),
    }
    status = 422 if form.errors else 200
    return pages.page(request, "desk/move.html", context, action="bed.read", person=person, status=status)
