"""To switch or to amend a running taper: one page each, with what it changes before anybody signs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.taper import predicted, queries, redirecting, shown
from glidepath.care.taper.forms import AGREEMENT, refuse, refuse_stop
from glidepath.care.taper.models import Plan, Version
from glidepath.care.taper.redirect_forms import AmendForm, SwitchForm
from glidepath.care.taper.requests import by_shares, products
from glidepath.care.taper.rows import Chosen, chosen_of
from glidepath.care.taper.said import note_of
from glidepath.care.taper.signed import as_plan
from glidepath.care.taper.turning import Turn
from glidepath.care.taper.views.changing import counts_from
from glidepath.clinical.dosing.milestones import typed_milestones
from glidepath.clinical.dosing.plan import Shape, Step, StepState, TaperPlan
from glidepath.clinical.dosing.revise import Pace, slower
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.facts.medicines import Acting
from glidepath.clinical.findings import in_the_way
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import HardStop, ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in

Form = SwitchForm | AmendForm
TITLES = {
    Version.Kind.SWITCH: (
        "Switch the medicine",
        "One dose of the day at a time, the night dose first. The present doses go on until each exchange is released.",
        "Sign the switch",
    ),
    Version.Kind.AMEND: (
        "Amend the plan",
        "Another way for what remains. The present doses go on until its first step is released.",
        "Sign the amendment",
    ),
}
DONE = {Version.Kind.SWITCH: "The switch is signed.", Version.Kind.AMEND: "The plan is amended."}


@login_required
@require_http_methods(["GET", "POST"])
def redirect(request: HttpRequest, person: UUID, kind: str) -> HttpResponse:
    """What the new way does, and its signature. “Show” looks again with other choices and signs nothing."""
    found = person_for(signed_in(request), person, action="taper.change")
    plan = queries.active(found)
    if plan is None:
        raise Http404("no taper runs for this person")
    newest = queries.newest_version(plan)
    data = request.POST if request.method == "POST" else _begin(found, newest)
    form = _form(found, kind, data)
    looking = request.method != "POST" or "look" in request.POST
    if looking:
        form.fields["reason_code"].required = False
        if kind == Version.Kind.SWITCH:
            form.fields["switch_to"].required = False
    if request.method == "POST" and form.is_valid() and not looking and _sign(request, form, plan, kind):
        messages.success(request, f"{DONE[Version.Kind(kind)]} {counts_from(plan)} Its steps wait for their release.")
        return SeeOther(reverse("taper:plan", args=[found.public_id]))
    return _page(request, found, plan, newest, kind, form)


def _sign(request: HttpRequest, form: Form, plan: Plan, kind: str) -> bool:
    given = form.cleaned_data
    try:
        redirecting.redirect(
            plan=plan,
            kind=kind,
            way=form.way(_was(plan)),
            reason=form.reason(),
            by=signed_in(request),
            proof=proof_for(request, given["pin"]),
            seen=given["seen"],
            shown=given["shown"],
            begins=form.begins(),
            overrides=form.overrides(),
            once=given["once"],
        )
    except HardStop as stop:
        refuse_stop(form, stop)
        return False
    except ServiceError as refused:
        refuse(form, refused)
        return False
    return True


def _page(request: HttpRequest, person: Person, plan: Plan, newest: Version, kind: str, form: Form) -> HttpResponse:
    turn = _preview(plan, kind, form)
    running = queries.running([person]).get(person.pk)
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
        "was": chosen_of(newest),
        "fresh_proof": kept_proof(request) is not None,
        "live_note": note_of(turn) if turn else "",
        "chosen_products": listed(form.data, "products"),
    }
    if running is not None:
        context["tables"] = shown.equivalences(running.daily, named=form.data.get("table", ""))
    if turn is not None:
        form.ask_overrides(turn.findings, but=(AGREEMENT,))
        fixed = [one.code for one in in_the_way(turn.findings) if not one.overridable]
        after = turn.revision.plan
        context |= {
            "digest": turn.digest,
            "rows": shown.difference_rows(turn.revision.difference),
            "table": shown.step_table(
                after,
                now=running.step.number if running else None,
                changed=[one.number for one in turn.revision.difference.steps],
            ),
            "curve": predicted.curve(
                after, table=turn.chosen.table, today=clock.today(person.centre), drawn=turn.chosen.milestones
            ),
            "why_not": f"{', '.join(dict.fromkeys(fixed))} stands, and nobody signs past it." if fixed else "",
        }
    status = 422 if form.errors and request.method == "POST" else 200  # opened, it may say why there is nothing to do
    return pages.page(request, "taper/redirect.html", context, action="taper.read", person=person, status=status)


def _preview(plan: Plan, kind: str, form: Form) -> Turn | None:
    """The change as it would be signed; what cannot be is said above the form, and beside its box."""
    form.is_valid()
    if kind == Version.Kind.SWITCH and not form.cleaned_data.get("switch_to"):
        return None
    if set(form.errors) - {"reason_code", "pin", "__all__"}:
        return None
    try:
        return redirecting.preview(plan, kind, form.way(_was(plan)), reason=form.reason(), begins=form.begins())
    except ServiceError as refused:
        if refused.message not in [said for errors in form.errors.values() for said in errors]:
            refuse(form, refused)
        return None


def listed(data: Mapping[str, Any], name: str) -> list[str]:
    """Everything that was chosen under one name, as sent or as the form opens with."""
    return list(data.getlist(name)) if isinstance(data, QueryDict) else list(data.get(name, ()))


def _was(plan: Plan) -> Chosen:
    return chosen_of(queries.newest_signed(plan))


def _form(person: Person, kind: str, data: QueryDict | dict[str, Any]) -> Form:
    tables = [("", "none named"), *((table.key, table.name) for table in formulary().usable_tables())]
    if kind == Version.Kind.AMEND:
        return AmendForm(data, tables=tables, stocked=_stocked(person))
    return SwitchForm(data, tables=tables, switches=[(name, name) for name in _longer_acting(person)])


def _longer_acting(person: Person) -> list[str]:
    known = formulary().medicines
    stocked = {product.medicine for product in products(person)}
    return sorted(name for name in stocked if name in known and known[name].acting is Acting.LONG)


def _stocked(person: Person) -> list[tuple[str, str]]:
    """The stocked products of what is taken now."""
    running = queries.running([person]).get(person.pk)
    taken = running.daily if running else {}
    return [(one.key, one.name) for one in products(person) if one.medicine in taken]


def _begin(person: Person, newest: Version) -> dict[str, Any]:
    """What the form opens with: the choices of the running version."""
    was, today = chosen_of(newest), clock.today(person.centre)
    pace = Pace(was.cut, was.interval_days)
    pace = slower(pace) if newest.on_hold else pace  # after a pause more slowly than before (JCG-11p)
    longer = _longer_acting(person)
    return {
        "once": uuid4().hex,
        "seen": newest.number,
        "shape": (was.shape if _goes_on_drawn(was, today) else by_shares(was).shape).value,
        "cut": f"{float(pace.cut * 100):g}",
        "interval_days": pace.interval_days,
        "goal": " + ".join(str(dose) for dose in was.goal.kept),
        "table": was.table,
        "switch_to": longer[0] if len(longer) == 1 else "",
        "typed": _typed(as_plan(newest), today),
        "milestones": typed_milestones([one for one in was.milestones if one.on > today]),
        "products": list(was.products),
    }


def _goes_on_drawn(was: Chosen, today: dt.date) -> bool:
    """Whether the way was drawn and milestones of it still lie ahead."""
    return was.shape is Shape.DRAWN and any(one.on > today for one in was.milestones)


def _typed(plan: TaperPlan, today: dt.date) -> str:
    """The steps that lie ahead as one would type them, to be changed by hand."""
    ahead = [step for step in plan.steps[1:] if step.start > today and step.state is StepState.PROJECTED]
    return "\n".join(f"{step.start:%Y-%m-%d} {_doses(step)}" for step in ahead)


def _doses(step: Step) -> str:
    return " + ".join(f"{one.dose} at {one.time:%H:%M}" for one in step.doses) or "zero"
