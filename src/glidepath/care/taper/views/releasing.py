"""The symptom review, the release of the next step, and the history of versions."""

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
from glidepath.care.taper import queries, services, shown
from glidepath.care.taper.forms import ReleaseForm, ReviewForm, refuse
from glidepath.care.taper.models import Plan, Version
from glidepath.care.taper.proposals import findings_on_release
from glidepath.care.taper.rows import findings_of
from glidepath.care.taper.signed import as_plan
from glidepath.care.taper.views.living import living_page, why_not_release
from glidepath.clinical.findings import Finding, in_the_way
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in

NEXT = {
    "hold": "taper:hold",
    "slow": "taper:slow",
    "step_back": "taper:step_back",
    "switch": "taper:switch",
    "go_on": "taper:release",
}


@login_required
@require_POST
def review(request: HttpRequest, person: UUID) -> HttpResponse:
    """Records the review and leads to what it decided."""
    viewer = signed_in(request)
    found, plan = _running(request, person, "taper.review")
    form = ReviewForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            row = services.record_review(
                plan=plan,
                decision=given["decision"],
                interference=given["interference"],
                sleep_disturbed=form.sleep_disturbed(),
                words=given["words"],
                by=viewer,
                once=given["once"],
            )
        except ServiceError as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"The review is recorded: {row.get_decision_display()}.")
            return SeeOther(_onward(found, row.decision))
    return living_page(request, found, plan, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, person: UUID) -> HttpResponse:
    """What stands against the next step, and the signature that lets it begin on its day."""
    found, plan = _running(request, person, "taper.release")
    form = ReleaseForm(request.POST or None, initial={"once": uuid4().hex})
    signing = request.method == "POST" and "look" not in request.POST
    if form.is_bound and form.is_valid() and signing and _release(request, form, plan):
        messages.success(request, f"Step {form.cleaned_data['step']} is released and begins on its day.")
        return SeeOther(reverse("taper:plan", args=[found.public_id]))
    return _release_page(request, found, plan, form)


@login_required
@require_GET
def versions(request: HttpRequest, person: UUID) -> HttpResponse:
    """Every signed version: who, when, why, and what it changed."""
    found, plan = _running(request, person, "taper.read")
    signed = queries.versions(plan)
    plans = [as_plan(one) for one in signed]
    older = [*plans[1:], None]
    history = [
        Signed(
            version=one,
            rows=tuple(shown.step_rows(shown.changes_between(before, after))),
            before=f"Version {one.number - 1}" if before else "Before",
            findings=findings_of(one.findings),
        )
        for one, after, before in zip(signed, plans, older, strict=True)
    ]
    context = {"person": found, "history": history, "reasons": services.REASONS}
    return pages.page(request, "taper/versions.html", context, action="taper.read", person=found)


@dataclass(frozen=True, slots=True)
class Signed:
    """A version with what it changed to the one before."""

    version: Version
    rows: tuple[shown.Row, ...]
    before: str
    findings: tuple[Finding, ...]

    @property
    def reason(self) -> str:
        return services.REASONS.get(self.version.reason_code, "")


def _running(request: HttpRequest, public_id: UUID, action: str) -> tuple[Person, Plan]:
    person = person_for(signed_in(request), public_id, action=action)
    plan = queries.active(person)
    if plan is None:
        raise Http404("no taper runs for this person")
    return person, plan


def _onward(person: Person, decision: str) -> str:
    return reverse(NEXT.get(decision, "taper:plan"), args=[person.public_id])


def _release(request: HttpRequest, form: ReleaseForm, plan: Plan) -> bool:
    given = form.cleaned_data
    try:
        services.release_step(
            plan=plan,
            step_number=given["step"],
            by=signed_in(request),
            proof=proof_for(request, given["pin"]),
            seen=given["seen"],
            contact_on=given["contact_on"],
            overrides=form.overrides(),
            once=given["once"],
        )
    except ServiceError as refused:
        refuse(form, refused)
        return False
    return True


def _release_page(request: HttpRequest, person: Person, plan: Plan, form: ReleaseForm) -> HttpResponse:
    newest = queries.newest_version(plan)
    running = queries.running([person]).get(person.pk)
    following = running.following if running else None
    context: dict[str, Any] = {
        "person": person,
        "newest": newest,
        "running": running,
        "read": {"running": running},
        "following": following,
        "form": form,
        "seen": form.data.get("seen", newest.number),
        "fresh_proof": kept_proof(request) is not None,
        "why_not": why_not_release(signed_in(request), newest, running),
        "next_number": following.number if following else None,
    }
    if running is not None and following is not None:
        contact = form.cleaned_data.get("contact_on") if form.is_bound else None
        stands = findings_on_release(plan, newest, following.number, review=running.review, contact_on=contact)
        form.ask_overrides(stands)
        fixed = [one.code for one in in_the_way(stands) if not one.overridable]
        whole = as_plan(newest, [one.step_number for one in newest.releases.all()])
        near = tuple(step for step in whole.steps if step.number in (running.step.number, following.number))
        context |= {
            "findings": stands,
            "table": shown.step_table(shown.part_of(whole, near), now=running.step.number),
            "to_zero": not following.doses,
            "why_not": context["why_not"]
            or (f"{', '.join(dict.fromkeys(fixed))} stands, and nobody signs past it." if fixed else ""),
        }
    status = 422 if form.errors else 200
    return pages.page(request, "taper/release.html", context, action="taper.read", person=person, status=status)
