"""Hold, slow, step back, resume: one page each, with what it changes before anybody signs."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.taper import queries, services, shown
from glidepath.care.taper.forms import AGREEMENT, ChangeForm, pace_key, refuse, refuse_stop
from glidepath.care.taper.models import Plan, Version
from glidepath.care.taper.rows import chosen_of, digest
from glidepath.care.taper.said import note_of
from glidepath.care.taper.signed import as_plan
from glidepath.clinical.dosing.revise import Pace, rises, slower_paces
from glidepath.clinical.findings import in_the_way
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import BadInput, HardStop, ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in

TITLES = {
    Version.Kind.HOLD: (
        "Hold the taper",
        "The present dose goes on. No step begins until it is resumed.",
        "Sign the hold",
    ),
    Version.Kind.SLOW: ("Slow the taper", "Smaller or later steps from here on.", "Sign the slower pace"),
    Version.Kind.STEP_BACK: (
        "Step back",
        "Back to a dose that was borne well, from the next dose on; then on more slowly.",
        "Sign the step back",
    ),
    Version.Kind.RESUME: ("Resume the taper", "On from the present dose, more slowly than before.", "Sign and resume"),
}
PACED = (Version.Kind.SLOW, Version.Kind.RESUME)
DONE = {
    Version.Kind.HOLD: "The taper is on hold.",
    Version.Kind.SLOW: "The taper goes on more slowly.",
    Version.Kind.STEP_BACK: "The taper steps back.",
    Version.Kind.RESUME: "The taper goes on.",
}


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, person: UUID, kind: str) -> HttpResponse:
    """What the change does, and its signature. “Show” looks again with another pace or step and signs nothing."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="taper.change")
    plan = queries.active(found)
    if plan is None:
        raise Http404("no taper runs for this person")
    looking, known = request.method != "POST" or "look" in request.POST, queries.tapers([found])
    form = _form(request, known.newest(found.pk), kind)
    if looking:
        form.fields["reason_code"].required = False
    if form.is_valid() and not looking and _sign(request, form, plan, kind):
        messages.success(request, f"{DONE[Version.Kind(kind)]} {counts_from(plan)} Nothing given is altered.")
        return SeeOther(reverse("taper:plan", args=[found.public_id]))
    return _page(request, found, plan, kind, form, known if looking else queries.tapers([found]))


def counts_from(plan: Plan) -> str:
    """From when the newest version counts, for the word that it is signed."""
    at = clock.local(plan.person.centre, queries.newest_signed(plan).effective_at)
    return f"It counts from {shown.day(at.date())} {at:%H:%M}."


def _form(request: HttpRequest, newest: Version, kind: str) -> ChangeForm:
    was = chosen_of(newest)
    paces = slower_paces(Pace(was.cut, was.interval_days)) if kind in PACED else ()
    return ChangeForm(request.POST if request.method == "POST" else _begin(newest, paces), paces=paces)


def _sign(request: HttpRequest, form: ChangeForm, plan: Plan, kind: str) -> bool:
    try:
        if kind != Version.Kind.HOLD:  # a hold is the same whatever was chosen: the dose goes on
            _refuse_unseen(form, plan, kind)
        services.change(
            plan=plan,
            kind=kind,
            reason=form.reason(),
            by=signed_in(request),
            proof=proof_for(request, form.cleaned_data["pin"]),
            seen=form.cleaned_data["seen"],
            pace=form.pace() if kind in PACED else None,
            to_step=form.cleaned_data["to_step"],
            begins=form.begins(),
            overrides=form.overrides(),
            once=form.cleaned_data["once"],
        )
    except HardStop as stop:
        refuse_stop(form, stop)
        return False
    except ServiceError as refused:
        refuse(form, refused)
        return False
    return True


