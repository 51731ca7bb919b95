"""What is done to an account beside its data: closed, opened again, a first password, the right to prescribe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from glidepath.record.desk.account_forms import FirstPasswordForm, SignedForm
from glidepath.record.desk.views.accounts import account_at, keeper, page
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.staff import services
from glidepath.record.staff.models import Staff
from glidepath.record.staff.signing import Proof, proof_for


@dataclass(frozen=True, slots=True)
class Act:
    """One signed act: how its page reads, what it asks, what it does, what is said after it."""

    title: str
    words: str
    button: str
    done: str
    do: Callable[[Staff, forms.Form, Staff, Proof], object]
    form: type[forms.Form] = SignedForm
    danger: bool = False


def _close(one: Staff, _form: forms.Form, by: Staff, proof: Proof) -> None:
    services.close_account(staff=one, by=by, proof=proof)


def _reopen(one: Staff, form: forms.Form, by: Staff, proof: Proof) -> None:
    services.reopen_account(staff=one, password=form.cleaned_data["password"], by=by, proof=proof)


def _first_password(one: Staff, form: forms.Form, by: Staff, proof: Proof) -> None:
    services.give_first_password(staff=one, password=form.cleaned_data["password"], by=by, proof=proof)


def _grant(one: Staff, _form: forms.Form, by: Staff, proof: Proof) -> None:
    services.grant_prescribing(staff=one, granted=True, by=by, proof=proof)


def _take(one: Staff, _form: forms.Form, by: Staff, proof: Proof) -> None:
    services.grant_prescribing(staff=one, granted=False, by=by, proof=proof)


def _name(one: Staff, _form: forms.Form, by: Staff, proof: Proof) -> None:
    services.name_addiction_physician(staff=one, granted=True, by=by, proof=proof)


def _unname(one: Staff, _form: forms.Form, by: Staff, proof: Proof) -> None:
    services.name_addiction_physician(staff=one, granted=False, by=by, proof=proof)


ACTS: dict[str, Act] = {
    "close": Act(
        "Close the account of {name}",
        "They can no longer sign in; shifts and open sessions end at once. What they wrote keeps their name.",
        "Close this account", "The account of {name} is closed.", _close, danger=True,
    ),
    "reopen": Act(
        "Open the account of {name} again",
        "Role and units are as they were. The rights given by name are given anew.",
        "Open this account again", "{name} can sign in again with the first password, for 3 days.", _reopen,
        FirstPasswordForm,
    ),
    "first-password": Act(
        "A new first password for {name}",
        "For somebody who forgot theirs. Their open sessions end; they choose their own when they next sign in.",
        "Set this first password", "{name} can sign in with the first password, for 3 days.", _first_password,
        FirstPasswordForm,
    ),
    "give-prescribing": Act(
        "Give {name} the right to prescribe",
        "They may then sign orders and tapers, release steps and close discharges. Check their registration first.",
        "Give the right to prescribe", "{name} may prescribe.", _grant,
    ),
    "take-prescribing": Act(
        "Take the right to prescribe from {name}",
        "They sign no more orders, tapers or discharges from now on. What they signed stays in force.",
        "Take the right to prescribe", "{name} no longer prescribes.", _take, danger=True,
    ),
    "name-addiction-physician": Act(
        "Name {name} an addiction physician",
        "A rapid inpatient protocol needs the signature of one beside another. Check their registration first.",
        "Name an addiction physician", "{name} is named an addiction physician.", _name,
    ),
    "take-addiction-physician": Act(
        "Take the name of addiction physician from {name}",
        "No rapid protocol rests on their signature from now on. What they signed stays in force.",
        "Take the name back", "{name} is no longer named an addiction physician.", _unname, danger=True,
    ),
}  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, account: UUID, what: str) -> HttpResponse:
    viewer, centre = keeper(request)
    found, doing = account_at(centre, account), ACTS.get(what)
    if doing is None:
        raise Http404("nothing of that name is done to an account")
    form = doing.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            doing.do(found, form, viewer, proof_for(request, form.cleaned_data["pin"]))
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, doing.done.format(name=found.name))
            return redirect("accounts:account", account=found.public_id)
    context = {
        "account": found,
        "form": form,
        "act": doing,
        "title": doing.title.format(name=found.name),
    }
    return page(request, "desk/account_act.html", context, form)


@login_required
@require_POST
def unlock(request: HttpRequest, account: UUID) -> HttpResponse:
    viewer, centre = keeper(request)
    found = account_at(centre, account)
    services.forget_wrong_pins(staff=found, by=viewer)
    messages.success(request, f"{found.name} can try the PIN again now.")
    return redirect("accounts:account", account=found.public_id)
