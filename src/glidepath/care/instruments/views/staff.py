"""A person's forms, for staff: what is open, what was filled in, one to fill in, its result."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from glidepath.care.instruments import queries, services
from glidepath.care.instruments.beside import newest_at_bedside
from glidepath.care.instruments.catalogue import IN_A_BED, instrument_of, offered
from glidepath.care.instruments.exchange import fhir_answer, response_of
from glidepath.care.instruments.forms import AsideForm, AskForm, LinkForm, OpenForm
from glidepath.care.instruments.models import Form, GivenAnswer, Way
from glidepath.care.instruments.shown import name_of, waiting_row
from glidepath.care.instruments.views.doors import FILLED_BY, Door, Errors, context_of, take_one, take_page
from glidepath.care.instruments.waiting import window_of
from glidepath.clinical.facts.instruments import Instrument
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import bed_of, person_for
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in


def reader_of(request: HttpRequest, person: UUID) -> Person:
    """The person whose forms this viewer may read; who only asks at the first call may come in too, and reads none."""
    viewer = signed_in(request)
    return person_for(viewer, person, action="form.read" if may(viewer, "form.read") else "form.fill")


@login_required
@require_http_methods(["GET", "POST"])
def forms(request: HttpRequest, person: UUID) -> HttpResponse:
    """What is open, what was filled in, and a form to begin one."""
    viewer, found = signed_in(request), reader_of(request, person)
    choices = list(offered(found.centre).values())
    in_bed = bed_of(found) is not None
    if request.method == "GET":
        if in_bed:
            choices = [one for one in choices if one.instrument.key not in IN_A_BED]
        begin = {"once": uuid4().hex, "instrument": request.GET.get("instrument", ""), "sex": queries.known_sex(found)}
        return _list(request, found, OpenForm(initial=begin, offered=choices), in_bed=in_bed)
    person_for(viewer, person, action="form.fill")
    form = OpenForm(request.POST, offered=choices)
    if form.is_valid():
        try:
            opened = services.open_form(
                person=found, instrument=form.cleaned_data["instrument"], filled_by=form.filler(), by=viewer,
                once=form.cleaned_data["once"], sex=form.cleaned_data["sex"], own_limits=form.own_limits() or None,
                due=window_of(found, form.cleaned_data["instrument"]),
            )  # fmt: skip
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return redirect("instruments:form", person=found.public_id, form=opened.public_id)
    return _list(request, found, form, in_bed=in_bed)


@login_required
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, person: UUID, form: UUID) -> HttpResponse:
    """The form as it stands, to go on with; sent as a whole by its button."""
    door = _door(request, person, form)
    if request.method == "GET":
        if _ended(door.form):
            return redirect(door.done_at)
        return _page(request, door)
    answer, errors, refused = take_page(request, door)
    return answer or _page(request, door, errors=errors, refused=refused)


@login_required
@require_POST
def answer(request: HttpRequest, person: UUID, form: UUID) -> HttpResponse:
    """One answer as it was tapped."""
    return take_one(request, _door(request, person, form))


@login_required
@require_GET
def result(request: HttpRequest, person: UUID, form: UUID) -> HttpResponse:
    """What a finished form says, with every answer; printed on one page."""
    found = person_for(signed_in(request), person, action="form.read")
    row = queries.form_for(found, form)
    done, aside = queries.result_of(row), queries.set_aside_of(row)
    if done is None and aside is None:
        return redirect("instruments:form", person=found.public_id, form=row.public_id)
    return _result(request, row, AsideForm(initial={"once": uuid4().hex}))


@login_required
@require_GET
def result_as_fhir(request: HttpRequest, person: UUID, form: UUID) -> HttpResponse:
    """The answers that a finished form's score counts, as a FHIR R4 QuestionnaireResponse."""
    found = person_for(signed_in(request), person, action="form.read")
    row = queries.form_for(found, form)
    resource = response_of(row)
    if resource is None:
        raise Http404("this form is still open")
    pages.note_read(request, action="form.exported", person=found)
    return fhir_answer(resource, f"{row.instrument}-{row.public_id}.json")


@login_required
@require_POST
def aside(request: HttpRequest, person: UUID, form: UUID) -> HttpResponse:
    """A form that was opened by mistake, or is about somebody else, counts nowhere from now on."""
    found = person_for(signed_in(request), person, action="form.fill")
    row = queries.form_for(found, form)
    typed = AsideForm(request.POST)
    if typed.is_valid():
        try:
            services.set_aside(
                form=row, reason=typed.cleaned_data["reason"], by=signed_in(request), once=typed.cleaned_data["once"]
            )
        except ServiceError as refused:
            put_on(typed, refused)
        else:
            messages.success(request, f"{instrument_of(row).name} is set aside. It counts nowhere.")
            return redirect("instruments:forms", person=found.public_id)
    if queries.closing_of(row) is None:
        return _page(request, _door(request, person, form), aside=typed)
    return _result(request, row, typed)


