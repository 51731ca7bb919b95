"""The predicted level under the doses: what was taken, put through the core's model, as a band in mg of diazepam a day.

It explains and never doses. A medicine without parameters or without a table figure is left out and named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.assessment.models import BenzodiazepineUse
from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.pharmacokinetics.exposure import sustained_equivalent
from glidepath.clinical.pharmacokinetics.from_facts import diazepam_per_mg, models_of
from glidepath.clinical.pharmacokinetics.history import AssumedSteady, DoseHistory, assumed_steady
from glidepath.clinical.regimen import RegimenError, parse_regimen
from glidepath.drawing.timeline import Level

HOURS = 24.0


@dataclass(frozen=True, slots=True)
class Taken:
    """One dose that was given, or that a plan would give: at this moment, so much."""

    at: dt.datetime
    dose: Dose


@dataclass(frozen=True, slots=True)
class Predicted:
    """Levels in days since the origin, and which medicines could not be drawn, with the reason."""

    levels: tuple[Level, ...]
    left_out: tuple[str, ...]
    assumed_before: float | None  # days since the origin: before it only what was reported


def predict(
    taken: Iterable[Taken], uses: Sequence[BenzodiazepineUse], *, origin: dt.datetime, days: Sequence[float]
) -> Predicted:
    """The band at `days` since `origin` (an aware moment): the reported regimen as steady, then the doses."""
    histories = histories_of(taken, uses, origin=origin)
    if not histories:
        return Predicted((), (), None)  # nothing is known to be taken: that is no level of zero
    known = [one for one in formulary().medicines.values() if one.name in histories]
    hours = [day * HOURS for day in days]
    band = sustained_equivalent(histories, hours, models_of(known), diazepam_per_mg(known))
    drawn = zip(days, band.low, band.high, strict=True)
    levels = tuple(Level(day, float(low), float(high)) for day, low, high in drawn if low == low)
    ends = [one.assumed.until_h / HOURS for one in histories.values() if one.assumed is not None]
    return Predicted(levels, tuple(f"{one.name}: {one.reason}" for one in band.left_out), max(ends, default=None))


def histories_of(
    taken: Iterable[Taken], uses: Sequence[BenzodiazepineUse], *, origin: dt.datetime
) -> dict[str, DoseHistory]:
    """By medicine, in the order of their names: the reported regimen as steady, then the doses, in hours since
    `origin`. Empty where nothing is known to be taken."""
    by_medicine: dict[str, list[tuple[float, float]]] = {}
    for one in taken:
        hour = (one.at - origin).total_seconds() / 3600
        by_medicine.setdefault(one.dose.medicine, []).append((hour, float(one.dose.mg)))
    assumed = _assumed(uses, by_medicine, origin)
    names = sorted({*by_medicine, *assumed})
    return {name: DoseHistory.of(by_medicine.get(name, ()), assumed.get(name)) for name in names}


def _assumed(
    uses: Sequence[BenzodiazepineUse], doses: Mapping[str, Sequence[tuple[float, float]]], origin: dt.datetime
) -> dict[str, AssumedSteady]:
    """The reported regimen of each medicine, until the first dose of it that is known, else until it was last taken."""
    first_known = min((hour for series in doses.values() for hour, _ in series), default=None)
    found = {}
    for use in uses:
        daily = _hours_of(use)
        known = [hour for hour, _ in doses.get(use.medicine_name, ())]
        until = min(known, default=_last_taken(use, origin, first_known))
        if daily and until is not None:
            found[use.medicine_name] = assumed_steady(daily, until)
    return found


def _last_taken(use: BenzodiazepineUse, origin: dt.datetime, first_known: float | None) -> float | None:
    if use.last_dose_at is not None:
        return (use.last_dose_at - origin).total_seconds() / 3600 + 0.01
    return first_known


def _hours_of(use: BenzodiazepineUse) -> dict[float, float]:
    """The reported doses by hour of the day; empty where the amount is not known."""
    if not use.medicine or not use.regimen:
        return {}
    try:
        regimen = parse_regimen(use.regimen, formulary=formulary(), default_times=())
    except RegimenError:
        return {}  # written by an older grammar: then nothing is assumed, and nothing is drawn before admission
    return {planned.time.hour + planned.time.minute / 60: float(planned.dose.mg) for planned in regimen.doses}
