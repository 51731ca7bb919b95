"""What the stocked products make exactly, from the fewest pieces; against trying every combination."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.errors import CannotBeMade, PlanError
from glidepath.clinical.dosing.plan import Product
from glidepath.clinical.dosing.tablets import make, makeable, pieces_of, split_day
from tests.clinical.dosing.every_way_down import Shelf
from tests.clinical.dosing.shelf import HALF, QUARTER, WHOLE, liquid, mg, tablet
from tests.clinical.dosing.test_taper_against_every_way_down import on

DIAZEPAM = (tablet("10", HALF), tablet("5", HALF), tablet("2", HALF))
TWICE = (dt.time(8), dt.time(22))


def made(amount: str, *products: Product) -> dict[str, Fraction]:
    return {part.product.name: part.count for part in make(mg(amount), products)}


def test_a_dose_is_made_of_the_fewest_pieces() -> None:
    assert made("9", *DIAZEPAM) == {"diazepam 5 mg tablet": 1, "diazepam 2 mg tablet": 2}
    assert made("4.5", *DIAZEPAM) == {"diazepam 5 mg tablet": HALF, "diazepam 2 mg tablet": 1}


def test_of_two_ways_with_as_few_pieces_the_one_with_fewer_products_is_taken() -> None:
    # 10 + 5 + 2 and one and a half 10 with a 2 are three pieces each.
    assert made("17", *DIAZEPAM) == {"diazepam 10 mg tablet": Fraction(3, 2), "diazepam 2 mg tablet": 1}


def test_whole_tablets_are_preferred_to_a_liquid_and_to_halves_where_there_are_as_few() -> None:
    assert made("1", tablet("2", HALF), liquid("1")) == {"diazepam 2 mg tablet": HALF}
    assert made("5", tablet("10", HALF), tablet("5", HALF)) == {"diazepam 5 mg tablet": 1}


def test_every_started_millilitre_counts_as_a_piece() -> None:
    assert pieces_of(make(mg("0.4"), (liquid("1"),))) == 1
    assert pieces_of(make(mg("2.1"), (liquid("1"),))) == 3
    assert made("10", tablet("10"), liquid("5")) == {"diazepam 10 mg tablet": 1}


def test_a_measure_of_five_millilitres_counts_as_five() -> None:
    cup = liquid("1", Fraction(5))
    assert made("10", tablet("2"), cup) == {"diazepam 2 mg tablet": 5}
    assert made("5", tablet("2"), cup) == {"diazepam 1 mg/mL oral solution": 5}


def test_a_part_is_given_only_where_the_product_allows_it() -> None:
    assert made("0.5", tablet("2", QUARTER)) == {"diazepam 2 mg tablet": QUARTER}
    with pytest.raises(CannotBeMade, match="diazepam 1 mg cannot be made exactly"):
        make(mg("1"), (tablet("2", WHOLE),))


def test_the_nearest_doses_are_named_when_one_cannot_be_made() -> None:
    with pytest.raises(CannotBeMade) as found:
        make(mg("1.5"), DIAZEPAM)
    assert (found.value.below, found.value.above) == (mg("1"), mg("2"))
    assert "Choose diazepam 2 mg or diazepam 1 mg" in str(found.value)


def test_below_the_smallest_piece_only_the_dose_above_is_named() -> None:
    with pytest.raises(CannotBeMade) as found:
        make(mg("0.3"), DIAZEPAM)
    assert (found.value.below, found.value.above) == (None, mg("1"))


def test_without_a_product_nothing_is_makeable() -> None:
    with pytest.raises(CannotBeMade) as found:
        make(mg("5"), (tablet("5", medicine="nitrazepam"),))
    assert (found.value.below, found.value.above) == (None, None)
    assert makeable((), "diazepam", up_to=mg("10")) == (mg("0"),)


def test_a_liquid_is_measured_to_the_syringes_graduation() -> None:
    assert made("0.4", liquid("0.4")) == {"diazepam 0.4 mg/mL oral solution": 1}
    with pytest.raises(CannotBeMade):
        make(mg("0.41"), (liquid("0.4"),))


def test_halves_of_2_and_5_mg_tablets_make_every_half_milligram_but_a_half_and_one_and_a_half() -> None:
    # pharmacology reference, section 11: "together give 0.5 mg steps; 1.5 and 0.5 mg cannot be made"
    can = {dose.mg for dose in makeable((tablet("5", HALF), tablet("2", HALF)), "diazepam", up_to=mg("10"))}
    every = {mg(str(half / 2)).mg for half in range(21)}
    assert every - can == {mg("0.5").mg, mg("1.5").mg}


@pytest.mark.parametrize(
    "products",
    [
        DIAZEPAM,
        (tablet("10"), tablet("5"), tablet("2")),
        (tablet("3.75", HALF), tablet("15")),
        (tablet("2", QUARTER), tablet("0.25", HALF)),
        (liquid("2", HALF), tablet("5", HALF)),
    ],
)
def test_trying_every_combination_finds_the_same_fewest_pieces_and_products(products: tuple[Product, ...]) -> None:
    plainly: Shelf = on(products)
    for eighths in range(1, 81):
        dose = Dose(mg("0.125").mg * eighths, "diazepam")
        expected = plainly.fewest(dose.exact)
        if expected is None:
            with pytest.raises(CannotBeMade):
                make(dose, products)
            continue
        parts = make(dose, products)
        assert sum((part.dose.exact for part in parts), Fraction(0)) == dose.exact
        assert (pieces_of(parts), len(parts)) == expected


def split(amount: str, *products: Product, **more: object) -> list[tuple[str, str]]:
    doses = split_day(mg(amount), TWICE, products, **more)  # type: ignore[arg-type]
    return [(f"{planned.time:%H:%M}", str(planned.dose.mg.normalize())) for planned in doses]


def test_the_day_is_divided_evenly_and_the_larger_dose_comes_last() -> None:
    assert split("9", *DIAZEPAM) == [("08:00", "4.5"), ("22:00", "4.5")]
    assert split("5", tablet("1")) == [("08:00", "2"), ("22:00", "3")]


def test_the_persons_own_distribution_over_the_day_is_kept() -> None:
    like = {dt.time(8): mg("5"), dt.time(22): mg("15")}
    assert split("16", tablet("1"), like=like) == [("08:00", "4"), ("22:00", "12")]


def test_no_single_dose_rises_while_another_division_can_be_made() -> None:
    before = {dt.time(8): mg("5"), dt.time(22): mg("5")}
    assert split("9", tablet("5"), tablet("2"), before=before) == [("08:00", "4"), ("22:00", "5")]
    # 7 = 5 + 2 is the only division under 5 and 5; 8 mg has 4 + 4 too
    assert split("8", tablet("5"), tablet("2"), before=before) == [("08:00", "4"), ("22:00", "4")]


def test_a_smaller_morning_dose_is_not_raised_to_even_out_the_day() -> None:
    before = {dt.time(8): mg("3"), dt.time(22): mg("6")}
    assert split("8", tablet("1")) == [("08:00", "4"), ("22:00", "4")]
    assert split("8", tablet("1"), before=before) == [("08:00", "3"), ("22:00", "5")]


def test_a_single_dose_rises_only_where_nothing_else_can_be_made() -> None:
    before = {dt.time(8): mg("4"), dt.time(22): mg("4")}
    assert split("7", tablet("5"), tablet("2"), before=before) == [("08:00", "2"), ("22:00", "5")]


def test_what_no_single_dose_is_left_for_goes_to_one_time_of_day() -> None:
    assert split("2", tablet("2")) == [("22:00", "2")]
    assert split("0", tablet("2")) == []


def test_a_day_without_a_time_is_refused() -> None:
    with pytest.raises(PlanError, match="at least one time"):
        split_day(mg("5"), (), DIAZEPAM)
