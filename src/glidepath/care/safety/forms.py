"""The forms of the room. They check shape; what may not be is said by the services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from glidepath.care.safety.due import last_contact_hours
from glidepath.care.safety.models import RiskContact, Way
from glidepath.care.safety.parts import LONGEST_LINE, MOST_LINES, parts
from glidepath.record.forms import OnceForm, SeenForm

MEANS = (
    ("limit_supply", "less medicine supplied at a time"),
    ("staged_dispensing", "dispensed in stages, each one handed over"),
)
PERSON = "person"
WHOLE_PART = (LONGEST_LINE + 2) * MOST_LINES * 2  # what is too long is said by the service, which names the line


def _text(label: str, longest: int, *, rows: int = 2, required: bool = True, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=required, help_text=hint, widget=forms.Textarea(attrs={"rows": rows})
    )


def _moment(label: str, *, required: bool = False, hint: str = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, help_text=hint, widget=widget)


def _choice(label: str, choices: Sequence[tuple[str, str]], missing: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages={"required": missing}
    )


class ContactForm(OnceForm):
    """A clinician's record of one contact about an alert. Nothing is chosen beforehand but the time of the next."""

    way = _choice("How you spoke", Way.choices, "Choose how you spoke with the person.")
    happened_at = _moment("When", hint="Empty: now.")
    asked = _text("What was asked, and what the person said", 1000, rows=3)
    screener = forms.ChoiceField(label="C-SSRS screener of this contact", required=False)
    level = _choice("How high you judge the risk", RiskContact.Level.choices, "Say how high you judge the risk.")
    level_words = _text("What that rests on, in your words", 400)
    watch = _choice(
        "How the person is watched", RiskContact.Watch.choices, "Say how the person is watched from now on."
    )
    watch_minutes = forms.IntegerField(label="At an interval: every … minutes", min_value=1, required=False)
    watch_words = forms.CharField(label="In your centre’s words, or where they are", max_length=200, required=False)
    means = forms.MultipleChoiceField(label="Made safer", choices=MEANS, required=False)
    taken_away = _text("What was taken away or locked up, and by whom", 400, required=False)
    outcome = _text("What follows: who does what", 600)
    next_contact_at = _moment("Somebody speaks with the person again by", required=True)

    def __init__(self, *args: Any, screeners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        screener = self.fields["screener"]
        assert isinstance(screener, forms.ChoiceField)
        screener.choices = [("", "none"), *screeners]
        self.fields["next_contact_at"].help_text = f"Within {last_contact_hours()} hours."


class CaringForm(OnceForm):
    """Somebody spoke with the person, or tried to."""

    way = _choice("How", Way.choices, "Choose how you spoke, or tried to.")
    reached = _choice("Did you speak?", (("yes", "yes"), ("no", "not reached")), "Say whether you spoke.")
    words = _text("How the person is, or what you tried", 600)
    happened_at = _moment("When", hint="Empty: now.")
    next_contact_at = _moment("One more contact by", hint="Empty: none is agreed.")


class PlanForm(OnceForm, SeenForm):
    """The six parts, one thing a line."""

    made_with = forms.CharField(label="Made with", max_length=200, help_text="The person, and whoever sat with them.")
    reason = forms.CharField(label="Why it changes", max_length=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in parts():
            self.fields[one.key] = _text(f"{one.number} {one.label}", WHOLE_PART, rows=3, required=False)

    def boxes(self) -> list[Any]:
        """The parts in their order."""
        return [self[one.key] for one in parts()]

    def content(self) -> dict[str, str]:
        return {one.key: self.cleaned_data[one.key] for one in parts()}


class LookForm(OnceForm, SeenForm):
    """Read again with the person; it stays."""

    words = _text("What the person says of it", 400)


class CopyForm(OnceForm, SeenForm):
    """Who got a copy, and how."""

    to = forms.ChoiceField(label="To whom", error_messages={"required": "Choose who got the copy."})
    how = forms.CharField(label="How", max_length=200, help_text="Such as: on paper, by hand.")

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = list(people)
