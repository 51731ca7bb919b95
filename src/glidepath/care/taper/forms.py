"""The forms of the taper room. They check shape; what a plan may not be is said by the services and the core."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms

from glidepath.care.taper.models import SymptomReview
from glidepath.care.taper.planning import Draft
from glidepath.care.taper.rows import Chosen
from glidepath.care.taper.shown import WayOn, ways_on
from glidepath.care.taper.turning import REASONS, BlockedTurn, From, Reason
from glidepath.clinical.amounts import plain, rounded
from glidepath.clinical.dosing.plan import Goal, Setting, Shape
from glidepath.clinical.dosing.revise import Pace
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding, in_the_way
from glidepath.clinical.guidelines.day_review import StopConditions
from glidepath.clinical.regimen import RegimenError, parse_goal
from glidepath.record.errors import BadInput, HardStop, ServiceError
from glidepath.record.staff.forms import SecondSignature

Choices = Sequence[tuple[str, str]]

AGREEMENT = "JCG-4"  # answered by the words about how the person agreed, not by a reason of the prescriber's

SHAPES = (
    (Shape.PROPORTIONAL.value, "the same share of the present dose"),
    (Shape.LINEAR.value, "the same amount each step"),
    (Shape.DRAWN.value, "drawn by the prescriber"),
    (Shape.TYPED.value, "typed step by step"),
)
SETTINGS = (
    (Setting.RESIDENTIAL.value, "residential"),
    (Setting.INPATIENT_MEDICAL.value, "inpatient, medically managed"),
    (Setting.OUTPATIENT.value, "outpatient"),
)
SLEEP = (("yes", "yes"), ("no", "no"))
# How the person agreed, one tap each; more of it goes into the words.
AGREED = (
    ("asked for it", "asked for it"),
    ("decided together", "decided together"),
    ("told, and agrees", "told, and agrees"),
)
TYPED_LINE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})\s+(?P<regimen>.+)")


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def milestones_box(weeks_from: str) -> forms.CharField:
    """The points of a drawn way, one a line."""
    return forms.CharField(
        label="Milestones",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One a line, where the way is drawn: a day or a week, then the dose of the day: 2026-12-15: 16 mg, "
        f"or week 6: 12 mg. Weeks count from {weeks_from}. The last one is the goal. Between two of them the line is "
        "straight, and no dose lies below it.",
    )


def ask_milestones(form: forms.Form, given: dict[str, Any]) -> None:
    """A drawn way without milestones is none."""
    if given.get("shape") == Shape.DRAWN and not given.get("milestones") and "milestones" not in form.errors:
        form.add_error("milestones", "Write the milestones, one a line: a day or a week, then the dose of the day.")


class PaceForm(forms.Form):
    """How fast: a share of the present dose in percent, every so many days."""

    cut = forms.DecimalField(
        label="Cut, % of the present dose", min_value=Decimal("0.1"), max_value=Decimal(99), decimal_places=2
    )
    interval_days = forms.IntegerField(label="Days between two cuts", min_value=1, max_value=365)

    def pace(self) -> Pace:
        return Pace(Fraction(self.cleaned_data["cut"]) / 100, self.cleaned_data["interval_days"])


class DraftForm(PaceForm):
    """What a prescriber would plan. Sent by GET, so that a plan that is only looked at has an address and no trace."""

    field_order = (
        "regimen", "start", "first_cut", "shape", "cut", "interval_days", "goal", "table", "switch_to", "setting",
        "protocol", "milestones", "typed",
    )  # fmt: skip

    regimen = forms.CharField(
        label="Present dose", max_length=200, help_text="As in: diazepam 10 mg at 08:00, 22:00. Brand names are known."
    )
    start = forms.DateField(label="From", widget=_date(), help_text="Step 1 is the present dose, without a cut.")
    first_cut = forms.DateField(
        label="First cut on", widget=_date(), required=False, help_text="Left empty: one interval after the start."
    )
    shape = forms.ChoiceField(label="Way down", choices=SHAPES, widget=forms.RadioSelect)
    goal = forms.CharField(
        label="Goal",
        max_length=120,
        required=False,
        help_text="Empty is zero. A lower dose that stays is as good: diazepam 5 mg.",
    )
    table = forms.ChoiceField(label="Equivalence table", required=False)
    switch_to = forms.ChoiceField(label="Switch to", required=False)
    setting = forms.ChoiceField(label="Where", choices=SETTINGS)
    protocol = forms.ChoiceField(
        label="Rapid inpatient protocol",
        required=False,
        help_text="Then the way down, the cut and the days are the protocol’s own, whatever the boxes say; slower: "
        "type it step by step. Two people sign.",
    )
    milestones = milestones_box("the start")
    typed = forms.CharField(
        label="Steps, typed",
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One a line, where it is typed step by step: 2026-12-01 diazepam 9 mg at 08:00, 22:00 (or: zero).",
    )

    def __init__(self, *args: Any, tables: Choices, switches: Choices, protocols: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"] = forms.ChoiceField(label="Equivalence table", required=False, choices=tables)
        self.fields["switch_to"] = forms.ChoiceField(label="Switch to", required=False, choices=switches)
        self.fields["protocol"].choices = [("", "no protocol"), *protocols]  # type: ignore[attr-defined]
        if not protocols:  # elsewhere, and where the centre uses none, nobody sees the question
            del self.fields["protocol"]

    def clean_goal(self) -> Goal:
        return read_goal(self.cleaned_data["goal"])

    def clean_typed(self) -> tuple[tuple[dt.date, str], ...]:
        return read_typed(self.cleaned_data["typed"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("shape") == Shape.TYPED and not given.get("typed") and "typed" not in self.errors:
            self.add_error("typed", "Type the steps after the first, one a line: day, then the dose of the day.")
        ask_milestones(self, given)
        return given

    def draft(self, *, agreed: str = "", reason: str = "") -> Draft:
        given = self.cleaned_data
        pace = self.pace()
        chosen = Chosen(
            shape=Shape(given["shape"]),
            cut=pace.cut,
            interval_days=pace.interval_days,
            setting=Setting(given["setting"]),
            goal=given["goal"],
            table=given["table"],
            switch_to=given["switch_to"],
            protocol=given.get("protocol", ""),
        )
        return Draft(
            regimen=given["regimen"],
            start=given["start"],
            chosen=chosen,
            first_cut=given["first_cut"],
            typed=given["typed"],
            milestones=given["milestones"],
            agreed=agreed,
            reason=reason,
        )


class Overriding(forms.Form):
    """A form with one box for each hard stop that a prescriber may answer: its reason is kept under the rule's code."""

    pin = forms.CharField(label="Your PIN", max_length=8, required=False)
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def ask_overrides(self, findings: tuple[Finding, ...], *, but: tuple[str, ...] = ()) -> None:
        """A box for each hard stop that stands and may be answered; `but`: codes that something else answers."""
        for code in dict.fromkeys(one.code for one in findings if one.stops and one.overridable):
            if code not in but:
                self.fields[f"override-{code}"] = forms.CharField(
                    label=f"Why you go on although {code} stands", max_length=300, required=False
                )

    def overrides(self) -> dict[str, str]:
        """The reasons by rule code, as sent."""
        sent = {
            name.removeprefix("override-"): text for name, text in self.data.items() if name.startswith("override-")
        }
        return {code: str(text).strip()[:300] for code, text in sent.items() if str(text).strip()}

    def override_boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("override-")]


