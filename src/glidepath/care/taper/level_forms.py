"""The forms of a level measured in plasma: what stands on the laboratory's sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from glidepath.care.monitoring.forms import LocalMoment, moment_of
from glidepath.care.monitoring.plasma import species_of
from glidepath.care.monitoring.services import Measured
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.pharmacokinetics.fitting import NG_PER_ML
from glidepath.record.centres.models import Centre

BETWEEN = " > "


def substances(names: Iterable[str]) -> list[tuple[str, str]]:
    """What can be measured of each medicine: itself, and what it becomes in the body."""
    found = []
    for name in names:
        try:
            medicine = formulary().find(name)
        except UnknownMedicine:
            continue
        for species in species_of(medicine):
            said = species if species == medicine.name else f"{species}, from {medicine.name}"
            found.append((f"{medicine.name}{BETWEEN}{species}", said))
    return found


class LevelForm(forms.Form):
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    substance = forms.ChoiceField(
        label="What was measured",
        error_messages={"required": "Say what was measured.", "invalid_choice": "Choose one."},
    )
    value = forms.DecimalField(
        label="Level",
        max_digits=16,
        decimal_places=6,
        error_messages={"required": "The level as a number, such as 412.", "invalid": "A number, such as 412 or 0.41."},
    )
    unit = forms.ChoiceField(label="Unit", choices=[(one, one) for one in NG_PER_ML], initial="ng/mL")
    drawn_at = LocalMoment(
        label="Blood drawn",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "When the blood was drawn: a day and a time, such as 2026-11-17 07:40."},
    )
    laboratory = forms.CharField(
        label="Laboratory", max_length=120, error_messages={"required": "Say which laboratory measured it."}
    )
    words = forms.CharField(
        label="Notes", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400})
    )
    keep = forms.BooleanField(
        label="It is as the laboratory wrote it: keep it, and find no clearance from it", required=False
    )

    def __init__(self, data: Any = None, *, medicines: Sequence[str], centre: Centre, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.centre = centre
        self.may_keep = bool(data and data.get("keep"))
        chosen = self.fields["substance"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = substances(medicines)

    def clean_drawn_at(self) -> dt.datetime:
        if self.cleaned_data.get("drawn_at") is None:
            raise forms.ValidationError("Say when the blood was drawn: a level without its time cannot be read.")
        return self.cleaned_data["drawn_at"]

    def drawn(self) -> dt.datetime:
        """The moment, by the centre's clock."""
        moment = moment_of(self, "drawn_at", self.centre)
        assert moment is not None
        return moment

    def measured(self) -> Measured:
        given = self.cleaned_data
        medicine, species = given["substance"].split(BETWEEN)
        return Measured(
            medicine=medicine,
            value=Decimal(given["value"]),
            laboratory=given["laboratory"],
            species=species,
            unit=given["unit"],
            words=given["words"],
        )


class LevelCorrectionForm(LevelForm):
    """The level as it should have been, or taken back: another person's, or never measured."""

    take_back = forms.BooleanField(label="Take it back: it was another person's, or never measured", required=False)
    reason = forms.CharField(
        label="Why it is corrected", max_length=300, error_messages={"required": "Say why it is corrected."}
    )
