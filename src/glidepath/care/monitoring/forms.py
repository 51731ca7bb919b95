"""What the bedside pages send: every field may be left alone, and a field left alone was not measured."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from glidepath.care.monitoring.bedside import Bedside, Mind, State
from glidepath.care.monitoring.models import Event, Observation
from glidepath.care.monitoring.planned import HOURS_OF
from glidepath.clinical.facts.instruments import Item
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.monitoring.also_seen import AlsoSeen
from glidepath.clinical.monitoring.observation_plan import HOURS_A_DAY, Intervals
from glidepath.clinical.monitoring.scale_choice import NAMES, Scale
from glidepath.record.centres.models import Centre

CIWA_B_ITEMS = 22
CIWA_B_SCORED = 20
YES_NO = (("yes", "yes"), ("no", "no"))
NEEDED_AWAKE = {
    "rr": "breaths", "spo2": "SpO₂", "on_oxygen": "air or oxygen", "sbp": "systolic pressure", "pulse": "pulse",
    "temperature": "temperature", "mind": "mind", "rass": "RASS",
}  # fmt: skip
NEEDED_ASLEEP = {"rr": "breaths", "breathing": "breathing and movement", "colour": "colour", "position": "position"}
ALL_WELL = (
    ("breathing", Observation.Breathing.EASY),
    ("colour", Observation.Colour.USUAL),
    ("position", Observation.Position.SAFE),
)


class LocalMoment(forms.DateTimeField):
    """A date and time as the centre's clock shows it, or nothing: now."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> dt.datetime | None:
        moment = super().to_python(value)
        return None if moment is None else moment.replace(tzinfo=None)


