"""What the pages of the medication room send. What was typed always comes back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from glidepath.care.medication.models import DoseAnswer, GoingOn, Order, YesNoUnknown
from glidepath.care.medication.proposing import OrderDraft, known_medicine, suggestions
from glidepath.clinical.amounts import NANOGRAMS_PER_MG, AmountError, parse_mg
from glidepath.clinical.findings import Finding
from glidepath.clinical.monitoring.hold_rules import BadRule, HoldRule, Sign
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.forms import OnceForm
from glidepath.record.staff.models import Staff

OVERRIDE = "override-"
# What a purpose says to the rules about tapering; where nobody said it, they ask.
FOR_TAPER: Mapping[str, bool | None] = {
    "": None, Order.Purpose.USUAL: False, Order.Purpose.TAPER: True, Order.Purpose.COMFORT: False,
}  # fmt: skip
MINUTES_AT_MOST = 7 * 24 * 60  # a week
_TIME = re.compile(r"(\d{1,2})[:.h]?(\d{2})?")


class Milligrams(forms.Field):
    """An amount in mg as a person types it, to whole nanograms."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        if "e" in text.lower():  # "1e9" is a number to a machine, and to nobody who writes an order
            raise forms.ValidationError(f"“{text}” is not a number of mg: write it like 2.5.")
        try:
            return int(parse_mg(text, what=str(self.label).lower()) * NANOGRAMS_PER_MG)
        except AmountError as wrong:
            raise forms.ValidationError(str(wrong)) from None


class ClockTimes(forms.Field):
    """Times of the day, by spaces or commas: "08:00 20:00", "8, 20"."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> tuple[dt.time, ...]:
        return tuple(_clock_time(part) for part in re.split(r"[\s,;]+", str(value or "")) if part)


class SigningForm(OnceForm):
    """A form that is signed, with a box for each hard stop that a prescriber may answer."""

    pin = forms.CharField(label="Your PIN", max_length=8, required=False)

    def ask_overrides(self, findings: Iterable[Finding]) -> None:
        for code in dict.fromkeys(one.code for one in findings if one.stops and one.overridable):
            self.fields[f"{OVERRIDE}{code}"] = forms.CharField(
                label=f"Why you go on although {code} stands", max_length=300, required=False
            )

    def overrides(self) -> dict[str, str]:
        """The reasons by the rule's code, as sent."""
        sent = {name.removeprefix(OVERRIDE): text for name, text in self.data.items() if name.startswith(OVERRIDE)}
        return {code: str(text).strip()[:300] for code, text in sent.items() if str(text).strip()}

    def override_boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(OVERRIDE)]


