"""What the page of a left-over sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from glidepath.care.medication.forms import SecondForm
from glidepath.care.medication.left_over import NOT_TAKEN, Became, LeftOver, Rest
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.supply import amounts
from glidepath.record.errors import BadInput

BECAME = ((Became.WASTED.value, "wasted before a witness"), (Became.RETURNED.value, "back into the stock, sealed"))


class LeftOverForm(SecondForm):
    """How much of each part is left over, what became of it, and why."""

    became = forms.ChoiceField(label="What became of it", choices=BECAME)
    is_sealed = forms.BooleanField(label="I looked: it is still sealed and whole", required=False)
    reason = forms.CharField(label="Why it was not taken", max_length=200)
    outcome = forms.ChoiceField(
        label="Where nothing of it was taken",
        choices=[(one.value, one.label) for one in NOT_TAKEN],
        required=False,
    )
    code = forms.ChoiceField(
        label="and the reason", choices=[("", "choose"), *DoseAnswer.Reason.choices[1:]], required=False
    )

    def __init__(self, *args: Any, parts: Sequence[LeftOver], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        self.fields["second_user"].label = "Who saw it wasted"
        for one in parts:
            unit = "mL" if one.product.is_liquid else "pieces"
            self.fields[self.box_of(one.key)] = forms.CharField(
                label=f"Not taken, of {one.words}",
                max_length=20,
                required=False,
                help_text=f"In {unit}, such as ½ or 1.5",
            )

    @staticmethod
    def box_of(key: UUID) -> str:
        return f"left-{key}"

    def boxes(self) -> list[forms.BoundField]:
        return [self[self.box_of(one.key)] for one in self.parts]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.quantities: dict[UUID, int] = {}
        for one in self.parts:
            box = self.box_of(one.key)
            typed = given.get(box, "").strip()
            if typed:
                try:
                    self.quantities[one.key] = amounts.read(typed, is_liquid=one.product.is_liquid, field=box)
                except BadInput as wrong:
                    self.add_error(box, wrong.message)
        return given

    def rest(self) -> Rest:
        given = self.cleaned_data
        return Rest(self.quantities, Became(given["became"]), given["reason"], given["is_sealed"])
