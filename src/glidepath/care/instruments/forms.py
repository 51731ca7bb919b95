"""The forms of this room: to open an instrument, to set a form aside, to make a link, to hand a tablet back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from glidepath.care.instruments.catalogue import Offered
from glidepath.care.instruments.links import MOST_DAYS
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.forms import OnceForm

FILLERS = (("", "as its form says"), ("self", "the person"), ("interview", "in an interview"), ("observer", "observed"))
SEXES = (("", "not known, or does not matter"), ("female", "female"), ("male", "male"))
LINK_DAYS = 7  # proposed


class OpenForm(OnceForm):
    instrument = forms.ChoiceField(label="Instrument")
    filled_by = forms.ChoiceField(label="Who answers", choices=FILLERS, required=False)
    sex = forms.ChoiceField(label="Sex, where its bands differ (AUDIT-C)", choices=SEXES, required=False)
    limit = forms.DecimalField(
        label="The person’s own limit for craving, 0 to 100",
        min_value=0, max_value=100, max_digits=5, decimal_places=1, required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Iterable[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._instruments = {one.instrument.key: one.instrument for one in offered}
        field = self.fields["instrument"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, _named(one)) for key, one in self._instruments.items()]

    def filler(self) -> str:
        """Who answers: as chosen, or the first way the instrument allows."""
        chosen: str = self.cleaned_data["filled_by"]
        return chosen or self._instruments[self.cleaned_data["instrument"]].filled_by[0]

    def own_limits(self) -> dict[str, Decimal]:
        """The limit, for each item that is held against one; empty where none was typed or none is asked."""
        limit = self.cleaned_data["limit"]
        alerts = self._instruments[self.cleaned_data["instrument"]].alerts
        return {} if limit is None else {key: limit for alert in alerts for key in alert.own_limit}


def _named(one: Any) -> str:
    return f"{one.name} (our words)" if one.ship_class == "B" and one.own_words else one.name


class AskForm(OnceForm):
    """A clinician asks for an instrument that is due only where somebody says so, or takes that back."""

    instrument = forms.ChoiceField(label="Ask for")
    words = forms.CharField(label="Why", max_length=300, required=False)
    act = forms.ChoiceField(choices=[("ask", "Ask"), ("take_back", "Take back")], required=False)

    def __init__(self, *args: Any, offered: Iterable[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["instrument"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.instrument.key, _named(one.instrument)) for one in offered]


class AsideForm(OnceForm):
    reason = forms.CharField(label="Why it counts nowhere", max_length=300, required=False)


class LinkForm(forms.Form):
    last_day = forms.DateField(label="Last day", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        self._centre = centre
        kwargs.setdefault("initial", {"last_day": clock.today(centre) + dt.timedelta(days=LINK_DAYS)})
        super().__init__(*args, **kwargs)

    def clean_last_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["last_day"]
        today = clock.today(self._centre)
        if not today <= day < today + dt.timedelta(days=MOST_DAYS):
            raise forms.ValidationError(f"Choose a day from today on, at most {MOST_DAYS - 1} days ahead.")
        return day

    def ends_at(self) -> dt.datetime:
        """The end of the last day, on the centre's clock."""
        after = self.cleaned_data["last_day"] + dt.timedelta(days=1)
        return dt.datetime.combine(after, dt.time(0), self._centre.zone)


class BirthDateForm(forms.Form):
    birth_date = forms.DateField(
        label="Your date of birth", widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"})
    )


class HandBackForm(forms.Form):
    username = forms.CharField(label="Your user name, if you did not hand it out", max_length=150, required=False)
    pin = forms.CharField(label="Staff PIN", widget=forms.PasswordInput, max_length=8)


class PackForm(OnceForm):
    instrument = forms.ChoiceField(label="Instrument")
    text = forms.CharField(
        label="The words, as TOML: version, source, date and [items]",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    terms_confirmed = forms.BooleanField(label="The centre confirmed the terms of this instrument", required=False)

    def __init__(self, *args: Any, takes_words: Iterable[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["instrument"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.instrument.key, one.instrument.name) for one in takes_words]


class OwnForm(OnceForm):
    key = forms.CharField(label="What it is called in the record, such as isi_de", max_length=40)
    definition = forms.CharField(
        label="The instrument, as TOML in the format of the facts, or a FHIR R4 Questionnaire (JSON)",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    licence_confirmed = forms.BooleanField(label="The centre may use it", required=False)
