"""A second compartment, by vein or by mouth: needed only where one misleads, in the first hours after a dose.

What is given spreads from the blood (central) into tissue (peripheral) and back while it is eliminated. The central
level is the sum of a fast and a slow phase, each fed from the gut with its own positive share and lost at its own rate,
so that the exact solution of the other curves serves here too, without a difference that could cancel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from glidepath.clinical.facts.medicines import Medicine, SecondCompartment
from glidepath.clinical.pharmacokinetics.concentration import Concentrations, as_times, assumed_part, held_amounts
from glidepath.clinical.pharmacokinetics.history import DoseHistory
from glidepath.clinical.pharmacokinetics.model import MASS_TO_CONCENTRATION, NotModelled, PharmacokineticsError
from glidepath.clinical.pharmacokinetics.transfer import GUT, LinearSystem

FAST, SLOW, TISSUE = 1, 2, 3  # compartments beside the gut: two phases of the central amount, and the periphery
IN_TISSUE = "{} in tissue"


class Route(StrEnum):
    MOUTH = "by mouth"
    VEIN = "into a vein"


@dataclass(frozen=True, slots=True)
class Absorption:
    """First-order absorption: rate per h, lag in h, and the share of a dose that reaches the blood (0 to 1)."""

    per_h: float
    lag_h: float
    bioavailability: float

    def __post_init__(self) -> None:
        if not 0 < self.per_h < math.inf or not 0 <= self.lag_h < math.inf or not 0 < self.bioavailability <= 1:
            raise PharmacokineticsError(
                "absorption has a rate above zero, a lag of zero or more hours, and a share above 0 up to 1: "
                f"not {self.per_h}, {self.lag_h} and {self.bioavailability}; check the facts"
            )


@dataclass(frozen=True, slots=True)
class TwoCompartments:
    """Central volume in L, clearance in L/h (not over F), and the two published half-lives in h, the fast one first.

    absorption: None where a dose by mouth has no parameters. assumed: what joins figures of different sources.
    """

    medicine: str
    clearance_l_h: float
    central_volume_l: float
    fast_half_life_h: float
    slow_half_life_h: float
    absorption: Absorption | None = None
    assumed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        values = (self.clearance_l_h, self.central_volume_l, self.fast_half_life_h)
        if not all(0 < value < math.inf for value in values) or not self.fast_half_life_h < self.slow_half_life_h:
            raise PharmacokineticsError(
                f"{self.medicine}: clearance, volume and half-lives are more than zero, and the fast half-life is the "
                "shorter one; check the facts"
            )
        if self.rates_per_h[1] <= 0:
            raise PharmacokineticsError(
                f"{self.medicine}: no exchange with tissue fits these figures: clearance over central volume must lie "
                "between the two rates; check the facts"
            )

    @property
    def phases_per_h(self) -> tuple[float, float]:
        """alpha and beta: the rates of the fast and the slow phase."""
        return math.log(2) / self.fast_half_life_h, math.log(2) / self.slow_half_life_h

    @property
    def rates_per_h(self) -> tuple[float, float, float]:
        """k10 (out), k12 (to the periphery), k21 (back), per h."""
        alpha, beta = self.phases_per_h
        out = self.clearance_l_h / self.central_volume_l
        back = alpha * beta / out
        return out, alpha + beta - out - back, back

    @property
    def fast_share(self) -> float:
        """Share of a sudden central amount that leaves by the fast phase; the rest leaves by the slow one."""
        (alpha, beta), (_, _, back) = self.phases_per_h, self.rates_per_h
        return (alpha - back) / (alpha - beta)

    @property
    def tissue_volume_l(self) -> float:
        """So that tissue and blood are level when nothing flows between them."""
        _, to_tissue, back = self.rates_per_h
        return self.central_volume_l * to_tissue / back


def levels_by(route: Route, history: DoseHistory, times_h: ArrayLike, model: TwoCompartments) -> Concentrations:
    """Levels in blood and in tissue at `times_h` after all doses of `history`, each by `route`, in ng/mL.

    times_h: hours, 1-D, any order. A dose into a vein is given at once. A dose by mouth counts from its time plus the
    lag, times the share that reaches the blood. The assumed regimen of a history is periodic and exact, as elsewhere.
    Raises NotModelled for doses by mouth without parameters of absorption, PharmacokineticsError for unusable times.
    Source: linear two-compartment disposition; parameters from the medicine's facts, joined as `model.assumed` says.
    """
    times = as_times(times_h)
    absorption = model.absorption
    if route is Route.VEIN:
        entry = np.array([0.0, model.fast_share, 1 - model.fast_share, 0.0])
        held = held_amounts(history, times, _system(model, 1.0), entry)
    elif absorption is None:
        raise NotModelled(
            model.medicine, "no absorption is published with its second compartment.", "Use the curve of one."
        )
    else:
        entry = np.array([absorption.bioavailability, 0.0, 0.0, 0.0])
        held = held_amounts(history, times - absorption.lag_h, _system(model, absorption.per_h), entry)
    volumes = np.array([[model.central_volume_l], [model.tissue_volume_l]])
    amounts = np.array([held[FAST] + held[SLOW], held[TISSUE]])
    species = (model.medicine, IN_TISSUE.format(model.medicine))
    return Concentrations(times, species, amounts / volumes * MASS_TO_CONCENTRATION, assumed_part(history, times))


def two_compartments_of(medicine: Medicine) -> TwoCompartments | NotModelled:
    """The published second compartment of a medicine, for the adult of its one-compartment set; else why there is none.

    By mouth it takes rate and lag of absorption from that set, and the middle of the published bioavailability: where
    the sources differ that is an assumption, and named as one.
    """
    found, pk = medicine.second_compartment, medicine.pk
    if found is None or pk is None:
        return NotModelled(
            medicine.name,
            "no second compartment is published for it.",
            "Show no peak and no first hours: only the trend.",
        )
    weight = float(pk.weight_kg)
    return TwoCompartments(
        medicine=medicine.name,
        clearance_l_h=float(found.clearance_l_h_kg) * weight,
        central_volume_l=float(found.central_volume_l_kg) * weight,
        fast_half_life_h=float(found.fast_half_life_h),
        slow_half_life_h=float(found.slow_half_life_h),
        absorption=_absorption(found, medicine),
        assumed=_joined(found, medicine),
    )


def _absorption(found: SecondCompartment, medicine: Medicine) -> Absorption | None:
    if found.bioavailability is None or medicine.pk is None:
        return None
    return Absorption(float(medicine.pk.ka_per_h), float(medicine.pk.lag_h), float(found.bioavailability))


def _joined(found: SecondCompartment, medicine: Medicine) -> tuple[str, ...]:
    if found.bioavailability is None or medicine.pk is None or medicine.pk.source == found.source:
        return ()
    studies = f"absorption is from one study and distribution from another ({medicine.pk.source}, {found.source})"
    share = f"{found.bioavailability} of a dose reaches the blood, the middle of what is published"
    return (f"{studies}; {share}.",)


def _system(model: TwoCompartments, absorption_per_h: float) -> LinearSystem:
    """Gut, the two phases of the central amount, and tissue: what one phase feeds it is what both would together."""
    (alpha, beta), (_, to_tissue, _), fast = model.phases_per_h, model.rates_per_h, model.fast_share
    return LinearSystem(
        loss=(absorption_per_h, alpha, beta, beta),
        feeder=(GUT, GUT, GUT, FAST),
        inflow=(0.0, fast * absorption_per_h, (1 - fast) * absorption_per_h, to_tissue / fast),
    )
