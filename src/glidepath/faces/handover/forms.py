"""The two forms of a handover: the giver's sentences, the receiver's reading back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from glidepath.faces.handover.services import MOST_WORDS
from glidepath.record.forms import OnceForm
from glidepath.record.people.models import Person


class GiveForm(OnceForm):
    """One sentence a person, and one of the unit. `shown`: the digest of the page that is signed."""

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)
    words = forms.CharField(
        label="Of the unit as a whole", max_length=MOST_WORDS, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    pin = forms.CharField(required=False, max_length=8)

    def __init__(self, *args: Any, people: Iterable[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = tuple(people)
        for person in self.people:
            self.fields[f"said-{person.pk}"] = forms.CharField(
                label=f"In a sentence, {person.preferred_name}", max_length=MOST_WORDS, required=False,
                widget=forms.Textarea(attrs={"rows": 1}),
            )  # fmt: skip

    def said(self) -> dict[int, str]:
        """What was typed, by person id."""
        return {one.pk: self.cleaned_data[f"said-{one.pk}"] for one in self.people}


class TakeForm(OnceForm):
    """Each person ticked as read back."""

    read_back = forms.MultipleChoiceField(label="Read back", required=False)
    words = forms.CharField(
        label="What you asked or put right", max_length=MOST_WORDS, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    pin = forms.CharField(required=False, max_length=8)

    def __init__(self, *args: Any, entries: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["read_back"].choices = [(key, key) for key in entries]  # type: ignore[attr-defined]
