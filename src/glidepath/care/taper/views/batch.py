"""Daily cuts by a rapid protocol: to sign a batch by two, and the day's review that lets one cut begin."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.taper import batch_queries, batches, day_reviews, protocols, queries, services, shown
from glidepath.care.taper.batch_queries import BatchNow
from glidepath.care.taper.forms import BatchForm, DayForm, refuse
from glidepath.care.taper.models import Plan, Version
from glidepath.care.taper.queries import Running
from glidepath.care.taper.signed import as_plan
from glidepath.clinical.findings import in_the_way
from glidepath.clinical.guidelines.day_review import check_day, proposed
from glidepath.record.audit import pages
from glidepath.record.centres.queries import clinical_settings_of, settings_of
from glidepath.record.centres.readings import clinical_of
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import kept_proof, proof_for, second_proof_for, signed_in


@login_required
@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, person: UUID) -> HttpResponse:
    """The next steps as one batch, its stop conditions, and the two signatures. It lets no step begin."""
    found, plan = _running(request, person, "taper.release")
    newest, running = queries.newest_version(plan), queries.running([found]).get(found.pk)
    form = _batch_form(found, newest, running, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _sign(request, form, plan):
        messages.success(request, "The batch is signed. Each cut waits for that day’s review.")
        return SeeOther(reverse("taper:plan", args=[found.public_id]))
    return _batch_page(request, found, plan, newest, running, form)


@login_required
@require_http_methods(["GET", "POST"])
def day(request: HttpRequest, person: UUID) -> HttpResponse:
    """Today's values beside the batch's conditions, and the review that lets the next cut begin inside them."""
    found, plan = _running(request, person, "taper.day_review")
    form = DayForm(request.POST or None, initial={"once": uuid4().hex})
    if form.is_bound and form.is_valid() and _review(request, form, plan):
        return SeeOther(reverse("taper:plan", args=[found.public_id]))
    return _day_page(request, found, plan, form)


def _running(request: HttpRequest, public_id: UUID, action: str) -> tuple[Person, Plan]:
    person = person_for(signed_in(request), public_id, action=action)
    plan = queries.active(person)
    if plan is None:
        raise Http404("no taper runs for this person")
    return person, plan


def _batch_form(person: Person, newest: Version, running: Running | None, data: QueryDict | None) -> BatchForm:
    settings = settings_of(person.centre)
    begin = proposed(
        rass_at_most=settings.batch_rass_at_most,
        values_hours=settings.day_review_hours,
        settings=clinical_of(settings),
    ).as_data()
    first = running.following.number if running and running.following else 0
    left = [step for step in as_plan(newest).steps if step.number >= first]
    steps = [(str(one.number), f"step {one.number}: {shown.amounts(one)} from {shown.day(one.start)}") for one in left]
    initial = {**begin, "once": uuid4().hex, "last_step": steps[-1][0] if steps else ""}
    return BatchForm(data, steps=steps, initial=initial)


def _sign(request: HttpRequest, form: BatchForm, plan: Plan) -> bool:
    given = form.cleaned_data
    try:
        services.sign_batch(
            plan=plan,
            last_step=int(given["last_step"]),
            conditions=form.conditions(),
            by=signed_in(request),
            proof=proof_for(request, given["pin"]),
            second=second_proof_for(request, given["second_user"], given["second_pin"]),
            seen=given["seen"],
            overrides=form.overrides(),
            once=given["once"],
        )
    except ServiceError as refused:
        refuse(form, refused)
        return False
    return True


def _batch_page(
    request: HttpRequest, person: Person, plan: Plan, newest: Version, running: Running | None, form: BatchForm
) -> HttpResponse:
    why_not = batches.why_not_batch(person, newest, running)
    context: dict[str, Any] = {
        "person": person,
        "newest": newest,
        "form": form,
        "seen": form.data.get("seen", newest.number),
        "protocol": protocols.name_of(newest.protocol) if newest.protocol else "",
        "why_not": why_not,
        "fresh_proof": kept_proof(request) is not None,
    }
    if not why_not and running is not None and running.following is not None:
        stands = batches.findings_on_batch(plan, newest, running.following.number)
        form.ask_overrides(stands)
        fixed = [one.code for one in in_the_way(stands) if not one.overridable]
        whole = as_plan(newest, [one.step_number for one in newest.releases.all()])
        left = tuple(step for step in whole.steps if step.number >= running.step.number)
        context |= {
            "findings": stands,
            "table": shown.step_table(shown.part_of(whole, left), now=running.step.number),
            "stopped": f"{', '.join(dict.fromkeys(fixed))} stands, and nobody signs past it." if fixed else "",
        }
    status = 422 if form.errors else 200
    return pages.page(request, "taper/batch.html", context, action="taper.read", person=person, status=status)


def _review(request: HttpRequest, form: DayForm, plan: Plan) -> bool:
    given = form.cleaned_data
    try:
        row = services.record_day_review(
            plan=plan,
            step_number=given["step"],
            interference=given["interference"],
            sleep_disturbed=form.sleep_disturbed(),
            words=given["words"],
            by=signed_in(request),
            proof=proof_for(request, given["pin"]),
            seen=given["seen"],
            once=given["once"],
        )
    except ServiceError as refused:
        refuse(form, refused)
        return False
    if row.inside:
        messages.success(request, f"Inside the conditions: step {row.step_number} begins with the next dose.")
    else:
        said = " ".join(one["message"] for one in row.findings)
        messages.warning(request, f"No cut today. {said} The prescriber is called; the dose of the day before goes on.")
    return True


def _day_page(request: HttpRequest, person: Person, plan: Plan, form: DayForm) -> HttpResponse:
    newest, running = queries.newest_version(plan), queries.running([person]).get(person.pk)
    now = batch_queries.batch_now(person, running)
    context: dict[str, Any] = {
        "person": person,
        "newest": newest,
        "form": form,
        "seen": form.data.get("seen", newest.number),
        "batch": now,
        "why_not": day_reviews.why_not_today(person, now, running),
        "fresh_proof": kept_proof(request) is not None,
    }
    if now is not None and running is not None and running.following is not None:
        context |= _today(person, newest, running, now)
    status = 422 if form.errors else 200
    return pages.page(request, "taper/day.html", context, action="taper.read", person=person, status=status)


def _today(person: Person, newest: Version, running: Running, now: BatchNow) -> dict[str, Any]:
    """The next step beside the present one, and what was measured beside what the batch allows."""
    values = batch_queries.day_values(person, batch_queries.last_change_at(person))
    whole = as_plan(newest, [one.step_number for one in newest.releases.all()])
    following = running.following
    near = tuple(step for step in whole.steps if following and step.number in (running.step.number, following.number))
    return {
        "following": following,
        "values": shown.day_values(now.conditions, values),
        "findings": check_day(now.conditions, values, settings=clinical_settings_of(person.centre)),
        "table": shown.step_table(shown.part_of(whole, near), now=running.step.number),
    }