@login_required
@require_POST
def reviewed(request: HttpRequest, person: UUID, form: UUID) -> HttpResponse:
    """The viewer has read the result."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="form.review")
    row = queries.form_for(found, form)
    services.review_form(form=row, by=viewer, once=request.POST.get("once", "")[:64])
    return redirect("instruments:result", person=found.public_id, form=row.public_id)


def _door(request: HttpRequest, person: UUID, form: UUID) -> Door:
    viewer = signed_in(request)
    row = queries.form_for(person_for(viewer, person, action="form.fill"), form)
    args = [row.person.public_id, row.public_id]
    after = "instruments:result" if may(viewer, "form.read") else "instruments:forms"
    return Door(
        row, Way.STAFF, viewer, "person_base.html", reverse("instruments:answer", args=args),
        reverse(after, args=args if may(viewer, "form.read") else args[:1]),
    )  # fmt: skip


def _ended(row: Form) -> bool:
    return queries.closing_of(row) is not None or queries.set_aside_of(row) is not None


def _page(
    request: HttpRequest, door: Door, *, errors: Errors | None = None, refused: str = "", aside: AsideForm | None = None
) -> HttpResponse:
    context = {
        **context_of(door, errors=errors, refused=refused),
        "tab": "forms",
        "aside": aside or AsideForm(initial={"once": uuid4().hex}),
        "link_form": LinkForm(centre=door.form.centre),
        "link": queries.links_of([door.form]).get(door.form.pk),
    }
    status = 422 if errors or refused or (aside is not None and aside.errors) else 200
    return pages.page(
        request, "instruments/fill.html", context, action="form.read", person=door.form.person, status=status
    )


def _list(request: HttpRequest, found: Person, form: OpenForm, *, in_bed: bool) -> HttpResponse:
    viewer = signed_in(request)
    reads = may(viewer, "form.read")
    opened = queries.open_forms(found)
    history = queries.history(found) if reads else []
    links = queries.links_of(opened)
    context: dict[str, Any] = {
        "person": found,
        "tab": "forms",
        "form": form,
        "opened": [{"form": row, "name": instrument_of(row).name, "link": links.get(row.pk)} for row in opened],
        "results": [{"result": one, "name": instrument_of(one.form).name} for one in history],
        "reads": reads,
        "fills": may(viewer, "form.fill"),
        "row": waiting_row(found),
        "bedside": [(name_of(key), one) for key, one in newest_at_bedside(found).items()],
        "in_bed": in_bed,
        "may_ask": may(viewer, "form.ask_for"),
        "ask_form": AskForm(initial={"once": uuid4().hex}, offered=offered(found.centre).values()),
        "asked_for": [(key, name_of(key)) for key in sorted(queries.asked_for([found]).get(found.pk, ()))],
    }
    return pages.page(
        request, "instruments/list.html", context, action="form.read", person=found, status=422 if form.errors else 200
    )


def _result(request: HttpRequest, row: Form, aside: AsideForm) -> HttpResponse:
    done = queries.result_of(row)
    if done is None and queries.set_aside_of(row) is None:
        raise Http404("this form is still open")
    instrument = instrument_of(row)
    given = queries.given_to(row)
    last = done.closing.last_number if done else len(given)
    counted = [one for one in given if one.number <= last]
    context = {
        "person": row.person,
        "tab": "forms",
        "form": row,
        "instrument": instrument,
        "result": done,
        "set_aside": queries.set_aside_of(row),
        "rows": _rows(instrument, counted),
        "subscales": _subscales(instrument, done),
        "late": given[last:],
        "raised": queries.raised_in(row),
        "filled_by": FILLED_BY[row.filled_by],
        "aside": aside,
        "fills": may(signed_in(request), "form.fill"),
        "opens_alarms": may(signed_in(request), "alarm.acknowledge"),
        "to_review": _to_review(signed_in(request), done),
    }
    return pages.page(
        request, "instruments/result.html", context, action="form.read", person=row.person,
        status=422 if aside.errors else 200,
    )  # fmt: skip


def _to_review(viewer: Staff, done: queries.Result | None) -> bool:
    """Whether the viewer may say that they read it, and has not yet."""
    if done is None or queries.set_aside_of(done.form) is not None:
        return False
    return may(viewer, "form.review") and all(one.recorded_by_id != viewer.pk for one in done.reviews)


def _rows(instrument: Instrument, given: list[GivenAnswer]) -> list[dict[str, Any]]:
    """Each item with its answers, the oldest first: what was corrected stays readable."""
    by_item: dict[str, list[dict[str, str]]] = {}
    anchors = {item.key: item.anchors for item in instrument.items}
    for row in given:
        text = row.answer or "taken back"
        words = anchors.get(row.item, {}).get(int(text), "") if text.isdigit() else ""
        by_item.setdefault(row.item, []).append({"text": text, "words": words})
    items = [
        {"number": item.number, "words": item.shown, "given": by_item.get(item.key, [])} for item in instrument.items
    ]
    if instrument.gate is not None:
        items.insert(0, {"number": "", "words": instrument.gate.question, "given": by_item.get("", [])})
    return items


def _subscales(instrument: Instrument, done: queries.Result | None) -> list[tuple[str, int]]:
    found = (done.score.subscales or {}) if done else {}
    return [(one.label, found[one.key]) for one in instrument.subscales if one.key in found]
