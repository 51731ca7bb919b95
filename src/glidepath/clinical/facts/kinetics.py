"""How kinetics are drawn: the effect band, and what is assumed where no figure was found."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from glidepath.clinical.facts.provenance import Seen


@dataclass(frozen=True, slots=True)
class Kinetics:
    """`effect_weight_low/high`: weight of a metabolite's ng/mL in the effect band (parent = 1).

    `default_cv_percent`: spread between people where no figure was found: an assumption, and labelled so.
    `residual_cv_percent`: how far a measured level lies from the true one, `plausible_deviations`: how many standard
    deviations off a level is refused in a fit: both ours, assumptions, and labelled so.
    """

    effect_weight_low: Decimal
    effect_weight_high: Decimal
    effect_weight_low_seen: Seen
    default_cv_percent: Decimal
    default_cv_seen: Seen
    residual_cv_percent: Decimal
    plausible_deviations: Decimal
    syringe_graduation_ml: Decimal
