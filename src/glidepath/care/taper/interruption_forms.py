"""The forms of a taper that is interrupted: a return after absence, other products, a bridging plan."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms

from glidepath.care.taper.forms import Choices, TurningForm
from glidepath.care.taper.interruptions import Bridging, Resupply, Return
from glidepath.clinical.dosing.revise import Pace


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReturnForm(TurningForm):
    """Back after doses not taken: since when, and beyond the plan's rule with which dose."""

    last_taken = forms.DateField(
        label="Last day with every dose taken", widget=_date(), required=False, help_text="Partly taken is not taken."
    )
    regimen = forms.CharField(
        label="Dose to go on with",
        max_length=200,
        required=False,
        help_text="Left empty: as now, where the plan’s rule allows it. Never higher than before.",
    )
    cut = forms.DecimalField(
        label="Cut, % of the present dose",
        min_value=Decimal("0.1"),
        max_value=Decimal(99),
        decimal_places=2,
        required=False,
    )
    interval_days = forms.IntegerField(label="Days between two cuts", min_value=1, max_value=365, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        for name, other in (("cut", "interval_days"), ("interval_days", "cut")):
            if given.get(name) and not given.get(other) and other not in self.errors:
                self.add_error(other, "A pace is typed as both: how much, and how often.")
        return given

    def what(self) -> Return:
        given = self.cleaned_data
        cut, days = given.get("cut"), given.get("interval_days")
        pace = Pace(Fraction(cut) / 100, days) if cut and days else None
        return Return(given.get("last_taken"), given.get("regimen", ""), pace)


class SupplyForm(TurningForm):
    """Of which stocked products the doses are made from here on."""

    def __init__(self, *args: Any, stocked: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["products"] = forms.MultipleChoiceField(
            label="Made of",
            choices=stocked,
            error_messages={
                "required": "Choose one product or more.",
                "invalid_choice": "%(value)s is no product that is stocked here for what is taken now.",
            },
        )

    def what(self) -> Resupply:
        return Resupply(tuple(self.cleaned_data["products"]))


class BridgeForm(TurningForm):
    """For somebody who leaves before the taper ends: with whom it goes on, and when."""

    prescriber = forms.CharField(
        label="Who prescribes then", max_length=200, required=False, help_text="By name: nobody leaves to nobody."
    )
    first_visit = forms.DateField(label="First visit with them", widget=_date(), required=False)
    days = forms.IntegerField(
        label="Or days to bridge",
        min_value=2,
        max_value=120,
        required=False,
        help_text="The spare days are among them.",
    )
    spare_days = forms.IntegerField(
        label="Spare days beyond the visit",
        min_value=1,
        max_value=28,
        help_text="One or more, so that a late visit is no abrupt stop (DIS-2).",
    )

    def what(self) -> Bridging:
        given = self.cleaned_data
        return Bridging(given["prescriber"], given["first_visit"], given["days"], given["spare_days"])


InterruptionForm = ReturnForm | SupplyForm | BridgeForm  # each says by `what` what it asks the service for
