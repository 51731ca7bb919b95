"""Finding medicines by name, and what their products allow."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from glidepath.clinical.dosing.plan import Kind
from glidepath.clinical.facts.errors import AmbiguousMedicine, UnknownMedicine
from glidepath.clinical.facts.load import FACTS_DIR, Acting, MarketedForm, Seen, formulary, load_facts
from tests.clinical.facts.spoilt import copy_of_the_facts, replace_once

DESIGNER = {"etizolam", "clonazolam", "flualprazolam", "bromazolam", "phenazepam"}
Z_DRUGS = {"zolpidem", "zopiclone", "eszopiclone", "zaleplon"}


def test_every_medicine_file_is_a_medicine() -> None:
    assert set(formulary().medicines) == {path.stem for path in (FACTS_DIR / "medicines").glob("*.toml")}
    assert len(formulary().medicines) == 30


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("diazepam", "diazepam"),
        ("  Diazepam ", "diazepam"),
        ("VALIUM", "diazepam"),
        ("Xanax", "alprazolam"),
        ("xanax xr", "alprazolam_xr"),
        ("Niravam", "alprazolam"),
        ("Stilnoct", "zolpidem"),
        ("zolpidem tartrate", "zolpidem"),
        ("clorazepate", "clorazepate"),
        ("midazolam (oral)", "midazolam_oral"),
        ("alprazolam_xr", "alprazolam_xr"),
        ("Rivotril®", "clonazepam"),
    ],
)
def test_a_medicine_is_found_by_generic_or_brand_name_in_any_case(typed: str, key: str) -> None:
    assert formulary().find(typed).key == key


def test_the_name_a_dose_carries_finds_its_medicine() -> None:
    for medicine in formulary().medicines.values():
        assert formulary().find(medicine.name) is medicine


def test_a_misspelt_name_is_answered_with_the_close_one_and_what_to_do() -> None:
    with pytest.raises(UnknownMedicine, match="Did you mean lorazepam") as caught:
        formulary().find("lorazapam")
    assert caught.value.given == "lorazapam"
    assert "lorazepam" in caught.value.suggestions[0]
    assert "outside the formulary" in str(caught.value)


def test_a_misspelt_brand_is_answered_with_brand_and_generic_name() -> None:
    with pytest.raises(UnknownMedicine) as caught:
        formulary().find("Vallium")
    assert caught.value.suggestions[0] == "Valium (diazepam)"


def test_the_same_wrong_name_gets_the_same_suggestions_each_time_and_another_its_own() -> None:
    said = []
    for name in ("Vallium", "loraz", "vallium ", "Vallium", "loraz"):
        with pytest.raises(UnknownMedicine) as caught:
            formulary().find(name)
        said.append(caught.value.suggestions)
    assert said[0] == said[2] == said[3]
    assert said[1] == said[4] != said[0]


def test_a_name_like_no_other_gets_no_suggestion() -> None:
    with pytest.raises(UnknownMedicine) as caught:
        formulary().find("qqqq")
    assert caught.value.suggestions == ()


def test_generics_is_no_brand_name() -> None:
    with pytest.raises(UnknownMedicine):
        formulary().find("generics")


def test_a_brand_two_medicines_share_is_asked_about(tmp_path: Path) -> None:
    folder = copy_of_the_facts(tmp_path / "facts")
    replace_once(folder / "medicines/lorazepam.toml", '"Ativan", "Loreev XR"', '"Ativan", "Valium"')
    with pytest.raises(AmbiguousMedicine, match="diazepam or lorazepam"):
        load_facts(folder).formulary.find("valium")


def test_the_version_changes_with_any_fact(tmp_path: Path) -> None:
    folder = copy_of_the_facts(tmp_path / "facts")
    before = load_facts(folder).formulary.version
    replace_once(folder / "settings.toml", "[review_max_age_days]\nvalue = 7", "[review_max_age_days]\nvalue = 6")
    assert load_facts(folder).formulary.version != before
    assert before == formulary().version


def test_groups_tell_benzodiazepines_z_drugs_and_unapproved_ones() -> None:
    medicines = formulary().medicines.values()
    assert {one.key for one in medicines if one.is_z_drug} == Z_DRUGS
    assert {one.key for one in medicines if one.is_designer} == DESIGNER


def test_an_unapproved_medicine_is_never_converted_nor_simulated() -> None:
    for key in DESIGNER:
        medicine = formulary().medicines[key]
        assert medicine.equivalents == {}
        assert medicine.pk is None
        assert medicine.acting is Acting.UNKNOWN


def _form(medicine: str, market: str, form: str, strength: str) -> MarketedForm:
    (found,) = [
        one
        for one in formulary().medicines[medicine].marketed_in(market)
        if one.form == form and Decimal(strength) in one.strengths_mg
    ]
    return found


SMALLEST = [
    # medicine, market, form, strength, smallest part that the label supports (None = not known)
    ("diazepam", "us", "tablet", "2", Fraction(1, 2)),
    ("diazepam", "uk", "tablet", "2", Fraction(1, 2)),
    ("diazepam", "uk", "tablet", "5", Fraction(1, 2)),
    ("diazepam", "uk", "tablet", "10", None),
    ("alprazolam", "us", "tablet", "0.25", Fraction(1, 2)),
    ("alprazolam", "us", "tablet", "1", None),
    ("alprazolam", "us", "tablet", "2", Fraction(1, 4)),
    ("alprazolam", "uk", "tablet", "0.25", Fraction(1)),
    ("alprazolam_xr", "us", "extended-release tablet", "0.5", Fraction(1)),
    ("clonazepam", "us", "tablet", "0.5", Fraction(1, 2)),
    ("clonazepam", "us", "tablet", "1", None),
    ("clonazepam", "us", "orally disintegrating tablet", "0.125", Fraction(1)),
    ("clonazepam", "uk", "tablet", "2", Fraction(1, 2)),
    ("clobazam", "uk", "tablet", "10", None),
    ("clobazam", "uk", "tablet", "20", Fraction(1, 2)),
    ("clorazepate", "us", "tablet", "3.75", Fraction(1, 2)),
    ("lorazepam", "us", "tablet", "0.5", Fraction(1)),
    ("lorazepam", "us", "tablet", "1", Fraction(1, 2)),
    ("lorazepam", "us", "extended-release capsule", "1.5", Fraction(1)),
    ("lormetazepam", "uk", "tablet", "0.5", Fraction(1)),
    ("lormetazepam", "uk", "tablet", "1", None),
    ("nitrazepam", "uk", "tablet", "5", Fraction(1)),
    ("oxazepam", "uk", "tablet", "10", Fraction(1)),
    ("temazepam", "uk", "tablet", "10", None),
    ("temazepam", "us", "capsule", "7.5", Fraction(1)),
    ("zolpidem", "us", "tablet", "5", Fraction(1)),
    ("zolpidem", "uk", "tablet", "5", None),
    ("zopiclone", "uk", "tablet", "3.75", Fraction(1)),
    ("zopiclone", "uk", "tablet", "7.5", Fraction(1, 2)),
]


@pytest.mark.parametrize(("medicine", "market", "form", "strength", "smallest"), SMALLEST)
def test_a_product_is_divided_only_as_far_as_its_label_supports(
    medicine: str, market: str, form: str, strength: str, smallest: Fraction | None
) -> None:
    found = _form(medicine, market, form, strength)
    assert found.smallest == smallest
    assert found.whole_only is (smallest in (None, 1))


def test_halving_the_uk_2_mg_diazepam_tablet_is_marked_off_label() -> None:
    assert _form("diazepam", "uk", "tablet", "2").off_label_division
    assert not _form("diazepam", "us", "tablet", "2").off_label_division


def test_capsules_and_extended_release_forms_are_given_whole() -> None:
    for medicine in formulary().medicines.values():
        for form in medicine.forms:
            if "capsule" in form.form or form.release == "extended":
                assert form.whole_only, form.key


LIQUIDS = [
    ("diazepam", "us", "oral solution", "1", "5 mg/5 mL"),
    ("diazepam", "us", "oral solution concentrate", "5", "5 mg/mL"),
    ("diazepam", "uk", "oral solution or suspension", "0.4", "2 mg/5 mL"),
    ("clonazepam", "uk", "oral solution", "0.1", "500 micrograms/5 mL"),
    ("lorazepam", "uk", "oral solution", "1", "1 mg/mL"),
    ("temazepam", "uk", "oral solution", "2", "10 mg/5 mL"),
]


@pytest.mark.parametrize(("medicine", "market", "form", "mg_per_ml", "label"), LIQUIDS)
def test_a_liquid_always_names_its_concentration(
    medicine: str, market: str, form: str, mg_per_ml: str, label: str
) -> None:
    found = _form(medicine, market, form, mg_per_ml)
    assert found.kind is Kind.LIQUID
    assert found.smallest is None
    assert found.label_expression == label


def test_drops_are_not_measured_with_a_syringe() -> None:
    drops = [form.key for one in formulary().medicines.values() for form in one.forms if form.counted_in_drops]
    assert drops == ["clonazepam/australia/oral liquid (drops)/2.5"]


def test_every_product_has_a_key_of_its_own() -> None:
    """89 forms are listed; three of them are illicit products without a strength, which nobody can name."""
    keys = [form.key for one in formulary().medicines.values() for form in one.forms]
    assert len(keys) == len(set(keys)) == 89 - 3


def test_half_lives_span_the_published_figures_with_and_without_metabolites() -> None:
    diazepam = formulary().medicines["diazepam"]
    assert (diazepam.half_life_low_h, diazepam.half_life_high_h) == (15, 125)
    assert diazepam.active_half_life_high_h == 219  # nordiazepam
    assert formulary().medicines["clonazolam"].half_life_high_h is None


@pytest.mark.parametrize(
    ("medicine", "acting", "days", "seen"),
    [
        ("alprazolam", Acting.SHORT, 7, Seen.SECOND_HAND),
        ("lorazepam", Acting.SHORT, 7, Seen.SECOND_HAND),
        ("diazepam", Acting.LONG, 14, Seen.SECOND_HAND),
        ("clonazepam", Acting.LONG, 14, Seen.OURS),
        ("alprazolam_xr", Acting.SHORT, 7, Seen.OURS),
        ("clobazam", Acting.LONG, 14, Seen.OURS),
        ("prazepam", Acting.LONG, 14, Seen.OURS),
        ("zolpidem", Acting.SHORT, 7, Seen.OURS),
        ("bromazolam", Acting.UNKNOWN, 21, Seen.OURS),
    ],
)
def test_the_watch_after_a_cut_follows_how_long_the_medicine_acts(
    medicine: str, acting: Acting, days: int, seen: Seen
) -> None:
    found = formulary().medicines[medicine]
    assert (found.acting, found.watch_days, found.acting_seen) == (acting, days, seen)


def test_diazepam_carries_its_reference_set() -> None:
    pk = formulary().medicines["diazepam"].pk
    assert pk is not None
    assert (pk.clearance_l_h, pk.half_life_h, pk.ka_per_h, pk.lag_h) == tuple(
        map(Decimal, ("1.596", "44.2", "2.189", "0.2"))
    )
    (nordiazepam,) = pk.metabolites
    assert nordiazepam.molar_ratio == Fraction("270.71") / Fraction("284.74")
    assert (nordiazepam.fraction_low, nordiazepam.fraction, nordiazepam.fraction_high) == tuple(
        map(Decimal, ("0.6", "0.75", "1.0"))
    )
    assert (nordiazepam.clearance_l_h, nordiazepam.half_life_h) == (Decimal("1.008"), 65)


@pytest.mark.parametrize(
    ("medicine", "species", "factor"),
    [
        ("clorazepate", "nordiazepam", Decimal("0.662")),
        ("prazepam", "nordiazepam", Decimal("0.833")),
        ("flurazepam", "N-desalkylflurazepam", None),
    ],
)
def test_a_prodrug_is_drawn_as_what_acts(medicine: str, species: str, factor: Decimal | None) -> None:
    pk = formulary().medicines[medicine].pk
    assert pk is not None
    assert (pk.simulated_as, pk.prodrug_factor) == (species, factor)


def test_estazolam_and_quazepam_have_no_clearance_and_so_only_relative_curves() -> None:
    without = {one.key for one in formulary().medicines.values() if one.pk and one.pk.clearance_l_h is None}
    assert without == {"estazolam", "quazepam"}
