"""A taper that is interrupted: a return after absence, other products, a bridging plan; one page each, with what it
changes before anybody signs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.taper import interruptions, ports, queries, shown
from glidepath.care.taper.forms import AGREEMENT, refuse, refuse_stop
from glidepath.care.taper.interruption_forms import BridgeForm, InterruptionForm, ReturnForm, SupplyForm
from glidepath.care.taper.models import Plan, Version
from glidepath.care.taper.requests import made_of, products
from glidepath.care.taper.rows import chosen_of
from glidepath.care.taper.said import note_of
from glidepath.care.taper.turning import Turn
from glidepath.care.taper.views.changing import counts_from
from glidepath.care.taper.views.redirecting import listed
from glidepath.clinical.dosing.interrupted import missed_days
from glidepath.clinical.dosing.plan import QUARTER, Kind, Product
from glidepath.clinical.findings import in_the_way
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import HardStop, ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in

TITLES = {
    Version.Kind.RETURN: (
        "Return after absence",
        "Doses not taken are a cut. Nothing is cut by itself: the next cut waits a whole interval from the return.",
        "Sign the return",
    ),
    Version.Kind.SUPPLY: (
        "Change of product supply",
        "The same doses, made of other products, and the way on planned anew with them.",
        "Sign the other products",
    ),
    Version.Kind.BRIDGE: (
        "Bridging plan",
        "For who leaves early. The present dose goes on, without a cut, until somebody else prescribes.",
        "Sign the bridging plan",
    ),
}
DONE = {
    Version.Kind.RETURN: "The return is signed.",
    Version.Kind.SUPPLY: "The other products are signed.",
    Version.Kind.BRIDGE: "The bridging plan is signed. No step begins until it is resumed.",
}
PARTS = {Fraction(1): "whole only", Fraction(1, 2): "in halves", QUARTER: "in quarters"}
SPARE_DAYS = 3  # what the page opens with, ours


@login_required
@require_http_methods(["GET", "POST"])
def interrupt(request: HttpRequest, person: UUID, kind: str) -> HttpResponse:
    """What it changes, and its signature. “Show” looks again with other choices and signs nothing."""
    found = person_for(signed_in(request), person, action="taper.change")
    plan = queries.active(found)
    if plan is None:
        raise Http404("no taper runs for this person")
    newest = queries.newest_version(plan)
    looking = request.method != "POST" or "look" in request.POST
    form = _form(found, kind, request.POST if request.method == "POST" else _begin(found, newest, kind))
    if looking:
        form.fields["reason_code"].required = False
    if not looking and form.is_valid() and _sign(request, form, plan):
        messages.success(request, f"{DONE[Version.Kind(kind)]} {counts_from(plan)} Nothing given is altered.")
        return SeeOther(reverse("taper:plan", args=[found.public_id]))
    return _page(request, found, plan, newest, kind, form)


@login_required
@require_GET
def bridge_sheet(request: HttpRequest, person: UUID) -> HttpResponse:
    """The bridging plan to print and hand over: the doses, until when, with whom it goes on, and the supply."""
    found = person_for(signed_in(request), person, action="taper.read")
    plan = queries.active(found)
    newest = queries.newest_version(plan) if plan else None
    bridge = interruptions.bridge_of(newest) if newest else None
    if newest is None or bridge is None:
        raise Http404("no bridging plan stands for this person")
    context = {
        "person": found,
        "newest": newest,
        "bridge": bridge,
        "supply": shown.pieces(bridge.supply),
        "table": shown.step_table(bridge.plan, on_hold=True),
    }
    return pages.page(request, "taper/bridge_sheet.html", context, action="taper.read", person=found)


def _sign(request: HttpRequest, form: InterruptionForm, plan: Plan) -> bool:
    given = form.cleaned_data
    try:
        interruptions.interrupt(
            plan=plan,
            what=form.what(),
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


def _page(
    request: HttpRequest, person: Person, plan: Plan, newest: Version, kind: str, form: InterruptionForm
) -> HttpResponse:
    opened_empty = request.method != "POST" and kind == Version.Kind.BRIDGE  # nobody is named yet: no fault of theirs
    turn = None if opened_empty else _preview(plan, form)
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
        "form": form,
        "turn": turn,
        "fresh_proof": kept_proof(request) is not None,
        "live_note": f"{_missed(turn, person)}{note_of(turn)}" if turn else "",
        **_of_kind(person, kind, form),
    }
    if turn is not None:
        difference = turn.revision.difference
        bridges = kind == Version.Kind.BRIDGE
        if not bridges:
            form.ask_overrides(turn.findings, but=(AGREEMENT,))
        fixed = [] if bridges else [one.code for one in in_the_way(turn.findings) if not one.overridable]
        context |= {
            "digest": turn.digest,
            "rows": shown.difference_rows(difference),
            "table": shown.step_table(
                turn.revision.plan,
                now=running.step.number if running else None,
                on_hold=turn.revision.plan.on_hold,
                changed=[one.number for one in difference.steps],
            ),
            "supply": shown.pieces(turn.supply),
            "why_not": f"{', '.join(dict.fromkeys(fixed))} stands, and nobody signs past it." if fixed else "",
        }
    status = 422 if form.errors and request.method == "POST" else 200  # opened, it may say what is still to be named
    return pages.page(request, "taper/interrupt.html", context, action="taper.read", person=person, status=status)


def _preview(plan: Plan, form: InterruptionForm) -> Turn | None:
    """The change as it would be signed; what cannot be is said above the form, or beside its box."""
    if not form.is_valid() and set(form.errors) - {"reason_code", "pin", "words", "agreed", "__all__"}:
        return None
    try:
        return interruptions.preview(plan, form.what(), reason=form.reason(), begins=form.begins())
    except ServiceError as refused:
        if refused.message not in [said for errors in form.errors.values() for said in errors]:
            refuse(form, refused)
        return None


def _missed(turn: Turn, person: Person) -> str:
    """How many whole days lie between, of a return."""
    if turn.last_taken is None:
        return ""
    days = missed_days(turn.last_taken, clock.local(person.centre, turn.effective_at).date())
    within = "within" if days <= interruptions.rule_days(person) else "beyond"
    return f"{days or 'No'} whole {'day' if days == 1 else 'days'} missed, {within} the plan’s rule. "


def _of_kind(person: Person, kind: str, form: InterruptionForm) -> dict[str, Any]:
    if kind == Version.Kind.RETURN:
        return {"absence": ports.absence_of(person), "rule_days": interruptions.rule_days(person)}
    if kind == Version.Kind.SUPPLY:
        return {"chosen_products": listed(form.data, "products")}
    return {}


def _form(person: Person, kind: str, data: Mapping[str, Any]) -> InterruptionForm:
    if kind == Version.Kind.RETURN:
        return ReturnForm(data)
    if kind == Version.Kind.SUPPLY:
        return SupplyForm(data, stocked=[(one.key, _named(one)) for one in _for_what_is_taken(person)])
    return BridgeForm(data)


def _named(product: Product) -> str:
    """A product and how finely it may be given: "diazepam 5 mg tablet, in halves"."""
    if product.kind is Kind.LIQUID:
        return f"{product.name}, to {float(product.step):g} mL"
    return f"{product.name}, {PARTS[product.step]}"


def _for_what_is_taken(person: Person) -> list[Product]:
    """The stocked products of what is taken now and of what the plan still leads to."""
    plan = queries.active(person)
    running = queries.running([person]).get(person.pk)
    taken = set(running.daily) if running else set()
    if plan is not None:
        taken.add(chosen_of(queries.newest_signed(plan)).switch_to)
    return [one for one in products(person) if one.medicine in taken]


def _begin(person: Person, newest: Version, kind: str) -> dict[str, Any]:
    """What the form opens with: what the record knows, and the choices of the running version."""
    begin: dict[str, Any] = {"once": uuid4().hex, "seen": newest.number}
    if kind == Version.Kind.RETURN:
        last = ports.absence_of(person).last_full
        return begin | {"last_taken": last.isoformat() if last else ""}
    if kind == Version.Kind.SUPPLY:
        own = made_of(_for_what_is_taken(person), chosen_of(newest).products)
        return begin | {"products": [one.key for one in own]}
    return begin | {"spare_days": SPARE_DAYS, "prescriber": newest.prescriber}
