"""What a person brought along."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.supply import amounts, queries, services
from glidepath.care.supply.models import OwnBag
from glidepath.care.supply.own_medicines import Brought
from glidepath.care.supply.register_forms import BagForm, DestroyBagForm, LetGoForm
from glidepath.care.supply.views.shared import done, page
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import BadInput, ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import proof_for, second_proof_for, signed_in


@login_required
@require_http_methods(["GET", "POST"])
def bags(request: HttpRequest, person: UUID) -> HttpResponse:
    """The bags of this person; another is counted by two and sealed."""
    viewer = signed_in(request)
    is_post = request.method == "POST"
    who = person_for(viewer, person, action="own_medicines.keep" if is_post else "own_medicines.read")
    form = BagForm(request.POST or None)
    if is_post and form.is_valid():
        given = form.cleaned_data
        try:
            services.take_in(
                person=who, items=_brought(form), seal=given["seal"], kept_where=given["kept_where"], by=viewer,
                second=second_proof_for(request, given["second_user"], given["second_pin"]), once=given["once"],
            )  # fmt: skip
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return done(request, "The bag is sealed and kept apart.", _address(who))
    context = {
        "person": who,
        "bags": [(bag, _items(bag)) for bag in queries.own_bags(who)],
        "may_keep": may(viewer, "own_medicines.keep"),
    }
    return page(request, "supply/own.html", context, form=form, action="own.read", person=who)


@login_required
@require_http_methods(["GET", "POST"])
def bag(request: HttpRequest, person: UUID, bag: UUID) -> HttpResponse:
    """One bag goes: back to the person, or given up; one that was given up is destroyed."""
    viewer = signed_in(request)
    who = person_for(viewer, person, action="own_medicines.keep")
    row = next((one for one in queries.own_bags(who) if one.public_id == bag), None)
    if row is None:
        raise Http404("no such bag here")
    form = DestroyBagForm(request.POST or None) if hasattr(row, "left") else LetGoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _act(request, row, form)
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return done(request, "It is recorded.", _address(who))
    left = hasattr(row, "left")
    context = {"person": who, "bag": row, "items": _items(row), "left": left, "is_over": _is_over(row)}
    return page(request, "supply/bag.html", context, form=form, action="own.read", person=who)


def _act(request: HttpRequest, bag: OwnBag, form: DestroyBagForm | LetGoForm) -> None:
    if isinstance(form, DestroyBagForm):
        _destroy(request, bag, form)
    else:
        _let_go(request, bag, form)


def _let_go(request: HttpRequest, bag: OwnBag, form: LetGoForm) -> None:
    given = form.cleaned_data
    services.let_bag_go(
        bag=bag, how=given["how"], seal_whole=given["seal_whole"] == "yes", words=given["words"],
        by=signed_in(request), second=second_proof_for(request, given["second_user"], given["second_pin"]),
        once=given["once"],
    )  # fmt: skip


def _destroy(request: HttpRequest, bag: OwnBag, form: DestroyBagForm) -> None:
    given = form.cleaned_data
    services.destroy_bag(
        bag=bag, certificate=given["certificate"], by=signed_in(request), proof=proof_for(request, given["pin"]),
        second=second_proof_for(request, given["second_user"], given["second_pin"]), once=given["once"],
    )  # fmt: skip


def _is_over(bag: OwnBag) -> bool:
    return hasattr(bag, "destroyed") or (hasattr(bag, "left") and bag.left.how == "returned")


def _brought(form: BagForm) -> list[Brought]:
    """The lines that were filled in. Raises BadInput (the line's field) where one half is missing."""
    found = []
    for number in form.LINES:
        name = form.cleaned_data[f"name_{number}"].strip()
        size = form.cleaned_data[f"size_{number}"].strip()
        is_liquid = form.cleaned_data[f"liquid_{number}"]
        if not name and not size:
            continue
        if not name:
            raise BadInput("Write which medicine was counted.", field=f"name_{number}")
        if not size:
            raise BadInput("Not counted. An empty pack is 0.", field=f"size_{number}")
        found.append(Brought(name, amounts.read(size, is_liquid=is_liquid, field=f"size_{number}"), is_liquid))
    return found


def _items(bag: OwnBag) -> list[tuple[str, str]]:
    return [(one.name, amounts.words_of(one.quantity, is_liquid=one.is_liquid)) for one in bag.items.all()]


def _address(person: Person) -> str:
    return reverse("supply:own", args=[person.public_id])
