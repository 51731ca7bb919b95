"""The draft: proposed problems one tap away, each with its template filled in, and every part open to change.

One form holds the whole draft, and every button saves what was typed before it does its own thing.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.planning import queries, services
from glidepath.care.planning.forms import DiscardForm, DraftForm, sealed, unsealed
from glidepath.care.planning.proposals import Proposals, proposals
from glidepath.care.planning.views.plan import rows
from glidepath.clinical.facts.load import plan_templates
from glidepath.clinical.planning.editing import with_intervention, with_objective, with_problem, without
from glidepath.clinical.planning.from_template import problem_from
from glidepath.clinical.planning.plain import digest
from glidepath.clinical.planning.proposing import of_kind
from glidepath.clinical.planning.unfinished import lacking
from glidepath.clinical.planning.values import CarePlan, ProblemKind
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import BadInput, ChangedMeanwhile, ServiceError
from glidepath.record.forms import put_on, with_version_of_now
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, person: UUID) -> HttpResponse:
    """What is being written. Nothing is kept until the first button is tapped."""
    found = person_for(signed_in(request), person, action="plan.write")
    if request.method == "POST":
        return _write(request, found)
    plan = queries.draft_plan(found, queries.draft_row(found))
    return _page(request, found, _opened(found, plan))


@login_required
@require_POST
def put_away(request: HttpRequest, person: UUID) -> HttpResponse:
    """The draft goes, the signed plan stays."""
    found = person_for(signed_in(request), person, action="plan.write")
    form = DiscardForm(request.POST)
    if form.is_valid():
        try:
            services.discard_draft(person=found, by=signed_in(request), seen=form.cleaned_data["seen"])
        except ServiceError as refused:
            messages.warning(request, refused.message)
            return SeeOther(reverse("planning:draft", args=[found.public_id]))
        messages.success(request, "The draft is put away. The signed plan is as it was.")
    else:
        messages.warning(request, "This form could not be read, so the draft stays. Open the page again.")
    return SeeOther(reverse("planning:plan", args=[found.public_id]))


def _write(request: HttpRequest, person: Person) -> HttpResponse:
    base = unsealed(person, request.POST.get("base", ""))
    plan = base if base is not None else queries.draft_plan(person, queries.draft_row(person))
    form = DraftForm(request.POST, plan=plan, name=person.preferred_name)
    if form.is_valid() and base is None:
        form.add_error(None, "This page can no longer be read. Look at what you typed, then save again.")
    if form.is_valid():
        try:
            return _saved(request, person, form)
        except ChangedMeanwhile as late:
            put_on(form, late)
            return _page(request, person, form, late=late)
        except ServiceError as refused:
            put_on(form, refused)
    return _page(request, person, form)


def _saved(request: HttpRequest, person: Person, form: DraftForm) -> HttpResponse:
    act, _, about = form.cleaned_data["act"].partition(":")
    written = form.written()
    plan, place = _acted(person, written, act, about)
    by, given = signed_in(request), form.cleaned_data
    services.write_draft(person=person, plan=plan, by=by, seen=given["seen"], once=_this_submit(form, written))
    if act == "sign":
        return SeeOther(reverse("planning:sign", args=[person.public_id]))
    if act in ("", "save"):
        messages.success(request, "The draft is saved. It counts once it is signed.")
    return SeeOther(f"{reverse('planning:draft', args=[person.public_id])}{place}")


def _acted(person: Person, plan: CarePlan, act: str, about: str) -> tuple[CarePlan, str]:
    """What the button does with the plan, and where the page goes on. Raises BadInput for a button it does not have."""
    name, today = person.preferred_name, clock.today(person.centre)
    if act == "add" and about in {kind.value for kind in ProblemKind}:
        proposed = of_kind(proposals(person).proposed, ProblemKind(about))
        problem = problem_from(proposed, name=name, today=today, new_key=_new_key)
        return with_problem(plan, problem), f"#part-{problem.key}"
    if act == "objective":
        return with_objective(plan, about, name=name, today=today, new_key=_new_key), f"#part-{about}"
    if act == "intervention":
        return with_intervention(plan, about, name=name, new_key=_new_key), f"#part-{about}"
    if act == "remove":
        return without(plan, about), ""
    if act in ("", "save", "sign"):
        return plan, ""
    raise BadInput("This button does nothing here. Open the page again.")


def _this_submit(form: DraftForm, written: CarePlan) -> str:
    """The key of the form together with what was typed: the same submit again does nothing twice, and one in which
    something else was typed is none of its twins and loses nothing."""
    return digest(written, form.cleaned_data["once"], form.cleaned_data["act"])


def _new_key() -> str:
    return str(uuid4())


def _opened(person: Person, plan: CarePlan) -> DraftForm:
    begin = {
        "once": uuid4().hex,
        "seen": queries.seen_of(person, queries.draft_row(person)),
        "base": sealed(person, plan),
    }
    return DraftForm(initial=begin, plan=plan, name=person.preferred_name)


def _page(
    request: HttpRequest, person: Person, form: DraftForm, *, late: ChangedMeanwhile | None = None
) -> HttpResponse:
    row = queries.draft_row(person)
    standing = queries.draft_plan(person, row)
    if late is not None:
        with_version_of_now(form, queries.seen_of(person, row))
    if form.is_bound and unsealed(person, request.POST.get("base", "")) is None:
        form.data = {**form.data.dict(), "base": sealed(person, form.plan)}  # type: ignore[attr-defined]
    found = proposals(person)
    context: dict[str, Any] = {
        "person": person,
        "form": form,
        "draft": row,
        "signed": queries.newest_of(person),
        "proposed": _offered(found, form.plan),
        "by_hand": _by_hand(found, form.plan),
        "not_asked": _not_asked(found, form.plan),
        "lacks": lacking(form.plan, today=clock.today(person.centre)) if row and not form.is_bound else (),
        "late": late,
        "theirs": rows(standing, form.written()) if late is not None else (),
    }
    status = 422 if form.errors else 200
    return pages.page(request, "planning/draft.html", context, action="plan.read", person=person, status=status)


def _offered(found: Proposals, plan: CarePlan) -> list[Any]:
    taken = {one.kind for one in plan.problems}
    return [one for one in found.proposed if one.kind not in taken]


def _by_hand(found: Proposals, plan: CarePlan) -> list[tuple[str, str]]:
    """Every other problem: a clinician may know what the record does not."""
    known = {one.kind for one in plan.problems} | {one.kind for one in found.proposed}
    return [(kind.value, one.title) for kind, one in plan_templates().problems.items() if kind not in known]


def _not_asked(found: Proposals, plan: CarePlan) -> list[tuple[str, str]]:
    taken = {one.kind for one in plan.problems} | {one.kind for one in found.proposed}
    titles = plan_templates().problems
    return [(titles[kind].title, ", ".join(names)) for kind, names in found.not_asked.items() if kind not in taken]
