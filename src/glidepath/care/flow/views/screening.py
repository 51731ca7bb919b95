"""The pre-admission screen: what is known, what the rules suggest, and what a physician decides."""

from __future__ import annotations

from collections.abc import Callable
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
from glidepath.care.flow import queries, services
from glidepath.care.flow.deciding import BEFORE_ADMISSION, answer_of
from glidepath.care.flow.forms import refuse
from glidepath.care.flow.models import Decision
from glidepath.care.flow.next_dose import next_doses
from glidepath.care.flow.screen import SCREEN_FACTS, Screen, screen_of
from glidepath.care.flow.screen_forms import ContactForm, DecisionForm, LastDoseForm
from glidepath.clinical.guidelines.first_call import ADVICE, ANSWERS, EMERGENCY, RED_FLAGS
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import current_episode, may_see, person_for
from glidepath.record.errors import BadInput, ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in

Parts = dict[str, forms.Form]


@login_required
@require_http_methods(["GET", "POST"])
def screen(request: HttpRequest, person: UUID) -> HttpResponse:
    """One page, part by part: each is kept as it is answered, and what is known is not asked again."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="screen.prepare")
    episode = current_episode(found)
    calls = queries.enquiries(episode) if episode else []
    decided = queries.decisions(episode) if episode else []
    seen = screen_of(found, calls)
    parts = _parts(request, found, episode, seen, decided)
    if request.method == "POST":
        part = request.POST.get("part", "")
        if part not in parts:
            raise BadInput("This part of the screen does not exist. Open the page again.")
        if parts[part].is_valid() and _done(request, ACTS[part], parts[part], found, decided):
            return _onwards(viewer, found, part)
    rows = question_rows(found, parts["questions"], assessment.heard([found]).get(found.pk, {}))
    stands = decided[0] if decided else None
    context = {
        "person": found,
        "episode": episode,
        "is_open": episode is not None and episode.stage in BEFORE_ADMISSION,
        "calls": calls,
        "flags": [(words, ANSWERS.get(seen.red_flags.get(key, ""), "not asked")) for key, words in RED_FLAGS.items()],
        "emergency": EMERGENCY if "yes" in seen.red_flags.values() else "",
        "advice": ADVICE,
        "uses": seen.uses,
        "next_dose": next_doses([found], clock.now()).get(found.pk),
        "now": clock.now(),
        "seen": seen,
        "parts": parts,
        "not_asked": [row for row in rows if _is_open(row)],
        "asked": [row for row in rows if not _is_open(row)],
        "decision": stands,
        "earlier": decided[1:],
        "contacts": queries.contacts(stands) if stands is not None and stands.is_redirect else [],
        "prepared": queries.preparation_of(episode) if episode else None,
        "may_decide": may(viewer, "screen.decide"),
        "fresh_proof": kept_proof(request) is not None,
    }
    status = 422 if any(form.errors for form in parts.values()) else 200
    return pages.page(request, "flow/screen.html", context, action="screen.read", person=found, status=status)


def _is_open(row: dict[str, Any]) -> bool:
    """Nobody asked in this stay; what an earlier one said stands beside, as of its day."""
    return row["known"] is None or row["known"].is_earlier


def _parts(
    request: HttpRequest, person: Person, episode: Episode | None, seen: Screen, decided: list[Decision]
) -> Parts:
    """The form of each part; the one that was sent is bound to what was typed."""
    sent = request.POST.get("part", "") if request.method == "POST" else ""

    def data(part: str) -> Any:
        return request.POST if part == sent else None

    initial = {"once": uuid4().hex}
    return {
        "questions": FactsForm(
            data("questions"),
            initial=facts_begin(person),
            only=tuple(SCREEN_FACTS.values()),
            shown=facts_shown(request, person),
        ),
        "medicine": UseForm(data("medicine"), initial=initial, auto_id="medicine_%s"),
        "dose": LastDoseForm(data("dose"), initial=initial, auto_id="dose_%s"),
        "decision": DecisionForm(
            data("decision"), initial=initial | _begins(episode, seen, decided), auto_id="decision_%s"
        ),
        "contact": ContactForm(data("contact"), initial=initial, auto_id="contact_%s"),
    }


def _begins(episode: Episode | None, seen: Screen, decided: list[Decision]) -> dict[str, Any]:
    """What was prepared; without that the suggested level alone. Which decision the page showed goes with it."""
    prepared = queries.preparation_of(episode) if episode else None
    answer = answer_of(prepared) if prepared else services.Answer(level=seen.suggestion.level)
    return DecisionForm.typed(answer) | {"seen": str(decided[0].public_id) if decided else ""}


Act = Callable[[HttpRequest, Any, Person, list[Decision]], None]


def _done(request: HttpRequest, act: Act, form: forms.Form, person: Person, decided: list[Decision]) -> bool:
    """Keep one part. Whatever refuses it stands beside its box, with what was typed."""
    try:
        act(request, form, person, decided)
    except ServiceError as refused:
        refuse(form, refused)
        return False
    return True


def _onwards(viewer: Staff, person: Person, part: str) -> HttpResponse:
    """Back to the page, where it is still open; who was seen elsewhere is tied to nobody here any more."""
    if may_see(viewer, person, action="screen.prepare"):
        address = redirect("flow:screen", person=person.public_id)
        address["Location"] += f"#{part}"
        return address
    return redirect(settings.LOGIN_REDIRECT_URL)


def _keep_answers(request: HttpRequest, form: FactsForm, person: Person, _decided: list[Decision]) -> None:
    assessing.record_facts(
        person=person, answers=form.answers(), by=signed_in(request), once=form.cleaned_data["once"],
        saw=form.cleaned_data["saw"],
    )  # fmt: skip
    say_who_is_called(request, person, form.answers())


def _keep_medicine(request: HttpRequest, form: UseForm, person: Person, _decided: list[Decision]) -> None:
    by = signed_in(request)
    episode = services.open_episode(person=person, by=by)
    assessing.record_use(person=person, episode=episode, use=form.reported(), by=by, once=form.cleaned_data["once"])


def _keep_dose(request: HttpRequest, form: LastDoseForm, person: Person, _decided: list[Decision]) -> None:
    given = form.cleaned_data
    use = next((one for one in assessment.uses(person) if one.public_id == given["use"]), None)
    if use is None:
        raise BadInput("This entry was replaced meanwhile. Open the page again.")
    services.last_dose_told(
        person=person, use=use, last_dose_at=given["last_dose_at"], by=signed_in(request), once=given["once"]
    )


def _decide(request: HttpRequest, form: DecisionForm, person: Person, decided: list[Decision]) -> None:
    by, given = signed_in(request), form.cleaned_data
    if "sign" not in request.POST:
        services.prepare(person=person, answer=form.answer(), by=by, once=given["once"])
        messages.success(request, "Prepared: it waits for a physician.")
        return
    shown = next((one.pk for one in decided if str(one.public_id) == given["seen"]), None)
    found = person_for(by, person.public_id, action="screen.decide")
    row = services.decide(
        person=found,
        answer=form.answer(),
        by=by,
        proof=proof_for(request, given["pin"]),
        seen=shown,
        correction_reason=given["correction_reason"],
        once=given["once"],
    )
    messages.success(request, f"{found.preferred_name} is {row.get_kind_display()}; signed by {by.name}.")


def _contact(request: HttpRequest, form: ContactForm, person: Person, _decided: list[Decision]) -> None:
    given = form.cleaned_data
    services.record_contact(
        person=person,
        outcome=given["outcome"],
        words=given["words"],
        next_contact_on=given["next_contact_on"],
        by=signed_in(request),
        once=given["once"],
    )


ACTS: dict[str, Act] = {
    "questions": _keep_answers,
    "medicine": _keep_medicine,
    "dose": _keep_dose,
    "decision": _decide,
    "contact": _contact,
}
