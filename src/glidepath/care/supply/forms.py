"""What the products page sends."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms

from glidepath.care.supply import queries
from glidepath.record.centres.models import Centre
from glidepath.record.forms import OnceForm

WHOLE, HALF, QUARTER = "1", "1/2", "1/4"
PARTS = ((WHOLE, "whole only"), (HALF, "halves"), (QUARTER, "quarters"))


class StockForm(OnceForm):
    """One product of the facts to put on the shelf."""

    product = forms.ChoiceField(label="Product", error_messages={"required": "Choose the product."})
    smallest = forms.ChoiceField(
        label="Give pieces as",
        required=False,
        choices=(("", "as the facts know"), *PARTS),
        help_text="What the facts do not know is given whole. A pharmacist can allow a finer part below, by name.",
    )

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.centre = centre
        groups = [
            (medicine, [(offer.key, offer.name) for offer in offers])
            for medicine, offers in queries.offers(centre).items()
        ]
        self.fields["product"].choices = [("", "Choose a product"), *groups]  # type: ignore[attr-defined]

    def offer(self) -> queries.Offered | None:
        return queries.offered(self.centre, self.cleaned_data["product"])

    def part(self) -> Fraction | None:
        return Fraction(self.cleaned_data["smallest"]) if self.cleaned_data["smallest"] else None


class SplitForm(OnceForm):
    """A finer part than the facts know, allowed by the pharmacist's name."""

    smallest = forms.ChoiceField(
        label="Allow", choices=PARTS[1:], error_messages={"required": "Choose halves or quarters."}
    )
    reason = forms.CharField(
        label="Why",
        max_length=200,
        error_messages={"required": "Say why: the tablet you looked at, its line, its maker."},
    )

    def part(self) -> Fraction:
        return Fraction(self.cleaned_data["smallest"])
