"""A link to one form: made and withdrawn by staff; opened by a birth date, by whoever it was sent to."""

from __future__ import annotations

from uuid import UUID

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from glidepath.care.instruments import queries, services
from glidepath.care.instruments.forms import BirthDateForm, LinkForm
from glidepath.care.instruments.models import Form, FormLink, Way
from glidepath.care.instruments.views.doors import Door, Errors, context_of, take_one, take_page
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.staff.signing import signed_in

OPENED = "form_link"  # in the session: the link whose birth date was given, and when
OPEN_SECONDS = 2 * 60 * 60  # ours: then the birth date is asked again


@login_required
@require_POST
def make(request: HttpRequest, person: UUID, form: UUID) -> HttpResponse:
    """A link, shown once."""
    row = _row(request, person, form)
    typed = LinkForm(request.POST, centre=row.centre)
    context: dict[str, object] = {"person": row.person, "tab": "forms", "row": row, "form": typed}
    if typed.is_valid():
        try:
            link, token = services.make_link(form=row, ends_at=typed.ends_at(), by=signed_in(request))
        except ServiceError as refused:
            refused.field = "last_day" if refused.field == "ends_at" else refused.field
            put_on(typed, refused)
        else:
            context |= {"link": link, "address": request.build_absolute_uri(reverse("instruments:door", args=[token]))}
    status = 422 if typed.errors else 200
    return pages.page(request, "instruments/link.html", context, action="form.read", person=row.person, status=status)


@login_required
@require_POST
def withdraw(request: HttpRequest, person: UUID, form: UUID) -> HttpResponse:
    row = _row(request, person, form)
    link = queries.links_of([row]).get(row.pk)
    if link is None:
        raise Http404("this form has no link")
    services.withdraw_link(link=link, by=signed_in(request))
    messages.success(request, "The link opens nothing any more.")
    return redirect("instruments:form", person=row.person.public_id, form=row.public_id)


@rate_limit(action="form_link")
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponse:
    """Asks for the birth date, whether there is such a link or not."""
    typed = BirthDateForm(request.POST or None)
    if request.method == "POST" and typed.is_valid():
        try:
            link = services.open_by_link(token=token, birth_date=typed.cleaned_data["birth_date"])
        except ServiceError as refused:
            put_on(typed, refused)
        else:
            request.session.cycle_key()  # nobody who knew the session before is inside with them
            request.session[OPENED] = {"link": link.pk, "at": int(clock.now().timestamp())}
            return redirect("instruments:by_link", token=token)
    return _plain(request, "instruments/door.html", {"form": typed}, 422 if typed.errors else 200)


@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, token: str) -> HttpResponse:
    """The form itself."""
    link = _opened(request, token)
    if link is None:
        return redirect("instruments:door", token=token)
    way = _door(link, token)
    if queries.closing_of(way.form) is not None:
        return redirect(way.done_at)
    if request.method == "GET":
        return _page(request, way)
    answered, errors, refused = take_page(request, way)
    return answered or _page(request, way, errors=errors, refused=refused)


@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    link = _opened(request, token)
    if link is None:
        return redirect("instruments:door", token=token)
    return take_one(request, _door(link, token))


@require_GET
def done(request: HttpRequest, token: str) -> HttpResponse:
    """It is finished: and whom to call, where an answer called for somebody."""
    link = _opened(request, token)
    if link is None:
        return redirect("instruments:door", token=token)
    row = queries.form_of(link.form_id)
    context: dict[str, object] = {"person": row.person, "raised": queries.raised_in(row), "form": row}
    return _plain(request, "instruments/link_done.html", context, 200)


def _row(request: HttpRequest, person: UUID, form: UUID) -> Form:
    return queries.form_for(person_for(signed_in(request), person, action="form.fill"), form)


def _opened(request: HttpRequest, token: str) -> FormLink | None:
    """The link, where its birth date was given in this session not long ago, and it is open still."""
    kept = request.session.get(OPENED)
    if not kept or clock.now().timestamp() - kept["at"] > OPEN_SECONDS:
        return None
    return services.link_at(token, kept["link"])


def _door(link: FormLink, token: str) -> Door:
    return Door(
        queries.form_of(link.form_id), Way.LINK, None, "instruments/plain_base.html",
        reverse("instruments:link_answer", args=[token]), reverse("instruments:link_done", args=[token]),
    )  # fmt: skip


def _page(request: HttpRequest, way: Door, *, errors: Errors | None = None, refused: str = "") -> HttpResponse:
    context = context_of(way, errors=errors, refused=refused)
    return _plain(request, "instruments/fill.html", context, 422 if errors or refused else 200)


def _plain(request: HttpRequest, template: str, context: dict[str, object], status: int) -> HttpResponse:
    """A page for whoever holds a link: kept nowhere, found by no search engine.

    No other site is told its address (the referrer policy of the whole product). That the person read it stands in the
    chain as the opening of the link.
    """
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
