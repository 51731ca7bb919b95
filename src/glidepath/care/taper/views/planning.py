"""The taper's page: before a plan, a draft with everything there is to say about it; after, the plan that runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.assessment import queries as assessment
from glidepath.care.assessment.models import BenzodiazepineUse
from glidepath.care.taper import planning, predicted, protocols, queries, said, services, shown
from glidepath.care.taper.forms import AGREEMENT, DraftForm, SignForm, refuse, refuse_stop
from glidepath.care.taper.proposals import settings_here
from glidepath.care.taper.requests import products
from glidepath.care.taper.rows import digest
from glidepath.care.taper.views.living import living_page
from glidepath.clinical.dosing.plan import Setting, Shape
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.facts.medicines import Acting
from glidepath.clinical.findings import in_the_way
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import InBed, bed_of, person_for
from glidepath.record.errors import BadInput, HardStop, ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import kept_proof, proof_for, second_proof_for, signed_in


@login_required
@require_GET
def plan(request: HttpRequest, person: UUID) -> HttpResponse:
    """The running taper; without one the draft, with a live preview of what would be signed."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="taper.read")
    running = queries.active(found)
    if running is not None:
        return living_page(request, found, running)
    if not may(viewer, "taper.plan"):
        return pages.page(request, "taper/none.html", {"person": found}, action="taper.read", person=found)
    told, place = assessment.uses(found), bed_of(found)
    form = _draft_form(found, _asked(request.GET, found, told, place), place)
    return _draft_page(request, found, form, _sign_form(), told, {"running": None})


@login_required
@require_POST
def sign(request: HttpRequest, person: UUID) -> HttpResponse:
    """Signs what the draft's page showed. On any refusal the page comes back with everything that was typed."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="taper.sign")
    draft_form, form = _draft_form(found, request.POST, bed_of(found)), SignForm(request.POST)
    if draft_form.is_valid() and form.is_valid() and _sign(request, found, draft_form, form):
        messages.success(request, "The plan is signed. Step 1 is the present dose; each cut waits for its release.")
        return SeeOther(reverse("taper:plan", args=[found.public_id]))
    return _draft_page(request, found, draft_form, form, assessment.uses(found), {})


def _sign(request: HttpRequest, person: Person, draft_form: DraftForm, form: SignForm) -> bool:
    given = form.cleaned_data
    draft = draft_form.draft(agreed=given["agreed"], reason=given["acknowledged"])
    try:
        if queries.active(person) is None and given["shown"] != _digest(planning.propose(person, draft)):
            raise BadInput("The plan changed since this page showed it. Look at it below, then sign it.")
        services.sign_plan(
            person=person,
            draft=draft,
            by=signed_in(request),
            proof=proof_for(request, given["pin"]),
            overrides=form.overrides(),
            acknowledged=given["acknowledged"],
            second=second_proof_for(request, given["second_user"], given["second_pin"]),
            once=given["once"],
        )
    except HardStop as stop:
        refuse_stop(form, stop)
        return False
    except ServiceError as refused:
        refuse(form, refused)
        return False
    return True


def _draft_page(
    request: HttpRequest,
    person: Person,
    form: DraftForm,
    sign_form: SignForm,
    told: Sequence[BenzodiazepineUse],
    read: dict[str, Any],
) -> HttpResponse:
    """read: what the banner need not read again."""
    proposal, paces = _preview(person, form, sign_form)
    context: dict[str, Any] = {
        "person": person,
        "read": read,
        "form": form,
        "sign": sign_form,
        "proposal": proposal,
        "uses": told,
    }
    if form.errors:
        context["live_note"] = "No plan: see what is to be mended."
    if proposal is not None:
        chosen, summary, before = proposal.draft.chosen, said.summary(proposal), request.GET.get("was", "")
        sign_form.ask_overrides(proposal.findings, but=(AGREEMENT,))
        context |= {
            "table": shown.step_table(proposal.plan, history=proposal.request.history),
            "supply": shown.pieces(proposal.supply),
            "tables": shown.equivalences(
                proposal.plan.steps[0].daily(), named=form.cleaned_data["table"], used=proposal.plan.table
            ),
            "paces": shown.paces_shown(paces, cut=chosen.cut, interval_days=chosen.interval_days),
            "curve": predicted.curve(
                proposal.plan, table=chosen.table, today=clock.today(person.centre), drawn=chosen.milestones
            ),
            "ways_on": shown.ways_on(proposal.ways_on, {one.medicine for one in proposal.request.products}),
            "summary": summary,
            "live_note": said.note(summary, before),
            "live_same": summary == before,
            "digest": _digest(proposal),
            "why_not": _why_not(proposal),
            "fresh_proof": kept_proof(request) is not None,
            "kept": [(name, form.data.get(name, "")) for name in form.fields],
        }
    status = 422 if form.errors or sign_form.errors else 200
    answer = pages.page(request, "taper/draft.html", context, action="taper.read", person=person, status=status)
    return _addressed(request, person, form, answer)


def _addressed(request: HttpRequest, person: Person, form: DraftForm, answer: HttpResponse) -> HttpResponse:
    """A preview that draws itself again keeps the address that shows it: the draft's own fields and no other."""
    if request.headers.get("HX-Request") and form.is_bound:
        asked = {name: form.data[name] for name in form.fields if form.data.get(name)}
        answer["HX-Replace-Url"] = f"{reverse('taper:plan', args=[person.public_id])}?{urlencode(asked)}"
    return answer


