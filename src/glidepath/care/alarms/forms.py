"""What answers an alarm, keeps the list of who is on call, and asks for a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from glidepath.record.centres.models import Unit
from glidepath.record.forms import OnceForm
from glidepath.record.staff.models import Staff

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
A_DAY = {"required": "Give a day, such as 2026-11-01.", "invalid": "Give a day, such as 2026-11-01."}
LONGEST_PERIOD = dt.timedelta(days=366)


class AnswerForm(forms.Form):
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    back = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)


class CloseForm(AnswerForm):
    words = forms.CharField(
        label="What was found and done",
        max_length=600,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "An alarm is closed with its outcome: write what was found and done."},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    pin = forms.CharField(required=False, max_length=8)


class OrderForm(AnswerForm):
    """What was ordered or decided, and by whom: one of `givers`, the viewer first where they are one."""

    whose = forms.ChoiceField(
        label="Whose order",
        error_messages={
            "required": "Say who ordered it.",
            "invalid_choice": "Nobody of that name gives orders here. Choose one of the list.",
        },
    )
    ordered = forms.CharField(
        label="What was ordered or decided",
        help_text="A dose is ordered on the page of medicines; here stands what was said about this alarm.",
        max_length=600,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write what was ordered or decided."},
    )

    def __init__(self, *args: Any, givers: Sequence[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.public_id), f"{one.name}, {one.get_role_display()}") for one in givers]
        _choose(self, "whose", [("", "choose"), *named])


EVERY_UNIT = "every"


class OnCallForm(OnceForm):
    """Who is on call, for which unit, from when until when."""

    staff = forms.ChoiceField(label="Who", error_messages={"required": "Say who is on call."})
    unit = forms.ChoiceField(label="For", error_messages={"required": "Say for which unit."})
    begins_at = forms.DateTimeField(
        label="From, if not now",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENTS[0]),
        input_formats=MOMENTS,
        error_messages={"invalid": "From: a day and a time, such as 2026-11-17 20:00."},
    )
    until = forms.DateTimeField(
        label="Until",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENTS[0]),
        input_formats=MOMENTS,
        error_messages={
            "required": "Say until when.",
            "invalid": "Until: a day and a time, such as 2026-11-18 08:00.",
        },
    )
    phone = forms.CharField(label="Telephone", max_length=40, required=False, widget=forms.TextInput({"type": "tel"}))
    remarks = forms.CharField(label="Remarks", max_length=200, required=False, help_text="Such as: 15 minutes away")

    def __init__(self, *args: Any, colleagues: Sequence[Staff], units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._staff = {str(one.public_id): one for one in colleagues}
        self._units = {str(one.public_id): one for one in units}
        _choose(
            self,
            "staff",
            [("", "choose"), *((key, f"{one.name}, {one.get_role_display()}") for key, one in self._staff.items())],
        )
        _choose(self, "unit", [(EVERY_UNIT, "every unit"), *((key, one.name) for key, one in self._units.items())])

    @property
    def chosen_staff(self) -> Staff:
        return self._staff[self.cleaned_data["staff"]]

    @property
    def chosen_unit(self) -> Unit | None:
        """None: for every unit."""
        return self._units.get(self.cleaned_data["unit"])


class PeriodForm(forms.Form):
    """Both days are included."""

    first = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}), error_messages=A_DAY)
    last = forms.DateField(label="Up to and with", widget=forms.DateInput(attrs={"type": "date"}), error_messages=A_DAY)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", "The period ends before it begins.")
        elif first and last and last - first > LONGEST_PERIOD:
            self.add_error("last", f"Longer than {LONGEST_PERIOD.days} days: ask for a year at a time.")
        return given


def _choose(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    box = form.fields[name]
    assert isinstance(box, forms.ChoiceField)
    box.choices = list(choices)
