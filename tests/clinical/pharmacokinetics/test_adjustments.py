"""Older people and people with liver disease: figures as printed, and silence where there is none."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.facts.load import formulary, populations
from glidepath.clinical.facts.populations import Adjustment
from glidepath.clinical.pharmacokinetics.adjustments import Adjusted, adjusted
from glidepath.clinical.pharmacokinetics.from_facts import model_of
from glidepath.clinical.pharmacokinetics.model import OneCompartment
from glidepath.clinical.pharmacokinetics.steady import average_at_steady_state, time_to_fraction


def typical(key: str) -> OneCompartment:
    model = model_of(formulary().medicines[key], unsure_too=True)
    assert isinstance(model, OneCompartment)
    return model


def changed(key: str, *, older: bool = False, liver: bool = False) -> Adjusted:
    return adjusted(typical(key), formulary().medicines[key], older=older, liver=liver)


@pytest.mark.parametrize("one", populations().adjustments, ids=lambda one: f"{one.medicine}-{one.who}")
def test_every_adjustment_stands_in_the_medicines_own_file(one: Adjustment) -> None:
    said = [caution for caution in formulary().medicines[one.medicine].cautions if one.printed in caution.text]
    assert [caution.source for caution in said] == [one.source]
    assert [caution.seen for caution in said] == [one.seen]


@pytest.mark.parametrize(("left", "days"), [(0.5, 5.97), (0.1, 16.7), (0.01, 30.3)])
def test_diazepam_washes_out_in_older_people_as_worked_in_the_reference(left: float, days: float) -> None:
    model = changed("diazepam", older=True).model
    assert time_to_fraction(model, left, (1, 1)) / 24 == pytest.approx(days, rel=0.002)


@pytest.mark.parametrize(
    ("key", "who", "level", "half_life"),
    [
        ("alprazolam", "older", 1 / 0.77, 1 / 0.77),
        ("bromazepam", "older", 0.76 / 0.41, 0.88 / 1.44 * 0.76 / 0.41),
        ("lorazepam", "older", 1 / 0.8, 1 / 0.8),
        ("chlordiazepoxide", "liver", 0.54 / 0.185, 3.49),
        ("nitrazepam", "older", 1.0, 40 / 29),
        ("zolpidem", "older", 1.64, 2.9 / 2.2),
        ("temazepam", "liver", 1.0, 1.0),
    ],
)
def test_levels_and_half_lives_change_as_printed(key: str, who: str, level: float, half_life: float) -> None:
    found = changed(key, older=who == "older", liver=who == "liver")
    before, after = (average_at_steady_state(model, 1.0) for model in (typical(key), found.model))
    assert after[typical(key).species_name] / before[typical(key).species_name] == pytest.approx(level)
    assert found.model.half_life_h / typical(key).half_life_h == pytest.approx(half_life)
    assert not found.not_found


def test_where_no_figure_was_found_nothing_changes_and_it_is_said() -> None:
    found = changed("clonazepam", older=True, liver=True)
    assert found.model == typical("clonazepam")
    assert [one.reason for one in found.not_found] == [
        "no figure for older people was found.",
        "no figure for liver disease was found.",
    ]


def test_two_adjustments_are_made_one_upon_the_other() -> None:
    found = changed("zolpidem", older=True, liver=True)
    assert found.model.clearance_l_h == pytest.approx(float(typical("zolpidem").clearance_l_h or 0) / 1.64 / 5)
    assert [one.who for one in found.made] == ["older", "liver"]


def test_nobody_in_particular_has_the_typical_model() -> None:
    assert changed("diazepam").model == typical("diazepam")


def test_a_spread_is_the_figure_of_the_medicines_own_file() -> None:
    assert populations().spread("lorazepam").clearance is not None
    assert {key: one.clearance and one.clearance.percent for key, one in populations().spreads.items()} == {
        "alprazolam": Decimal(40),
        "chlordiazepoxide": Decimal(37),
        "clorazepate": Decimal(29),
        "diazepam": Decimal(31),
        "flunitrazepam": Decimal(23),
        "lorazepam": Decimal(14),
        "midazolam_oral": Decimal(15),
        "zaleplon": Decimal(21),
    }
    assert populations().adjustment("alprazolam", populations().adjustments[0].who) is not None
    assert populations().adjustments[0].clearance == Fraction(77, 100)