def _refuse_unseen(form: ChangeForm, plan: Plan, kind: str) -> None:
    """What was chosen after the page was last drawn is shown before it is signed."""
    if plan.latest != form.cleaned_data["seen"]:
        return  # the service names who was first
    turn = _looked(plan, kind, form)
    if digest(turn.revision.plan, turn.chosen) != form.cleaned_data["shown"]:
        raise BadInput("The change is another than the page showed. Look at it again, then sign it.")


def _looked(plan: Plan, kind: str, form: ChangeForm, known: queries.Tapers | None = None) -> services.Turn:
    return services.preview(
        plan,
        kind,
        pace=form.pace() if kind in PACED else None,
        to_step=form.cleaned_data.get("to_step"),
        begins=form.begins(),
        reason=form.reason(),
        known=known,
    )


def _page(
    request: HttpRequest, person: Person, plan: Plan, kind: str, form: ChangeForm, known: queries.Tapers
) -> HttpResponse:
    newest = known.newest(person.pk)
    running = queries.running([person], known=known).get(person.pk)
    turn = _preview(plan, kind, form, known)
    title, words, act = TITLES[Version.Kind(kind)]
    context: dict[str, Any] = {
        "person": person,
        "kind": kind,
        "title": title,
        "words": words,
        "act": act,
        "newest": newest,
        "next_number": newest.number + 1,
        "seen": form.data.get("seen", newest.number),
        "running": running,
        "read": {"running": running},
        "form": form,
        "turn": turn,
        "paced": kind in PACED,
        "was": chosen_of(newest),
        "live_note": note_of(turn) if turn else "",
        "back_to": _earlier(newest, running) if kind == Version.Kind.STEP_BACK else [],
        "fresh_proof": kept_proof(request) is not None,
    }
    if turn is not None:
        difference = turn.revision.difference
        if kind in PACED:
            form.ask_overrides(turn.findings, but=(AGREEMENT,))
        context |= {
            "digest": digest(turn.revision.plan, turn.chosen),
            "rows": shown.difference_rows(difference),
            "table": shown.step_table(
                turn.revision.plan,
                now=running.step.number if running else None,
                on_hold=turn.revision.plan.on_hold,
                changed=[one.number for one in difference.steps],
            ),
            "why_not": _why_not(turn, kind),
        }
    status = 422 if form.errors else 200
    return pages.page(request, "taper/change.html", context, action="taper.read", person=person, status=status)


def _preview(plan: Plan, kind: str, form: ChangeForm, known: queries.Tapers) -> services.Turn | None:
    """The change as it would be signed; what cannot be is said above the form."""
    form.is_valid()
    try:
        return _looked(plan, kind, form, known)
    except ServiceError as refused:
        if refused.message not in [said for errors in form.errors.values() for said in errors]:
            refuse(form, refused)
        return None


def _why_not(turn: services.Turn, kind: str) -> str:
    if kind not in PACED:
        return ""
    fixed = [one.code for one in in_the_way(turn.findings) if not one.overridable]
    return f"{', '.join(dict.fromkeys(fixed))} stands, and nobody signs past it." if fixed else ""


def _begin(newest: Version, paces: tuple[Pace, ...]) -> dict[str, Any]:
    """What the form opens with: the slower pace is proposed, and the reason is one tap away."""
    begin: dict[str, Any] = {"once": uuid4().hex, "seen": newest.number}
    if paces:
        begin["pace_by"] = pace_key(paces[0])
    return begin


def _earlier(newest: Version, running: queries.Running | None) -> list[tuple[str, str]]:
    """The steps that can be gone back to, the last one first: those that had more of a medicine."""
    if running is None:
        return []
    steps = as_plan(newest).steps
    present = next(step for step in steps if step.number == running.step.number)
    found = []
    for step in reversed(steps[: steps.index(present)]):
        if rises(present, step):
            amounts = " + ".join(str(dose) for dose in step.daily().values())
            found.append((str(step.number), f"{amounts} (step {step.number})"))
    return found
