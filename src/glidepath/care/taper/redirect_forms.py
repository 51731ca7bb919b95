"""The forms of a taper that is sent another way: a switch, and other choices for what remains."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from glidepath.care.taper.forms import (
    SHAPES,
    Choices,
    DraftForm,
    PaceForm,
    TurningForm,
    ask_milestones,
    milestones_box,
    read_goal,
    read_typed,
)
from glidepath.care.taper.redirecting import Way
from glidepath.care.taper.requests import by_shares
from glidepath.care.taper.rows import Chosen
from glidepath.clinical.dosing.plan import Goal, Shape


class RedirectForm(TurningForm, PaceForm):
    """The pace from here, the goal and the table: what both ways ask."""

    goal = forms.CharField(
        label="Goal",
        max_length=120,
        required=False,
        help_text="Empty is zero. A lower dose that stays is as good: diazepam 5 mg.",
    )
    first_cut = forms.DateField(
        label="First cut on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        help_text="Left empty: as planned, or later.",
    )

    def __init__(self, *args: Any, tables: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"] = forms.ChoiceField(label="Equivalence table", required=False, choices=tables)

    def clean_goal(self) -> Goal:
        return read_goal(self.cleaned_data["goal"])


class SwitchForm(RedirectForm):
    """Exchange the present medicines for a longer-acting one, one dose of the day at a time."""

    every_days = forms.IntegerField(
        label="Days between two exchanged doses",
        min_value=1,
        max_value=60,
        required=False,
        help_text="Left empty: spread over one week.",
    )

    def __init__(self, *args: Any, switches: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["switch_to"] = forms.ChoiceField(
            label="Switch to",
            choices=switches,
            widget=forms.RadioSelect,
            error_messages={"required": "Choose the medicine to switch to."},
        )

    def way(self, was: Chosen) -> Way:
        given, pace = self.cleaned_data, self.pace()
        chosen = Chosen(
            shape=by_shares(was).shape,
            cut=pace.cut,
            interval_days=pace.interval_days,
            setting=was.setting,
            goal=given["goal"],
            table=given["table"],
            switch_to=given["switch_to"],
            products=was.products,
        )
        return Way(chosen, first_cut=given["first_cut"], every_days=given["every_days"])


class AmendForm(RedirectForm):
    """Goal, shape, pace, table, dose times, products, or the steps themselves."""

    shape = forms.ChoiceField(label="Way down", choices=SHAPES, widget=forms.RadioSelect)
    regimen = forms.CharField(
        label="Dose from then on",
        max_length=200,
        required=False,
        help_text="Left empty: as now. A rise is an exception, with your reason; a lower dose is a step.",
    )
    times = forms.CharField(
        label="Dose times from the first cut on",
        max_length=60,
        required=False,
        help_text="As in: 08:00 22:00. Left empty: as now.",
    )
    typed = DraftForm.base_fields["typed"]
    milestones = milestones_box("the day of the change")

    def __init__(self, *args: Any, stocked: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["products"] = forms.MultipleChoiceField(label="Made of", choices=stocked, required=False)

    def clean_times(self) -> tuple[dt.time, ...]:
        words = self.cleaned_data["times"].replace(",", " ").split()
        try:
            return tuple(sorted({dt.time.fromisoformat(word) for word in words}))
        except ValueError:
            raise forms.ValidationError(
                f"“{' '.join(words)}” are no times of day. Write them as 08:00 22:00."
            ) from None

    def clean_typed(self) -> tuple[tuple[dt.date, str], ...]:
        return read_typed(self.cleaned_data["typed"])

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("shape") == Shape.TYPED and not given.get("typed") and "typed" not in self.errors:
            self.add_error("typed", "Type the steps that remain, one a line: day, then the dose of the day.")
        ask_milestones(self, given)
        return given

    def way(self, was: Chosen) -> Way:
        given, pace = self.cleaned_data, self.pace()
        chosen = Chosen(
            shape=Shape(given["shape"]),
            cut=pace.cut,
            interval_days=pace.interval_days,
            setting=was.setting,
            goal=given["goal"],
            table=given["table"],
            switch_to=was.switch_to,
            products=tuple(given["products"]),
        )
        return Way(
            chosen,
            first_cut=given["first_cut"],
            times=given["times"],
            typed=given["typed"],
            regimen=given["regimen"],
            milestones=given["milestones"],
        )
