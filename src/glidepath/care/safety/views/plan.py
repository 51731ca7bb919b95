"""The safety plan as it counts now, its versions, a new version, a look that leaves it, and who has a copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.safety import queries, services
from glidepath.care.safety.forms import PERSON, CopyForm, LookForm, PlanForm
from glidepath.care.safety.models import SafetyPlan
from glidepath.care.safety.parts import difference, parts
from glidepath.record.audit import pages
from glidepath.record.consent.models import Consent
from glidepath.record.consent.queries import standing
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ChangedMeanwhile, ServiceError
from glidepath.record.forms import put_on, with_version_of_now
from glidepath.record.people.models import Person
from glidepath.record.people.queries import contact_at, contacts
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in


@dataclass(frozen=True, slots=True)
class Written:
    """One version and what it changed of the one before."""

    plan: SafetyPlan
    rows: tuple[tuple[str, str, str], ...]


@login_required
@require_GET
def plan(request: HttpRequest, person: UUID) -> HttpResponse:
    """The six parts, why it is to be read again, its versions and copies."""
    found = person_for(signed_in(request), person, action="safety.read")
    return _page(request, found)


@login_required
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, person: UUID) -> HttpResponse:
    """The next version, begun from the one that counts."""
    found = person_for(signed_in(request), person, action="safety.write")
    newest = queries.newest_plan(found)
    form = PlanForm(request.POST or None, initial=_begin(newest))
    if request.method == "POST" and form.is_valid() and _written(request, found, form):
        messages.success(request, f"The safety plan is saved. Print it for {found.preferred_name}.")
        return SeeOther(reverse("safety:plan", args=[found.public_id]))
    context = {"person": found, "form": form, "newest": newest, "state": queries.plan_state(found)}
    status = 422 if form.errors else 200
    return pages.page(request, "safety/write.html", context, action="safety.read", person=found, status=status)


@login_required
@require_POST
def looked(request: HttpRequest, person: UUID) -> HttpResponse:
    """Read again with the person: it stays as it is."""
    found = person_for(signed_in(request), person, action="safety.write")
    form = LookForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            one = _version(found, given["seen"])
            services.look_at_plan(plan=one, words=given["words"], by=signed_in(request), once=given["once"])
        except ServiceError as refused:
            _put_back(form, refused, found)
        else:
            messages.success(request, "Read again together: the plan stays as it is.")
            return SeeOther(reverse("safety:plan", args=[found.public_id]))
    return _page(request, found, look=form)


@login_required
@require_POST
def copy(request: HttpRequest, person: UUID) -> HttpResponse:
    """Who got a copy of it."""
    found = person_for(signed_in(request), person, action="safety.write")
    form = CopyForm(request.POST, people=_people(found))
    if form.is_valid():
        given = form.cleaned_data
        to = None if given["to"] == PERSON else contact_at(found, given["to"])
        try:
            one = _version(found, given["seen"])
            services.give_copy(plan=one, how=given["how"], to=to, by=signed_in(request), once=given["once"])
        except ServiceError as refused:
            _put_back(form, refused, found)
        else:
            messages.success(request, "The copy is written down.")
            return SeeOther(reverse("safety:plan", args=[found.public_id]))
    return _page(request, found, copy_form=form)


def _written(request: HttpRequest, person: Person, form: PlanForm) -> bool:
    given = form.cleaned_data
    try:
        services.write_plan(
            person=person,
            content=form.content(),
            made_with=given["made_with"],
            reason=given["reason"],
            seen=given["seen"],
            by=signed_in(request),
            once=given["once"],
        )
    except ServiceError as refused:
        _put_back(form, refused, person)
        return False
    return True


def _put_back(form: Any, refused: ServiceError, person: Person) -> None:
    put_on(form, refused)
    if isinstance(refused, ChangedMeanwhile):
        newest = queries.newest_plan(person)
        with_version_of_now(form, newest.number if newest else 0)


def _begin(newest: SafetyPlan | None) -> dict[str, Any]:
    begin: dict[str, Any] = {"once": uuid4().hex, "seen": newest.number if newest else 0}
    if newest is not None:
        begin |= {key: "\n".join(lines) for key, lines in queries.content_of(newest).items()}
    return begin


def _version(person: Person, number: int) -> SafetyPlan:
    found = next((one for one in queries.plans(person) if one.number == number), None)
    if found is None:
        raise Http404("this person has no such version of a safety plan")
    return found


def _people(person: Person) -> list[tuple[str, str]]:
    named = [(str(one.public_id), f"{one.name}, {one.relation}") for one in contacts(person)]
    return [(PERSON, person.preferred_name), *named]


def _page(
    request: HttpRequest, found: Person, *, look: LookForm | None = None, copy_form: CopyForm | None = None
) -> HttpResponse:
    every = queries.plans(found)
    newest = every[0] if every else None
    begin = {"once": uuid4().hex, "seen": newest.number if newest else 0}
    form = look or copy_form
    context: dict[str, Any] = {
        "person": found,
        "plan": newest,
        "shown": _shown(newest),
        "state": queries.plan_state(found),
        "history": _history(every),
        "looks": queries.looks(newest) if newest else [],
        "copies": queries.copies(found),
        "form": form,
        "look": look or LookForm(initial=begin, auto_id="look-%s"),
        "copy_form": copy_form or CopyForm(initial=begin, people=_people(found), auto_id="copy-%s"),
        "sharing": standing(found).get(Consent.Kind.SHARING),
        "numbers": queries.whom_to_call(found.centre),
        "may_write": may(signed_in(request), "safety.write"),
    }
    status = 422 if form is not None and form.errors else 200
    return pages.page(request, "safety/plan.html", context, action="safety.read", person=found, status=status)


def _shown(newest: SafetyPlan | None) -> list[tuple[Any, tuple[str, ...]]]:
    content = queries.content_of(newest) if newest else {}
    return [(one, content.get(one.key, ())) for one in parts()]


def _history(every: list[SafetyPlan]) -> list[Written]:
    contents = [queries.content_of(one) for one in every]
    before = [*contents[1:], {}][: len(contents)]
    return [Written(one, difference(old, new)) for one, new, old in zip(every, contents, before, strict=True)]