def _preview(
    person: Person, form: DraftForm, sign_form: SignForm
) -> tuple[planning.Proposal | None, tuple[tuple[str, planning.Proposal], ...]]:
    """The plan of what is typed, and the three paces; what cannot be is said beside its box."""
    if not form.is_bound or not form.is_valid():
        return None, ()
    typed = sign_form.data if sign_form.is_bound else {}
    draft = form.draft(agreed=typed.get("agreed", ""), reason=typed.get("acknowledged", ""))
    try:
        proposal = planning.propose(person, draft)
    except ServiceError as refused:
        refuse(form, refused)
        return None, ()
    asked = draft.chosen
    if asked.shape in (Shape.TYPED, Shape.DRAWN) or asked.protocol:
        return proposal, ()  # its pace is typed or drawn, or the protocol's own
    return proposal, planning.paces(person, proposal)


def _why_not(proposal: planning.Proposal) -> str:
    if proposal.plan.blocked is not None:
        return f"It does not reach its goal ({proposal.plan.blocked.code}): see what binds it above."
    signed = protocols.BY_SIGNATURES if proposal.awaits_signatures else ()
    fixed = [one.code for one in in_the_way(proposal.findings) if not one.overridable and one.code not in signed]
    return f"{', '.join(dict.fromkeys(fixed))} stands, and nobody signs past it." if fixed else ""


def _draft_form(person: Person, data: QueryDict | dict[str, Any], place: InBed | None) -> DraftForm:
    tables = [("", "none named"), *((table.key, table.name) for table in formulary().usable_tables())]
    known = formulary().medicines
    stocked = {product.medicine for product in products(person)}
    long = sorted(name for name in stocked if name in known and known[name].acting is Acting.LONG)
    usable = protocols.switched_on(person.centre) if protocols.is_inpatient_at(place) else ()
    return DraftForm(
        data or None,
        tables=tables,
        switches=[("", "no switch"), *((name, name) for name in long)],
        protocols=[(one.key, one.described) for one in usable],
    )


def _sign_form() -> SignForm:
    return SignForm(initial={"once": uuid4().hex})


def _asked(
    sent: QueryDict, person: Person, uses: Sequence[BenzodiazepineUse], place: InBed | None
) -> QueryDict | dict[str, Any]:
    """What the draft begins with: what was sent, and for the rest the record and the centre's own settings."""
    settings = settings_here(person)
    told = " + ".join(use.regimen for use in uses if use.regimen)
    begin: dict[str, Any] = {
        "regimen": sent.get("regimen", told),
        "start": clock.today(person.centre).isoformat(),
        "shape": Shape.PROPORTIONAL.value,
        "cut": str(settings.usual_cut_percent),
        "interval_days": str(settings.interval_days),
        "table": settings.default_table,
        "setting": place.bed.room.unit.setting if place else Setting.OUTPATIENT.value,
    }
    data = begin | {name: value for name, value in sent.items() if name in DraftForm.base_fields}
    data |= _pace(sent, person)
    return data if data["regimen"] or "shape" in sent else {}


def _pace(sent: QueryDict, person: Person) -> dict[str, str]:
    """The pace that was just chosen, where it is another than the page showed: it fills cut and interval."""
    named = sent.get("pace", "")
    if not named or named == sent.get("pace_was", ""):
        return {}
    settings = settings_here(person)
    for key, share, longer in planning.PACES:
        if key == named:
            return {
                "cut": f"{float(settings.usual_cut_percent * share):g}",
                "interval_days": str(int(settings.interval_days * longer)),
            }
    return {}


def _digest(proposal: planning.Proposal) -> str:
    return digest(proposal.plan, proposal.draft.chosen)
