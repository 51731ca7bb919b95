"""The forms of the screen: a newer dose, the decision, and the contact after a redirection."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms

from glidepath.care.flow.deciding import Answer
from glidepath.care.flow.models import LEVELS, BridgingContact, Decision
from glidepath.clinical.guidelines.first_call import ADVICE


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _words(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class LastDoseForm(forms.Form):
    """A later dose was told of."""

    use = forms.UUIDField(widget=forms.HiddenInput)
    last_dose_at = forms.DateTimeField(
        label="Last taken, as told now", widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    """Accept or redirect. What is missing is said by the service, beside its box; a preparation may lack anything."""

    kind = forms.ChoiceField(
        label="What we answer",
        choices=[("accept", "accept"), ("redirect", "redirect, with a bridging plan")],
        required=False,
        widget=forms.RadioSelect,
    )
    level = forms.ChoiceField(label="Where care begins", choices=LEVELS, required=False, widget=forms.RadioSelect)
    planned_on = forms.DateField(label="Comes on", required=False, widget=_date())
    words = forms.CharField(
        label="The reason, in words for the person", max_length=400, required=False, widget=_words()
    )
    why = forms.ChoiceField(
        label="Why elsewhere", choices=Decision.Why.choices, required=False, widget=forms.RadioSelect
    )
    elsewhere = forms.CharField(label="Where to instead", max_length=160, required=False)
    elsewhere_contact = forms.CharField(label="How that place is reached", max_length=160, required=False)
    bridging = forms.CharField(
        label="How the usual dose goes on until they are seen there", max_length=400, required=False, widget=_words()
    )
    bridging_by = forms.CharField(label="Who makes sure of it", max_length=160, required=False)
    next_contact_on = forms.DateField(label="We call on", required=False, widget=_date())
    said = forms.MultipleChoiceField(
        label="Said with it", choices=[*ADVICE.items()], required=False, widget=forms.CheckboxSelectMultiple
    )
    correction_reason = forms.CharField(label="Why it is decided anew", max_length=300, required=False)
    pin = forms.CharField(max_length=8, required=False)
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def answer(self) -> Answer:
        given = {one.name: self.cleaned_data.get(one.name) for one in fields(Answer)}
        return Answer(**given | {"said": tuple(given["said"] or ())})

    @staticmethod
    def typed(answer: Answer) -> dict[str, Any]:
        """What a form begins with."""
        return {one.name: getattr(answer, one.name) for one in fields(Answer)}


class ContactForm(forms.Form):
    """What came of the contact after a redirection."""

    outcome = forms.ChoiceField(
        label="What came of it", choices=BridgingContact.Outcome.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(label="In words", max_length=400, required=False, widget=_words())
    next_contact_on = forms.DateField(label="We call again on", required=False, widget=_date())
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
