"""The forms of the room. Event mode itself has buttons alone; words come after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from glidepath.care.events.models import Cause, Disclosure, Factor, Outcome
from glidepath.care.monitoring.models import Event
from glidepath.record.forms import OnceForm, SeenForm
from glidepath.record.staff.models import Staff

ACTIONS = 3  # empty rows for further actions on the page of a review
LONGEST_WAIT = 24 * 3600


def _text(label: str, longest: int, *, rows: int = 2, required: bool = True, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=required, help_text=hint, widget=forms.Textarea(attrs={"rows": rows})
    )


class StartForm(OnceForm):
    """The first tap. opened: when the page with the button was opened, in seconds since 1970."""

    kind = forms.ChoiceField(choices=Event.Kind.choices)
    opened = forms.FloatField(required=False, min_value=0, max_value=4e9)

    def opened_at(self) -> dt.datetime | None:
        seconds = self.cleaned_data["opened"]
        return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)


class TapForm(OnceForm):
    """One tap. ago: how many seconds it waited for the network. who: address of the colleague who is there."""

    line = forms.CharField(max_length=24)
    outcome = forms.ChoiceField(choices=Outcome.choices, required=False)
    who = forms.UUIDField(required=False)
    ago = forms.IntegerField(required=False, min_value=0, max_value=LONGEST_WAIT)

    def waited(self) -> dt.timedelta:
        return dt.timedelta(seconds=self.cleaned_data["ago"] or 0)


class HandedForm(OnceForm):
    recipient = forms.ChoiceField(choices=Disclosure.Recipient.choices)


class NameForm(OnceForm):
    """Who had the letter."""

    name = forms.CharField(label="Name of the medical person who had it", max_length=120)
    facility = forms.CharField(label="Where they work", max_length=120)


class DebriefForm(OnceForm):
    there = forms.MultipleChoiceField(
        label="Who was there",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose who was there."},
    )
    others = forms.CharField(label="Who else was there, without an account", max_length=200, required=False)
    went_well = _text("What went well", 1000)
    missing = _text("What was missing", 1000)
    words = _text("What else should be said", 1000, required=False)

    def __init__(self, *args: Any, people: Sequence[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = self.fields["there"]
        assert isinstance(there, forms.MultipleChoiceField)
        there.choices = [(str(one.public_id), f"{one.name}, {one.get_role_display()}") for one in people]


class ReviewForm(OnceForm, SeenForm):
    """The incident review with its actions: rows of what, who and by when; an empty row is none."""

    cause = forms.ChoiceField(
        label="What it came from",
        choices=Cause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the cause; “not known” is one."},
    )
    factors = forms.MultipleChoiceField(
        label="What let it happen, or made it worse",
        choices=Factor.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what let it happen; “none found” is an answer."},
    )
    words = _text("What happened and why, as far as you can say", 2000, rows=4)
    reason = forms.CharField(label="What changed since the version before, and why", max_length=300, required=False)
    pin = forms.CharField(required=False, max_length=8)

    def __init__(self, *args: Any, people: Sequence[Staff], rows: int = ACTIONS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row_numbers = range(1, rows + 1)
        owners = [("", "nobody yet"), *((str(one.public_id), one.name) for one in people)]
        for number in self.row_numbers:
            self.fields[f"what_{number}"] = forms.CharField(label="What is done", max_length=300, required=False)
            self.fields[f"owner_{number}"] = forms.ChoiceField(label="By whom", choices=owners, required=False)
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[f"day_{number}"] = forms.DateField(label="By which day", required=False, widget=widget)

    def rows(self) -> list[dict[str, Any]]:
        """The boxes of the actions, row by row, for the page."""
        return [{name: self[f"{name}_{number}"] for name in ("what", "owner", "day")} for number in self.row_numbers]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for number in self.row_numbers:
            row = {name: given.get(f"{name}_{number}") for name in ("what", "owner", "day")}
            if any(row.values()):
                for name, said in (("what", "what is done"), ("owner", "who does it"), ("day", "by which day")):
                    if not row[name] and f"{name}_{number}" not in self.errors:
                        self.add_error(f"{name}_{number}", f"Say {said}, or leave the whole row empty.")
        return given

    def actions(self) -> Iterator[tuple[str, str, dt.date]]:
        """What, the owner's address, and the day, of each row that is filled in."""
        for number in self.row_numbers:
            what = self.cleaned_data[f"what_{number}"]
            if what:
                yield what, self.cleaned_data[f"owner_{number}"], self.cleaned_data[f"day_{number}"]


class SignForm(OnceForm, SeenForm):
    pin = forms.CharField(required=False, max_length=8)


class DoneForm(OnceForm):
    words = forms.CharField(label="What was done", max_length=300)
