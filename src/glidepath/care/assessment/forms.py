"""The forms of what a person told. They check shape; what cannot be is refused by the service."""

from __future__ import annotations

from typing import Any

from django import forms

from glidepath.care.assessment.models import Beginning, Source
from glidepath.care.assessment.services import ReportedUse
from glidepath.clinical.guidelines.facts import VOCABULARY, FactKind, FactQuestion

YES_NO = (("yes", "yes"), ("no", "no"))
WORKED_OUT = frozenset({"age", "use_days_per_week", "use_months", "use_source"})  # from the birth date and the history


class UseForm(forms.Form):
    """One medicine the person takes."""

    medicine_name = forms.CharField(
        label="Medicine", max_length=80, help_text="Generic or brand name; “unknown” counts."
    )
    regimen = forms.CharField(
        label="How much and when",
        max_length=200,
        required=False,
        help_text="Such as lorazepam 1 mg 08:00 20:00, or alprazolam 1 mg x3. Empty: nobody can say.",
    )
    days_per_week = forms.IntegerField(label="Days a week", min_value=1, max_value=7, required=False)
    months = forms.DecimalField(
        label="For how many months", min_value=0, max_value=1200, decimal_places=1, required=False
    )
    source = forms.ChoiceField(label="Where it comes from", choices=Source.choices, widget=forms.RadioSelect)
    beginning = forms.ChoiceField(label="How it began", choices=Beginning.choices, widget=forms.RadioSelect)
    last_dose_at = forms.DateTimeField(
        label="Last taken", required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    first_reason = forms.CharField(label="What it was first for", max_length=200, required=False)
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def reported(self) -> ReportedUse:
        given = self.cleaned_data
        return ReportedUse(
            medicine_name=given["medicine_name"],
            source=Source(given["source"]),
            beginning=Beginning(given["beginning"]),
            regimen=given["regimen"],
            days_per_week=given["days_per_week"],
            months=given["months"],
            last_dose_at=given["last_dose_at"],
            first_reason=given["first_reason"],
        )


class FactsForm(forms.Form):
    """Every question of the vocabulary, none answered beforehand: an empty one stays as it stands."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, only: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions(only):
            self.fields[question.name] = answer_field(question)

    def answers(self) -> dict[str, str]:
        """What was answered now, by name."""
        given = ((name, self.cleaned_data.get(name)) for name in VOCABULARY if name in self.fields)
        return {name: str(value) for name, value in given if value not in (None, "")}


def questions(only: tuple[str, ...] = ()) -> list[FactQuestion]:
    """The questions asked of people, in the vocabulary's order; what is worked out is not asked."""
    return [one for one in VOCABULARY.values() if one.name not in WORKED_OUT and (not only or one.name in only)]


def answer_field(question: FactQuestion) -> forms.Field:
    if question.kind is FactKind.YES_NO:
        choices = [*YES_NO, ("unknown", question.unknown_words)]
        return forms.ChoiceField(label=question.question, choices=choices, required=False, widget=forms.RadioSelect)
    if question.kind is FactKind.CHOICE:
        choices = [*(question.answers or {}).items()]
        if "unknown" not in (question.answers or {}):
            choices.append(("unknown", question.unknown_words))
        return forms.ChoiceField(label=question.question, choices=choices, required=False, widget=forms.RadioSelect)
    if question.kind is FactKind.DATE:
        return forms.DateField(label=question.question, required=False, widget=forms.DateInput(attrs={"type": "date"}))
    return forms.DecimalField(label=question.question, required=False, help_text=question.unit)
