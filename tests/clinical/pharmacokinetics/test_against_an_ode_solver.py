"""The closed form against a general solver that knows only the differential equations, written without its parts."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from glidepath.clinical.pharmacokinetics.concentration import concentration
from glidepath.clinical.pharmacokinetics.history import DoseHistory, assumed_steady
from glidepath.clinical.pharmacokinetics.model import Metabolite, OneCompartment
from tests.clinical.pharmacokinetics.reference_set import reference_diazepam

LN2 = math.log(2)


def solved(doses: list[tuple[float, float]], times: NDArray[np.float64], model: OneCompartment) -> NDArray[np.float64]:
    """ng/mL, shape (species, times): d(gut) = -ka*gut; d(C) = in/V - k*C; a stop at each dose. Times ascending."""
    k = LN2 / model.half_life_h
    volume = model.clearance_l_h / k
    rates = [LN2 / m.half_life_h for m in model.metabolites]
    volumes = [m.clearance_l_h / r for m, r in zip(model.metabolites, rates, strict=True)]
    names = [model.species_name, *(m.name for m in model.metabolites)]

    def change(_: float, y: NDArray[np.float64]) -> list[float]:
        out = [-model.absorption_per_h * y[0], model.absorption_per_h * y[0] / volume - k * y[1]]
        for i, metabolite in enumerate(model.metabolites):
            source = names.index(metabolite.formed_from or model.species_name)
            eliminated_mg_h = y[1 + source] * ([k, *rates][source] * [volume, *volumes][source])
            formed = metabolite.fraction * metabolite.molar_ratio * eliminated_mg_h
            out.append(formed / volumes[i] - rates[i] * y[2 + i])
        return out

    absorbed = sorted((hour + model.lag_h, mg * model.dose_factor) for hour, mg in doses)
    stops = [*dict.fromkeys(hour for hour, _ in absorbed), math.inf]
    result = np.zeros((len(names), len(times)))
    state = np.zeros(1 + len(names))
    for start, end in pairwise(stops):
        state[0] += sum(mg for hour, mg in absorbed if hour == start)
        asked = (times >= start) & (times < end)
        until = end if math.isfinite(end) else max(float(times.max()), start) + 1e-9
        run = solve_ivp(
            change, (start, until), state, "DOP853", t_eval=[*times[asked], until], rtol=1e-11, atol=1e-16, max_step=20
        )
        assert run.success
        result[:, asked] = run.y[1:, :-1]
        state = run.y[:, -1].copy()
    return result * 1000


def with_equal_rates() -> OneCompartment:
    """Absorption, parent and metabolite all at one rate: the textbook formula is 0/0 here."""
    same = Metabolite("second", 0.5, 0.9, 2.0, 6.0)
    return OneCompartment("equal", 3.0, 6.0, LN2 / 6.0, lag_h=0.25, metabolites=(same,))


def with_nearly_equal_rates() -> OneCompartment:
    close = Metabolite("second", 0.5, 0.9, 2.0, 6.0 * (1 + 1e-9))
    return OneCompartment("near", 3.0, 6.0, LN2 / 6.0 * (1 + 1e-7), metabolites=(close,))


def with_chain_and_branch() -> OneCompartment:
    return OneCompartment(
        "tree",
        2.3,
        11.0,
        1.1,
        lag_h=0.4,
        dose_factor=0.8,
        metabolites=(
            Metabolite("first", 0.6, 0.95, 1.5, 31.0),
            Metabolite("beside", 0.2, 1.05, 4.0, 5.0),
            Metabolite("further", 0.7, 0.9, 3.0, 31.0, formed_from="first"),
            Metabolite("last", 0.4, 1.0, 1.0, 60.0, formed_from="further"),
        ),
    )


def absorbed_slower_than_eliminated() -> OneCompartment:
    return OneCompartment("slow release", 3.5, 4.0, 0.05, metabolites=(Metabolite("m", 0.3, 1.0, 2.0, 9.0),))


MODELS = [
    reference_diazepam(),
    with_equal_rates(),
    with_nearly_equal_rates(),
    with_chain_and_branch(),
    absorbed_slower_than_eliminated(),
]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.medicine)
def test_levels_agree_with_the_solver_for_irregular_doses(model: OneCompartment, seed: int) -> None:
    chance = np.random.default_rng(seed)
    doses = [
        (float(h), float(mg)) for h, mg in zip(chance.uniform(0, 200, 14), chance.uniform(0.1, 20, 14), strict=True)
    ]
    doses.append((doses[3][0], 2.5))  # two doses at one time
    times = np.sort(chance.uniform(-5, 400, 120))
    found = concentration(DoseHistory.of(doses), times, model).ng_per_ml
    expected = solved(doses, times, model)
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-9 * expected.max())


def test_levels_agree_with_the_solver_to_the_last_digits_it_has_while_they_matter() -> None:
    model = with_chain_and_branch()
    doses = [(0.0, 10.0), (7.0, 5.0), (30.0, 10.0)]
    times = np.linspace(0.5, 200, 60)
    found = concentration(DoseHistory.of(doses), times, model).ng_per_ml
    assert found == pytest.approx(solved(doses, times, model), rel=1e-8)


def test_an_assumed_steady_regimen_agrees_with_a_solver_run_in_for_many_days() -> None:
    model, days = with_chain_and_branch(), 80
    regimen = {8.0: 10.0, 20.0: 5.0}
    run_in = [(24.0 * day + hour, mg) for day in range(-days, 1) for hour, mg in regimen.items()]
    known = [(26.0, 5.0), (50.0, 2.5)]
    times = np.linspace(-20, 120, 70)
    found = concentration(DoseHistory.of(known, assumed_steady(regimen, until_h=24.0)), times, model).ng_per_ml
    assert found == pytest.approx(solved(run_in + known, times, model), rel=1e-5)
