"""The forms of the ways in and out. They check shape; what cannot be is refused by the service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from glidepath.care.flow.models import Discharge
from glidepath.clinical.guidelines.discharge import TOLD
from glidepath.clinical.guidelines.medicines_at_a_move import Decided, Reply
from glidepath.record.centres.models import Bed
from glidepath.record.errors import ServiceError

NALOXONE = (("given", "given"), ("declined", "offered, declined"), ("not_due", "not due"))


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FindForm(forms.Form):
    """Who is it? Asked before anything is entered, so that a known person is found."""

    legal_name = forms.CharField(label="Legal name", max_length=160)
    birth_date = forms.DateField(label="Born", widget=_date())


class IdentityForm(FindForm):
    """A new person."""

    preferred_name = forms.CharField(
        label="Preferred name", max_length=80, required=False, help_text="As they want to be called."
    )
    pronouns = forms.CharField(label="Pronouns", max_length=40, required=False)
    phone = forms.CharField(label="Phone", max_length=40, required=False)
    not_the_same = forms.BooleanField(label="I looked: this is another person", required=False)
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)


class _BedField(forms.ChoiceField):
    """Any bed's address: the service says whose it is meanwhile, and knows a form that came twice."""

    def valid_value(self, value: Any) -> bool:
        try:
            UUID(str(value))
        except ValueError:
            return False
        return True


class BedForm(forms.Form):
    bed = _BedField(
        label="Bed",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a bed.", "invalid_choice": "Choose one of the free beds."},
    )
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, beds: list[Bed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bed = self.fields["bed"]
        assert isinstance(bed, _BedField)
        bed.choices = [(str(one.public_id), str(one)) for one in beds]


class DischargeForm(forms.Form):
    """Everything that must be arranged. An empty field is a finding, not a refusal, until it is closed."""

    kind = forms.ChoiceField(label="How", choices=Discharge.Kind.choices, widget=forms.RadioSelect, initial="completed")
    to_aftercare = forms.BooleanField(label="Goes on in our aftercare", required=False, initial=True)
    prescriber = forms.CharField(label="Who prescribes from now on", max_length=120, required=False)
    prescriber_contact = forms.CharField(label="How they are reached", max_length=120, required=False)
    first_visit = forms.DateField(label="First visit with them", required=False, widget=_date())
    supply_until = forms.DateField(label="Supply lasts until", required=False, widget=_date())
    naloxone = forms.ChoiceField(
        label="Naloxone",
        choices=NALOXONE,
        required=False,
        widget=forms.RadioSelect,
    )
    told = forms.MultipleChoiceField(
        label="Said and handed over", choices=[*TOLD.items()], required=False, widget=forms.CheckboxSelectMultiple
    )
    contact_on = forms.DateField(label="We call on", required=False, widget=_date())
    safety_plan = forms.BooleanField(label="A safety plan goes with the person", required=False)
    reason = forms.CharField(label="Reason, in the person's words where it is theirs", max_length=300, required=False)
    override = forms.CharField(
        label="Reason for leaving although a finding stands",
        max_length=300,
        required=False,
        help_text="Answers the findings that a prescriber may answer. It is kept with your name.",
    )
    pin = forms.CharField(max_length=8, required=False)
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    stage = forms.CharField(max_length=20, widget=forms.HiddenInput)


class GoThroughForm(forms.Form):
    """One answer for each medicine of the list, under the medicine's own key."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    pin = forms.CharField(max_length=8, required=False)

    def typed(self, key: str) -> tuple[str, str]:
        """What came for this medicine: the choice, and the words."""
        return str(self.data.get(f"decided-{key}", "")), str(self.data.get(f"words-{key}", ""))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, text in self.data.items():
            if name.startswith("words-") and (len(str(text)) > 200 or "\x00" in str(text)):
                raise forms.ValidationError("What it is changed to, or why it is stopped: 200 characters at most.")
        return given

    def replies(self, keys: Iterable[str]) -> dict[str, Reply]:
        """By key; what was not answered, or with a word that is no answer, is left out."""
        typed = {key: self.typed(key) for key in keys}
        return {
            key: Reply(Decided(decided), words)
            for key, (decided, words) in typed.items()
            if decided in {one.value for one in Decided}
        }


class AllergyForm(forms.Form):
    still_right = forms.BooleanField(label="Asked today: what stands is still right", required=False)
    none_known = forms.BooleanField(label="None known, asked today", required=False)
    substance = forms.CharField(label="Substance", max_length=120, required=False)
    reaction = forms.CharField(label="What happened", max_length=200, required=False)
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if [bool(given.get(name)) for name in ("still_right", "none_known", "substance")].count(True) != 1:
            raise forms.ValidationError(
                "Name the substance, or say that none is known: one of the two; or that what stands is still right."
            )
        return given


class ConsentForm(forms.Form):
    decision = forms.ChoiceField(
        label="Consent to treatment", choices=[("given", "given"), ("declined", "declined")], widget=forms.RadioSelect
    )
    how = forms.CharField(
        label="How", max_length=120, required=False, help_text="Signed on paper, or said, and who was there."
    )
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)


def refuse(form: forms.Form, refused: ServiceError) -> None:
    """A service's word beside its box, or above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)
