"""The forms of a call: red flags, what was told, what was said. A question may stay open, be unknown or declined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from glidepath.care.assessment.forms import LARGEST_ID, UseForm, answer_field, begins
from glidepath.care.assessment.models import Mouth
from glidepath.care.assessment.standing import Heard
from glidepath.care.flow.calling import Told
from glidepath.care.flow.forms import IdentityForm
from glidepath.care.flow.models import Enquiry
from glidepath.care.flow.screen import CALL_FACTS
from glidepath.clinical.guidelines.facts import question_of
from glidepath.clinical.guidelines.first_call import ADVICE, ANSWERS, RED_FLAGS

FLAG = "flag_"


class CallFields(forms.Form):
    """What every call asks. Fields of facts bear the facts' names; of somebody known they begin with what stands.

    shown: what stood of each fact when the page was made (`saw`), so that only what was told anew is written.
    """

    caller = forms.CharField(label="Who is calling", max_length=120, help_text="The person, or who they are to them.")
    agrees = forms.ChoiceField(
        label="Does the person agree that we speak about them?",
        choices=Enquiry.Agrees.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    mouth = forms.ChoiceField(
        label="Who tells us, if not the person", choices=Mouth.choices, widget=forms.RadioSelect, required=False
    )
    saw = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_ID)
    place = forms.CharField(label="Where the person is now", max_length=160, required=False)
    words = forms.CharField(
        label="What they say", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    advice = forms.MultipleChoiceField(
        label="I also told them",
        choices=[*ADVICE.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    told_not_to_stop = forms.BooleanField(
        label="I told them: do not stop suddenly, keep taking the usual dose", required=False
    )
    handed_to = forms.CharField(label="Handed on to", max_length=120, required=False, help_text="A colleague's name.")

    def __init__(self, *args: Any, shown: Mapping[str, Heard] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.started = {name: begins(heard) for name, heard in (shown or {}).items()}
        for key, words in RED_FLAGS.items():
            self.fields[FLAG + key] = forms.ChoiceField(
                label=words, choices=[*ANSWERS.items()], required=False, widget=forms.RadioSelect
            )
        for name, fact in CALL_FACTS.items():
            self.fields[name] = answer_field(question_of(fact))
            self.fields[name].initial = self.started.get(fact, "")

    @property
    def flags(self) -> list[forms.BoundField]:
        return [self[FLAG + key] for key in RED_FLAGS]

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name in CALL_FACTS]

    def told(self, use: CallUseForm) -> Told:
        given = self.cleaned_data
        return Told(
            agrees=given["agrees"],
            place=given["place"],
            red_flags={key: given[FLAG + key] for key in RED_FLAGS if given.get(FLAG + key)},
            advice=tuple(given["advice"]),
            handed_to=given["handed_to"],
            facts={
                fact: given[name]
                for name, fact in CALL_FACTS.items()
                if given.get(name) and given[name] != self.started.get(fact, "")
            },
            use=use.reported() if use.has_changed() else None,
            mouth=Mouth(given["mouth"]) if given["mouth"] else None,
            saw=given["saw"],
        )


class EnquiryForm(IdentityForm, CallFields):
    """A first call about somebody who is not known yet."""


class CallForm(CallFields):
    """A call about somebody who is known."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)


class CallUseForm(UseForm):
    """One medicine as it is told in a call; left empty where none was spoken of."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="use", empty_permitted=True, use_required_attribute=False)
        del self.fields["once"]  # the call's own key keeps both from being written twice
        del self.fields["mouth"]  # who calls is asked once, above

    def clean(self) -> dict[str, Any]:
        return (super().clean() or {}) | {"mouth": Mouth.PERSON}  # the call says whose word it is
