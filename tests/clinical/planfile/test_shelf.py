"""Which products a plan is made of: by market and allowance, or only those that are listed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.dosing.plan import Kind
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.planfile.errors import PlanFileError
from glidepath.clinical.planfile.shelf import marketed, parse_stock
from glidepath.clinical.planfile.values import Region, Split

HALF, QUARTER, WHOLE = Fraction(1, 2), Fraction(1, 4), Fraction(1)


def names(
    *medicines: str, region: Region = Region.US, split: Split = Split.HALF, liquids: bool = False
) -> dict[str, Fraction]:
    found = marketed(medicines, region=region, split=split, liquids=liquids, formulary=formulary())
    return {product.name: product.step for product in found}


def test_the_region_selects_and_the_facts_say_what_may_be_divided() -> None:
    # formulary.yaml: US diazepam tablets 2, 5, 10 mg, halves; UK 2 and 5 mg halves, 10 mg not confirmed: whole.
    assert names("diazepam") == {
        "diazepam 2 mg tablet": HALF,
        "diazepam 5 mg tablet": HALF,
        "diazepam 10 mg tablet": HALF,
    }
    assert names("diazepam", region=Region.UK)["diazepam 10 mg tablet"] == WHOLE


def test_the_split_only_limits() -> None:
    assert set(names("diazepam", split=Split.NONE).values()) == {WHOLE}
    assert set(names("diazepam", split=Split.QUARTER).values()) == {HALF}
    # US alprazolam 2 mg is multi-scored: quarters.
    assert names("alprazolam", split=Split.QUARTER)["alprazolam 2 mg tablet"] == QUARTER
    assert names("alprazolam")["alprazolam 2 mg tablet"] == HALF


def test_liquids_are_asked_for() -> None:
    assert "diazepam 1 mg/mL oral solution" not in names("diazepam")
    assert names("diazepam", liquids=True)["diazepam 1 mg/mL oral solution"] == Fraction(1, 10)


def test_extended_release_and_sublingual_forms_do_not_stand_in_for_plain_ones() -> None:
    assert all("extended" not in name and "sublingual" not in name for name in names("lorazepam", "zolpidem"))
    assert names("alprazolam XR") != {}


def test_an_orally_disintegrating_tablet_is_used_where_it_makes_less_than_any_plain_piece() -> None:
    assert "clonazepam 0.125 mg orally disintegrating tablet" in names("clonazepam")
    assert all("disintegrating" not in name for name in names("alprazolam"))


def test_unverified_forms_are_left_out() -> None:
    assert names("midazolam (oral)", liquids=True) == {}


def test_the_list_of_the_design_is_read() -> None:
    found = parse_stock(
        "diazepam 2 mg tablet (half); diazepam 10 mg tablet; diazepam 0.4 mg/mL liquid (0.1 mL)", formulary=formulary()
    )
    assert [(one.strength_mg, one.form, one.kind, one.step) for one in found] == [
        (Decimal(2), "tablet", Kind.SOLID, HALF),
        (Decimal(10), "tablet", Kind.SOLID, WHOLE),
        (Decimal("0.4"), "liquid", Kind.LIQUID, Fraction(1, 10)),
    ]


def test_brands_micrograms_volumes_and_missing_forms_are_understood() -> None:
    found = parse_stock(
        "Xanax 250 micrograms (quarter)\ndiazepam 2 mg/5 mL oral solution; lorazepam 1mg", formulary=formulary()
    )
    assert [one.name for one in found] == [
        "alprazolam 0.25 mg tablet",
        "diazepam 0.4 mg/mL oral solution",
        "lorazepam 1 mg tablet",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "No product was given"),
        ("diazepam", "is not a product"),
        ("2 mg tablet", "is not a product"),
        ("diazapam 2 mg tablet", "Did you mean diazepam"),
        ("diazepam 2 mg tablet (third)", "no part of a piece"),
        ("diazepam 2 mg capsule (half)", "a capsule is given whole"),
        ("diazepam 1 mg/mL liquid (half)", "no graduation of a syringe"),
        ("diazepam 1 mg/0 mL liquid", "0 mL holds nothing"),
        ("diazepam 0 mg tablet", "more than zero"),
        ("diazepam 1 mg/3 mL liquid", "nanograms"),
        ("diazepam 2 mg tablet; Valium 2 mg tablet", "stands twice"),
    ],
)
def test_what_is_no_product_is_said(text: str, says: str) -> None:
    with pytest.raises(PlanFileError, match=says):
        parse_stock(text, formulary=formulary())
