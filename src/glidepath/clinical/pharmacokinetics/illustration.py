"""A teaching curve, never a plan: doses whose receptor occupancy would fall in equal steps, for an assumed D50.

No human EC50 is published for any medicine used in a taper, so the D50 is the reader's own assumption and whatever
shows this curve says "illustrative".
"""

from __future__ import annotations

import math

from glidepath.clinical.pharmacokinetics.model import PharmacokineticsError


def illustrative_equal_occupancy_steps(start_mg: float, assumed_d50_mg: float, steps: int) -> tuple[float, ...]:
    """`steps` equal cuts of occupancy o = dose/(dose + D50) from `start_mg` to 0: dose = D50*o/(1-o), in mg.

    Returns steps + 1 doses, the first `start_mg`, the last 0; not makeable doses, not for use. Raises
    PharmacokineticsError for a dose or D50 that is not above zero, or fewer than one step.
    """
    if not (0 < start_mg < math.inf and 0 < assumed_d50_mg < math.inf) or steps < 1:
        raise PharmacokineticsError("give a dose and a D50 above zero mg, and at least one step")
    full = start_mg / (start_mg + assumed_d50_mg)
    occupied = [full * (steps - i) / steps for i in range(steps + 1)]
    return tuple(assumed_d50_mg * o / (1 - o) for o in occupied)
