"""The page of facts: what the rules ask, what is known, what nobody has asked yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from glidepath.care.assessment import queries, services
from glidepath.care.assessment.forms import FactsForm, UseForm
from glidepath.care.assessment.known import said_in_forms
from glidepath.care.assessment.locking import present_stay
from glidepath.care.assessment.shown import said
from glidepath.care.assessment.standing import Heard
from glidepath.clinical.guidelines.facts import VOCABULARY, FactKind
from glidepath.clinical.guidelines.questions import Asked, FactGroup
from glidepath.record.audit import pages
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import current_episode, person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, person: UUID) -> HttpResponse:
    """Asked and known, and a form for what is asked now."""
    found = person_for(signed_in(request), person)
    episode = current_episode(found)
    shown = facts_shown(request, found, episode=episode)
    form = FactsForm(request.POST or None, initial=facts_begin(found), shown=shown)
    if request.method == "POST" and form.is_valid():
        try:
            rows = services.record_facts(
                person=found, answers=form.answers(), by=signed_in(request), once=form.cleaned_data["once"],
                saw=form.cleaned_data["saw"],
            )  # fmt: skip
        except ServiceError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, f"{len(rows)} {'answer' if len(rows) == 1 else 'answers'} recorded.")
            say_who_is_called(request, found, form.answers())
            return redirect("assessment:facts", person=found.public_id)
    known = queries.heard([found]).get(found.pk, {}) if request.POST else shown
    return _facts_page(request, found, form, known, episode)


@login_required
@require_http_methods(["GET", "POST"])
def use(request: HttpRequest, person: UUID) -> HttpResponse:
    """One more medicine the person takes."""
    found = person_for(signed_in(request), person, action="assessment.record")
    form = UseForm(request.POST or None, initial={"once": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        try:
            services.record_use(
                person=found,
                episode=present_stay(found),
                use=form.reported(),
                by=signed_in(request),
                once=form.cleaned_data["once"],
            )
        except ServiceError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, f"{form.cleaned_data['medicine_name']} recorded.")
            return redirect("assessment:facts", person=found.public_id)
    context = {"person": found, "form": form, "uses": queries.uses(found)}
    status = 422 if form.errors else 200
    return pages.page(request, "assessment/use.html", context, action="assessment.read", person=found, status=status)


def facts_begin(person: Person) -> dict[str, object]:
    """What a form of facts starts with, beside the answers themselves."""
    return {"once": uuid4().hex, "saw": queries.newest_answer(person)}


def facts_shown(
    request: HttpRequest, person: Person, *, at_the_door: bool = False, episode: Episode | None = None
) -> dict[str, Heard]:
    """What stood of each fact when this form was made: on its first showing, what stands now. episode: the current one,
    where it was read already."""
    sent = request.POST.get("saw", "")
    seen = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else None
    return queries.as_of(person, seen, at_the_door=at_the_door, episode=episode)


def question_rows(
    person: Person | None, boxes: Iterable[BoundField], known: Mapping[str, Heard]
) -> list[dict[str, Any]]:
    """Each question with what was said of it: for assessment/_question.html. person: None at a first call."""
    asked = [box for box in boxes if box.name not in ("once", "saw")]
    in_forms = {} if person is None else said_in_forms(person, [box.name for box in asked])
    return [
        {
            "field": box,
            "known": known.get(box.name),
            "said": said(known.get(box.name)),
            "in_forms": in_forms.get(box.name, ()),
        }
        for box in asked
    ]


def say_who_is_called(request: HttpRequest, person: Person, answers: Mapping[str, str]) -> None:
    """After an answer that called somebody: what whoever asked does until then."""
    if any(answers.get(name) == "yes" for name in services.CALLS):
        name = person.preferred_name
        messages.warning(request, f"A clinician is called to {name} now. Stay with {name} until somebody is there.")


def _facts_page(
    request: HttpRequest, person: Person, form: FactsForm, known: Mapping[str, Heard], episode: Episode | None
) -> HttpResponse:
    rows = question_rows(person, form, known)
    not_asked = [row for row in rows if row["known"] is None]
    viewer = signed_in(request)
    context = {
        "person": person,
        "read": {"episode": episode},
        "form": form,
        "not_asked": [row for row in not_asked if VOCABULARY[row["field"].name].asked is Asked.FIRST],
        "further": _folded([row for row in not_asked if VOCABULARY[row["field"].name].asked is Asked.FURTHER]),
        "asked": [row for row in rows if row["known"] is not None],
        "uses": queries.uses(person),
        "may_record": may(viewer, "fact.record"),
        "may_assess": may(viewer, "assessment.record"),
        "yes_no": FactKind.YES_NO,
    }
    status = 422 if form.errors else 200
    return pages.page(request, "assessment/facts.html", context, action="assessment.read", person=person, status=status)


def _folded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The further questions by what they are about; a group with something typed or wrong stands open."""
    groups: dict[FactGroup, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(VOCABULARY[row["field"].name].group, []).append(row)
    return [
        {"title": f"{group[0].upper()}{group[1:]}", "rows": found, "open": any(_touched(row) for row in found)}
        for group, found in groups.items()
    ]


def _touched(row: dict[str, Any]) -> bool:
    return bool(row["field"].errors or row["field"].value())
