"""What the pages of measured values send: one value by hand, a file, a correction."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms

from glidepath.care.monitoring.forms import LocalMoment, moment_of
from glidepath.care.monitoring.laboratory import Value, fine_enough
from glidepath.record.centres.models import Centre
from glidepath.record.errors import BadInput

LARGEST_FILE = 200_000  # letters
A_NUMBER = {"invalid": "A number, such as 4.2."}


class ValueForm(forms.Form):
    """One value, its unit and, where the sheet gives one, its reference range."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    name = forms.CharField(max_length=60, error_messages={"required": "Say what was measured."})
    value = forms.DecimalField(error_messages=A_NUMBER | {"required": "The value, as it stands on the sheet."})
    sign = forms.ChoiceField(required=False, choices=(("", "exactly"), ("<", "less than"), (">", "more than")))
    unit = forms.CharField(max_length=20, error_messages={"required": "A value needs its unit. For a ratio write 1."})
    low = forms.DecimalField(required=False, error_messages=A_NUMBER)
    high = forms.DecimalField(required=False, error_messages=A_NUMBER)
    laboratory = forms.CharField(required=False, max_length=120)
    words = forms.CharField(required=False, max_length=400)
    at = LocalMoment(error_messages={"invalid": "When it was taken: a day and a time, such as 2026-11-17 07:30."})

    def __init__(self, data: Any = None, *, centre: Centre, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.centre = centre

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("value", "low", "high"):
            number = cleaned.get(name)
            if isinstance(number, Decimal):
                try:
                    fine_enough(number, name)
                except BadInput as refused:
                    self.add_error(name, f"{refused.message[0].upper()}{refused.message[1:]}")
        return cleaned

    def as_value(self) -> Value:
        given = self.cleaned_data
        texts = {name: given[name] for name in ("name", "unit", "sign", "laboratory", "words")}
        return Value(value=given["value"], low=given["low"], high=given["high"], **texts)

    def taken_at(self) -> dt.datetime | None:
        """When it was taken; None for now."""
        return moment_of(self, "at", self.centre)


class ValueCorrectionForm(ValueForm):
    """The value as it should have been, or the whole entry taken back."""

    take_back = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=300, error_messages={"required": "Say why it is corrected."})


class FileForm(forms.Form):
    """A laboratory's file as text: CSV, or FHIR Observations."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    file = forms.CharField(
        max_length=LARGEST_FILE,
        strip=False,
        error_messages={
            "required": "Paste the text of the file, or choose it.",
            "max_length": f"The file is too long: at most {LARGEST_FILE} letters at once. Split it.",
        },
    )

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(_with_upload(data, files), **kwargs)


def _with_upload(data: Any, files: Any) -> Any:
    """A chosen file stands in the box as its text, so that what was wrong with it can be mended there."""
    chosen = files.get("upload") if files else None
    if chosen is None:
        return data
    filled = data.copy()
    filled["file"] = chosen.read(LARGEST_FILE * 4).decode("utf-8", errors="replace")
    return filled