class OrderForm(SigningForm):
    """One order. Of a medicine in the formulary, sedative and opioid are known; of another, the prescriber says."""

    medicine = forms.CharField(
        label="Medicine",
        max_length=80,
        help_text="Generic or brand name.",
        widget=forms.TextInput(attrs={"list": "medicine-names", "autocomplete": "off"}),
    )
    amount = Milligrams(label="One dose, in mg", help_text="Such as 2.5")
    kind = forms.ChoiceField(choices=Order.Kind.choices, initial=Order.Kind.REGULAR, label="How")
    times = ClockTimes(label="At", required=False, help_text="For a regular order: 08:00 14:00 22:00")
    every_hours = forms.IntegerField(label="Every … hours", required=False, min_value=1)
    start = forms.DateTimeField(
        label="From, if not now",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    end = forms.DateTimeField(
        label="Up to, if there is an end",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    until_plan = forms.BooleanField(
        label="A bridge: it ends where a taper plan takes over", required=False, initial=True
    )
    more_follow = forms.BooleanField(label="A part of the day’s dose: further orders follow now", required=False)
    form = forms.CharField(label="Form", max_length=60, required=False, help_text="Tablet, patch, syrup …")
    route = forms.CharField(label="Route", max_length=40, required=False, initial="by mouth")
    outside = forms.BooleanField(label="It is another medicine, outside the formulary", required=False)
    is_sedative = forms.ChoiceField(label="Is it a sedative?", choices=YesNoUnknown.choices, required=False)
    is_opioid = forms.ChoiceField(label="Is it an opioid?", choices=YesNoUnknown.choices, required=False)
    prn_reason = forms.CharField(label="For what", max_length=120, required=False)
    min_interval_minutes = forms.IntegerField(
        label="At least … minutes apart", required=False, min_value=1, max_value=MINUTES_AT_MOST
    )
    max_24h = Milligrams(label="At most … mg in 24 hours", required=False)
    recheck_minutes = forms.IntegerField(
        label="Look again after … minutes", required=False, min_value=1, max_value=MINUTES_AT_MOST
    )
    purpose = forms.ChoiceField(
        label="What it is for", choices=(("", "not said"), *Order.Purpose.choices), required=False
    )
    hold_rass = forms.IntegerField(label="Hold at RASS … or below", required=False, help_text="Such as -2")
    hold_sbp = forms.IntegerField(label="Hold at systolic under … mmHg", required=False)
    hold_pulse = forms.IntegerField(label="Hold at pulse under … a minute", required=False)
    hold_rr = forms.IntegerField(label="Hold at breathing under … a minute", required=False)
    wants_witness = forms.BooleanField(label="A witness at each dose", required=False)
    wants_cosign = forms.BooleanField(label="A second clinician signs it as well", required=False)
    acknowledged = forms.CharField(
        label="Why it is right although warnings stand",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.centre = centre

    def clean(self) -> dict[str, Any]:
        """A name the formulary does not have is a slip of the pen until somebody says that it is none."""
        given = super().clean() or {}
        name = given.get("medicine", "")
        if name and known_medicine(name) is None:
            if not given.get("outside"):
                near = suggestions(name)
                meant = f" Did you mean {' or '.join(near)}?" if near else ""
                self.add_error(
                    "medicine", f"“{name}” is not in the formulary.{meant} If it is another one, say so below."
                )
            for field in ("is_sedative", "is_opioid"):
                if given.get("outside") and not given.get(field):
                    self.add_error(field, "Yes, no or not known: one of the three.")
        self._read_limits(given)
        return given

    def _read_limits(self, given: dict[str, Any]) -> None:
        """The hold rules of the order, each at its own box."""
        self.limits: list[HoldRule] = []
        for sign in Sign:
            limit = given.get(f"hold_{sign.value}")
            if limit is not None:
                try:
                    self.limits.append(HoldRule(sign, limit))
                except BadRule as wrong:
                    self.add_error(f"hold_{sign.value}", str(wrong))

    def limit_boxes(self) -> list[forms.BoundField]:
        return [self[f"hold_{sign.value}"] for sign in Sign]

    def draft(self) -> OrderDraft:
        given = self.cleaned_data
        return OrderDraft(
            medicine=given["medicine"],
            ng=given["amount"],
            kind=Order.Kind(given["kind"]),
            start_at=self._moment("start") or clock.now(),
            end_at=self._moment("end"),
            times=given["times"] if given["kind"] == Order.Kind.REGULAR else (),
            every_hours=given["every_hours"] if given["kind"] == Order.Kind.INTERVAL else None,
            form=given["form"],
            route=given["route"].strip() or "by mouth",
            is_sedative=YesNoUnknown(given["is_sedative"] or YesNoUnknown.UNKNOWN),
            is_opioid=YesNoUnknown(given["is_opioid"] or YesNoUnknown.UNKNOWN),
            until_plan=given["until_plan"] and given["kind"] in (Order.Kind.REGULAR, Order.Kind.INTERVAL),
            more_follow=given["more_follow"],
            purpose=given["purpose"],
            for_taper=FOR_TAPER[given["purpose"]],
            hold_rules=tuple(self.limits),
            wants_witness=given["wants_witness"],
            wants_cosign=given["wants_cosign"],
            **self._as_needed(),
        )

    def _as_needed(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given["kind"] != Order.Kind.PRN:
            return {}
        return {
            "prn_reason": given["prn_reason"],
            "min_interval_minutes": given["min_interval_minutes"],
            "max_24h_ng": given["max_24h"],
            "recheck_minutes": given["recheck_minutes"],
        }

    def _moment(self, name: str) -> dt.datetime | None:
        local = self.cleaned_data.get(name)
        return None if local is None else local.replace(tzinfo=self.centre.zone).astimezone(dt.UTC)


class VerbalForm(OrderForm):
    """An order by word of mouth: from whom, and that it was read back."""

    prescriber = forms.ChoiceField(label="Who gave it")
    read_back = forms.BooleanField(
        label="I wrote it down, read all of it back, and the prescriber said yes", required=False
    )

    def __init__(self, *args: Any, prescribers: Sequence[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prescribers = {str(one.public_id): one for one in prescribers}
        box = self.fields["prescriber"]
        assert isinstance(box, forms.ChoiceField)
        box.choices = [("", "choose"), *((key, one.name) for key, one in self.prescribers.items())]

    def given_by(self) -> Staff:
        return self.prescribers[self.cleaned_data["prescriber"]]


class AfterForm(OnceForm):
    """A signature under an order that is valid already."""

    kind = forms.CharField(max_length=10, widget=forms.HiddenInput)
    pin = forms.CharField(label="Your PIN", max_length=8, required=False)


class RenewForm(OnceForm):
    """Until when an order that asks at its end goes on."""

    until = forms.DateTimeField(
        label="Goes on, and asks again at",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    reason = forms.CharField(label="Why it goes on", max_length=300)
    pin = forms.CharField(label="Your PIN", max_length=8, required=False)


class GoesOnForm(OnceForm):
    """How a benzodiazepine goes on, about the question that the page showed. choices: those that belong to it."""

    about = forms.DateTimeField(widget=forms.HiddenInput)
    choice = forms.ChoiceField(label="How it goes on")
    words = forms.CharField(
        label="What is arranged", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Who, where, when.",
    )  # fmt: skip
    pin = forms.CharField(label="Your PIN", max_length=8, required=False)

    def __init__(self, *args: Any, choices: Sequence[GoingOn.Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields["choice"]
        assert isinstance(box, forms.ChoiceField)
        box.choices = [(one.value, one.label) for one in choices]


class SecondForm(OnceForm):
    """An act of two: the second proves it at the same screen."""

    second_user = forms.CharField(
        label="Who counts with you", max_length=80, required=False, help_text="Badge or user name"
    )
    second_pin = forms.CharField(
        label="Their PIN", max_length=8, required=False, widget=forms.PasswordInput(attrs={"inputmode": "numeric"})
    )


class LeaveForm(SecondForm):
    until = forms.DateTimeField(
        label="Back by",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    explained = forms.CharField(
        label="What was explained, and understood", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class SignLeaveForm(OnceForm):
    """A prescriber's signature under a leave."""

    allowed_until = forms.DateTimeField(
        label="May take doses along until",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    words = forms.CharField(
        label="To be minded", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Who goes along, where the doses are kept; where there is something to say.",
    )  # fmt: skip
    pin = forms.CharField(label="Your PIN", max_length=8, required=False)


class ReturnForm(SecondForm):
    seal = forms.CharField(label="Number of the seal", max_length=40, required=False)
    kept_where = forms.CharField(label="Where the bag is kept", max_length=80, required=False)
    words = forms.CharField(
        label="About what is missing", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class StopForm(SigningForm):
    reason = forms.CharField(label="Why it is stopped", max_length=200)
    because = forms.ChoiceField(
        label="Is it stopped because of a benzodiazepine?",
        choices=(("", "not asked"), ("no", "no"), ("yes", "yes")),
        required=False,
        help_text="Asked where the medicine treats opioid use disorder.",
    )

    def because_of_benzodiazepine(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["because"])


class WordForm(SigningForm):
    """A prescriber's word on a medicine outside the formulary."""

    is_sedative = forms.ChoiceField(choices=(("yes", "it is a sedative"), ("no", "it is no sedative")), label="It is")


class CorrectionForm(OnceForm):
    outcome = forms.ChoiceField(label="What really happened", choices=DoseAnswer.Outcome.choices)
    reason = forms.ChoiceField(
        label="Why it was not given", choices=[("", "it was given"), *DoseAnswer.Reason.choices[1:]], required=False
    )
    rass = forms.IntegerField(label="RASS before it", required=False)
    words = forms.CharField(label="In words", max_length=300, required=False)
    why = forms.CharField(label="What was wrong with the entry", max_length=300)


def _clock_time(text: str) -> dt.time:
    found = _TIME.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise forms.ValidationError(f"“{text}” is not a time of the day: write it like 08:00.")
    return dt.time(int(found[1]), int(found[2] or 0))
