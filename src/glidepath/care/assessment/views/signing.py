"""The signature under one's own part: what is signed, its summary in words, and the PIN."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.assessment import queries, services
from glidepath.care.assessment.forms import SignPartForm
from glidepath.care.assessment.shown import value_words
from glidepath.care.assessment.views.domain import known_domain
from glidepath.clinical.guidelines.domains import asked_question
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in


@login_required
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, person: UUID, domain: str) -> HttpResponse:
    """What oneself wrote in this part, as it would be signed."""
    viewer, this = signed_in(request), known_domain(domain)
    found = person_for(viewer, person, action="assessment.sign")
    form = SignPartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = services.sign_part(
                person=found, domain=domain, words=given["words"], by=viewer, shown=given["shown"],
                proof=proof_for(request, given["pin"]), once=given["once"],
            )  # fmt: skip
        except ServiceError as refused:
            put_on(form, refused)
        else:
            messages.success(request, f"{this.title}: your part is signed, version {row.number}.")
            return SeeOther(reverse("assessment:domain", args=[found.public_id, domain]))
    return _page(request, found, domain, form)


def _page(request: HttpRequest, person: Person, domain: str, form: SignPartForm) -> HttpResponse:
    own = queries.part(person, domain).own_of(signed_in(request))
    context = {
        "person": person,
        "domain": known_domain(domain),
        "form": form,
        "own": own,
        "written": [_line(one) for one in own.content],
        "fresh_proof": kept_proof(request) is not None,
        "why_not": _why_not(own.state) if own.state in ("signed", "replaced") else "",
    }
    status = 422 if form.errors else 200
    return pages.page(request, "assessment/sign.html", context, action="assessment.read", person=person, status=status)


def _line(one: tuple[str, ...]) -> tuple[str, str]:
    """An answer or an entry, as two pieces of words. An entry's kind begins with a capital, a fact's name never."""
    name, value = one[0], one[1]
    return ("", value) if name[0].isupper() else (asked_question(name).question, value_words(name, value))


def _why_not(state: str) -> str:
    return "You have signed this already." if state == "signed" else "There is nothing of yours here to sign."