class SignForm(Overriding, SecondSignature):
    """The shared decision and the signature of a first plan."""

    agreed = forms.CharField(
        label="How the person agreed",
        max_length=200,
        required=False,
        help_text="In a few words: said so, with whom, on what paper. Without it no plan is signed (JCG-4).",
    )
    acknowledged = forms.CharField(label="Why you go on although warnings stand", max_length=400, required=False)
    shown = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class TurningForm(Overriding):
    """What every change of a running taper asks: reason and agreement by a tap each, and from when it counts."""

    reason_code = forms.ChoiceField(
        label="Reason",
        choices=[*REASONS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the reason: one tap."},
    )
    words = forms.CharField(label="In words", max_length=400, required=False)
    agreed_by = forms.ChoiceField(
        label="How the person agreed", choices=AGREED, widget=forms.RadioSelect, required=False
    )
    agreed = forms.CharField(label="More about the agreement", max_length=160, required=False)
    from_day = forms.DateField(
        label="From", widget=_date(), required=False, help_text="Left empty: from the next dose."
    )
    from_time = forms.TimeField(
        label="Dose of",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Left empty: the first dose of that day.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    shown = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    ways_on: tuple[WayOn, ...] = ()  # what would let a change that is blocked reach its goal

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("from_time") and not given.get("from_day") and "from_day" not in self.errors:
            self.add_error("from_day", "Name the day of that dose too, or leave both empty for the next dose.")
        return given

    def reason(self) -> Reason:
        given = self.cleaned_data
        agreed = "; ".join(filter(None, (given.get("agreed_by"), given.get("agreed"))))
        return Reason(given.get("reason_code", ""), given.get("words", ""), agreed)

    def begins(self) -> From | None:
        day = self.cleaned_data.get("from_day")
        return From(day, self.cleaned_data.get("from_time")) if day else None


class ChangeForm(TurningForm):
    """Hold, resume, slow, step back: a pace is one tap, or typed."""

    pace_by = forms.ChoiceField(label="Pace", widget=forms.RadioSelect, required=False)
    cut = forms.DecimalField(
        label="Cut, % of the present dose",
        min_value=Decimal("0.1"),
        max_value=Decimal(99),
        decimal_places=2,
        required=False,
    )
    interval_days = forms.IntegerField(label="Days between two cuts", min_value=1, max_value=365, required=False)
    to_step = forms.IntegerField(label="Back to", required=False)

    def __init__(self, *args: Any, paces: tuple[Pace, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paces = {pace_key(one): one for one in paces}
        self.fields["pace_by"] = forms.ChoiceField(
            label="Pace",
            choices=[(key, pace_words(one)) for key, one in self.paces.items()],
            widget=forms.RadioSelect,
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        for name, other in (("cut", "interval_days"), ("interval_days", "cut")):
            if given.get(name) and not given.get(other) and other not in self.errors:
                self.add_error(other, "A pace is typed as both: how much, and how often.")
        return given

    def pace(self) -> Pace | None:
        """The typed one; else the one that was tapped."""
        cut, days = self.cleaned_data.get("cut"), self.cleaned_data.get("interval_days")
        if cut and days:
            return Pace(Fraction(cut) / 100, days)
        return self.paces.get(self.cleaned_data.get("pace_by", ""))


def pace_key(pace: Pace) -> str:
    return f"{pace.cut * 100}-{pace.interval_days}"


def pace_words(pace: Pace) -> str:
    return f"{plain(rounded(pace.cut * 100, 2))} % every {pace.interval_days} days"


class ReviewForm(forms.Form):
    """How the person is after the last change of dose, and what follows."""

    interference = forms.ChoiceField(
        label="Symptoms",
        choices=SymptomReview.Interference.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether symptoms interfere with the person's life."},
    )
    sleep = forms.ChoiceField(
        label="Sleep disturbed",
        choices=SLEEP,
        widget=forms.RadioSelect,
        required=False,
        help_text="Left open: not asked.",
    )
    decision = forms.ChoiceField(
        label="What follows",
        choices=SymptomReview.Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what follows."},
    )
    words = forms.CharField(label="In their words", max_length=400, required=False)
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def sleep_disturbed(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["sleep"])


class ReleaseForm(Overriding):
    """The signature under one step."""

    contact_on = forms.DateField(
        label="We call on",
        required=False,
        widget=_date(),
        help_text="After the last step to zero: a contact inside the weeks to watch.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.IntegerField(widget=forms.HiddenInput)


class BatchForm(Overriding, SecondSignature):
    """Daily cuts in one batch: up to which step, inside which conditions, signed by two."""

    last_step = forms.ChoiceField(label="Up to")
    ciwa_b_at_most = forms.IntegerField(label="CIWA-B at most", help_text="points; at 41 a physician is called (INP-6)")
    ciwa_b_rise_under = forms.IntegerField(
        label="CIWA-B rises by less than", help_text="points within 24 hours (INP-6)"
    )
    rass_at_least = forms.IntegerField(label="RASS not below", help_text="at −2 the next dose is held (INP-13)")
    rass_at_most = forms.IntegerField(label="RASS not above", help_text="ours; the centre’s setting is proposed")
    news2_at_most = forms.IntegerField(label="NEWS2 at most", help_text="points; at 5 an urgent review (INP-7)")
    values_hours = forms.IntegerField(label="Values at most so old", help_text="hours; ours, the centre’s setting")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, steps: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_step"].choices = steps  # type: ignore[attr-defined]

    def condition_boxes(self) -> list[forms.BoundField]:
        return [self[field.name] for field in dataclasses.fields(StopConditions)]

    def conditions(self) -> StopConditions:
        return StopConditions(**{one.name: self.cleaned_data[one.name] for one in self.condition_boxes()})


class DayForm(ReviewForm):
    """The day's review inside a batch. What follows is not chosen: inside the conditions the next cut begins."""

    decision = None  # type: ignore[assignment]
    pin = forms.CharField(label="Your PIN", max_length=8, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.IntegerField(widget=forms.HiddenInput)


def refuse(form: forms.Form, refused: ServiceError) -> None:
    """A service's word beside its box, or above the form; of a change that is blocked, the ways on beside it."""
    if isinstance(refused, BlockedTurn) and isinstance(form, TurningForm):
        form.ways_on = ways_on(refused.ways, ())
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def refuse_stop(form: forms.Form, stop: HardStop) -> None:
    """What stands in the way, above the form; a missing agreement beside its box."""
    if AGREEMENT in {one.code for one in in_the_way(stop.findings)}:
        form.add_error("agreed", "Nothing is signed before it is decided together: write how the person agreed.")
    form.add_error(None, stop.message)


def read_goal(text: str) -> Goal:
    """Empty is zero. Raises ValidationError with what was typed and what to write."""
    try:
        return parse_goal(text, formulary=formulary()) if text else Goal()
    except RegimenError as wrong:
        raise forms.ValidationError(str(wrong)) from wrong


def read_typed(text: str) -> tuple[tuple[dt.date, str], ...]:
    """Day and regimen of each line. Raises ValidationError with the line that is no step."""
    lines = [line.strip() for line in text.splitlines()]
    return tuple(_typed_step(line) for line in lines if line)


def _typed_step(line: str) -> tuple[dt.date, str]:
    found = TYPED_LINE.fullmatch(line)
    try:
        if found is None:
            raise BadInput(line)
        day = dt.date.fromisoformat(found["day"])
    except (BadInput, ValueError):
        raise forms.ValidationError(
            f"“{line}” is no step. Write a day and its doses: 2026-12-01 diazepam 9 mg at 08:00, 22:00."
        ) from None
    regimen = found["regimen"].strip()
    return day, "" if regimen.lower() in ("zero", "0", "0 mg") else regimen
