"""A second compartment after an intravenous dose: needed only where one compartment misleads (the first hours)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from glidepath.clinical.pharmacokinetics.concentration import as_times
from glidepath.clinical.pharmacokinetics.model import MASS_TO_CONCENTRATION, PharmacokineticsError
from glidepath.clinical.pharmacokinetics.transfer import FloatArray


@dataclass(frozen=True, slots=True)
class TwoCompartments:
    """Central volume in L, clearance in L/h, and the two published half-lives in h, the fast one first."""

    medicine: str
    clearance_l_h: float
    central_volume_l: float
    fast_half_life_h: float
    slow_half_life_h: float

    def __post_init__(self) -> None:
        values = (self.clearance_l_h, self.central_volume_l, self.fast_half_life_h)
        if not all(0 < value < math.inf for value in values) or not self.fast_half_life_h < self.slow_half_life_h:
            raise PharmacokineticsError(
                f"{self.medicine}: clearance, volume and half-lives are more than zero, and the fast half-life is the "
                "shorter one; check the facts"
            )

    @property
    def rates_per_h(self) -> tuple[float, float, float]:
        """k10 (out), k12 (to the periphery), k21 (back), per h."""
        alpha, beta = math.log(2) / self.fast_half_life_h, math.log(2) / self.slow_half_life_h
        out = self.clearance_l_h / self.central_volume_l
        back = alpha * beta / out
        return out, alpha + beta - out - back, back


def after_bolus(mg: float, hours: ArrayLike, model: TwoCompartments) -> FloatArray:
    """Central level in ng/mL `hours` (zero or more) after `mg` at once into a vein: A*exp(-alpha*t)+B*exp(-beta*t).

    Raises PharmacokineticsError for a negative or non-finite dose or negative hours.
    """
    after = as_times(hours)
    if not 0 <= mg < math.inf or (after < 0).any():
        raise PharmacokineticsError("a dose is zero or more mg, and hours after it are zero or more")
    alpha, beta = math.log(2) / model.fast_half_life_h, math.log(2) / model.slow_half_life_h
    _, _, back = model.rates_per_h
    initial = mg / model.central_volume_l * MASS_TO_CONCENTRATION
    fast = (alpha - back) / (alpha - beta)
    level: FloatArray = initial * (fast * np.exp(-alpha * after) + (1 - fast) * np.exp(-beta * after))
    return level
