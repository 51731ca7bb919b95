"""What a concentration curve is computed from: one medicine's disposition, its metabolites, and when there is none.

One compartment with first-order absorption after a lag; each metabolite is a compartment fed by the parent or by
another metabolite. Right for the question a taper asks (slow trend, carry-over, wash-out), wrong for the first hours
after a dose: peaks are informative only. Every number comes from the facts or from the caller, none from here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

MASS_TO_CONCENTRATION = 1000.0  # mg/L to ng/mL


class PharmacokineticsError(ValueError):
    """A model or a dose history that cannot be: the message says what was given, what is wrong, what to do."""


class NotModelled(PharmacokineticsError):
    """No curve may be drawn for this medicine: what is missing or unsure, and what to do instead."""

    def __init__(self, medicine: str, reason: str, do: str) -> None:
        super().__init__(f"{medicine}: {reason} {do}")
        self.medicine = medicine
        self.reason = reason
        self.do = do


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A medicine or metabolite that is in the person but not in the curve, and why."""

    name: str
    reason: str
    do: str


@dataclass(frozen=True, slots=True)
class Potency:
    """Effect per ng/mL of a metabolite, relative to one ng/mL of its parent: the lowest and the highest figure."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high < math.inf:
            raise PharmacokineticsError(
                f"a relative potency runs from low to high, zero or more: {self.low}-{self.high}"
            )


@dataclass(frozen=True, slots=True)
class Metabolite:
    """One active metabolite of a medicine.

    fraction: share of the precursor's elimination that forms it (may be calibrated). molar_ratio: its molar mass over
    that of its precursor. clearance_l_h: L/h. half_life_h: h. `formed_from`: name of the precursor metabolite, or None
    when the parent forms it. `potency` None: no figure is published; it is shown as a concentration and left out of
    the effect.
    """

    name: str
    fraction: float
    molar_ratio: float
    clearance_l_h: float
    half_life_h: float
    potency: Potency | None = None
    formed_from: str | None = None

    def __post_init__(self) -> None:
        _positive(self.name, fraction=self.fraction, molar_ratio=self.molar_ratio)
        _positive(self.name, clearance_l_h=self.clearance_l_h, half_life_h=self.half_life_h)

    @property
    def elimination_per_h(self) -> float:
        return math.log(2) / self.half_life_h

    @property
    def volume_l(self) -> float:
        """Apparent volume, derived so that clearance and half-life stay as published."""
        return self.clearance_l_h / self.elimination_per_h


@dataclass(frozen=True, slots=True)
class OneCompartment:
    """One medicine by mouth, for a 70 kg adult unless the caller scaled it.

    species: what is measured after a dose (for a prodrug its active metabolite). clearance_l_h: CL/F in L/h, None when
    none is published (then only relative curves exist). half_life_h, absorption_per_h (ka), lag_h: h and per h.
    dose_factor: mg of `species` per mg of the product (a prodrug's molar mass ratio), else 1.
    Volume is derived from clearance and half-life: means of a skewed sample do not fit one another, and these two
    carry the averages and the wash-out.
    """

    medicine: str
    clearance_l_h: float | None
    half_life_h: float
    absorption_per_h: float
    lag_h: float = 0.0
    metabolites: tuple[Metabolite, ...] = ()
    species: str = ""
    dose_factor: float = 1.0
    confidence: str = ""
    source: str = ""
    not_in_model: tuple[LeftOut, ...] = ()

    def __post_init__(self) -> None:
        if self.clearance_l_h is not None:
            _positive(self.medicine, clearance_l_h=self.clearance_l_h)
        elif self.metabolites:
            raise PharmacokineticsError(f"{self.medicine}: metabolites need the parent's clearance; leave them out")
        _positive(self.medicine, half_life_h=self.half_life_h, absorption_per_h=self.absorption_per_h)
        _positive(self.medicine, dose_factor=self.dose_factor)
        if not 0 <= self.lag_h < math.inf:
            raise PharmacokineticsError(f"{self.medicine}: the lag is zero or more hours, not {self.lag_h}")
        self._check_metabolites()

    def _check_metabolites(self) -> None:
        known = {self.species_name}
        for metabolite in self.metabolites:
            if metabolite.name in known:
                raise PharmacokineticsError(f"{self.medicine}: {metabolite.name} stands twice; give each species once")
            if metabolite.formed_from is not None and metabolite.formed_from not in known:
                raise PharmacokineticsError(
                    f"{self.medicine}: {metabolite.name} is formed from {metabolite.formed_from}, which is not listed "
                    "before it; list a chain from the parent outwards"
                )
            known.add(metabolite.name)

    @property
    def species_name(self) -> str:
        return self.species or self.medicine

    @property
    def all_species(self) -> tuple[str, ...]:
        """Names in the order of every array of this package: what is dosed first, then the metabolites."""
        return (self.species_name, *(metabolite.name for metabolite in self.metabolites))

    @property
    def elimination_per_h(self) -> float:
        return math.log(2) / self.half_life_h

    @property
    def volume_l(self) -> float:
        """Apparent volume V/F in L. Raises NotModelled where no clearance is published."""
        return self.published_clearance_l_h / self.elimination_per_h

    @property
    def published_clearance_l_h(self) -> float:
        """CL/F in L/h. Raises NotModelled where none is published."""
        if self.clearance_l_h is None:
            raise NotModelled(
                self.medicine,
                "no clearance is published, so no concentration in ng/mL can be computed.",
                "Show only relative curves (fraction of steady state, wash-out).",
            )
        return self.clearance_l_h

    def precursor(self, metabolite: Metabolite) -> int:
        """Index in `all_species` of what forms `metabolite`."""
        return 0 if metabolite.formed_from is None else self.all_species.index(metabolite.formed_from)


def _positive(who: str, **values: float) -> None:
    for name, value in values.items():
        if not 0 < value < math.inf:
            raise PharmacokineticsError(f"{who}: {name} must be more than zero, not {value}; check the facts")
