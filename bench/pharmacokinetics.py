"""One person's curve: a year of three doses a day on an hourly grid, and a band of a 120-day taper of two medicines.

    python bench/pharmacokinetics.py

Prints the best and the median time of each. No speed is printed where the curve does not agree with plain
superposition of the textbook formula, dose by dose, to 1e-9 of the peak.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from glidepath.clinical.facts.load import formulary
from glidepath.clinical.pharmacokinetics.concentration import concentration
from glidepath.clinical.pharmacokinetics.exposure import sustained_equivalent
from glidepath.clinical.pharmacokinetics.from_facts import diazepam_per_mg, model_of, models_of
from glidepath.clinical.pharmacokinetics.history import DoseHistory, assumed_steady
from glidepath.clinical.pharmacokinetics.model import OneCompartment

AGREEMENT = 1e-9
REPEATS = 15


def timed(work: Callable[[], object]) -> str:
    """Best and median of several runs, in milliseconds."""
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return f"best {min(taken):.1f} ms, median {np.median(taken):.1f} ms"


def superposed(history: DoseHistory, hours: np.ndarray, model: OneCompartment) -> np.ndarray:
    """The parent by the textbook formula, one dose at a time."""
    k, ka = model.elimination_per_h, model.absorption_per_h
    level = np.zeros(len(hours))
    for at, mg in zip(history.times_h, history.mg, strict=True):
        since = np.maximum(hours - at - model.lag_h, 0)
        level += mg * ka / (model.volume_l * (ka - k)) * (np.exp(-k * since) - np.exp(-ka * since)) * 1000
    return level


def main() -> int:
    medicines = [formulary().medicines[key] for key in ("diazepam", "lorazepam")]
    diazepam = model_of(medicines[0])
    if not isinstance(diazepam, OneCompartment):
        sys.stderr.write(f"{diazepam}\n")
        return 1
    year = DoseHistory.of([(day * 24 + hour, 5) for day in range(365) for hour in (8, 14, 22)])
    hours = np.arange(365 * 24.0)
    found, plain = concentration(year, hours, diazepam).of("diazepam"), superposed(year, hours, diazepam)
    apart = float(np.abs(found - plain).max() / plain.max())
    sys.stdout.write(f"agreement with superposition: {apart:.1e} of the peak\n")
    if apart > AGREEMENT:
        sys.stderr.write(f"more than {AGREEMENT:.0e}: no speed is printed\n")
        return 1
    sys.stdout.write(
        f"a year, 1095 doses, 8760 hours, 2 species: {timed(lambda: concentration(year, hours, diazepam))}\n"
    )
    doses = [(day * 24 + hour, 1) for day in range(120) for hour in (8, 22)]
    taken = {one.name: DoseHistory.of(doses, assumed_steady({8: 2, 22: 2}, 0)) for one in medicines}
    models, tables, grid = models_of(medicines), diazepam_per_mg(medicines), np.arange(-240, 150 * 24.0, 2.0)
    sys.stdout.write(
        f"a band of two medicines, 1920 times: {timed(lambda: sustained_equivalent(taken, grid, models, tables))}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
