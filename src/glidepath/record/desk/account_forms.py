"""The forms by which an administrator keeps the accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms

from glidepath.record.forms import OnceForm, SeenForm
from glidepath.record.staff.models import Role, Staff

if TYPE_CHECKING:
    from glidepath.record.centres.models import Unit

_FIRST = "At least 12 characters. Say it to them in private; they exchange it for their own when they first sign in."


class _OnUnits(forms.Form):
    name = forms.CharField(label="Name", max_length=120, help_text="As colleagues read it: Dr Ines Ferreira.")
    role = forms.ChoiceField(label="Role", choices=[("", "choose"), *Role.choices])
    units = forms.MultipleChoiceField(
        label="Units they may sign on for", required=False, widget=forms.CheckboxSelectMultiple
    )
    pin = forms.CharField(required=False, widget=forms.PasswordInput)

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by_id = {str(unit.public_id): unit for unit in units}
        self.fields["units"].choices = [(key, unit.name) for key, unit in self._by_id.items()]  # type: ignore[attr-defined]

    def chosen_units(self) -> list[Unit]:
        return [self._by_id[key] for key in self.cleaned_data["units"]]


class FirstPasswordForm(forms.Form):
    """Typed by the administrator, never shown again."""

    password = forms.CharField(
        label="First password", help_text=_FIRST, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    pin = forms.CharField(required=False, widget=forms.PasswordInput)


class NewAccountForm(_OnUnits, FirstPasswordForm, OnceForm):
    username = forms.CharField(
        label="User name", max_length=150, help_text="The name on the badge; they sign in with it.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip


class AccountForm(_OnUnits, SeenForm):
    @staticmethod
    def initial_of(staff: Staff, version: int) -> dict[str, Any]:
        units = [str(unit.public_id) for unit in staff.units.all()]
        return {"seen": version, "name": staff.name, "role": staff.role, "units": units}


class SignedForm(forms.Form):
    """Nothing but the signature."""

    pin = forms.CharField(required=False, widget=forms.PasswordInput)
