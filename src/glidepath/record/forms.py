"""How a refusal of a service comes back into the form that tried it."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from glidepath.record.errors import ServiceError


class OnceForm(forms.Form):
    """A form that carries its key: a second submit of it does nothing twice."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)


class SeenForm(forms.Form):
    """A form that carries the version it was made from."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


def with_version_of_now(form: forms.Form, version: int) -> forms.Form:
    """The returned form with what was typed and the newest version: the message on it says who was first, the page what
    stands now, and the next save is made in that knowledge."""
    if isinstance(form.data, QueryDict):
        form.data = form.data.copy()
        form.data["seen"] = str(version)
    return form


def put_on(form: forms.Form, error: ServiceError) -> None:
    """Shows the message beside its field, or above the form when it belongs to none."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
