"""How far people lie apart: log-normal parameters around the typical ones, from the facts or from a named assumption.

A parameter of a person is typical * exp(sigma * z) with z standard normal and sigma = sqrt(ln(1 + CV^2)): the typical
value is the median. Clearance and volume are drawn independently, which is only an approximation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from glidepath.clinical.facts.load import kinetics, populations
from glidepath.clinical.facts.medicines import Medicine
from glidepath.clinical.facts.populations import MedicineSpread
from glidepath.clinical.pharmacokinetics.cohort import Cohort, Parameters
from glidepath.clinical.pharmacokinetics.model import OneCompartment, PharmacokineticsError

COHORT = 2500  # people drawn, and later computed, together; part of what a seed means


@dataclass(frozen=True, slots=True)
class Spread:
    """Coefficients of variation between people, in percent; 0 means all alike.

    assumed: the parameters among these for which no figure was found, in words. sources: of those that have one.
    """

    clearance: float
    volume: float
    absorption: float
    metabolite_clearance: float
    metabolite_volume: float
    assumed: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("clearance", "volume", "absorption", "metabolite_clearance", "metabolite_volume"):
            if not 0 <= getattr(self, name) < math.inf:
                raise PharmacokineticsError(f"the spread of {name} is zero or more percent, not {getattr(self, name)}")

    @classmethod
    def alike(cls, percent: float) -> Spread:
        """The same spread of every parameter, as an assumption."""
        names = ("clearance", "volume", "absorption", "metabolite clearance", "metabolite volume")
        return cls(percent, percent, percent, percent, percent, assumed=names)


def sigma(percent: float) -> float:
    """Standard deviation of the logarithm for a coefficient of variation in percent."""
    return math.sqrt(math.log1p((percent / 100) ** 2))


def spread_of(medicine: Medicine) -> Spread:
    """What the facts know of one medicine; the rest is the default of the facts, named as an assumption.

    The volume varies as much as makes the half-life vary as published, where that is published and wider than the
    clearance; absorption and metabolites have no figure of their own.
    """
    default = float(kinetics().default_cv_percent)
    known = populations().spread(medicine.key)
    clearance = default if known.clearance is None else float(known.clearance.percent)
    volume = _volume(known, clearance)
    metabolites = ("metabolite clearance", "metabolite volume") if medicine.pk and medicine.pk.metabolites else ()
    unknown = [("clearance", known.clearance), ("volume", volume)]
    return Spread(
        clearance=clearance,
        volume=default if volume is None else volume,
        absorption=default,
        metabolite_clearance=default,
        metabolite_volume=default,
        assumed=(*(name for name, found in unknown if found is None), "absorption", *metabolites),
        sources=tuple(dict.fromkeys(one.source for one in (known.clearance, known.half_life) if one is not None)),
    )


def _volume(known: MedicineSpread, clearance: float) -> float | None:
    """Percent, so that half-life = ln2 * volume / clearance has its published spread: the variances add."""
    if known.half_life is None or known.clearance is None:
        return None
    left = sigma(float(known.half_life.percent)) ** 2 - sigma(clearance) ** 2
    return 100 * math.sqrt(math.expm1(left)) if left > 0 else None


@dataclass(frozen=True, slots=True)
class Population:
    """People who differ from `model` by `spread`. One seed gives the same people whatever computes them, and where.

    The first people of a larger population are those of a smaller one. Raises PharmacokineticsError for no people or a
    seed that is not a whole number of zero or more.
    """

    model: OneCompartment
    spread: Spread
    people: int
    seed: int

    def __post_init__(self) -> None:
        for name, value, least in (("number of people", self.people, 1), ("seed", self.seed, 0)):
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise PharmacokineticsError(f"the {name} is a whole number from {least}, not {value!r}")

    def __len__(self) -> int:
        """Cohorts."""
        return (self.people + COHORT - 1) // COHORT

    def columns(self, cohort: int) -> slice:
        """Which people the cohort holds."""
        return slice(cohort * COHORT, min((cohort + 1) * COHORT, self.people))

    def cohorts(self) -> Iterator[Cohort]:
        """Every cohort, in order of its people."""
        return (self.cohort(number) for number in range(len(self)))

    def cohort(self, number: int) -> Cohort:
        """One cohort, drawn from the seed, the medicine and its number alone.

        Raises NotModelled where no clearance is published.
        """
        columns = self.columns(number)
        key = (number, *self.model.medicine.encode())
        chance = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=key))
        return Cohort.of(self.model, self._drawn(chance, columns.stop - columns.start))

    def _drawn(self, chance: np.random.Generator, people: int) -> Parameters:
        formed, spread = self.model.metabolites, self.spread
        typical = [self.model.published_clearance_l_h, *(one.clearance_l_h for one in formed)]
        volumes = [self.model.volume_l, *(one.volume_l for one in formed)]
        clearance = [spread.clearance, *(spread.metabolite_clearance for _ in formed)]
        volume = [spread.volume, *(spread.metabolite_volume for _ in formed)]
        widths = np.array([sigma(percent) for percent in (*clearance, *volume, spread.absorption)])
        factors = np.exp(widths * chance.standard_normal((people, len(widths)))).T.copy()
        n = len(typical)
        return Parameters(
            clearance_l_h=np.array(typical)[:, None] * factors[:n],
            volume_l=np.array(volumes)[:, None] * factors[n : 2 * n],
            absorption_per_h=self.model.absorption_per_h * factors[2 * n],
        )
