"""From a medicine's facts to the model a curve is computed from, or to the reason why none may be drawn."""

from __future__ import annotations

from collections.abc import Iterable

from glidepath.clinical.facts.load import kinetics
from glidepath.clinical.facts.medicines import Medicine, PKParameters
from glidepath.clinical.facts.medicines import Metabolite as MetaboliteFacts
from glidepath.clinical.pharmacokinetics.model import LeftOut, Metabolite, NotModelled, OneCompartment, Potency


def models_of(medicines: Iterable[Medicine]) -> dict[str, OneCompartment | NotModelled]:
    """The model of each medicine by its name, as doses carry it; for one that must not be drawn, the reason."""
    return {medicine.name: model_of(medicine) for medicine in medicines}


def model_of(medicine: Medicine) -> OneCompartment | NotModelled:
    """One consistent one-compartment set for a 70 kg adult, as the facts hold it.

    A designer product, and a medicine without parameters, gives NotModelled with what to do instead.
    """
    if medicine.is_designer:
        return NotModelled(
            medicine.name,
            "its content and strength are unknown.",
            "Draw no curve; titrate a known benzodiazepine under observation.",
        )
    if medicine.pk is None:
        return NotModelled(medicine.name, "no consistent parameters were found.", "Judge by what you see.")
    return _model(medicine, medicine.pk)


def _model(medicine: Medicine, pk: PKParameters) -> OneCompartment:
    modelled = pk.metabolites if pk.clearance_l_h is not None else ()
    others = () if pk.simulated_as else tuple(one for one in medicine.metabolites if one not in modelled)
    return OneCompartment(
        medicine=medicine.name,
        clearance_l_h=None if pk.clearance_l_h is None else float(pk.clearance_l_h),
        half_life_h=float(pk.half_life_h),
        absorption_per_h=float(pk.ka_per_h),
        lag_h=float(pk.lag_h),
        metabolites=tuple(_metabolite(one) for one in modelled),
        species=pk.simulated_as or "",
        dose_factor=float(pk.prodrug_factor or 1),
        confidence=pk.confidence,
        source=pk.source,
        not_in_model=tuple(_left_out(one) for one in others),
    )


def _metabolite(one: MetaboliteFacts) -> Metabolite:
    assert one.fraction is not None
    assert one.molar_ratio is not None
    assert one.clearance_l_h is not None
    assert one.half_life_h is not None
    return Metabolite(
        name=one.name,
        fraction=float(one.fraction),
        molar_ratio=float(one.molar_ratio),
        clearance_l_h=float(one.clearance_l_h),
        half_life_h=float(one.half_life_h),
        potency=_potency(one),
    )


def _potency(one: MetaboliteFacts) -> Potency | None:
    """From the lower weight of the effect band to the published figure; none where no figure is published."""
    if one.potency_high is None:
        return None
    band = kinetics()
    published = float(one.potency_high)
    return Potency(min(float(band.effect_weight_low), published), published)


def _left_out(one: MetaboliteFacts) -> LeftOut:
    why = one.note or "no parameters were found for it."
    return LeftOut(one.name, why, "It is not in the curve.")
