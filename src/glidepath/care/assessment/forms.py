"""The forms of what a person told. They check shape; what cannot be is refused by the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from glidepath.care.assessment.models import Beginning, MedicineDecision, Mouth, Said, Source
from glidepath.care.assessment.services import CALLS, Medicine, ReportedUse, Substance, Taper
from glidepath.care.assessment.shown import chosen, taps
from glidepath.care.assessment.standing import Heard
from glidepath.clinical.facts.load import assessment
from glidepath.clinical.guidelines.facts import VOCABULARY, FactKind, FactQuestion
from glidepath.clinical.guidelines.questions import LONGEST_TEXT, Asked
from glidepath.record.forms import OnceForm

ASKED_HERE = (Asked.FIRST, Asked.FURTHER)
LARGEST_ID = 2**63 - 1
# Which box of the form of a medicine asks which fact: worked out from the entries, and asked nowhere else.
FACTS_OF_USE = {"days_per_week": "use_days_per_week", "months": "use_months", "source": "use_source"}


class MouthForm(OnceForm):
    """Who says it."""

    mouth = forms.ChoiceField(
        label="Who says it, if not the person", choices=Mouth.choices, widget=forms.RadioSelect, required=False
    )

    def clean_mouth(self) -> str:
        return self.cleaned_data["mouth"] or Mouth.PERSON.value


class UseForm(MouthForm):
    """One medicine the person takes."""

    medicine_name = forms.CharField(
        label="Medicine", max_length=80, help_text="Generic or brand name; “unknown” counts."
    )
    regimen = forms.CharField(
        label="How much and when",
        max_length=200,
        required=False,
        help_text="Such as lorazepam 1 mg 08:00 20:00, or alprazolam 1 mg x3. Empty: nobody can say.",
    )
    route = forms.CharField(label="How it is taken", max_length=40, required=False, help_text="By mouth, or how else.")
    days_per_week = forms.IntegerField(label="Days a week", min_value=1, max_value=7, required=False)
    months = forms.DecimalField(
        label="For how many months", min_value=0, max_value=1200, decimal_places=1, required=False
    )
    source = forms.ChoiceField(label="Where it comes from", choices=Source.choices, widget=forms.RadioSelect)
    beginning = forms.ChoiceField(label="How it began", choices=Beginning.choices, widget=forms.RadioSelect)
    last_dose_at = forms.DateTimeField(
        label="Last taken", required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    first_reason = forms.CharField(label="What it was first for", max_length=200, required=False)
    benefit_now = forms.CharField(
        label="What it does for them now", max_length=200, required=False, help_text="In their words."
    )

    def reported(self) -> ReportedUse:
        given = self.cleaned_data
        return ReportedUse(
            medicine_name=given["medicine_name"],
            source=Source(given["source"]),
            beginning=Beginning(given["beginning"]),
            regimen=given["regimen"],
            days_per_week=given["days_per_week"],
            months=given["months"],
            last_dose_at=given["last_dose_at"],
            first_reason=given["first_reason"],
            route=given["route"],
            benefit_now=given["benefit_now"],
            mouth=Mouth(given["mouth"]),
        )


class FactsForm(OnceForm):
    """Questions of the vocabulary. Each starts from this stay's answer; what is left as it was stays as it stands.

    shown: what stood of each fact when the page was made (`saw`), so that only what was changed is written.
    """

    saw = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_ID)

    def __init__(
        self, *args: Any, only: tuple[str, ...] = (), shown: Mapping[str, Heard] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.started = {name: begins(heard) for name, heard in (shown or {}).items()}
        for question in questions(only):
            field = answer_field(question)
            field.initial = self.started.get(question.name, "")
            self.fields[question.name] = field

    def answers(self) -> dict[str, str]:
        """What was answered anew, by name."""
        given = ((name, self.cleaned_data.get(name)) for name in VOCABULARY if name in self.fields)
        answered = {name: str(value) for name, value in given if value not in (None, "")}
        return {name: value for name, value in answered.items() if value != self.started.get(name, "")}


def begins(heard: Heard) -> str:
    """What a form starts from. A yes that calls somebody is never chosen beforehand: heard again, it calls again."""
    value = chosen(heard)
    return "" if heard.name in CALLS and value == "yes" else value


def questions(only: tuple[str, ...] = ()) -> list[FactQuestion]:
    """The questions asked of people, in the vocabulary's order; what is worked out or measured is not asked."""
    asked = (one for one in VOCABULARY.values() if one.asked in ASKED_HERE)
    return [one for one in asked if not only or one.name in only]


def answer_field(question: FactQuestion) -> forms.Field:
    if question.kind in (FactKind.YES_NO, FactKind.CHOICE):
        return forms.ChoiceField(
            label=question.question, choices=taps(question), required=False, widget=forms.RadioSelect
        )
    if question.kind is FactKind.DATE:
        return forms.DateField(label=question.question, required=False, widget=forms.DateInput(attrs={"type": "date"}))
    return forms.DecimalField(label=question.question, required=False, help_text=question.unit)


class AnswerForm(MouthForm):
    """One answer. saw: the newest answer on the screen of whoever gives it."""

    name = forms.CharField(max_length=40)
    value = forms.CharField(
        max_length=LONGEST_TEXT,
        error_messages={
            "required": "Give an answer; “not known” and “declined to say” are answers too.",
            "max_length": f"Say it in {LONGEST_TEXT} characters at most.",
        },
    )
    saw = forms.IntegerField(
        min_value=0, max_value=LARGEST_ID,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "Open the page again."),
    )  # fmt: skip


