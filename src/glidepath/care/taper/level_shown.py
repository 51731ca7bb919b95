"""What the page of the predicted level shows: the drawing, the same as a table, the measured levels, and the words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from glidepath.care.monitoring.models import MeasuredLevel
from glidepath.care.taper.doses_known import Known
from glidepath.care.taper.own_level import OwnLevel, fitted_rows
from glidepath.clinical.facts.load import source
from glidepath.clinical.pharmacokinetics.adjustments import WORDS
from glidepath.clinical.pharmacokinetics.fitting import NG_PER_ML
from glidepath.drawing.levels import LevelTrack, Measured, draw_levels
from glidepath.drawing.timeline import DoseStretch, Glidepath, Stretch

MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One point of the picture: the daily dose, and of each species its own level, the middle and the band."""

    date: dt.date
    dose: str
    levels: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """level: the entry. expected, own: what the typical and the person's own clearance give then; empty: not fitted."""

    level: MeasuredLevel
    value: str
    expected: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True)
class Clearance:
    """How fast this medicine leaves this person, beside typical people: the ratio, its interval, what that means."""

    ratio: str
    low: str
    high: str
    half_life: str
    typical_half_life: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawn:
    drawing: SafeString
    rows: tuple[Row, ...]
    clearance: Clearance | None
    assumptions: tuple[str, ...]
    doubts: tuple[str, ...]


def drawn(known: Known, found: OwnLevel, measured: Sequence[MeasuredLevel]) -> Drawn:
    """Everything about one medicine. measured: what stands of it, in order."""
    name = found.adjusted.model.medicine
    stretches = dose_stretches(known, name)
    tracks = [_track(known, found, index, measured) for index in range(len(found.species))]
    sheet = Glidepath(
        origin=known.date(known.origin),
        first=known.first,
        last=known.last,
        now=known.day(known.now),
        now_label="Today",
        doses=stretches,
        levels=(),
        happenings=(),
        scores=(),
        score_bands=(),
        nights=(),
        usual_sleep=None,
        as_needed=(),
        sentence=_sentence(name, found, known),
        unit=f"mg {name} a day",
    )
    return Drawn(
        # The drawing is made of numbers and of text that it escapes itself.
        drawing=mark_safe(draw_levels(sheet, tracks)),
        rows=_rows(known, found, stretches),
        clearance=_clearance(found),
        assumptions=_assumptions(found),
        doubts=_doubts(known, found),
    )


def dose_stretches(known: Known, name: str) -> tuple[DoseStretch, ...]:
    """The daily dose of one medicine: reported, given, then planned. A day without one is a day of zero."""
    by_day: dict[int, float] = {}
    for one in (*known.given, *known.ahead):
        if one.dose.medicine == name:
            day = (known.date(one.at) - known.date(known.origin)).days
            by_day[day] = by_day.get(day, 0.0) + float(one.dose.mg)
    today = (known.date(known.now) - known.date(known.origin)).days
    begins, found = _reported(known, name, min(by_day, default=0))
    for day in range(begins, round(known.last)):
        mg = round(by_day.get(day, 0.0), 3)
        kind = Stretch.PROJECTED if day > today else Stretch.GIVEN
        if found and (found[-1].mg, found[-1].kind) == (mg, kind):
            found[-1] = DoseStretch(found[-1].start, day + 1, mg, kind, found[-1].label)
        else:
            label = f"{mg:.3g}" if not found or found[-1].mg != mg else ""
            found.append(DoseStretch(day, day + 1, mg, kind, label))
    return tuple(found)


def _reported(known: Known, name: str, first: int) -> tuple[int, list[DoseStretch]]:
    """From which day what was given is drawn, and what was reported before it."""
    assumed = known.histories[name].assumed
    if assumed is None:
        return first, []
    mg = round(assumed.daily_mg, 3)
    return first, [DoseStretch(known.first, float(first), mg, Stretch.ASSUMED, f"{mg:.3g}")]


def _track(known: Known, found: OwnLevel, index: int, measured: Sequence[MeasuredLevel]) -> LevelTrack:
    low, middle, high = found.band[index]
    name, counted = found.species[index], fitted_rows(known, measured) if found.fit else []
    return LevelTrack(
        name=name,
        days=[float(day) for day in found.days],
        own=list(found.own[index]),
        low=list(low),
        middle=list(middle),
        high=list(high),
        measured=[
            Measured(known.day(row.happened_at), _ng(row), row in counted)
            for row in measured
            if row.species == name and row.happened_at >= known.origin
        ],
    )


