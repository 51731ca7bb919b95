"""The band of exposure in mg of diazepam a day: worked substitution, honest gaps, what is assumed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from glidepath.clinical.facts.load import formulary
from glidepath.clinical.pharmacokinetics.exposure import (
    Band,
    DailyDoses,
    DiazepamPerMg,
    sustained_equivalent,
    sustained_on_averages,
)
from glidepath.clinical.pharmacokinetics.from_facts import diazepam_per_mg, model_of, models_of
from glidepath.clinical.pharmacokinetics.history import DoseHistory, assumed_steady
from glidepath.clinical.pharmacokinetics.model import (
    Metabolite,
    NotModelled,
    OneCompartment,
    PharmacokineticsError,
    Potency,
)
from glidepath.clinical.pharmacokinetics.steady import average_at_steady_state
from tests.clinical.pharmacokinetics.reference_set import reference_diazepam, reference_parent

DAY = 24.0
ALIKE = DiazepamPerMg(1.0, 1.0)


def of_facts(*keys: str) -> tuple[dict[str, OneCompartment | NotModelled], dict[str, DiazepamPerMg]]:
    medicines = [formulary().medicines[key] for key in keys]
    return models_of(medicines), diazepam_per_mg(medicines)


def steady(daily: dict[float, float], until_h: float = 0.0) -> DoseHistory:
    return DoseHistory.of([], assumed_steady(daily, until_h))


@pytest.mark.parametrize("weight", [0.5, 1.0])
def test_a_mg_of_diazepam_a_day_holds_the_published_effect_level(weight: float) -> None:
    levels = average_at_steady_state(reference_diazepam(), 1.0)
    assert levels["diazepam"] + weight * levels["nordiazepam"] == pytest.approx(26.107 + weight * 29.474, abs=1e-3)


@pytest.mark.parametrize(
    ("day", "level"), [(0, 20.0), (1, 14.8), (2, 14.1), (3, 14.7), (5, 16.4), (7, 17.7), (14, 19.6)]
)
def test_swapping_the_evening_lorazepam_for_diazepam_dips_for_about_a_week(day: float, level: float) -> None:
    """The worked substitution: lorazepam 1 mg twice daily, the evening dose replaced by diazepam 10 mg, weight 1."""
    diazepam = reference_diazepam()
    full = replace(diazepam, metabolites=(replace(diazepam.metabolites[0], potency=Potency(1, 1)),))
    doses = {"lorazepam": DailyDoses(2.0, ((0.0, 1.0),)), "diazepam": DailyDoses(0.0, ((0.0, 10.0),))}
    models = {"lorazepam": reference_parent("lorazepam"), "diazepam": full}
    tables = {"lorazepam": DiazepamPerMg(10.0, 10.0), "diazepam": ALIKE}
    band = sustained_on_averages(doses, [day * DAY], models, tables)
    assert (band.low[0], band.high[0]) == pytest.approx((level, level), abs=0.051)


def test_the_dip_of_the_substitution_is_lowest_on_the_second_day_at_71_percent() -> None:
    models, _ = of_facts("lorazepam", "diazepam")
    doses = {"lorazepam": DailyDoses(2.0, ((0.0, 1.0),)), "diazepam": DailyDoses(0.0, ((0.0, 10.0),))}
    days = np.arange(0, 14, 0.05)
    tables = {"lorazepam": DiazepamPerMg(10.0, 10.0), "diazepam": ALIKE}
    low = sustained_on_averages(doses, days * DAY, models, tables).low
    assert days[low.argmin()] == pytest.approx(2, abs=0.5)
    assert low.min() / 20 == pytest.approx(0.71, abs=0.01)


def test_a_steady_dose_of_diazepam_is_held_by_itself_on_the_average_of_a_day() -> None:
    models, tables = of_facts("diazepam")
    hours = np.arange(0, 24, 0.01) - 480
    band = sustained_equivalent({"diazepam": steady({8.0: 5.0, 20.0: 10.0})}, hours, models, tables)
    assert (band.low.mean(), band.high.mean()) == pytest.approx((15, 15), rel=0.02)
    assert sustained_on_averages({"diazepam": DailyDoses(15.0)}, hours, models, tables).high == pytest.approx(15)


def test_the_band_of_a_steady_medicine_runs_from_the_lowest_to_the_highest_table() -> None:
    """Clonazepam 2 mg a day is 20 to 40 mg of diazepam."""
    models, tables = of_facts("clonazepam")
    band = sustained_on_averages({"clonazepam": DailyDoses(2.0)}, [0.0], models, tables)
    assert (band.low[0], band.high[0]) == pytest.approx((20, 40))


def test_real_doses_and_their_averages_tell_the_same_story() -> None:
    models, tables = of_facts("diazepam", "clonazepam")
    hours = np.arange(0, 40 * DAY, 1.0)
    taken = {
        "diazepam": DoseHistory.of([(day * DAY + 12, 10) for day in range(40)]),
        "clonazepam": DoseHistory.of(
            [(h, 0.5) for h in np.arange(0, 20 * DAY, 12.0)], assumed_steady({0: 1, 12: 1}, 0)
        ),
    }
    daily = {
        "diazepam": DailyDoses(0.0, ((0.0, 10.0),)),
        "clonazepam": DailyDoses(2.0, ((0.0, 1.0), (20 * DAY, 0.0))),
    }
    exact = sustained_equivalent(taken, hours, models, tables)
    smooth = sustained_on_averages(daily, hours, models, tables)
    per_day = exact.high.reshape(-1, 24).mean(axis=1)  # a last dose ends half an interval before its effect does
    assert per_day == pytest.approx(smooth.high.reshape(-1, 24).mean(axis=1), rel=0.06)


def test_the_band_is_ordered_never_negative_and_the_sum_of_its_medicines() -> None:
    models, tables = of_facts("diazepam", "alprazolam", "lorazepam")
    chance = np.random.default_rng(3)
    doses = {name: chance.uniform((0, 0), (300, 9), (30, 2)).tolist() for name in models}
    taken = {name: DoseHistory.of(pairs) for name, pairs in doses.items()}
    band = sustained_equivalent(taken, np.linspace(-10, 700, 400), models, tables)
    assert ((band.low >= 0) & (band.low <= band.high)).all()
    assert sum(share[1] for share in band.by_medicine.values()) == pytest.approx(band.high)
    assert band.complete


def test_after_the_last_dose_the_band_widens_by_the_weight_of_the_metabolite() -> None:
    """Two weeks after a stop nordiazepam carries more of what is left: the weight, not the table, opens the band."""
    models, tables = of_facts("diazepam")
    band = sustained_equivalent({"diazepam": steady({8.0: 10.0})}, [14 * DAY], models, tables)
    assert band.low[0] < 0.95 * band.high[0]


@pytest.mark.parametrize("key", ["etizolam", "bromazolam", "clonazolam", "flualprazolam", "phenazepam"])
def test_a_designer_product_is_refused_with_what_to_do(key: str) -> None:
    medicine = formulary().medicines[key]
    refused = model_of(medicine)
    assert isinstance(refused, NotModelled)
    assert "titrate under observation" in refused.do
    assert isinstance(model_of(medicine, unsure_too=True), NotModelled)


@pytest.mark.parametrize(
    "key", ["estazolam", "quazepam", "flurazepam", "loprazolam", "prazepam", "chlordiazepoxide", "clobazam"]
)
def test_a_medicine_with_unsure_parameters_is_not_drawn_for_a_person(key: str) -> None:
    refused = model_of(formulary().medicines[key])
    assert isinstance(refused, NotModelled)
    assert refused.reason.endswith(".")
    assert isinstance(model_of(formulary().medicines[key], unsure_too=True), OneCompartment)


def test_a_medicine_left_out_is_named_with_its_reason_and_the_rest_is_drawn() -> None:
    models, tables = of_facts("diazepam", "bromazolam", "zaleplon")
    taken = {name: steady({8.0: 10.0}) for name in ("diazepam", "bromazolam", "zaleplon", "a plant tea")}
    band = sustained_equivalent(taken, [-DAY], models, tables)
    reasons = {one.name: one.reason for one in band.left_out}
    assert reasons.keys() == {"bromazolam", "zaleplon", "a plant tea"}
    assert "equivalence table" in reasons["zaleplon"]
    assert "not in the facts" in reasons["a plant tea"]
    assert not band.complete
    assert np.isfinite(band.low).all()
    assert {one.name for one in band.metabolites_left_out} == {"temazepam", "oxazepam"}


def test_when_nothing_can_be_drawn_the_band_is_unknown_and_not_zero() -> None:
    models, tables = of_facts("bromazolam")
    band = sustained_equivalent({"bromazolam": steady({8.0: 1.0})}, [0.0, 5.0], models, tables)
    assert np.isnan(band.low).all()
    assert np.isnan(band.high).all()


def test_a_person_who_takes_nothing_has_an_exposure_of_zero() -> None:
    assert sustained_equivalent({}, [0.0], {}, {}).high == pytest.approx([0.0])


def test_what_rests_on_the_reported_dose_is_marked_and_fades_as_it_washes_out() -> None:
    models, tables = of_facts("diazepam")
    known = DoseHistory.of([(day * DAY + 8, 10) for day in range(60)], assumed_steady({8.0: 10.0}, until_h=0.0))
    days = np.array([-2.0, -0.5, 1.0, 14.0, 59.0])
    for band in (
        sustained_equivalent({"diazepam": known}, days * DAY, models, tables),
        sustained_on_averages({"diazepam": DailyDoses(10.0, (), assumed_until_h=0.0)}, days * DAY, models, tables),
    ):
        assert_fades(band)


def assert_fades(band: Band) -> None:
    assert band.assumed.tolist() == [True, True, False, False, False]
    assert band.assumed_share[:2] == pytest.approx([1, 1])
    assert band.assumed_share[2] > 0.8
    assert (np.diff(band.assumed_share[1:]) < 0).all()
    assert band.assumed_share[4] < 1e-4


def test_a_metabolite_of_unknown_potency_is_left_out_of_the_effect_and_named() -> None:
    silent = OneCompartment("drug", 2.0, 10.0, 1.0, metabolites=(Metabolite("silent", 0.5, 1.0, 1.0, 100.0),))
    parent_alone = replace(silent, metabolites=())
    taken = {"drug": DoseHistory.of([(0, 10), (30, 5)])}
    hours = np.linspace(0, 100, 50)
    band = sustained_equivalent(taken, hours, {"drug": silent}, {"drug": ALIKE})
    assert [one.name for one in band.metabolites_left_out] == ["silent"]
    assert band.high == pytest.approx(sustained_equivalent(taken, hours, {"drug": parent_alone}, {"drug": ALIKE}).high)


def test_a_medicine_without_a_clearance_still_has_a_relative_exposure_but_no_concentration() -> None:
    model = model_of(formulary().medicines["estazolam"], unsure_too=True)
    assert isinstance(model, OneCompartment)
    band = sustained_on_averages({"estazolam": DailyDoses(2.0)}, [0.0], {"estazolam": model}, {"estazolam": ALIKE})
    assert band.high[0] == pytest.approx(2)
    taken = sustained_equivalent(
        {"estazolam": steady({22.0: 2.0})}, [-240.0], {"estazolam": model}, {"estazolam": ALIKE}
    )
    assert taken.high[0] == pytest.approx(2, rel=0.5)


def test_a_prodrug_is_followed_as_its_metabolite() -> None:
    models, _ = of_facts("clorazepate")
    clorazepate = models["clorazepate"]
    assert isinstance(clorazepate, OneCompartment)
    assert clorazepate.all_species == ("nordiazepam",)
    assert average_at_steady_state(clorazepate, 20)["nordiazepam"] == pytest.approx(547, abs=0.5)


@pytest.mark.parametrize("doses", [(-1.0, ()), (1.0, ((5.0, -2.0),)), (1.0, ((5.0, 1.0), (2.0, 1.0)))])
def test_daily_doses_that_cannot_be_are_refused(doses: tuple[float, tuple[tuple[float, float], ...]]) -> None:
    with pytest.raises(PharmacokineticsError, match="check the steps"):
        DailyDoses(*doses)


@pytest.mark.parametrize("figures", [(0.0, 1.0), (2.0, 1.0), (1.0, float("inf"))])
def test_a_table_range_that_cannot_be_is_refused(figures: tuple[float, float]) -> None:
    with pytest.raises(PharmacokineticsError, match="from low to high"):
        DiazepamPerMg(*figures)
