"""Every table side by side, as the guideline's worked oracles print them; and what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from glidepath.clinical.dosing.equivalence import convert, equivalents
from glidepath.clinical.dosing.errors import NoPublishedFigure
from glidepath.clinical.facts.load import formulary
from tests.clinical.dosing.shelf import mg


def by_table(*doses: tuple[str, str]) -> dict[str, tuple[Fraction, Fraction]]:
    found = equivalents({name: mg(amount, name) for name, amount in doses}, formulary=formulary())
    return {table: (value.low, value.high) for table, value in found.by_table.items()}


@pytest.mark.parametrize(
    ("medicine", "amount", "lower_tables", "lower", "higher_tables", "higher"),
    [
        ("lorazepam", "4", ("va_dod_2021", "etg_nsw"), 20, ("ashton_2002", "scot_2024"), 40),
        ("clonazepam", "2", ("va_dod_2021",), 20, ("ashton_2002", "etg_nsw", "scot_2024"), 40),
        ("alprazolam", "3", ("va_dod_2021", "etg_nsw"), 30, ("ashton_2002",), 60),
    ],
)
def test_the_worked_figures_of_the_guideline_come_out_of_both_columns(
    medicine: str, amount: str, lower_tables: tuple[str, ...], lower: int, higher_tables: tuple[str, ...], higher: int
) -> None:
    found = by_table((medicine, amount))
    assert {found[table] for table in lower_tables} == {(lower, lower)}
    assert {found[table] for table in higher_tables} == {(higher, higher)}
    both = equivalents({medicine: mg(amount, medicine)}, formulary=formulary())
    assert (both.lowest, both.highest, both.differ_ratio) == (lower, higher, 2)


def test_a_printed_range_stays_a_range() -> None:
    # Ashton prints estazolam 1-2 mg and VA/DoD 1 mg for diazepam 10 mg.
    found = by_table(("estazolam", "2"))
    assert found["ashton_2002"] == (10, 20)
    assert found["va_dod_2021"] == (20, 20)


def test_several_medicines_are_added_up_within_each_table_and_never_across() -> None:
    # VA/DoD: alprazolam 1 mg = 10, temazepam 15 mg = 10. Ashton: alprazolam 1 mg = 20, temazepam 20 mg = 10.
    found = by_table(("alprazolam", "1"), ("temazepam", "30"))
    assert found["va_dod_2021"] == (30, 30)
    assert found["ashton_2002"] == (35, 35)


def test_a_table_without_a_figure_is_left_out_and_named() -> None:
    found = equivalents(
        {"alprazolam": mg("1", "alprazolam"), "zopiclone": mg("7.5", "zopiclone")}, formulary=formulary()
    )
    assert "va_dod_2021" not in found.by_table
    assert found.without_figure["va_dod_2021"] == ("zopiclone",)
    assert found.without_figure["scot_2024"] == ("alprazolam",)


@pytest.mark.parametrize("medicine", ["bromazolam", "etizolam", "clonazolam", "phenazepam"])
def test_a_designer_product_has_no_number(medicine: str) -> None:
    found = equivalents({medicine: mg("2", medicine)}, formulary=formulary())
    assert (found.lowest, found.highest, found.differ_ratio) == (None, None, None)
    with pytest.raises(NoPublishedFigure, match="Titrate under supervision"):
        convert(mg("2", medicine), "diazepam", table="ashton-2002", formulary=formulary())


def test_a_conversion_uses_the_table_that_was_named() -> None:
    dose = mg("3", "alprazolam")
    assert convert(dose, "diazepam", table="va-dod-2021", formulary=formulary()).low == 30
    assert convert(dose, "Valium", table="ashton_2002", formulary=formulary()).high == 60


def test_a_conversion_keeps_both_ends_of_a_range() -> None:
    found = convert(mg("2", "estazolam"), "diazepam", table="ashton-2002", formulary=formulary())
    assert (found.low, found.high) == (10, 20)
    back = convert(mg("10"), "estazolam", table="ashton-2002", formulary=formulary())
    assert (back.low, back.high) == (1, 2)


def test_a_table_that_is_silent_is_not_guessed_for_and_those_that_speak_are_named() -> None:
    with pytest.raises(NoPublishedFigure, match=r"va-dod-2021 has no figure for it\. Tables .*: ashton-2002"):
        convert(mg("20", "clobazam"), "diazepam", table="va-dod-2021", formulary=formulary())
    with pytest.raises(NoPublishedFigure, match="Taper it directly"):
        convert(mg("2", "eszopiclone"), "diazepam", table="ashton-2002", formulary=formulary(), z_drug_chosen=True)


def test_a_z_drug_is_converted_only_when_somebody_chose_that() -> None:
    dose = mg("7.5", "zopiclone")
    with pytest.raises(NoPublishedFigure, match="let a specialist choose"):
        convert(dose, "diazepam", table="scot-2024", formulary=formulary())
    assert convert(dose, "diazepam", table="scot-2024", formulary=formulary(), z_drug_chosen=True).low == 5


def test_a_table_nobody_published_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(KeyError, match="ashton-2002"):
        convert(mg("1", "alprazolam"), "diazepam", table="my-own", formulary=formulary())
