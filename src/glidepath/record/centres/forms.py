"""The forms of the settings page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from glidepath.clinical.facts.load import formulary, inpatient_protocols
from glidepath.record.centres.limits import LIMITS
from glidepath.record.centres.models import CentreSettings, Unit
from glidepath.record.forms import OnceForm, SeenForm


class LimitsForm(SeenForm):
    """One box a limit, the times of day, and the table the centre names by default."""

    dose_times = forms.CharField(label="Times of day", help_text="Such as 08:00 14:00 22:00.")
    default_table = forms.ChoiceField(
        label="Equivalence table", required=False, help_text="None named: the prescriber is asked each time."
    )

    inpatient_protocols = forms.MultipleChoiceField(
        label="Rapid inpatient protocols used here",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ours: none, until the centre switches one on. Each plan by one needs two signatures (JCG-6d).",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inpatient_protocols"].choices = [  # type: ignore[attr-defined]
            (key, one.described) for key, one in inpatient_protocols().items()
        ]
        names = [(key, key.replace("_", "-")) for key in formulary().tables]
        self.fields["default_table"].choices = [("", "none named"), *names]  # type: ignore[attr-defined]
        for limit in LIMITS:
            standard = limit.standard()
            default = "ours" if standard is None else f"default {standard}, our reading"
            self.fields[limit.name] = forms.IntegerField(
                label=limit.label, help_text=f"{limit.unit}; {limit.low} to {limit.high}; {default}"
            )

    def clean_dose_times(self) -> list[dt.time]:
        text = self.cleaned_data["dose_times"].replace(",", " ")
        try:
            return [dt.time.fromisoformat(part) for part in text.split()]
        except ValueError as error:
            raise forms.ValidationError("Write times of day with two digits each, such as 08:00 14:00.") from error

    @staticmethod
    def initial_of(settings: CentreSettings) -> dict[str, Any]:
        return {
            "dose_times": " ".join(settings.dose_times),
            "default_table": settings.default_table,
            "inpatient_protocols": settings.inpatient_protocols,
            **{limit.name: getattr(settings, limit.name) for limit in LIMITS},
        }

    def changes(self) -> dict[str, object]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class CentreForm(SeenForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "centre_%s", **kwargs})  # beside other forms with a `name`

    name = forms.CharField(label="Name of the centre", max_length=120)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    crisis_line = forms.CharField(label="Crisis line, printed for people in care", max_length=200, required=False)


class UnitForm(OnceForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "unit_%s", **kwargs})

    name = forms.CharField(label="Name of the unit", max_length=60)
    setting = forms.ChoiceField(label="Setting", choices=Unit.Setting.choices)


class RoomForm(OnceForm):
    unit = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label="Name of the room", max_length=40)


class BedForm(OnceForm):
    room = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.IntegerField(label="Number of the bed")