class SettleForm(OnceForm):
    """Which of several answers counts, and why."""

    name = forms.CharField(max_length=40)
    chosen = forms.UUIDField(
        error_messages={"required": "Choose which answer counts.", "invalid": "Choose one of the answers."}
    )
    reason = forms.CharField(
        max_length=300, error_messages={"required": "Say why this answer counts; all of them stay readable."}
    )


class AgainForm(MouthForm):
    """One tap on an earlier stay's answer."""

    name = forms.CharField(max_length=40)
    act = forms.ChoiceField(
        choices=[("holds", "still so"), ("ended", "no longer so")],
        error_messages={"required": "Say whether it still holds.", "invalid_choice": "Say whether it still holds."},
    )


class SignPartForm(OnceForm):
    """The summary under one's own part. shown: the digest of what the page showed."""

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)
    words = forms.CharField(
        label="In a few words", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What a colleague must know from your part.",
    )  # fmt: skip
    pin = forms.CharField(max_length=8, required=False)


class DiagnosisForm(OnceForm):
    """One code, confirmed or taken back."""

    code = forms.CharField(label="Code", max_length=10, help_text="ICD-10-CM, such as F13.20")
    words = forms.CharField(label="In words", max_length=200)
    because = forms.CharField(label="What it rests on", max_length=300)
    act = forms.ChoiceField(
        label="What",
        choices=[("confirm", "Confirm it"), ("take_back", "Take it back")],
        initial="confirm",
        widget=forms.RadioSelect,
    )
    pin = forms.CharField(max_length=8, required=False)


class EntryForm(MouthForm):
    """A structured entry; its boxes in order, taps after them."""

    boxes: tuple[str, ...] = ()
    chips: tuple[str, ...] = ()

    @property
    def shown_boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.boxes]

    @property
    def shown_chips(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.chips, *(("mouth",) if "mouth" in self.fields else ()))]


def _words(label: str, longest: int, hint: str = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required, help_text=hint)


def _said(label: str, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Said.choices, widget=forms.RadioSelect, required=required)


class PastTaperForm(EntryForm):
    boxes = ("medicine_name", "when", "began_at", "speed", "stopped_at", "why")
    chips = ("seizure",)
    medicine_name = _words("Which medicine", 80, "Generic or brand name.", required=True)
    when = _words("When", 80, "A year, or how long ago.")
    began_at = _words("From which dose", 120)
    speed = _words("How fast", 120, "Such as: a quarter each week.")
    stopped_at = _words("Where it stopped", 120, "The dose, or that it reached its end.")
    why = _words("Why it stopped there", 300, "In their words.")
    seizure = _said("Was there a seizure on the way")

    def taper(self) -> Taper:
        given = self.cleaned_data
        return Taper(**{name: given[name] for name in (*self.boxes, *self.chips)})


class SubstanceForm(EntryForm):
    boxes = ("name", "amount", "days_per_week", "last_use_on", "route", "how_long")
    chips = ("substance", "treatment_wanted")
    substance = forms.ChoiceField(label="What", widget=forms.RadioSelect)
    name = _words("Name", 80, "Which one, where the list has no word for it.")
    amount = _words("How much", 120, "In their words: “two glasses of wine”.")
    days_per_week = forms.IntegerField(label="Days a week", min_value=0, max_value=7, required=False)
    last_use_on = forms.DateField(
        label="Last time", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    route = _words("How it is taken", 40)
    how_long = _words("For how long", 80)
    treatment_wanted = _said("Is treatment for it wanted", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        substance = self.fields["substance"]
        assert isinstance(substance, forms.ChoiceField)
        substance.choices = [*assessment().substances.items()]

    def told(self) -> Substance:
        given = {name: self.cleaned_data[name] for name in (*self.boxes, *self.chips)}
        return Substance(**given | {"treatment_wanted": given["treatment_wanted"] or Said.UNKNOWN})


class MedicineForm(EntryForm):
    """A line of the list. Who says it is a list here: a box and a letter may agree."""

    boxes = ("medicine_name", "dose_words", "prescriber", "pharmacy", "last_taken")
    chips = ("is_sedative", "is_opioid")
    mouth = None  # type: ignore[assignment]
    medicine_name = _words("Medicine", 80, "Any medicine, remedy or supplement.", required=True)
    dose_words = _words("How much and when", 120)
    prescriber = _words("Who prescribes it", 120)
    pharmacy = _words("Which pharmacy", 120)
    last_taken = _words("Last taken", 80)
    is_sedative = _said("Does it make drowsy", required=False)
    is_opioid = _said("Is it an opioid", required=False)
    sources = forms.MultipleChoiceField(
        label="Who says so",
        choices=Mouth.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Say where this is from: at least one."},
    )

    def medicine(self) -> Medicine:
        given = {name: self.cleaned_data[name] for name in (*self.boxes, *self.chips)}
        known = {name: given[name] or Said.UNKNOWN for name in self.chips}
        return Medicine(**given | known | {"sources": tuple(self.cleaned_data["sources"])})


class CheckForm(EntryForm):
    boxes = ("words",)
    mouth = None  # type: ignore[assignment]
    words = _words("What you found", 300, "“Nothing to add” is an answer.", required=True)


class DecideForm(OnceForm):
    """What a prescriber decides about one line."""

    decision = forms.ChoiceField(
        label="Decision",
        choices=MedicineDecision.Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose continue, change, stop or hold."},
    )
    reason = forms.CharField(label="Why", max_length=300)
    pin = forms.CharField(max_length=8, required=False)
