"""The model of each medicine from the facts, with single figures replaced: diazepam.half_life_h=90.

A figure of a metabolite names it in between: diazepam.desmethyldiazepam.half_life_h=120. Where the facts have no sure
set, clearance, half-life and absorption together make one. lorazepam.compartments=2 takes the published second one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.medicines import Medicine
from glidepath.clinical.pharmacokinetics.from_facts import model_of
from glidepath.clinical.pharmacokinetics.model import NotModelled, OneCompartment
from glidepath.clinical.pharmacokinetics.two_compartments import TwoCompartments, two_compartments_of
from glidepath.faces.cli.exits import WrongUse
from glidepath.faces.cli.reading import medicine_named

FIGURES = {
    "clearance_l_h": "clearance_l_h",
    "half_life_h": "half_life_h",
    "absorption_per_h": "absorption_per_h",
    "ka_per_h": "absorption_per_h",
    "lag_h": "lag_h",
}
OF_METABOLITE = ("clearance_l_h", "half_life_h", "fraction")
ENOUGH = {"clearance_l_h", "half_life_h", "absorption_per_h"}  # to make a model where the facts have none
COMPARTMENTS = "compartments"
EXAMPLE = "diazepam.half_life_h=90"
_VALUE = re.compile(r"\d{1,7}(\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a medicine, or of one of its metabolites, as somebody set it."""

    given: str
    medicine: str
    metabolite: str | None
    name: str
    value: float


def models_with(
    medicines: Iterable[str], changed: Sequence[str], facts: Formulary
) -> tuple[Mapping[str, OneCompartment], tuple[str, ...]]:
    """The model of each medicine that may be drawn, and the reason for each that may not.

    Raises WrongUse for a figure that cannot be set, and PharmacokineticsError for a value no model has.
    """
    names = list(medicines)
    figures = [_figure(text, names, facts) for text in changed]
    models, reasons = {}, []
    for name in names:
        found = _model(facts.find(name), [one for one in figures if one.medicine == name])
        if isinstance(found, NotModelled):
            reasons.append(str(found))
        else:
            models[name] = found
    return models, tuple(reasons)


def second_compartments(
    medicines: Iterable[str], changed: Sequence[str], facts: Formulary
) -> tuple[Mapping[str, TwoCompartments], tuple[str, ...]]:
    """The published second compartment of each medicine for which it is asked, and the other figures that are set.

    Raises WrongUse where none is published, and for another figure of such a medicine: it would change only the first.
    """
    names, found, others = list(medicines), {}, []
    for text in changed:
        path, _, value = text.partition("=")
        name, _, figure = path.strip().rpartition(".")
        if figure != COMPARTMENTS:
            others.append(text)
        elif value.strip() not in ("1", "2"):
            raise WrongUse(f"“{text}”: a curve has 1 compartment or 2.")
        elif value.strip() == "2":
            medicine = _taken(text, name, names, facts)
            found[medicine] = _second_compartment(facts.find(medicine))
    for text in others:
        if found and medicine_named(text.partition(".")[0], facts) in found:
            raise WrongUse(f"“{text}”: two compartments take the published figures alone. Set one of the two.")
    return found, tuple(others)


def _second_compartment(medicine: Medicine) -> TwoCompartments:
    found = two_compartments_of(medicine)
    if isinstance(found, NotModelled):
        raise WrongUse(str(found))
    return found


def _taken(text: str, name: str, medicines: Sequence[str], facts: Formulary) -> str:
    medicine = medicine_named(name.strip(), facts)
    if medicine not in medicines:
        raise WrongUse(f"“{text}”: {medicine} is not taken here. There is {', '.join(medicines)}.")
    return medicine


def _figure(text: str, medicines: Sequence[str], facts: Formulary) -> Figure:
    path, equals, value = text.partition("=")
    parts = [part.strip() for part in path.split(".")]
    if not equals or not 2 <= len(parts) <= 3 or not _VALUE.fullmatch(value.strip()):
        raise WrongUse(f"“{text}” sets no figure. Write it like {EXAMPLE}.")
    medicine = _taken(text, parts[0], medicines, facts)
    known = OF_METABOLITE if len(parts) == 3 else (*FIGURES, COMPARTMENTS)
    if parts[-1] not in known:
        near = get_close_matches(parts[-1], known, n=1, cutoff=0.4)
        meant = f" Did you mean “{near[0]}”?" if near else ""
        raise WrongUse(f"“{parts[-1]}” in “{text}” is not a figure of the model.{meant} There is {', '.join(known)}.")
    metabolite = parts[1] if len(parts) == 3 else None
    return Figure(text, medicine, metabolite, FIGURES.get(parts[-1], parts[-1]), float(value))


def _model(medicine: Medicine, figures: Sequence[Figure]) -> OneCompartment | NotModelled:
    own = {one.name: one.value for one in figures if one.metabolite is None}
    found = model_of(medicine)
    if isinstance(found, NotModelled):
        if not own.keys() >= ENOUGH or medicine.is_designer:
            return found
        return OneCompartment(
            medicine=medicine.name,
            clearance_l_h=own["clearance_l_h"],
            half_life_h=own["half_life_h"],
            absorption_per_h=own["absorption_per_h"],
            lag_h=own.get("lag_h", 0.0),
        )
    changed = replace(found, **own)  # type: ignore[arg-type]
    for one in figures:
        if one.metabolite is not None:
            changed = _with_metabolite(changed, one)
    if changed.clearance_l_h is None:
        return NotModelled(
            medicine.name,
            "no clearance is published, so no level can be computed.",
            f"Set one: --set {medicine.name}.clearance_l_h=VALUE.",
        )
    return changed


def _with_metabolite(model: OneCompartment, figure: Figure) -> OneCompartment:
    names = [one.name for one in model.metabolites]
    if figure.metabolite not in names:
        there = ", ".join(names) or "none in the model"
        raise WrongUse(
            f"“{figure.given}”: {figure.metabolite} is not a metabolite of {model.medicine}. There is {there}."
        )
    changed = (
        replace(one, **{figure.name: figure.value}) if one.name == figure.metabolite else one  # type: ignore[arg-type]
        for one in model.metabolites
    )
    return replace(model, metabolites=tuple(changed))
