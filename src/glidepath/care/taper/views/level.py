"""The predicted level of one medicine in plasma with the band of people like this one, and what was measured."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.assessment import queries as assessment
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.monitoring.models import MeasuredLevel
from glidepath.care.taper import level_shown, measured
from glidepath.care.taper.doses_known import Known, NotHere, known_doses
from glidepath.care.taper.forms import refuse
from glidepath.care.taper.level_forms import BETWEEN, LevelCorrectionForm, LevelForm
from glidepath.care.taper.own_level import PEOPLE, OwnLevel, own_level
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.pharmacokinetics.from_facts import model_of
from glidepath.clinical.pharmacokinetics.model import NotModelled
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def level(request: HttpRequest, person: UUID) -> HttpResponse:
    """`?medicine=diazepam`: of which medicine; else of the first that can be drawn. A POST records a measured level."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="level.record" if request.method == "POST" else "taper.read")
    known, why_not = _known(found)
    standing = monitoring.measured_levels(found)
    medicines = _medicines(known, standing)
    if request.method == "POST":
        form = LevelForm(request.POST, medicines=_measurable(medicines), centre=found.centre)
        if form.is_valid() and _record(request, found, form):
            return _back(request, found, form)
    else:
        form = LevelForm(initial=_blank(), medicines=_measurable(medicines), centre=found.centre)
    name = _asked(request, known, medicines)
    return _page(request, found, known, why_not, standing, medicines, name, form)


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, person: UUID, level: UUID) -> HttpResponse:
    """A further entry in place of a wrong one, which stays readable."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="level.record")
    try:
        row = monitoring.measured_level_of(found, level)
    except MeasuredLevel.DoesNotExist:
        raise Http404("no such level here") from None
    known, _ = _known(found)
    medicines = _measurable(_medicines(known, [row]))
    if request.method == "GET":
        form = LevelCorrectionForm(initial=_typed(row), medicines=medicines, centre=found.centre)
        return _correction(request, found, row, form)
    form = LevelCorrectionForm(request.POST, medicines=medicines, centre=found.centre)
    if form.is_valid() and _correct(request, row, form):
        return _back(request, found, form)
    return _correction(request, found, row, form)


def _record(request: HttpRequest, person: Person, form: LevelForm) -> bool:
    given = form.cleaned_data
    try:
        measured.record(
            person=person,
            measured=form.measured(),
            drawn_at=form.drawn(),
            by=signed_in(request),
            once=given["once"],
            keep=given["keep"],
        )
    except ServiceError as refused:
        _refuse(form, refused)
        return False
    messages.success(request, "The level is recorded.")
    return True


def _correct(request: HttpRequest, row: MeasuredLevel, form: LevelCorrectionForm) -> bool:
    given, drawn = form.cleaned_data, form.drawn()
    same = drawn == row.happened_at.replace(second=0, microsecond=0)
    try:
        measured.correct(
            level=row,
            measured=None if given["take_back"] else form.measured(),
            drawn_at=None if same or given["take_back"] else drawn,
            reason=given["reason"],
            by=signed_in(request),
            once=given["once"],
            keep=given["keep"],
        )
    except ServiceError as refused:
        _refuse(form, refused)
        return False
    messages.success(request, "The level is corrected. The earlier entry stays to be read.")
    return True


def _refuse(form: LevelForm, refused: ServiceError) -> None:
    form.may_keep = form.may_keep or isinstance(refused, measured.Implausible)
    refused.field = {"happened_at": "drawn_at"}.get(refused.field, refused.field)
    refuse(form, refused)


def _back(request: HttpRequest, person: Person, form: LevelForm) -> HttpResponse:
    medicine = form.cleaned_data["substance"].split(BETWEEN)[0]
    return SeeOther(f"{reverse('taper:level', args=[person.public_id])}?{urlencode({'medicine': medicine})}")


def _known(person: Person) -> tuple[Known | None, str]:
    try:
        return known_doses(person), ""
    except NotHere as why_not:
        return None, why_not.message


def _medicines(known: Known | None, standing: list[MeasuredLevel]) -> list[str]:
    """Those taken, reported or measured, by name."""
    return sorted({*(known.histories if known else ()), *(row.medicine for row in standing)})


def _measurable(medicines: list[str]) -> list[str]:
    """Of whom nothing is known as taken, anything may have been measured."""
    return medicines or sorted(one.name for one in formulary().medicines.values())


def _asked(request: HttpRequest, known: Known | None, medicines: list[str]) -> str:
    """The medicine asked for; else the one that is taken now and can be drawn; else the first."""
    asked = request.GET.get("medicine", "")
    if asked in medicines:
        return asked
    taken = {one.dose.medicine for one in known.ahead} if known else set()
    first = sorted(medicines, key=lambda name: (name not in taken, not _can_be_drawn(name), name))
    return first[0] if first else ""


def _can_be_drawn(name: str) -> bool:
    return not isinstance(model_of(formulary().find(name)), NotModelled)


def _page(
    request: HttpRequest,
    person: Person,
    known: Known | None,
    why_not: str,
    standing: list[MeasuredLevel],
    medicines: list[str],
    name: str,
    form: LevelForm,
) -> HttpResponse:
    of_it = [row for row in standing if row.medicine == name]
    if known is not None and name in known.histories:
        known = known.drawn_for(name)
    found, why_not = _level(person, known, name, of_it, why_not)
    context: dict[str, Any] = {
        "person": person,
        "read": {"episode": known.episode, "running": known.running} if known else {},
        "name": name,
        "medicines": medicines,
        "why_not": why_not,
        "found": found,
        "drawn": level_shown.drawn(known, found, of_it) if known and found else None,
        "measured": level_shown.measured_rows(of_it, known, found),
        "people": PEOPLE,
        "form": form,
        "may_record": may(signed_in(request), "level.record"),
    }
    status = 422 if form.errors else 200
    return pages.page(request, "taper/level.html", context, action="level.read", person=person, status=status)


def _level(
    person: Person, known: Known | None, name: str, of_it: list[MeasuredLevel], why_not: str
) -> tuple[OwnLevel | None, str]:
    """The level, or why none is drawn."""
    if known is None:
        return None, why_not
    if name not in known.histories:
        return None, f"No dose{f' of {name}' if name else ''} with a known time is recorded or reported."
    try:
        facts = assessment.facts(person, assessment.stands(person, known.episode))
        return own_level(known, name, of_it, facts), ""
    except NotModelled as unsure:
        return None, f"{unsure.reason[0].upper()}{unsure.reason[1:]} {unsure.do}"


def _correction(request: HttpRequest, person: Person, row: MeasuredLevel, form: LevelCorrectionForm) -> HttpResponse:
    context: dict[str, Any] = {
        "person": person,
        "row": row,
        "value": level_shown.value_as_written(row),
        "newer": monitoring.correction_of(row),
        "form": form,
    }
    status = 422 if form.errors else 200
    return pages.page(request, "taper/level_correct.html", context, action="level.read", person=person, status=status)


def _blank() -> dict[str, Any]:
    return {"once": uuid4().hex, "unit": "ng/mL"}


def _typed(row: MeasuredLevel) -> dict[str, Any]:
    """The old entry as the form shows it."""
    return _blank() | {
        "substance": f"{row.medicine}{BETWEEN}{row.species}",
        "value": level_shown.value_as_written(row),
        "unit": row.unit,
        "drawn_at": clock.local(row.person.centre, row.happened_at),
        "laboratory": row.laboratory,
        "words": row.words,
    }
