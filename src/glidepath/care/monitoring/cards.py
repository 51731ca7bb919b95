"""What the bedside page draws for one person: rows to fill in, with the last value beside each and none chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from glidepath.care.monitoring import consequences, ports, queries
from glidepath.care.monitoring.bedside import MEASURED, RASS_RANGE, Mind, State, meaningful
from glidepath.care.monitoring.forms import BedsideForm, CiwaBForm, ScaleForm
from glidepath.care.monitoring.frequency import Due, ScaleDue
from glidepath.care.monitoring.models import CiwaB, Observation, ScaleScore
from glidepath.care.monitoring.nights import beside_ciwa_b
from glidepath.care.monitoring.queries import Latest
from glidepath.care.monitoring.scales_told import by_form
from glidepath.clinical.facts.instruments import Item
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.monitoring.also_seen import AlsoSeen
from glidepath.clinical.monitoring.scale_choice import NAMES, Scale, choose, inflated, refusal
from glidepath.record.centres.queries import clinical_settings_of
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
LOOK_TAPS = (
    ("well", "All well", "breathes easily, moves, usual colour, lies safely"),
    ("doubt", "Something else", "say what below; then wake"),
)
COLOUR_TAPS = tuple((one.value, one.label.capitalize(), "") for one in Observation.Colour)
POSITION_TAPS = tuple((one.value, one.label.capitalize(), "") for one in Observation.Position)
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
    known: tuple[str, ...] = ()  # what other pages hold of the same fact

    @property
    def grain(self) -> str:
        """The finest value the box takes."""
        return "0.1" if self.step == "0.1" else "1"


@dataclass(frozen=True, slots=True)
class ScaleCard:
    """CIWA-Ar or COWS for one person: its rows, when it is due, the last one, and a warning where it may mislead."""

    key: str
    name: str
    rows: tuple[TapRow, ...]
    due: ScaleDue | None
    last: ScaleScore | None
    is_open: bool
    warning: Finding | None
    by_form: str  # the newest finished form of it, in words


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
    ciwa_b_due: ScaleDue | None
    scales: tuple[ScaleCard, ...]
    not_scored: tuple[str, ...]  # the scales that are not for this person, each with the reason
    states: TapRow
    breaths: TapRow
    look: TapRow
    breathing: TapRow
    colour: TapRow
    position: TapRow
    vitals: tuple[Vital, ...]
    oxygen: TapRow
    mind: TapRow
    rass: TapRow
    also: TapRow
    oriented: TapRow
    ends: str  # what the answers of the asked items run from and to
    asked: tuple[TapRow, ...]
    looked_at: tuple[TapRow, ...]
    measured: tuple[Vital, ...]
    seizures: int
    missing: tuple[str, ...] = ()
    scale_errors: tuple[tuple[str, str], ...] = ()  # field and words


def card(
    person: Person,
    *,
    bed: int | None,
    latest: Latest,
    due: Due | None,
    scale: int,
    form: BedsideForm,
    scores: CiwaBForm,
    scales: Mapping[Scale, ScaleForm] | None = None,
    seizures: int,
    missing: tuple[str, ...] = (),
) -> Card:
    """Everything the page of one person draws; values come from the forms, rings from `latest`."""
    wanted = for_whom(person, due) if scales else NOTHING_WANTED
    rows = [_item(item.number, scores, latest.ciwa_b_any) for item in instrument("ciwa_b").items if item.allowed]
    observed = {item.number for item in instrument("ciwa_b").items if item.asked == "observer"}
    last = latest.observation
    settings = due.settings if due else clinical_settings_of(person.centre)
    night = beside_ciwa_b(person, latest)
    return Card(
        person=person,
        bed=bed,
        latest=latest,
        due=due,
        scale=scale,
        form=form,
        scores=scores,
        ciwa_b_due=due.scale(Scale.CIWA_B) if due else None,
        scales=tuple(_scale_card(scales[one], due, wanted) for one in wanted.shown if scales),
        not_scored=wanted.not_scored,
        states=_row("state", "Asleep or awake", STATE_TAPS, form),
        breaths=_row("rr_tap", "Breaths a minute", _breaths(settings), form, last=last.rr if last else None),
        look=_row("look", "Breathing, sedation, colour and position", LOOK_TAPS, form),
        breathing=_row("breathing", "Breathing and movement", BREATHING_TAPS, form, last=last and last.breathing),
        colour=_row("colour", "Colour", COLOUR_TAPS, form, last=last and last.colour),
        position=_row("position", "Position", POSITION_TAPS, form, last=last and last.position),
        vitals=tuple(_vital(name, form, latest.awake) for name in MEASURED),
        oxygen=_row("on_oxygen", "Breathing", OXYGEN_TAPS, form, last=_oxygen(latest)),
        mind=_row("mind", "Mind", MIND_TAPS, form, last=latest.awake and latest.awake.mind),
        rass=_row("rass", "RASS", _rass(), form, last=latest.awake.rass if latest.awake else None),
        also=_also(form),
        oriented=_row("oriented", _gate(), YES_NO_TAPS, scores),
        ends=consequences.ends_of(instrument("ciwa_b").items[0]),
        asked=tuple(row for row in rows if row.number not in observed),
        looked_at=tuple(row for row in rows if row.number in observed),
        measured=tuple(_counted(item.number, scores, night) for item in instrument("ciwa_b").items if not item.allowed),
        seizures=seizures,
        missing=missing,
        scale_errors=_scale_errors(scales or {}),
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which scales beside CIWA-B are drawn for one person, and why the others are not."""

    shown: tuple[Scale, ...]
    not_scored: tuple[str, ...]
    last: Mapping[Scale, ScaleScore]
    facts: PersonFacts
    by_form: Mapping[Scale, str]


