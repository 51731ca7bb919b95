"""The forms of the settings page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from glidepath.clinical.amounts import plain
from glidepath.clinical.facts.centre_settings import setting_facts
from glidepath.clinical.facts.load import formulary, inpatient_protocols, rule
from glidepath.clinical.facts.settings import BadSetting, SettingFact
from glidepath.record.centres.limits import LIMITS
from glidepath.record.centres.models import CentreSettings, Unit
from glidepath.record.centres.readings import COLUMNS, without_a_column
from glidepath.record.forms import OnceForm, SeenForm

OWN_READING = "Our own reading, not from a guideline"


@dataclass(frozen=True, slots=True)
class Group:
    """The boxes under one clinical question, folded away until somebody opens them or one was refused."""

    asks: str
    boxes: list[BoundField]

    @property
    def refused(self) -> bool:
        return any(box.errors for box in self.boxes)

    @property
    def changed(self) -> int:
        """How many are not the default."""
        columns = {column: setting for setting, (column, _) in COLUMNS.items()}
        return sum(_differs(box, columns.get(box.name)) for box in self.boxes)


def _differs(box: BoundField, setting: str | None) -> bool:
    fact = setting_facts()[setting or box.name]
    factor = COLUMNS[setting][1] if setting else 1
    return str(box.value() or "") not in ("", plain(fact.default * factor))


def said_range(fact: SettingFact) -> str:
    return f"{plain(fact.low)} to {plain(fact.high)} {fact.unit_in_words}".rstrip()


def rests_on(fact: SettingFact) -> str:
    """The label, the rule with its sentence, what the rule rests on, and why the range is as it is."""
    found = None if fact.rule is None else rule(fact.rule)
    words = [f"{OWN_READING}."]
    if found is not None:
        source = "" if found.source.startswith("our reading; a centre setting") else f" ({found.source})"
        words.append(f"{found.code}: {found.title}{source}.")
    return " ".join([*words, f"Range: {fact.why}."])


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
            own = setting_facts().get(limit.setting or "")
            default = "ours" if limit.standard is None else f"default {limit.standard}"
            reading = f". {rests_on(own)}" if own else ""
            self.fields[limit.name] = forms.IntegerField(
                label=limit.label,
                help_text=f"{limit.unit}; {limit.low} to {limit.high}; {default}{reading}",
            )
        for name in without_a_column():
            fact = setting_facts()[name]
            self.fields[name] = forms.DecimalField(
                label=fact.label,
                required=False,
                widget=forms.NumberInput(attrs={"step": "1" if fact.whole else "any"}),
                help_text=f"{said_range(fact)}; default {plain(fact.default)}. {rests_on(fact)}",
            )

    def clean(self) -> dict[str, Any]:
        """Every number of our own reading is held against its range, so that all refusals are said at once."""
        for name in without_a_column():
            value = self.cleaned_data.get(name)
            try:
                if value is not None:
                    setting_facts()[name].read(value)
            except BadSetting as wrong:
                self.add_error(name, str(wrong))
        return self.cleaned_data

    def groups(self) -> list[Group]:
        """Our own readings by their clinical question, in the order of the facts."""
        columns = {setting: column for setting, (column, _) in COLUMNS.items()}
        found: dict[str, list[BoundField]] = {}
        for name, fact in setting_facts().items():
            found.setdefault(fact.asks, []).append(self[columns.get(name, name)])
        return [Group(asks, boxes) for asks, boxes in found.items()]

    def others(self) -> list[BoundField]:
        """What is no reading of a rule, with the hidden version."""
        read = {box.name for group in self.groups() for box in group.boxes}
        return [box for box in self if box.name not in read]

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
            **{name: settings.readings.get(name, plain(setting_facts()[name].default)) for name in without_a_column()},
        }

    def changes(self) -> dict[str, object]:
        """What the service takes: an emptied box is the default, a box that was not sent stays as it is."""
        left = {name for name in without_a_column() if name not in self.data}
        return {name: value for name, value in self.cleaned_data.items() if name != "seen" and name not in left}


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
