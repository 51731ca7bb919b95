"""Small populations for tests, and one person of them as a model of their own."""

from __future__ import annotations

import numpy as np

from glidepath.clinical.pharmacokinetics.cohort import Cohort
from glidepath.clinical.pharmacokinetics.model import Metabolite, OneCompartment
from glidepath.clinical.pharmacokinetics.variability import Population, Spread

LN2 = np.log(2)


def tree() -> OneCompartment:
    """A metabolite, one beside it, and one formed further from the first: chained and parallel."""
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
        ),
    )


def equal_rates() -> OneCompartment:
    """Absorption, parent and metabolite at one rate: people alike make the textbook formula 0/0."""
    return OneCompartment("equal", 3.0, 6.0, LN2 / 6.0, lag_h=0.25, metabolites=(Metabolite("m", 0.5, 0.9, 2.0, 6.0),))


def some_people(model: OneCompartment, people: int = 7, percent: float = 30, seed: int = 5) -> Population:
    return Population(model, Spread.alike(percent), people, seed)


def as_model(model: OneCompartment, cohort: Cohort, person: int) -> OneCompartment:
    """One person of a cohort as a model: volumes and clearances worked back from the rates."""
    loss, inflow = cohort.loss[:, person], cohort.inflow[:, person]
    volumes = [loss[0] / inflow[1] * 1000]
    formed = []
    for i, metabolite in enumerate(model.metabolites, start=2):
        source = model.precursor(metabolite)
        made = metabolite.fraction * metabolite.molar_ratio * loss[1 + source] * volumes[source]
        volumes.append(made / inflow[i])
        formed.append(
            Metabolite(
                metabolite.name,
                metabolite.fraction,
                metabolite.molar_ratio,
                loss[i] * volumes[-1],
                LN2 / loss[i],
                formed_from=metabolite.formed_from,
            )
        )
    return OneCompartment(
        model.medicine,
        loss[1] * volumes[0],
        LN2 / loss[1],
        loss[0],
        lag_h=model.lag_h,
        dose_factor=model.dose_factor,
        metabolites=tuple(formed),
    )