class BedsideForm(forms.Form):
    """One look at one person. Breaths are tapped or typed: one value, whichever box it came from."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        choices=State.choices,
        error_messages={"required": "Say first: asleep, awake, hard to rouse, or not in bed."},
    )
    rr_tap = forms.IntegerField(required=False)
    rr_other = forms.IntegerField(required=False, error_messages={"invalid": "Breaths: a whole number, such as 14."})
    rr = forms.IntegerField(required=False, error_messages={"invalid": "Breaths: a whole number, such as 14."})
    spo2 = forms.IntegerField(required=False, error_messages={"invalid": "SpO₂: a whole number, such as 97."})
    on_oxygen = forms.ChoiceField(required=False, choices=(("air", "air"), ("oxygen", "oxygen")))
    sbp = forms.IntegerField(required=False, error_messages={"invalid": "Systolic: a whole number, such as 128."})
    dbp = forms.IntegerField(required=False, error_messages={"invalid": "Diastolic: a whole number, such as 82."})
    pulse = forms.IntegerField(required=False, error_messages={"invalid": "Pulse: a whole number, such as 76."})
    temperature = forms.DecimalField(
        required=False, error_messages={"invalid": "Temperature: degrees with one decimal, such as 37.4."}
    )
    mind = forms.ChoiceField(required=False, choices=Mind.choices)
    rass = forms.IntegerField(required=False)
    also = forms.MultipleChoiceField(required=False, choices=[(sign.value, sign.words) for sign in AlsoSeen])
    look = forms.ChoiceField(required=False, choices=(("well", "all well"), ("doubt", "something else")))
    breathing = forms.ChoiceField(required=False, choices=Observation.Breathing.choices)
    colour = forms.ChoiceField(required=False, choices=Observation.Colour.choices)
    position = forms.ChoiceField(required=False, choices=Observation.Position.choices)
    at = LocalMoment(error_messages={"invalid": "When it was seen: a day and a time, such as 2026-11-17 03:05."})
    keep = forms.CharField(required=False)

    def __init__(self, data: Any = None, *, centre: Centre, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.centre = centre
        self.bedside: Bedside | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        breaths = _given(cleaned)
        if len(breaths) > 1:
            self.add_error("rr_tap", f"Breaths are given as {' and as '.join(str(one) for one in breaths)}. Keep one.")
        if cleaned.get("look") == "well":
            self._all_well(cleaned)
        if not self.errors:
            self.bedside = self._bedside(cleaned)
            if cleaned.get("take_back"):
                self.bedside = Bedside(State.AWAKE)
                return cleaned
            for field, message in self.bedside.problems().items():
                self.add_error(field, message)
        return cleaned

    def happened_at(self) -> dt.datetime | None:
        """When it was seen, for a late entry; None for now."""
        return moment_of(self, "at", self.centre)

    @property
    def is_partial_meant(self) -> bool:
        return self.cleaned_data.get("keep") == "partial"

    def missing(self) -> tuple[str, ...]:
        """What a whole set would still need, in words."""
        if self.bedside is None or self.bedside.state in (State.ABSENT, State.HARD_TO_ROUSE):
            return ()
        needed = NEEDED_ASLEEP if self.bedside.state == State.ASLEEP else NEEDED_AWAKE
        return tuple(said for name, said in needed.items() if getattr(self.bedside, name) is None)

    def _all_well(self, cleaned: dict[str, Any]) -> None:
        """One tap for three answers; a tap beside it that says otherwise is asked about, never overruled."""
        if cleaned.get("state") != State.ASLEEP:
            return
        for name, good in ALL_WELL:
            if cleaned.get(name) not in (None, "", good):
                self.add_error("look", "All well, and yet something else is tapped below. Keep one.")
            cleaned[name] = good.value

    @staticmethod
    def _bedside(cleaned: dict[str, Any]) -> Bedside:
        oxygen = cleaned.get("on_oxygen")
        return Bedside(
            state=State(cleaned["state"]),
            rr=next(iter(_given(cleaned)), None),
            spo2=cleaned.get("spo2"),
            on_oxygen=None if not oxygen else oxygen == "oxygen",
            sbp=cleaned.get("sbp"),
            dbp=cleaned.get("dbp"),
            pulse=cleaned.get("pulse"),
            temperature=cleaned.get("temperature"),
            mind=Mind(cleaned["mind"]) if cleaned.get("mind") else None,
            rass=cleaned.get("rass"),
            breathing=Observation.Breathing(cleaned["breathing"]) if cleaned.get("breathing") else None,
            colour=Observation.Colour(cleaned["colour"]) if cleaned.get("colour") else None,
            position=Observation.Position(cleaned["position"]) if cleaned.get("position") else None,
            also_seen=tuple(sign for sign in AlsoSeen if sign in cleaned.get("also", ())),
        )


class CiwaBForm(forms.Form):
    """The 22 answers and the question before them. Left alone as a whole, it was not scored."""

    oriented = forms.ChoiceField(required=False, choices=YES_NO)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for item in instrument("ciwa_b").items:
            self.fields[f"c{item.number}"] = forms.IntegerField(
                required=False,
                label=item.label,
                error_messages={"invalid": f"{item.label}: a whole number."},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for item in instrument("ciwa_b").items:
            value = cleaned.get(f"c{item.number}")
            if value is None:
                continue
            if item.allowed and value not in item.allowed:
                self.add_error(
                    f"c{item.number}", f"{item.label}: {value} is not an answer; {_either(item.allowed)} is."
                )
            if (
                not item.allowed
                and item.low is not None
                and item.high is not None
                and not item.low <= value <= item.high
            ):
                self.add_error(f"c{item.number}", f"{item.label}: {value} cannot be; {item.low} to {item.high}.")
        if self.is_begun and not cleaned.get("oriented"):
            self.add_error("oriented", "Before the answers: alert, orientated, follows instructions? Yes or no.")
        return cleaned

    @property
    def is_begun(self) -> bool:
        return bool(self.cleaned_data.get("oriented")) or any(answer is not None for answer in self.answers)

    @property
    def answers(self) -> list[int | None]:
        return [self.cleaned_data.get(f"c{number}") for number in range(1, CIWA_B_ITEMS + 1)]

    @property
    def is_oriented(self) -> bool:
        return bool(self.cleaned_data.get("oriented") == "yes")

    def missing(self) -> tuple[str, ...]:
        """The unanswered of the scored items; none while the person is not orientated, for then nothing is scored."""
        if not self.is_begun or not self.is_oriented:
            return ()
        items = instrument("ciwa_b").scored_items
        return tuple(item.label for item in items if self.cleaned_data.get(f"c{item.number}") is None)


class ScaleForm(forms.Form):
    """The answers of CIWA-Ar or COWS. Left alone as a whole, it was not scored."""

    def __init__(self, scale: Scale, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.scale = scale
        self.definition = instrument(scale)
        for item in self.definition.items:
            message = {"invalid": f"{NAMES[scale]}, {item.label}: a whole number."}
            self.fields[self.name_of(item)] = forms.IntegerField(
                required=False, label=item.label, error_messages=message
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for item in self.definition.items:
            value = cleaned.get(self.name_of(item))
            if value is not None and value not in item.allowed:
                said = f"{NAMES[self.scale]}, {item.label}: {value} is not an answer; {_either(item.allowed)} is."
                self.add_error(self.name_of(item), said)
        return cleaned

    def name_of(self, item: Item) -> str:
        return f"{self.scale}_{item.number}"

    @property
    def answers(self) -> list[int | None]:
        return [self.cleaned_data.get(self.name_of(item)) for item in self.definition.items]

    @property
    def is_begun(self) -> bool:
        return any(answer is not None for answer in self.answers)

    def missing(self) -> tuple[str, ...]:
        """The unanswered items, once one is answered."""
        if not self.is_begun:
            return ()
        pairs = zip(self.definition.items, self.answers, strict=True)
        return tuple(f"{NAMES[self.scale]}: {item.label}" for item, answer in pairs if answer is None)


def scale_forms(data: Any = None) -> dict[Scale, ScaleForm]:
    """One form for each scale beside CIWA-B."""
    return {scale: ScaleForm(scale, data) for scale in (Scale.CIWA_AR, Scale.COWS)}


class ScaleCorrectionForm(ScaleForm):
    """The answers as they should have been, or the whole score taken back."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    take_back = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=300, error_messages={"required": "Say why it is corrected."})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("take_back") and not self.is_begun and not self.errors:
            self.add_error(None, "Nothing is answered. Give the answers as they were, or take the score back.")
        return cleaned

    @property
    def corrected(self) -> list[int | None]:
        """The answers; none at all where the score is taken back."""
        return [None] * len(self.definition.items) if self.cleaned_data["take_back"] else self.answers


