"""One answer at a time: saved at once, each by itself, so that several professions can work on one part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.assessment import queries, services
from glidepath.care.assessment.forms import AgainForm, AnswerForm, SettleForm
from glidepath.care.assessment.models import Mouth
from glidepath.care.assessment.views.domain import ask_of, domain_page, known_domain, overview_page
from glidepath.care.assessment.views.facts import say_who_is_called
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import BadInput, ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import signed_in


@login_required
@require_POST
def answer(request: HttpRequest, person: UUID, domain: str) -> HttpResponse:
    """Keeps one answer. Whoever answered meanwhile is not overwritten: both are shown."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="fact.record")
    form = AnswerForm(request.POST)
    name, typed = str(request.POST.get("name", "")), str(request.POST.get("value", ""))
    if not form.is_valid():
        return _refused(request, found, domain, name, _first_error(form), typed)
    given = form.cleaned_data
    if given["name"] not in known_domain(domain).names:
        raise BadInput("This part of the assessment does not ask that. Open the page again.")
    try:
        services.record_facts(
            person=found, answers={name: given["value"]}, by=viewer, once=given["once"],
            mouth=Mouth(given["mouth"]), saw=given["saw"],
        )  # fmt: skip
    except ServiceError as refused:
        return _refused(request, found, domain, name, refused.message, typed)
    calls = name in services.CALLS and given["value"] == "yes"
    if _is_htmx(request):
        return _question(request, found, domain, name, {"calls": calls})
    say_who_is_called(request, found, {name: given["value"]})
    return _back(found, domain, name, given["mouth"])


@login_required
@require_POST
def settle(request: HttpRequest, person: UUID, domain: str) -> HttpResponse:
    """A clinician says which of several answers counts, and why."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="fact.settle")
    form = SettleForm(request.POST)
    name, typed = str(request.POST.get("name", "")), str(request.POST.get("reason", ""))
    if not form.is_valid():
        return _refused(request, found, domain, name, _first_error(form), reason=typed)
    given = form.cleaned_data
    try:
        services.settle(
            person=found, name=name, chosen=given["chosen"], reason=given["reason"], by=viewer, once=given["once"]
        )
    except ServiceError as refused:
        return _refused(request, found, domain, name, refused.message, reason=typed)
    if _is_htmx(request):
        return _question(request, found, domain, name, {})
    return _back(found, domain, name, "")


@login_required
@require_POST
def again(request: HttpRequest, person: UUID) -> HttpResponse:
    """One tap on an earlier stay's answer: it still holds, or no longer."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="fact.record")
    form = AgainForm(request.POST)
    if not form.is_valid():
        return overview_page(request, found, error=_first_error(form))
    given = form.cleaned_data
    try:
        row = services.answer_again(
            person=found, name=given["name"], holds=given["act"] == "holds", by=viewer,
            mouth=Mouth(given["mouth"]), once=given["once"],
        )  # fmt: skip
    except ServiceError as refused:
        return overview_page(request, found, error=refused.message)
    messages.success(request, "Answered for this stay.")
    say_who_is_called(request, found, {row.name: row.value})
    return SeeOther(reverse("assessment:overview", args=[found.public_id]) + "#again")


@login_required
@require_GET
def news(request: HttpRequest, person: UUID, domain: str) -> HttpResponse:
    """What others answered here since the page was opened. It asks again by itself and touches no box."""
    viewer = signed_in(request)
    found = person_for(viewer, person)
    seen = request.GET.get("saw", "")
    saw = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else 0
    rows = queries.said_since(found, saw, known_domain(domain).names)
    context = {
        "person": found,
        "domain": known_domain(domain),
        "saw": saw,
        "mouth": request.GET.get("from", ""),
        "rows": [ask_of(found, domain, row.name) for row in rows if row.recorded_by_id != viewer.pk],
        "who": sorted({row.recorded_by.name for row in rows if row.recorded_by_id != viewer.pk}),
    }
    return pages.page(request, "assessment/_news.html", context, action="assessment.read", person=found)


def _question(
    request: HttpRequest, person: Person, domain: str, name: str, more: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    context = {
        "person": person,
        "domain": known_domain(domain),
        "ask": ask_of(person, domain, name),
        "mouth": _mouth(request),
        "may_record": True,
        "part": queries.part(person, domain),
        "is_answer": True,
        **more,
    }
    return pages.page(request, "assessment/_ask.html", context, action="assessment.read", person=person, status=status)


def _refused(
    request: HttpRequest, person: Person, domain: str, name: str, error: str, typed: str = "", reason: str = ""
) -> HttpResponse:
    """The question with what was typed and what is wrong with it."""
    if name not in known_domain(domain).names:
        raise BadInput("This part of the assessment does not ask that. Open the page again.")
    refused = {"refused_at": name, "error": error, "typed": typed, "reason": reason}
    if _is_htmx(request):
        return _question(request, person, domain, name, refused, status=422)
    return domain_page(request, person, domain, refused=refused)


def _mouth(request: HttpRequest) -> str:
    said = str(request.POST.get("mouth", ""))
    return said if said in Mouth.values else Mouth.PERSON.value


def _back(person: Person, domain: str, name: str, mouth: str) -> HttpResponse:
    asked = f"?from={mouth}" if mouth not in ("", Mouth.PERSON) else ""
    return SeeOther(f"{reverse('assessment:domain', args=[person.public_id, domain])}{asked}#ask-{name}")


def _first_error(form: Any) -> str:
    return str(next(iter(form.errors.values()))[0])


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
