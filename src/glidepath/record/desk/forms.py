"""The forms of the record's own pages about a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

from glidepath.record.centres.models import Bed
from glidepath.record.consent.models import Consent
from glidepath.record.episodes.models import BreakGlass, GlassReview
from glidepath.record.forms import OnceForm, SeenForm
from glidepath.record.people.models import Contact, Person
from glidepath.record.staff.models import Staff


class IdentityForm(SeenForm):
    preferred_name = forms.CharField(label="Preferred name", max_length=80)
    legal_name = forms.CharField(label="Legal name", max_length=160)
    pronouns = forms.CharField(label="Pronouns", max_length=40, required=False)
    birth_date = forms.DateField(label="Birth date", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    phone = forms.CharField(label="Telephone", max_length=40, required=False)

    @staticmethod
    def initial_of(person: Person, version: int) -> dict[str, Any]:
        names = ("preferred_name", "legal_name", "pronouns", "birth_date", "phone")
        return {"seen": version, **{name: getattr(person, name) for name in names}}

    def what(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class AllergyForm(OnceForm):
    substance = forms.CharField(label="Allergic to", max_length=120, required=False)
    reaction = forms.CharField(label="What happens", max_length=200, required=False, help_text="As the person says it.")


class TakeBackForm(OnceForm):
    statement = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label="Why it was wrong", max_length=300, required=False)


class ContactForm(forms.Form):
    once = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="Name", max_length=120)
    relation = forms.CharField(label="How they belong to the person", max_length=60, help_text="Sister, friend ...")
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    is_emergency_contact = forms.BooleanField(label="To be called in an emergency", required=False)
    may_be_told = forms.CharField(
        label="May be told",
        max_length=200,
        required=False,
        help_text="In the person's words: “sleep and dates only”. Empty: nothing.",
    )

    @staticmethod
    def initial_of(contact: Contact, version: int) -> dict[str, Any]:
        names = ("name", "relation", "phone", "is_emergency_contact", "may_be_told")
        return {"seen": version, **{name: getattr(contact, name) for name in names}}


class TeamForm(OnceForm):
    staff = forms.ChoiceField(label="Name a colleague")

    def __init__(self, *args: Any, colleagues: Iterable[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.public_id), f"{one.name}, {one.get_role_display()}") for one in colleagues]
        self.fields["staff"].choices = [("", "choose"), *choices]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    bed = forms.ChoiceField(label="Into", widget=forms.RadioSelect)
    urgent = forms.CharField(
        label="Why it cannot wait",
        max_length=200,
        required=False,
        help_text="Only where a transfer to another unit waits and must not.",
    )

    def __init__(self, *args: Any, beds: Iterable[Bed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bed"].choices = [(str(bed.public_id), str(bed)) for bed in beds]  # type: ignore[attr-defined]


class ConsentForm(OnceForm):
    kind = forms.ChoiceField(label="About", choices=Consent.Kind.choices, widget=forms.RadioSelect)
    decision = forms.ChoiceField(label="The person", choices=Consent.Decision.choices, widget=forms.RadioSelect)
    how = forms.CharField(
        label="How", max_length=120, required=False, help_text="Signed on paper; or said, witnessed by whom."
    )


class BreakGlassForm(OnceForm):
    reason = forms.ChoiceField(label="Reason", choices=BreakGlass.Reason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="Why, in a sentence",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text="The manager reads it: who asked you and for what, no diagnosis and no dose.",
    )
    pin = forms.CharField(required=False, widget=forms.PasswordInput)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class GlassReviewForm(OnceForm):
    outcome = forms.ChoiceField(label="How it stands", choices=GlassReview.Outcome.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="What you found, in a sentence",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Whom you asked and what they said; nothing about the person’s health.",
    )


class LinesForm(forms.Form):
    """What the audit page is narrowed to; everything may stay empty."""

    number = forms.IntegerField(label="Number of the person", required=False, min_value=1, max_value=2**31 - 1)
    staff = forms.ChoiceField(label="Member of staff", required=False)
    code = forms.CharField(
        label="Code", required=False, max_length=60, help_text="How it begins: taper, chart.read, sign_in."
    )
    on = forms.DateField(label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, staff: Iterable[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.name) for one in staff]
        self.fields["staff"].choices = [("", "everybody"), *choices]  # type: ignore[attr-defined]

    @property
    def day(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data.get("on")
        return day
