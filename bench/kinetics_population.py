"""Three workloads of virtual people, and one person's band: times, ratios to their targets, memory, agreement.

    python bench/kinetics_population.py [--people 10000] [--repeats 3]

A1  diazepam 10 mg x 0.9^k every 12 h in fortnight k = 0 to 11, hourly for 168 days, parent and metabolite: every curve
A2  the same with each dose moved by up to an hour and 5 % missed, so that no two people share dose times: every curve
A3  A1's 5, 50 and 95 percentile per hour and species as exact order statistics, no curve kept
and one person's 24 weeks every 6 h with a band of 1,000 people.

The numbers are compared first: with the textbook sum of exponentials in long double, dose by dose; with the curve of
each person alone; and A3 with sorting. Where they differ by more than 1e-9, of values above 1e-6 of the peak, no speed
is printed. Times are the best of some repeats of a whole call: people drawn, the array made. "In hand" is the same into
memory that is there already. All run on one processor and are counted in its seconds, so that a busy machine blurs them
less. The targets are for 10,000 people.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path


def peak_kib() -> int:
    """The most memory this process has held, as Linux counts it (getrusage would count its parent's too)."""
    return int(re.findall(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[0])


BEFORE_IMPORTS_KIB = peak_kib() if Path("/proc/self/status").exists() else 0

import numpy as np

from glidepath.clinical.facts.load import formulary
from glidepath.clinical.pharmacokinetics.concentration import concentration
from glidepath.clinical.pharmacokinetics.course import Course, Doses, PersonalDoses
from glidepath.clinical.pharmacokinetics.from_facts import model_of
from glidepath.clinical.pharmacokinetics.history import DoseHistory
from glidepath.clinical.pharmacokinetics.model import Metabolite, OneCompartment
from glidepath.clinical.pharmacokinetics.population import (
    FILL_TIMES,
    Bands,
    band_of_one,
    population_bands,
    population_levels,
)
from glidepath.clinical.pharmacokinetics.variability import COHORT, Population, Spread

AGREEMENT, MATTERS = 1e-9, 1e-6  # relative, wherever a value exceeds this part of its curve's peak
HOURS = np.arange(168 * 24.0)
DOSES, IN_A_FORTNIGHT = 336, 28
SEED = 20261128
ALONE, CLOSEST, TEXTBOOK, SOLVED = 60, 20, 20, 20  # people compared and solved
SOLVER_TOLERANCE = 1e-9
LN2 = np.log(2)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=10_000)
    asked.add_argument("--repeats", type=int, default=3)
    asked.add_argument("--memory", action="store_true", help="only A3, printing the peak of its memory in MB")
    options = asked.parse_args()
    people = Population(diazepam(), Spread.alike(30), options.people, SEED)
    if options.memory:
        bands(people)
        say(f"{(peak_kib() - BEFORE_IMPORTS_KIB) / 1024:.0f} MB")
        return 0
    own = moved_and_missed(options.people)
    worst = agreement(people, own)
    for what, apart in worst.items():
        say(f"agreement, {what:<48} {apart:.1e}")
    if not all(apart <= AGREEMENT for apart in worst.values()):
        sys.stderr.write(f"more than {AGREEMENT:.0e} apart: no speed is printed\n")
        return 1
    print_speeds(people, own, options.repeats)
    return 0


# --- The workloads ---------------------------------------------------------------------------------------------------
def diazepam() -> OneCompartment:
    model = model_of(formulary().medicines["diazepam"])
    assert isinstance(model, OneCompartment), model
    return model


def taper() -> DoseHistory:
    return DoseHistory.of([(12.0 * i, 10 * 0.9 ** (i // IN_A_FORTNIGHT)) for i in range(DOSES)])


def moved_and_missed(people: int) -> PersonalDoses:
    chance = np.random.default_rng(SEED)
    hours = taper().times_h[:, None] + chance.uniform(-1, 1, (DOSES, people))
    return PersonalDoses(hours, np.where(chance.random((DOSES, people)) < 0.05, 0.0, taper().mg[:, None]))


def bands(people: Population) -> Bands:
    return population_bands(
        {"diazepam": people.model},
        {"diazepam": taper()},
        people=people.people,
        seed=people.seed,
        times_h=HOURS,
        spreads={"diazepam": people.spread},
    )


# --- Agreement -------------------------------------------------------------------------------------------------------
def agreement(people: Population, own: PersonalDoses) -> dict[str, float]:
    """The largest relative difference of each comparison."""
    found = {}
    for name, doses in (("A1", taper()), ("A2", own)):
        levels = population_levels(people, doses, HOURS)
        some = some_people(people)
        found[f"{name}: each of {len(some)} alone, the closest rates too"] = max(
            apart(levels[:, :, i], concentration(taken_by(doses, i), HOURS, alone(people, i)).ng_per_ml) for i in some
        )
        found[f"{name}: {TEXTBOOK} by the textbook in long double"] = max(
            apart(levels[:, :, i], textbook(taken_by(doses, i), alone(people, i))) for i in some[:TEXTBOOK]
        )
        if name == "A1":
            found["A3: sorting every curve"] = apart_from_sorted(bands(people), levels)
        del levels
    return found


def some_people(people: Population) -> list[int]:
    """A few of all, then those whose two slow rates are closest, where differences would lose digits."""
    slow = np.concatenate([cohort.loss[1:3] for cohort in people.cohorts()], axis=1)
    closest = np.argsort(np.abs(np.log(slow[0] / slow[1])))[:CLOSEST]
    spread_out = np.linspace(0, people.people - 1, min(ALONE, people.people)).astype(int)
    return list(dict.fromkeys([*spread_out.tolist(), *closest.tolist()]))


def alone(people: Population, person: int) -> OneCompartment:
    """One person as a model, from the drawn rates and volumes."""
    cohort, column = people.cohort(person // COHORT), person % COHORT
    absorbed, k, km = cohort.loss[:, column]
    formed = people.model.metabolites[0]
    volume = absorbed / cohort.inflow[1, column] * 1000
    volume_m = formed.fraction * formed.molar_ratio * k * volume / cohort.inflow[2, column]
    metabolite = Metabolite(formed.name, formed.fraction, formed.molar_ratio, km * volume_m, LN2 / km)
    return OneCompartment("diazepam", k * volume, LN2 / k, absorbed, people.model.lag_h, (metabolite,))


def taken_by(doses: Doses, person: int) -> DoseHistory:
    if isinstance(doses, DoseHistory):
        return doses
    return DoseHistory.of(zip(doses.times_h[:, person], doses.mg[:, person], strict=True))


def apart(found: np.ndarray, expected: np.ndarray) -> float:
    """Largest relative difference of what matters: values above a part of their own curve's peak."""
    matters = expected > MATTERS * expected.max(axis=1, keepdims=True)
    return float(np.max(np.abs(found[matters] / expected[matters] - 1)))


def textbook(taken: DoseHistory, model: OneCompartment) -> np.ndarray:
    """Sums of exponentials over doses, with the differences of rates below the line, in long double."""
    wide = np.longdouble
    formed = model.metabolites[0]
    k, ka, km = wide(LN2) / wide(model.half_life_h), wide(model.absorption_per_h), wide(LN2) / wide(formed.half_life_h)
    volume, volume_m = wide(model.published_clearance_l_h) / k, wide(formed.clearance_l_h) / km
    share = wide(formed.fraction) * wide(formed.molar_ratio)
    levels = np.zeros((2, len(HOURS)), dtype=wide)
    for hour, mg in zip(taken.times_h, taken.mg, strict=True):
        since = HOURS.astype(wide) - wide(hour) - wide(model.lag_h)
        after = since >= 0
        e, ea, em = (np.exp(-rate * since[after]) for rate in (k, ka, km))
        levels[0, after] += mg * ka / (volume * (ka - k)) * (e - ea)
        parts = ea / ((k - ka) * (km - ka)) + e / ((ka - k) * (km - k)) + em / ((ka - km) * (k - km))
        levels[1, after] += mg * share * k * ka / volume_m * parts
    return np.asarray(levels * 1000, dtype=np.float64)


def apart_from_sorted(found: Bands, levels: np.ndarray) -> float:
    """Against the values at the nearest ranks after sorting, every seventh hour."""
    people = levels.shape[2]
    ranked = np.sort(levels[:, ::7], axis=-1)[..., [-(-p * people // 100) - 1 for p in (5, 50, 95)]]
    pairs = ((one.ng_per_ml[:, ::7], ranked[i].T) for i, one in enumerate(found.bands))
    return max(apart(ours, theirs) for ours, theirs in pairs)


# --- Speed -----------------------------------------------------------------------------------------------------------
def print_speeds(people: Population, own: PersonalDoses, repeats: int) -> None:
    shape = (2, len(HOURS), people.people)
    fill = best(lambda: np.full(shape, 1.0), repeats)
    a1 = best(lambda: population_levels(people, taper(), HOURS), repeats)
    a2 = best(lambda: population_levels(people, own, HOURS), repeats)
    a3 = best(lambda: bands(people), repeats)
    say(f"\n{people.people} people, {np.prod(shape) / 1e6:.1f} million values, whole calls")
    say(f"  filling the same array           {fill:8.2f} s")
    say(f"  A1 every curve                   {a1:8.2f} s   {a1 / fill:6.2f} x filling   (target at most 6)")
    say(f"  A2 doses of one's own            {a2:8.2f} s   {a2 / a1:6.2f} x A1        (target at most 3)")
    say(f"  A3 percentiles                   {a3:8.2f} s   {a3 / a1:6.2f} x A1        (target at most 5)")
    say(f"  A3 memory above the interpreter  {memory(people.people):>10}                (target under 100 MB)")
    print_in_hand(people, own, repeats)
    print_solvers(people, a1 / people.people)
    print_one(repeats)


def print_in_hand(people: Population, own: PersonalDoses, repeats: int) -> None:
    levels = np.full((2, len(HOURS), people.people), 1.0)
    fill = best(lambda: levels.fill(2.0), repeats)
    a1 = best(lambda: into(levels, people, taper()), repeats)
    a2 = best(lambda: into(levels, people, own), repeats)
    say(f"in hand: filling {fill:.2f} s; A1 {a1:.2f} s, {a1 / fill:.1f} x filling; A2 {a2:.2f} s, {a2 / a1:.1f} x A1")


def into(levels: np.ndarray, people: Population, doses: Doses) -> None:
    for number, cohort in enumerate(people.cohorts()):
        columns = people.columns(number)
        course = Course(cohort, doses.of(columns) if isinstance(doses, PersonalDoses) else doses, HOURS)
        for first in range(0, len(HOURS), FILL_TIMES):
            course.fill(levels[:, first : first + FILL_TIMES, columns])


def print_solvers(people: Population, a1_per_person: float) -> None:
    """SciPy's LSODA, stopped at each dose, on some people; it agrees as far as its tolerance reaches."""
    some = range(0, people.people, max(people.people // SOLVED, 1))[:SOLVED]
    for name, solve in (("solve_ivp", by_solve_ivp), ("odeint", by_odeint)):
        started = time.process_time()
        solved = {i: solve(alone(people, i)) for i in some}
        per_person = (time.process_time() - started) / len(solved)
        off = max(
            apart(one, concentration(taper(), HOURS, alone(people, i)).ng_per_ml) for i, one in list(solved.items())[:3]
        )
        say(
            f"LSODA by {name:<9} {per_person:7.3f} s a person ({len(solved)} people, {off:.0e} off): "
            f"A1 is {per_person / a1_per_person:,.0f} x as fast" + ("   (target 10,000)" if name == "solve_ivp" else "")
        )


def change_of(model: OneCompartment) -> Callable[[float, np.ndarray], list[float]]:
    k, ka, formed = model.elimination_per_h, model.absorption_per_h, model.metabolites[0]
    km, into_parent = formed.elimination_per_h, ka * 1000 / model.volume_l
    into_formed = formed.fraction * formed.molar_ratio * model.published_clearance_l_h / formed.volume_l

    def change(_: float, y: np.ndarray) -> list[float]:
        return [-ka * y[0], into_parent * y[0] - k * y[1], into_formed * y[1] - km * y[2]]

    return change


def intervals(model: OneCompartment) -> list[tuple[float, float, float, np.ndarray]]:
    """(start, end, mg, hours asked within) from dose to dose."""
    starts = taper().times_h + model.lag_h
    ends = np.append(starts[1:], HOURS[-1] + 0.5)
    asked = [HOURS[(start <= HOURS) & (end > HOURS)] for start, end in pairwise([*starts, ends[-1]])]
    return list(zip(starts.tolist(), ends.tolist(), taper().mg.tolist(), asked, strict=True))


def by_solve_ivp(model: OneCompartment) -> np.ndarray:
    from scipy.integrate import solve_ivp

    change, state, found = change_of(model), np.zeros(3), [np.zeros((2, 1))]
    for start, end, mg, asked in intervals(model):
        state[0] += mg
        run = solve_ivp(
            change, (start, end), state, "LSODA", [*asked, end], rtol=SOLVER_TOLERANCE, atol=SOLVER_TOLERANCE / 1000
        )
        found.append(run.y[1:, :-1])
        state = run.y[:, -1].copy()
    return np.concatenate(found, axis=1)


def by_odeint(model: OneCompartment) -> np.ndarray:
    from scipy.integrate import odeint

    change, state, found = change_of(model), np.zeros(3), [np.zeros((2, 1))]
    for start, end, mg, asked in intervals(model):
        state[0] += mg
        run = odeint(
            change,
            state,
            [start, *asked, end],
            tfirst=True,
            rtol=SOLVER_TOLERANCE,
            atol=SOLVER_TOLERANCE / 1000,
        )
        found.append(run[1:-1, 1:].T)
        state = run[-1].copy()
    return np.concatenate(found, axis=1)


def print_one(repeats: int) -> None:
    grid, chance = HOURS[::6], np.random.default_rng(SEED)
    as_planned, model = taper(), diazepam()
    late_h = chance.integers(0, 31, DOSES) / 60
    as_given = DoseHistory.of(zip(as_planned.times_h + late_h, as_planned.mg, strict=True))
    for words, history in (("as planned", as_planned), ("as given, up to 30 minutes late", as_given)):
        took = best(lambda history=history: band_of_one(model, history, grid), 3 * repeats) * 1000
        say(f"one person's 24 weeks every 6 h, a band of 1,000, {words}: {took:.0f} ms   (target under 50)")


def memory(people: int) -> str:
    """Peak of a process of its own that does A3 alone, less what it had before its imports; known on Linux alone."""
    if not BEFORE_IMPORTS_KIB:
        return "not known"
    done = subprocess.run(
        [sys.executable, __file__, "--memory", "--people", str(people)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def best(work: Callable[[], object], repeats: int) -> float:
    """Seconds of the quickest of some runs."""
    taken = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
