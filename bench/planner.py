"""The planner beside comparing every sequence of doses, on a case small enough for both; then usual plans alone.

    python bench/planner.py

No speed is printed where the two do not find the same way down.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.taper import plan
from glidepath.clinical.facts.load import formulary
from tests.clinical.dosing.every_way_down import Asked, Shelf, best
from tests.clinical.dosing.shelf import HALF, QUARTER, each_interval, liquid, request, tablet

REPEATS = 9
USUAL = {
    "diazepam 40 mg to zero, tablets and a liquid": (
        "diazepam 20 mg x2",
        (tablet("10", HALF), tablet("5", HALF), tablet("2", HALF), liquid("1")),
    ),
    "alprazolam 3 mg to zero, halves and a liquid": (
        "alprazolam 1 mg x3",
        (*(tablet(mg, HALF, "alprazolam") for mg in ("1", "0.5", "0.25")), liquid("1", medicine="alprazolam")),
    ),
}


def milliseconds(work: Callable[[], object], times: int = REPEATS) -> float:
    """The median of several runs."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def main() -> int:
    limits = replace(Limits.of(), last_step_max_diazepam=Decimal("1.5"))
    asked = request("diazepam 4 mg at 22:00", tablet("2", QUARTER), cut="1/5", every=7, limits=limits)
    doses = tuple(Fraction(number, 2) for number in range(8, -1, -1))
    small, ceiling = Fraction(limits.last_step_max_diazepam), Fraction(limits.ceiling)
    oracle = Asked(doses, Fraction(1, 5), False, 7, ceiling, small, Shelf(((tablet("2").strength_mg, 4),)))
    found = plan(asked, formulary=formulary())
    way = tuple(Fraction(mg) for mg in each_interval(found, 7))
    slow = best(oracle, len(way))
    if slow != way:
        sys.stderr.write(f"the planner finds {way}, comparing all finds {slow}: no speed is printed\n")
        return 1
    fast, every = (
        milliseconds(lambda: plan(asked, formulary=formulary())),
        milliseconds(lambda: best(oracle, len(way)), 3),
    )
    sys.stdout.write(
        f"4 mg in {len(way)} weeks: planner {fast:.1f} ms, every sequence {every:.0f} ms ({every / fast:.0f} x)\n"
    )
    for name, (regimen, products) in USUAL.items():
        usual = request(regimen, *products)
        took = milliseconds(lambda usual=usual: plan(usual, formulary=formulary()))
        sys.stdout.write(f"{name}: {took:.1f} ms\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