def _rows(known: Known, found: OwnLevel, stretches: Sequence[DoseStretch]) -> tuple[Row, ...]:
    """Every so many points, so that the table stays one that can be read; the last is always there."""
    every = max(1, -(-len(found.days) // MOST_ROWS))
    chosen = sorted({*range(0, len(found.days), every), len(found.days) - 1})
    return tuple(_row(known, found, stretches, index) for index in chosen)


def _row(known: Known, found: OwnLevel, stretches: Sequence[DoseStretch], index: int) -> Row:
    day = float(found.days[index])
    mg = next((one.mg for one in stretches if one.start <= day < one.end), None)
    levels = tuple(
        (figure(own[index]), figure(band[1][index]), f"{figure(band[0][index])} to {figure(band[2][index])}")
        for own, band in zip(found.own, found.band, strict=True)
    )
    return Row(known.date(known.origin + dt.timedelta(days=day)), "" if mg is None else f"{mg:g}", levels)


def measured_rows(measured: Sequence[MeasuredLevel], known: Known | None, found: OwnLevel | None) -> list[MeasuredRow]:
    """Each level that stands, beside what either clearance gives at its own moment."""
    expected: Mapping[int, tuple[str, str]] = {}
    if found is not None and found.fit is not None and known is not None:
        pairs = zip(found.fit.expected_before, found.fit.expected_after, strict=True)
        said = [(figure(before), figure(after)) for before, after in pairs]
        expected = {row.pk: pair for row, pair in zip(fitted_rows(known, measured), said, strict=True)}
    return [MeasuredRow(row, value_as_written(row), *expected.get(row.pk, ("", ""))) for row in measured]


def value_as_written(row: MeasuredLevel) -> str:
    """In the laboratory's own unit."""
    return f"{(row.pg_per_ml or 0) / 1000 / NG_PER_ML[row.unit]:g}"


def figure(ng_per_ml: float) -> str:
    """A predicted level as it is shown: two figures where it is small, whole numbers where it is not."""
    return f"{ng_per_ml:.0f}" if ng_per_ml >= 9.95 else f"{ng_per_ml:.1f}"


def _ng(row: MeasuredLevel) -> float:
    return (row.pg_per_ml or 0) / 1000


def _clearance(found: OwnLevel) -> Clearance | None:
    fit = found.fit
    if fit is None:
        return None
    low, high = fit.clearance_interval()
    name = fit.before.medicine
    if low <= 1 <= high:
        words = f"That is no clear difference to others: {name} may leave as fast as usual."
    elif high < 1:
        words = f"{name.capitalize()} leaves more slowly than usual, so each cut arrives later."
    else:
        words = f"{name.capitalize()} leaves faster than usual, so each cut arrives sooner."
    return Clearance(
        ratio=f"{fit.clearance_ratio:.2f}",
        low=f"{low:.2f}",
        high=f"{high:.2f}",
        half_life=f"{fit.after.half_life_h:.0f}",
        typical_half_life=f"{fit.before.half_life_h:.0f}",
        words=words,
    )


def _assumptions(found: OwnLevel) -> tuple[str, ...]:
    """What the picture rests on: the model, the spread between people, the adjustments, and the fit."""
    model, spread = found.adjusted.model, found.spread
    said = [f"One compartment, an adult of 70 kg, by “{_title(model.source)}”. The first hours after a dose are rough."]
    if spread.sources:
        said.append(f"How people differ: by {'; '.join(f'“{_title(key)}”' for key in spread.sources)}.")
    if spread.assumed:
        said.append(
            f"No figure was found for how people differ in {', '.join(spread.assumed)}: it is assumed, as "
            f"{spread.absorption:g} %."
        )
    said += [f"Drawn for {WORDS[one.who]}: {one.printed} (“{_title(one.source)}”)." for one in found.adjusted.made]
    if found.fit is not None:
        said += [f"For the own clearance: {one}." for one in found.fit.assumptions]
    return tuple(said)


def _doubts(known: Known, found: OwnLevel) -> tuple[str, ...]:
    model = found.adjusted.model
    said = [f"{one.name.capitalize()} is not drawn: {one.reason} {one.do}" for one in model.not_in_model]
    said += [f"{one.reason.capitalize()} {one.do}" for one in found.adjusted.not_found]
    if model.medicine in known.uncertain:
        said.append("How much was taken before admission is not known as an amount: the first weeks show too little.")
    if not known.has_plan:
        said.append("No plan is signed, so nothing is drawn beyond today.")
    if found.fit is not None:
        said += [f"{one[0].upper()}{one[1:]}." for one in found.fit.doubts]
    return tuple(said)


def _title(key: str) -> str:
    return source(key).title if key else "the facts"


def _sentence(name: str, found: OwnLevel, known: Known) -> str:
    now = int(abs(found.days - known.day(known.now)).argmin())
    parts = [
        f"{species} about {figure(own[now])} ng/mL now, in most people like this between {figure(band[0][now])} and "
        f"{figure(band[2][now])}"
        for species, own, band in zip(found.species, found.own, found.band, strict=True)
    ]
    return (
        f"Predicted level of {name} in plasma: {'; '.join(parts)}. Predicted, not measured. "
        "The values stand in the table below."
    )
