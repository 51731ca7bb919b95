"""One person's predicted levels in plasma with the band of people like them, and their own clearance from what was
measured. It explains and never doses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from glidepath.care.monitoring.models import MeasuredLevel
from glidepath.care.taper.doses_known import Known
from glidepath.clinical.facts.load import formulary, rule
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.pharmacokinetics.adjustments import Adjusted, adjusted
from glidepath.clinical.pharmacokinetics.concentration import concentration
from glidepath.clinical.pharmacokinetics.fitting import Fitted, ImplausibleLevel, PlasmaLevel, own_clearance
from glidepath.clinical.pharmacokinetics.from_facts import model_of
from glidepath.clinical.pharmacokinetics.history import AssumedSteady, DoseHistory
from glidepath.clinical.pharmacokinetics.model import NotModelled, OneCompartment
from glidepath.clinical.pharmacokinetics.population import band_of_one
from glidepath.clinical.pharmacokinetics.transfer import FloatArray
from glidepath.clinical.pharmacokinetics.variability import Spread, spread_of

PEOPLE, SEED = 1000, 20261128
PERCENTILES = (5, 50, 95)
KEPT_LEVELS = 64  # each some tens of kilobytes
LOOKS = 4  # at the level, six hours apart round the clock: their mean is drawn
EVERY_H = 24.0 / LOOKS
MOST_TIMES = 720  # 24 weeks and their edges every 6 h; over longer the looks are whole days further apart


@dataclass(frozen=True, eq=False, slots=True)
class OwnLevel:
    """days: of each point. own, ng/mL: (species, points). band: (species, percentiles, points).

    days_between: how many days one point stands for. fit: from the measured levels, None without any; refused: why
    there is none in spite of some.
    """

    adjusted: Adjusted
    spread: Spread
    days: FloatArray
    own: FloatArray
    band: FloatArray
    days_between: float
    fit: Fitted | None
    refused: str

    @property
    def species(self) -> tuple[str, ...]:
        return self.adjusted.model.all_species


def own_level(known: Known, name: str, measured: Sequence[MeasuredLevel], facts: PersonFacts) -> OwnLevel:
    """name: of a medicine with a history. measured: what stands of it.

    The band is that of the typical parameters; the person's own curve lies in it by their own clearance, where there
    is one. Raises NotModelled, with the reason, where nothing may be drawn.
    """
    found = _typical(name, facts)
    history, spread = known.histories[name], spread_of(formulary().find(name))
    drawn = _drawn(
        _Asked(
            model=found.model,
            spread=spread,
            doses=tuple(zip(history.times_h.tolist(), history.mg.tolist(), strict=True)),
            assumed=history.assumed,
            first=known.first,
            last=known.last,
            measured=tuple(as_level(known, row) for row in fitted_rows(known, measured)),
        )
    )
    return OwnLevel(found, spread, drawn.days, drawn.own, drawn.band, drawn.days_between, drawn.fit, drawn.refused)


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that a level rests on, by value: other doses, levels, days or parameters are another question.

    doses: (hour, mg). first, last: days, from where to where it is drawn. measured: those a clearance is fitted to.
    """

    model: OneCompartment
    spread: Spread
    doses: tuple[tuple[float, float], ...]
    assumed: AssumedSteady | None
    first: float
    last: float
    measured: tuple[PlasmaLevel, ...]


@dataclass(frozen=True, eq=False, slots=True)
class _Drawn:
    """As in OwnLevel."""

    days: FloatArray
    own: FloatArray
    band: FloatArray
    days_between: float
    fit: Fitted | None
    refused: str


@lru_cache(maxsize=KEPT_LEVELS)  # between two doses or measured levels every look at the page asks the same
def _drawn(asked: _Asked) -> _Drawn:
    model, spread, history = asked.model, asked.spread, DoseHistory.of(asked.doses, asked.assumed)
    times = looks(asked.first, asked.last)
    drawn = band_of_one(model, history, times, people=PEOPLE, seed=SEED, percentiles=PERCENTILES, spread=spread)
    fit, refused = _fit(model, history, asked.measured, spread)
    curve = drawn.curve if fit is None else concentration(history, times, fit.after)
    return _Drawn(
        days=_kept(_means(times) / 24),
        own=_kept(_means(curve.ng_per_ml)),
        band=_kept(_means(np.array([drawn.bands.of(model.medicine, one) for one in model.all_species]))),
        days_between=LOOKS * float(times[1] - times[0]) / 24,
        fit=fit,
        refused=refused,
    )


def forget_levels() -> None:
    """For measuring how long one takes that was not asked for before."""
    _drawn.cache_clear()


def _kept(values: FloatArray) -> FloatArray:
    """The same values, which nobody can write over."""
    values.setflags(write=False)
    return values


def why_implausible(known: Known, row: MeasuredLevel, facts: PersonFacts) -> str:
    """The core's reason why the doses recorded cannot explain this level; empty where they can, or nobody can say."""
    history = known.histories.get(row.medicine)
    if history is None:
        return f"No dose of {row.medicine} is recorded or reported: record what was taken, or look at the name."
    try:
        model = _typical(row.medicine, facts).model
        own_clearance(model, history, [as_level(known, row)], spread=spread_of(formulary().find(row.medicine)))
    except ImplausibleLevel as refused:
        return f"{refused}."
    except NotModelled:
        return ""
    return ""


def as_level(known: Known, row: MeasuredLevel) -> PlasmaLevel:
    local = row.happened_at.astimezone(known.zone)
    when = f"on {local:%-d %b at %H:%M}"
    return PlasmaLevel(known.hour(row.happened_at), (row.pg_per_ml or 0) / 1000, species=row.species, when=when)


def looks(first: float, last: float) -> FloatArray:
    """Hours from day `first` to day `last`, evenly: a quarter of a day apart, and maybe whole days more.

    An even grid is quick, and four looks in a row are one at each quarter of the day, whatever the whole days between.
    """
    every = EVERY_H
    while (last - first) * 24 / every > MOST_TIMES:
        every += 24
    count = LOOKS * max(1, int(-(-(last - first) * 24 // (every * LOOKS))))
    return np.asarray(first * 24 + every * np.arange(count), dtype=np.float64)


def _means(values: FloatArray) -> FloatArray:
    """Of each four looks in a row, on the last axis."""
    return np.asarray(values.reshape(*values.shape[:-1], -1, LOOKS).mean(axis=-1))


def _typical(name: str, facts: PersonFacts) -> Adjusted:
    """The parameters of the facts, for an older person or one with liver disease as far as a source has a figure."""
    medicine = formulary().find(name)
    model = model_of(medicine)
    if isinstance(model, NotModelled):
        raise model
    if model.clearance_l_h is None:
        raise NotModelled(medicine.name, "no clearance is published.", "Draw no level of it.")
    older = facts.age is not None and facts.age >= Fraction(rule("JCG-27").value("age"))
    return adjusted(model, medicine, older=older, liver=bool(facts.liver_severe))


def _fit(
    model: OneCompartment, history: DoseHistory, levels: Sequence[PlasmaLevel], spread: Spread
) -> tuple[Fitted | None, str]:
    if not levels:
        return None, ""
    try:
        return own_clearance(model, history, levels, spread=spread), ""
    except ImplausibleLevel as refused:
        return None, f"{refused}."


def fitted_rows(known: Known, measured: Sequence[MeasuredLevel]) -> list[MeasuredLevel]:
    """Those of this stay that were not kept as implausible: from them a clearance is found."""
    return [row for row in measured if row.is_plausible and row.happened_at >= known.origin]
