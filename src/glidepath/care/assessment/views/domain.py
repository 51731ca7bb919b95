"""The assessment: all its parts at a glance, and one part with its questions, entries and signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from glidepath.care.assessment import queries, shown
from glidepath.care.assessment.known import said_in_forms
from glidepath.care.assessment.models import Mouth
from glidepath.care.assessment.reconciliation import reconciliation
from glidepath.care.assessment.shown import Ask
from glidepath.clinical.facts.load import assessment as facts_of_assessment
from glidepath.clinical.guidelines.domains import Domain, domains
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in


@login_required
@require_GET
def overview(request: HttpRequest, person: UUID) -> HttpResponse:
    """How far each part is, who wrote and signed it, what is open, what disagrees, what an earlier stay said."""
    return overview_page(request, person_for(signed_in(request), person))


def overview_page(request: HttpRequest, person: Person, *, error: str = "") -> HttpResponse:
    viewer = signed_in(request)
    parts = queries.parts(person)
    heards = queries.heard([person]).get(person.pk, {})
    context = {
        "person": person,
        "parts": parts,
        "answered": sum(part.answered for part in parts),
        "total": sum(part.total for part in parts),
        "signed": sum(part.is_signed for part in parts),
        "earlier": shown.earlier(tuple(heards.values())),
        "may_record": may(viewer, "fact.record"),
        "mouths": Mouth.choices,
        "error": error,
    }
    return pages.page(
        request, "assessment/overview.html", context, action="assessment.read", person=person,
        status=422 if error else 200,
    )  # fmt: skip


@login_required
@require_GET
def domain(request: HttpRequest, person: UUID, domain: str) -> HttpResponse:
    """One part: every question with its answers, and what stands beside them."""
    return domain_page(request, person_for(signed_in(request), person), domain)


def domain_page(
    request: HttpRequest, person: Person, key: str, *, refused: Mapping[str, str] | None = None
) -> HttpResponse:
    """refused: which question was refused, why, and what was typed."""
    viewer, this = signed_in(request), known_domain(key)
    part = queries.part(person, key)
    saw = queries.newest_answer(person)
    said = str(request.GET.get("from", "") or request.POST.get("mouth", ""))
    in_forms = said_in_forms(person, this.names)
    context: dict[str, Any] = {
        "person": person,
        "domain": this,
        "part": part,
        "asks": [
            shown.ask(one, part.answers.get(one.name), saw=saw, in_forms=in_forms.get(one.name, ()))
            for one in this.questions
        ],
        "saw": saw,
        "mouth": said if said in Mouth.values else Mouth.PERSON.value,
        "mouths": Mouth.choices,
        "own": part.own_of(viewer),
        "others": domains().values(),
        "may_record": may(viewer, "fact.record"),
        "may_settle": may(viewer, "fact.settle"),
        "may_assess": may(viewer, "assessment.record"),
        "may_sign": may(viewer, "assessment.sign"),
        **_beside(person, key),
        **(refused or {}),
    }
    return pages.page(
        request, "assessment/domain.html", context, action="assessment.read", person=person,
        status=422 if refused else 200,
    )  # fmt: skip


def known_domain(key: str) -> Domain:
    """Raises Http404 for a part that the assessment has not."""
    if key not in domains():
        raise Http404("the assessment has no such part")
    return domains()[key]


def ask_of(person: Person, key: str, name: str) -> Ask:
    """One question as it stands now."""
    one = next(one for one in known_domain(key).questions if one.name == name)
    heard = queries.heard([person], (name,)).get(person.pk, {}).get(name)
    in_forms = said_in_forms(person, (name,)).get(name, ())
    return shown.ask(one, heard, saw=queries.newest_answer(person), in_forms=in_forms)


def _beside(person: Person, key: str) -> dict[str, Any]:
    """The structured entries of a part that has some, and of the stay before."""
    if key not in ("benzodiazepines", "substances", "medicines"):
        return {}
    found: dict[str, Any] = {"entries": queries.entries(person), "before": queries.earlier_entries(person)}
    if key == "substances":
        found["substances"] = facts_of_assessment().substances
    if key == "medicines":
        found |= {"lines": queries.medicine_lines(person), "looked": reconciliation(person)}
    return found
