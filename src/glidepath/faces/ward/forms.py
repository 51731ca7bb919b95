"""The forms of the ward: the day a board shows, and a planned move."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from glidepath.record.centres.models import Bed
from glidepath.record.episodes.models import PlannedMove
from glidepath.record.forms import OnceForm
from glidepath.record.people.models import Person


class DayForm(forms.Form):
    """A day of the board, in its address."""

    on = forms.DateField(label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class PlanForm(OnceForm):
    """Who is to lie where from a day on, or leaves then."""

    person = forms.ChoiceField(label="Who", error_messages={"required": "Choose whom it is about."})
    kind = forms.ChoiceField(
        label="What is planned", choices=PlannedMove.Kind.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose a bed to move into, or that the person leaves."},
    )  # fmt: skip
    bed = forms.ChoiceField(label="Bed", required=False, help_text="Of a move into a bed.")
    on = forms.DateField(label="On", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    words = forms.CharField(label="Remark", max_length=200, required=False)

    def __init__(self, *args: Any, people: Iterable[Person] = (), beds: Iterable[Bed] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "choose"), *((str(one.public_id), one.preferred_name) for one in people)]  # type: ignore[attr-defined]
        self.fields["bed"].choices = [("", "none"), *((str(one.public_id), str(one)) for one in beds)]  # type: ignore[attr-defined]
