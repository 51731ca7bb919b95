"""The admission, part by part on one page; each part is kept when it is answered, and none is asked twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from glidepath.care.assessment import queries as assessment, services as assessing
from glidepath.care.assessment.forms import FactsForm, UseForm
from glidepath.care.assessment.views.facts import facts_begin, facts_shown, question_rows, say_who_is_called
from glidepath.care.flow import admission, queries, services
from glidepath.care.flow.forms import AllergyForm, BedForm, ConsentForm, refuse
from glidepath.record.audit import pages
from glidepath.record.centres.queries import bed_at
from glidepath.record.consent import services as consent
from glidepath.record.consent.models import Consent
from glidepath.record.episodes.queries import current_episode, may_see, person_for
from glidepath.record.errors import BadInput, ServiceError
from glidepath.record.people import queries as people, services as registering
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def admission_page(request: HttpRequest, person: UUID) -> HttpResponse:
    """One page, part by part; each is kept when it is answered, in any order, and none is asked twice."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="episode.admit")
    bound = _forms(request, found, viewer)
    if request.method == "POST":
        part = request.POST.get("part", "")
        form = bound.get(part)
        if form is None:
            raise BadInput("This part of the admission does not exist. Open the page again.")
        if form.is_valid() and _do(part, form, found, viewer):
            if part == "questions" and isinstance(form, FactsForm):
                say_who_is_called(request, found, form.answers())
            if part == "bed":
                messages.success(request, f"{found.preferred_name} is admitted. Now take the first observation.")
                return _after_admission(viewer, found)
            return redirect("flow:admission", person=found.public_id)
    known = assessment.heard([found], at_the_door=True).get(found.pk, {})
    questions = bound["questions"]
    assert isinstance(questions, FactsForm)
    episode = current_episode(found)
    decision = queries.decision_of(episode) if episode else None
    allergies = people.allergies(found)
    context = {
        "person": found,
        "parts": {part.key: part for part in admission.parts(found)},
        "open_parts": admission.still_open(found),
        "forms": bound,
        "allergies": allergies,
        "allergies_before": admission.allergies_are_earlier(found, allergies),
        "uses": assessment.uses_now(found),
        "uses_before": [] if assessment.uses_now(found) else assessment.uses(found),
        "rows": question_rows(found, questions, known),
        "episode": episode,
        "enquiries": queries.enquiries(episode) if episode else [],
        "decision": decision,
        "redirected": services.redirected_words(found, decision) if decision and decision.is_redirect else "",
    }
    status = 422 if any(form.errors for form in bound.values()) else 200
    return pages.page(request, "flow/admission.html", context, action="admission.read", person=found, status=status)


def _after_admission(viewer: Staff, person: Person) -> HttpResponse:
    """To the first observation, for whom the chart is open; admissions stay where they are."""
    for name, action in (("monitoring:person", "person.read"), ("flow:admission", "episode.admit")):
        if may_see(viewer, person, action=action):
            return redirect(name, person=person.public_id)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _forms(request: HttpRequest, person: Person, viewer: Staff) -> dict[str, forms.Form]:
    """The form of each part; the one that was sent is bound to what was typed."""
    assert viewer.centre is not None
    sent = request.POST.get("part", "") if request.method == "POST" else ""

    def data(part: str) -> Any:
        return request.POST if part == sent else None

    initial = {"once": uuid4().hex}
    return {
        "allergies": AllergyForm(data("allergies"), initial=initial),
        "medicines": UseForm(data("medicines"), initial=initial),
        "questions": FactsForm(
            data("questions"),
            initial=facts_begin(person),
            only=admission.ALWAYS_ASKED,
            shown=facts_shown(request, person, at_the_door=True),
        ),
        "consent": ConsentForm(data("consent"), initial=initial),
        "bed": BedForm(data("bed"), initial=initial, beds=queries.free_beds(viewer.centre)),
    }


def _do(part: str, form: forms.Form, person: Person, viewer: Staff) -> bool:
    """Keep one part. Whatever refuses it stands beside its box, with what was typed."""
    try:
        ACTS[part](form.cleaned_data, form, person, viewer)
    except ServiceError as refused:
        refuse(form, refused)
        return False
    return True


def _keep_allergy(given: dict[str, Any], form: forms.Form, person: Person, viewer: Staff) -> None:
    services.open_episode(person=person, by=viewer)  # asked at the door, it is of the stay that begins
    if given["still_right"]:
        registering.confirm_allergies(person=person, by=viewer, once=given["once"])
    elif given["none_known"]:
        registering.no_known_allergies(person=person, by=viewer, once=given["once"])
    else:
        registering.record_allergy(
            person=person, substance=given["substance"], reaction=given["reaction"], by=viewer, once=given["once"]
        )


def _keep_use(given: dict[str, Any], form: forms.Form, person: Person, viewer: Staff) -> None:
    assert isinstance(form, UseForm)
    episode = services.open_episode(person=person, by=viewer)
    assessing.record_use(person=person, episode=episode, use=form.reported(), by=viewer, once=given["once"])


def _keep_answers(given: dict[str, Any], form: forms.Form, person: Person, viewer: Staff) -> None:
    assert isinstance(form, FactsForm)
    services.open_episode(person=person, by=viewer)  # what is told at the door is of the stay that begins
    assessing.record_facts(person=person, answers=form.answers(), by=viewer, once=given["once"], saw=given["saw"])


def _keep_consent(given: dict[str, Any], form: forms.Form, person: Person, viewer: Staff) -> None:
    consent.record(
        episode=services.open_episode(person=person, by=viewer),
        kind=Consent.Kind.TREATMENT,
        decision=given["decision"],
        how=given["how"],
        by=viewer,
        once=given["once"],
    )


def _keep_bed(given: dict[str, Any], form: forms.Form, person: Person, viewer: Staff) -> None:
    assert viewer.centre is not None
    bed = bed_at(viewer.centre, given["bed"])
    if bed is None:
        raise BadInput("This bed does not exist here. Choose another.", field="bed")
    services.admit(person=person, bed=bed, by=viewer, once=given["once"])


ACTS = {
    "allergies": _keep_allergy,
    "medicines": _keep_use,
    "questions": _keep_answers,
    "consent": _keep_consent,
    "bed": _keep_bed,
}
