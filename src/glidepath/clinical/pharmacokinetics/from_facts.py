"""From a medicine's facts to the model a curve is computed from, or to the reason why none may be drawn."""

from __future__ import annotations

from collections.abc import Iterable

from glidepath.clinical.dosing.equivalence import DIAZEPAM_MG
from glidepath.clinical.facts.load import kinetics
from glidepath.clinical.facts.medicines import Medicine, Metabolite as MetaboliteFacts, PKParameters
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.pharmacokinetics.exposure import DiazepamPerMg
from glidepath.clinical.pharmacokinetics.model import LeftOut, Metabolite, NotModelled, OneCompartment, Potency

UNSURE = frozenset({"low", "low overall"})  # words of the facts' `confidence`; "low for peak" still carries a taper
NO_METABOLITE = ("none", "as ")  # how the facts write that there is none, or none beyond another medicine's
NEGLIGIBLE = "leave out"  # a metabolite the facts say is too little in plasma to matter


def models_of(medicines: Iterable[Medicine], *, unsure_too: bool = False) -> dict[str, OneCompartment | NotModelled]:
    """The model of each medicine by its name, as doses carry it; for one that must not be drawn, the reason."""
    return {medicine.name: model_of(medicine, unsure_too=unsure_too) for medicine in medicines}


def model_of(medicine: Medicine, *, unsure_too: bool = False) -> OneCompartment | NotModelled:
    """One consistent one-compartment set for a 70 kg adult, as the facts hold it.

    Returns NotModelled, with the reason and what to do, for a designer product, where no parameters were found, where
    they are of low confidence or unverified, and where an active metabolite of published potency has none (the parent
    alone would fall too fast). `unsure_too` gives the model of the last two kinds all the same, for a study or a
    comparison with published figures; it must not be drawn for a person.
    """
    if medicine.is_designer:
        return NotModelled(
            medicine.name,
            "its content, strength and human kinetics are unknown.",
            "Draw no curve: titrate under observation, and judge by what you see.",
        )
    if medicine.pk is None:
        return NotModelled(
            medicine.name,
            "no consistent set of pharmacokinetic parameters was found.",
            "Draw no curve: judge by what you see.",
        )
    model = _model(medicine, medicine.pk)
    doubt = None if unsure_too else _doubt(medicine, medicine.pk, model)
    return model if doubt is None else NotModelled(medicine.name, doubt, "Draw no curve: judge by what you see.")


def is_unsure(pk: PKParameters) -> bool:
    """Whether the set as a whole is of low confidence or unverified, beyond a mere doubt about peak or shape."""
    return pk.seen is Seen.UNVERIFIED or not UNSURE.isdisjoint(part.strip() for part in pk.confidence.split(","))


def diazepam_per_mg(medicines: Iterable[Medicine]) -> dict[str, DiazepamPerMg]:
    """Lowest and highest mg of diazepam per mg over all usable tables, by medicine name; absent without a figure."""
    found = {}
    for medicine in medicines:
        figures = medicine.usable_equivalents().values()
        if figures:
            smallest, largest = min(one.low for one in figures), max(one.high for one in figures)
            found[medicine.name] = DiazepamPerMg(DIAZEPAM_MG / float(largest), DIAZEPAM_MG / float(smallest))
    return found


def _doubt(medicine: Medicine, pk: PKParameters, model: OneCompartment) -> str | None:
    if is_unsure(pk):
        return f"its parameters are too unsure to draw (confidence: {pk.confidence})."
    missing = {one.name for one in model.not_in_model}
    active = [one.name for one in medicine.metabolites if one.name in missing and one.potency_high is not None]
    if active:
        return f"no parameters were found for {', '.join(active)}, known to be active: the parent alone would mislead."
    return None


def _model(medicine: Medicine, pk: PKParameters) -> OneCompartment:
    formed = tuple(model for one in pk.metabolites if (model := _metabolite(one)))
    modelled = formed if pk.clearance_l_h is not None else ()
    names = {pk.simulated_as, *(one.name for one in modelled)}
    return OneCompartment(
        medicine=medicine.name,
        clearance_l_h=None if pk.clearance_l_h is None else float(pk.clearance_l_h),
        half_life_h=float(pk.half_life_h),
        absorption_per_h=float(pk.ka_per_h),
        lag_h=float(pk.lag_h),
        metabolites=modelled,
        species=pk.simulated_as or "",
        dose_factor=1.0 if pk.prodrug_factor is None else float(pk.prodrug_factor),
        confidence=pk.confidence,
        source=pk.source,
        not_in_model=() if pk.simulated_as else tuple(_left_out(medicine, names)),
    )


def _metabolite(one: MetaboliteFacts) -> Metabolite | None:
    """The compartment of a metabolite; None where a figure it needs was not found."""
    if one.fraction is None or one.molar_ratio is None or one.clearance_l_h is None or one.half_life_h is None:
        return None
    return Metabolite(
        name=one.name,
        fraction=float(one.fraction),
        molar_ratio=float(one.molar_ratio),
        clearance_l_h=float(one.clearance_l_h),
        half_life_h=float(one.half_life_h),
        potency=_potency(one),
    )


def _potency(one: MetaboliteFacts) -> Potency | None:
    """The published range; a single figure is the upper end of the effect band, whose lower end is an assumption."""
    if one.potency_low is None or one.potency_high is None:
        return None
    low, high = float(one.potency_low), float(one.potency_high)
    if low == high:
        low = min(low, float(kinetics().effect_weight_low))
    return Potency(low, high)


def _left_out(medicine: Medicine, in_model: set[str | None]) -> Iterable[LeftOut]:
    """Active metabolites without parameters. Those the facts call negligible or "none" are no loss and not named."""
    for one in medicine.metabolites:
        real = not one.name.startswith(NO_METABOLITE)
        if real and one.name not in in_model and not (one.note or "").startswith(NEGLIGIBLE):
            why = f"it is {one.note}, and " if one.note else ""
            yield LeftOut(one.name, f"{why}no parameters were found for it.", "The curve shows less than there is.")