class CiwaBCorrectionForm(CiwaBForm):
    """The answers as they should have been, or the whole score taken back: another person's, or never taken."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    take_back = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=300, error_messages={"required": "Say why it is corrected."})
    keep = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("take_back") and not self.is_begun:
            self.add_error("oriented", "Nothing is answered. Give the answers as they were, or take the score back.")
        return cleaned

    @property
    def corrected(self) -> tuple[list[int | None], bool]:
        """The answers and whether the person was orientated; no answer at all where the score is taken back."""
        if self.cleaned_data["take_back"]:
            return [None] * CIWA_B_ITEMS, True
        return self.answers, self.is_oriented

    def missing(self) -> tuple[str, ...]:
        meant = self.cleaned_data["take_back"] or self.cleaned_data["keep"] == "partial"
        return () if meant else super().missing()


class EventForm(forms.Form):
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=Event.Kind.choices, error_messages={"required": "Say what happened."})
    words = forms.CharField(required=False, max_length=400, strip=True)
    at = LocalMoment(error_messages={"invalid": "When it happened: a day and a time, such as 2026-11-17 03:05."})
    seen = forms.IntegerField(required=False)


class EventCorrectionForm(EventForm):
    reason = forms.CharField(max_length=300, error_messages={"required": "Say why it is corrected."})


class ReviewForm(forms.Form):
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        choices=(("stands", "stands"), ("lifted", "lifted")),
        error_messages={"required": "Say whether it stands or is lifted."},
    )
    words = forms.CharField(max_length=400, error_messages={"required": "Say what you found."})
    again = LocalMoment(error_messages={"invalid": "The next look: a day and a time, such as 2026-11-17 03:05."})
    seen = forms.IntegerField(required=False)
    pin = forms.CharField(required=False, max_length=8)


class SleepForm(forms.Form):
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    night_of = forms.DateField(error_messages={"required": "Which night: the day it ended."})
    hours = forms.DecimalField(
        min_value=0,
        max_value=24,
        error_messages={"required": "How many hours: 0 is an answer, an empty box is not."},
    )
    reason = forms.CharField(required=False, max_length=300)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class OxygenTargetForm(forms.Form):
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    scale = forms.ChoiceField(choices=(("1", "usual"), ("2", "88-92 %")))
    pin = forms.CharField(required=False, max_length=8)


class PlanForm(forms.Form):
    """An observation plan as a prescriber types it: hours, or an empty box for a scale that is not due."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    awake = forms.IntegerField(error_messages={"required": "Awake: every how many hours, 1 to 24."})
    asleep = forms.IntegerField(error_messages={"required": "Asleep: every how many hours, 1 to 24."})
    ciwa_b_hours = forms.IntegerField(required=False)
    ciwa_ar_hours = forms.IntegerField(required=False)
    cows_hours = forms.IntegerField(required=False)
    until = LocalMoment(error_messages={"invalid": "A day and a time, such as 2026-11-19 10:00."})
    reason = forms.CharField(max_length=400, error_messages={"required": "Say why: what was seen, and what to watch."})
    knows_looser = forms.BooleanField(required=False)
    pin = forms.CharField(required=False, max_length=8)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                field.error_messages["invalid"] = "Whole hours, such as 8."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("awake", "asleep", *HOURS_OF.values()):
            hours = cleaned.get(name)
            if hours is not None and not 1 <= hours <= HOURS_A_DAY:
                self.add_error(name, f"Every {hours} hours cannot be set: 1 to {HOURS_A_DAY}.")
        if not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", "Say when somebody looks at it again.")
        return cleaned

    @property
    def intervals(self) -> Intervals:
        hours = {scale: self.cleaned_data.get(name) for scale, name in HOURS_OF.items()}
        scales = {scale: value for scale, value in hours.items() if value is not None}
        return Intervals(self.cleaned_data["awake"], self.cleaned_data["asleep"], scales)


class CorrectionForm(BedsideForm):
    """The values as they should have been, or the whole entry taken back: another person's, or never taken."""

    take_back = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=300, error_messages={"required": "Say why it is corrected."})


def moment_of(form: forms.Form, name: str, centre: Centre) -> dt.datetime | None:
    """The moment typed on the centre's clock, or None where nothing was typed. A repeated hour is its first."""
    local: dt.datetime | None = form.cleaned_data.get(name)
    return None if local is None else local.replace(tzinfo=centre.zone).astimezone(dt.UTC)


def _given(cleaned: dict[str, Any]) -> list[int]:
    """The breathing rates that were tapped or typed, each once."""
    given = [cleaned.get(name) for name in ("rr_tap", "rr_other", "rr")]
    return list(dict.fromkeys(rate for rate in given if rate is not None))


def _either(values: tuple[int, ...]) -> str:
    return f"{', '.join(str(value) for value in values[:-1])} or {values[-1]}"
