"""A model for older people or for people with liver disease, as far as a source gives a figure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from glidepath.clinical.facts.load import populations
from glidepath.clinical.facts.medicines import Medicine
from glidepath.clinical.facts.populations import Adjustment, Who
from glidepath.clinical.pharmacokinetics.model import LeftOut, OneCompartment

WORDS = {Who.OLDER: "older people", Who.LIVER: "liver disease"}


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The model after every adjustment that a source gives, those made, and those for which there is no figure."""

    model: OneCompartment
    made: tuple[Adjustment, ...]
    not_found: tuple[LeftOut, ...]


def adjusted(model: OneCompartment, medicine: Medicine, *, older: bool = False, liver: bool = False) -> Adjusted:
    """`model` of `medicine` for somebody who is older, has liver disease, or both (one upon the other: an assumption).

    A finding that nothing changes counts as made. Where no figure is published the model stays as it is and says so:
    the curve of such a person may lie far from it. Never a dose, only a picture.
    """
    made, not_found = [], []
    for who in (*([Who.OLDER] if older else []), *([Who.LIVER] if liver else [])):
        found = populations().adjustment(medicine.key, who)
        if found is None:
            not_found.append(
                LeftOut(medicine.name, f"no figure for {WORDS[who]} was found.", "Expect it to last longer than drawn.")
            )
        else:
            model = _with(model, found)
            made.append(found)
    return Adjusted(model, tuple(made), tuple(not_found))


def _with(model: OneCompartment, found: Adjustment) -> OneCompartment:
    """A half-life reported by itself leaves the clearance, a clearance reported by itself the volume."""
    slower = float(found.clearance or 1)
    clearance = None if model.clearance_l_h is None else model.clearance_l_h * slower
    metabolites = tuple(
        replace(one, half_life_h=float(found.metabolite_half_life_h.get(one.name, one.half_life_h)))
        for one in model.metabolites
    )
    return replace(
        model, clearance_l_h=clearance, half_life_h=_half_life(model, found, slower), metabolites=metabolites
    )


def _half_life(model: OneCompartment, found: Adjustment, slower: float) -> float:
    if found.half_life_h is not None:
        return float(found.half_life_h)
    if found.half_life is not None:
        return model.half_life_h * float(found.half_life)
    return model.half_life_h * float(found.volume or 1) / slower