NOTHING_WANTED = Wanted((), (), {}, PersonFacts(), {})


def for_whom(person: Person, due: Due | None) -> Wanted:
    """By what was told at the intake; a scale that nobody can say of is drawn where a prescriber named it."""
    facts = ports.facts_of(person)
    choice = choose(facts)
    named = {one.scale for one in due.scales} if due else set()
    beside = (Scale.CIWA_AR, Scale.COWS)
    shown = tuple(one for one in beside if one in choice.right or (one in choice.unsettled and one in named))
    not_scored = [choice.wrong[one] for one in beside if one in choice.wrong]
    not_scored += [refusal(one, facts, named=False) for one in choice.unsettled if one not in shown]
    last = queries.newest_scale_scores(person) if shown else {}
    return Wanted(shown, tuple(not_scored), last, facts, by_form(person, shown))


def scale_rows(form: ScaleForm, last: ScaleScore | None) -> tuple[TapRow, ...]:
    """One row an item, with what its answers mean, and the last answer ringed."""
    rows = []
    for item in form.definition.items:
        before = last.items[item.number - 1] if last is not None else None
        hint = "; ".join(f"{value} {words}" for value, words in item.anchors.items())
        choices = [(value, str(value), "") for value in item.allowed]
        rows.append(_row(form.name_of(item), item.label, choices, form, last=before, hint=hint, number=item.number))
    return tuple(rows)


def _scale_card(form: ScaleForm, due: Due | None, wanted: Wanted) -> ScaleCard:
    last, when = wanted.last.get(form.scale), due.scale(form.scale) if due else None
    begun = form.is_bound and any(form[form.name_of(item)].value() for item in form.definition.items)
    warning = inflated(wanted.facts) if form.scale is Scale.CIWA_AR else None
    return ScaleCard(
        form.scale.value,
        NAMES[form.scale],
        scale_rows(form, last),
        when,
        last,
        begun or when is None or when.is_due,
        warning,
        wanted.by_form.get(form.scale, ""),
    )


def _row(
    name: str,
    label: str,
    choices: Sequence[tuple[object, str, str]],
    form: BedsideForm | CiwaBForm | ScaleForm,
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


def _also(form: BedsideForm) -> TapRow:
    """Signs beside the vital ones, any number of them; no ring, because each is new or it is not there."""
    chosen = form["also"].value() or ()
    taps = tuple(Tap(sign.value, sign.words.capitalize(), sign.rule, sign.value in chosen) for sign in AlsoSeen)
    hint = "only what you see; left alone is not said, and not “no”"
    return TapRow("also", "Also seen", hint, taps, _error(form, "also"))


def _gate() -> str:
    gate = instrument("ciwa_b").gate
    return gate.question if gate else ""


def _breaths(settings: ClinicalSettings) -> list[tuple[int, str, str]]:
    return [(rate, str(rate), consequences.said_of_breaths(rate, settings)) for rate in BREATHS_TAPPED]


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


def _counted(number: int, form: CiwaBForm, night: Mapping[str, tuple[str, ...]]) -> Vital:
    item = next(item for item in instrument("ciwa_b").items if item.number == number)
    name, typed = f"c{number}", form[f"c{number}"].value()
    low, high = item.low or Decimal(0), item.high or Decimal(0)
    shown = "" if typed is None else str(typed)
    known = night.get(item.fact or "", ())
    return Vital(name, item.label, item.unit or "", "1", low, high, shown, "", _error(form, name), known)


def _scale_errors(scales: Mapping[Scale, ScaleForm]) -> tuple[tuple[str, str], ...]:
    """Also of a scale that is not drawn for this person: what was refused is said."""
    return tuple(
        (name, str(said))
        for form in scales.values()
        if form.is_bound
        for name, errors in form.errors.items()
        for said in errors
    )


def _error(form: BedsideForm | CiwaBForm | ScaleForm, name: str) -> str:
    return " ".join(str(said) for said in form.errors.get(name, [])) if form.is_bound else ""
