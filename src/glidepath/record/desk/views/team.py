"""The care team: those named, and those on shift."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from glidepath.record.audit import pages
from glidepath.record.desk.forms import TeamForm
from glidepath.record.episodes import queries, services
from glidepath.record.episodes.models import Stage
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import ACTIONS, may
from glidepath.record.staff.queries import colleague, colleagues
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, person: UUID) -> HttpResponse:
    viewer = signed_in(request)
    found = queries.person_for(viewer, person, action="identity.read" if request.method == "GET" else "team.change")
    form = _form(request, found)
    episode = queries.current_episode(found)
    if request.method == "POST" and form.is_valid() and episode:
        one = colleague(found.centre, form.cleaned_data["staff"])
        if one is None:
            raise Http404("no such member of staff")
        try:
            services.add_to_team(episode=episode, staff=one, by=viewer, once=form.cleaned_data["once"])
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, f"{one.name} is in the care team.")
            return redirect("episodes:team", person=found.public_id)
    return _page(request, found, form)


@login_required
@require_POST
def leave(request: HttpRequest, person: UUID, member: UUID) -> HttpResponse:
    viewer = signed_in(request)
    found = queries.person_for(viewer, person, action="team.change")
    one = next((row.named for row in queries.care_team(found) if row.named and row.named.public_id == member), None)
    if one is not None:
        services.remove_from_team(member=one, by=viewer)
        messages.success(request, f"{one.staff.name} is no longer in the care team.")
    return redirect("episodes:team", person=found.public_id)


def _form(request: HttpRequest, person: Person) -> TeamForm:
    named = {row.staff.pk for row in queries.care_team(person) if row.named}
    free = [one for one in colleagues(person.centre) if one.pk not in named and one.role in ACTIONS["person.read"]]
    return TeamForm(request.POST or None, colleagues=free)


def _page(request: HttpRequest, person: Person, form: TeamForm) -> HttpResponse:
    viewer = signed_in(request)
    episode = queries.current_episode(person)
    context = {
        "person": person,
        "form": form,
        "team": queries.care_team(person),
        "left": [row for row in queries.team_history(episode) if row.to_at] if episode else [],
        "may_change": may(viewer, "team.change") and episode is not None and episode.stage != Stage.DISCHARGED,
    }
    status = 422 if form.errors else 200
    return pages.page(request, "desk/team.html", context, action="team.read", person=person, status=status)
