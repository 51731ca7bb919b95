"""What the bedside page draws for one person: rows to fill in, with the last value beside each and none chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from glidepath.care.monitoring import consequences
from glidepath.care.monitoring.bedside import MEASURED, RASS_RANGE, Mind, State, meaningful
from glidepath.care.monitoring.forms import BedsideForm, CiwaBForm
from glidepath.care.monitoring.frequency import Due
from glidepath.care.monitoring.models import CiwaB, Observation
from glidepath.care.monitoring.queries import Latest
from glidepath.clinical.facts.instruments import Item
from glidepath.clinical.facts.load import instrument
from glidepath.record.people.models import Person

STEPS: Mapping[str, str] = {"rr": "1", "spo2": "1", "sbp": "2", "dbp": "2", "pulse": "2", "temperature": "0.1"}
BREATHS_TAPPED = (8, 9, 10, 12, 14, 16, 18, 20, 22, 25)
STATE_TAPS = (
    (State.ASLEEP, "Asleep", ""),
    (State.AWAKE, "Awake", ""),
    (State.HARD_TO_ROUSE, "Hard to rouse", "alarm"),
    (State.ABSENT, "Not in bed", ""),
)
BREATHING_TAPS = (
    (Observation.Breathing.EASY, "Easy", "moves, settles"),
    (Observation.Breathing.SNORES, "Snores", "with pauses"),
    (Observation.Breathing.LABOURED, "Laboured", ""),
    (Observation.Breathing.STILL, "Very still", ""),
)
OXYGEN_TAPS = (("air", "Air", ""), ("oxygen", "Oxygen", ""))
YES_NO_TAPS = (("yes", "Yes", ""), ("no", "No", ""))
MIND_TAPS = tuple((mind.value, mind.label.capitalize(), "") for mind in Mind)


@dataclass(frozen=True, slots=True)
class Tap:
    value: str
    label: str
    small: str = ""
    checked: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class TapRow:
    name: str
    label: str
    hint: str
    taps: tuple[Tap, ...]
    error: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Vital:
    """A number with its steps: typed, or stepped from `last`; empty until somebody does."""

    name: str
    label: str
    unit: str
    step: str
    low: Decimal
    high: Decimal
    typed: str
    last: str
    error: str = ""

    @property
    def grain(self) -> str:
        """The finest value the box takes."""
        return "0.1" if self.step == "0.1" else "1"


@dataclass(frozen=True, slots=True)
class Card:
    """One person on the round."""

    person: Person
    bed: int | None
    latest: Latest
    due: Due | None
    scale: int
    form: BedsideForm
    scores: CiwaBForm
    states: TapRow
    breaths: TapRow
    breathing: TapRow
    vitals: tuple[Vital, ...]
    oxygen: TapRow
    mind: TapRow
    rass: TapRow
    oriented: TapRow
    ends: str  # what the answers of the asked items run from and to
    asked: tuple[TapRow, ...]
    looked_at: tuple[TapRow, ...]
    measured: tuple[Vital, ...]
    seizures: int
    missing: tuple[str, ...] = ()


def card(
    person: Person,
    *,
    bed: int | None,
    latest: Latest,
    due: Due | None,
    scale: int,
    form: BedsideForm,
    scores: CiwaBForm,
    seizures: int,
    missing: tuple[str, ...] = (),
) -> Card:
    """Everything the page of one person draws; values come from the forms, rings from `latest`."""
    rows = [_item(item.number, scores, latest.ciwa_b_any) for item in instrument("ciwa_b").items if item.allowed]
    observed = {item.number for item in instrument("ciwa_b").items if item.asked == "observer"}
    last = latest.observation
    return Card(
        person=person,
        bed=bed,
        latest=latest,
        due=due,
        scale=scale,
        form=form,
        scores=scores,
        states=_row("state", "Asleep or awake", STATE_TAPS, form),
        breaths=_row("rr_tap", "Breaths a minute", _breaths(), form, last=last.rr if last else None),
        breathing=_row("breathing", "Breathing and movement", BREATHING_TAPS, form, last=last and last.breathing),
        vitals=tuple(_vital(name, form, latest.awake) for name in MEASURED),
        oxygen=_row("on_oxygen", "Breathing", OXYGEN_TAPS, form, last=_oxygen(latest)),
        mind=_row("mind", "Mind", MIND_TAPS, form, last=latest.awake and latest.awake.mind),
        rass=_row("rass", "RASS", _rass(), form, last=latest.awake.rass if latest.awake else None),
        oriented=_row("oriented", _gate(), YES_NO_TAPS, scores),
        ends=consequences.ends_of(instrument("ciwa_b").items[0]),
        asked=tuple(row for row in rows if row.number not in observed),
        looked_at=tuple(row for row in rows if row.number in observed),
        measured=tuple(_counted(item.number, scores) for item in instrument("ciwa_b").items if not item.allowed),
        seizures=seizures,
        missing=missing,
    )


def _row(
    name: str,
    label: str,
    choices: Sequence[tuple[object, str, str]],
    form: BedsideForm | CiwaBForm,
    *,
    last: object = None,
    hint: str = "",
    number: int = 0,
) -> TapRow:
    chosen, ring = form[name].value(), "" if last is None else str(last)
    taps = tuple(
        Tap(str(value), said, small, checked=str(value) == str(chosen), last=ring != "" and str(value) == ring)
        for value, said, small in choices
    )
    return TapRow(name, label, hint, taps, _error(form, name), number)


def _gate() -> str:
    gate = instrument("ciwa_b").gate
    return gate.question if gate else ""


def _breaths() -> list[tuple[int, str, str]]:
    return [(rate, str(rate), consequences.said_of_breaths(rate)) for rate in BREATHS_TAPPED]


def _rass() -> list[tuple[int, str, str]]:
    words = consequences.rass_words()
    return [(value, f"{value:+d}".replace("-", "−") if value else "0", words.get(value, "")) for value in RASS_RANGE]


def _oxygen(latest: Latest) -> str | None:
    if latest.awake is None or latest.awake.on_oxygen is None:
        return None
    return "oxygen" if latest.awake.on_oxygen else "air"


def _vital(name: str, form: BedsideForm, last: Observation | None) -> Vital:
    _, label, unit = MEASURED[name]
    low, high = meaningful(name)
    before = getattr(last, name) if last is not None else None
    typed = form[name].value()
    return Vital(
        name, label, unit, STEPS[name], low, high, "" if typed is None else str(typed),
        "" if before is None else str(before), _error(form, name),
    )  # fmt: skip


def _item(number: int, form: CiwaBForm, last: CiwaB | None) -> TapRow:
    item = next(item for item in instrument("ciwa_b").items if item.number == number)
    before = last.items[number - 1] if last is not None and len(last.items) >= number else None
    choices = [(value, str(value), "") for value in item.allowed]
    return _row(f"c{number}", item.label, choices, form, last=before, hint=_hint(item), number=number)


def _hint(item: Item) -> str:
    """The ends of an item that does not run as the asked ones do: what is seen, and sleep."""
    return consequences.ends_of(item) if item.keying or item.asked == "observer" else ""


def _counted(number: int, form: CiwaBForm) -> Vital:
    item = next(item for item in instrument("ciwa_b").items if item.number == number)
    name, typed = f"c{number}", form[f"c{number}"].value()
    low, high = item.low or Decimal(0), item.high or Decimal(0)
    shown = "" if typed is None else str(typed)
    return Vital(name, item.label, item.unit or "", "1", low, high, shown, "", _error(form, name))


def _error(form: BedsideForm | CiwaBForm, name: str) -> str:
    return " ".join(str(said) for said in form.errors.get(name, [])) if form.is_bound else ""
