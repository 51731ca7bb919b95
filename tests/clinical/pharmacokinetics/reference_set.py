"""The reference set the worked figures were calculated with, read from oracles.toml."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

from glidepath.clinical.pharmacokinetics.model import Metabolite, OneCompartment, Potency

ORACLES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("oracles.toml").read_text("utf-8"))


def reference_diazepam(
    half_life_h: float | None = None, metabolite_half_life_h: float | None = None, fraction: float | None = None
) -> OneCompartment:
    """Diazepam with nordiazepam; other half-lives or another fraction formed keep the clearances as they are."""
    parent, formed = ORACLES["parameters"]["diazepam"], ORACLES["parameters"]["nordiazepam"]
    nordiazepam = Metabolite(
        name="nordiazepam",
        fraction=fraction or formed["fraction"],
        molar_ratio=formed["molar_mass"] / formed["parent_molar_mass"],
        clearance_l_h=formed["clearance_l_h"],
        half_life_h=metabolite_half_life_h or formed["half_life_h"],
        potency=Potency(0.5, 1.0),
    )
    return OneCompartment(
        medicine="diazepam",
        clearance_l_h=parent["clearance_l_h"],
        half_life_h=half_life_h or parent["half_life_h"],
        absorption_per_h=math.log(2) * 60 / parent["absorption_half_life_min"],
        lag_h=parent["lag_h"],
        metabolites=(nordiazepam,),
    )


def reference_parent(medicine: str) -> OneCompartment:
    """A medicine without metabolites from the reference set; its absorption is not part of the averages."""
    return OneCompartment(medicine=medicine, absorption_per_h=1.0, **ORACLES["parameters"][medicine])
