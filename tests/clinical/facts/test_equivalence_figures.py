"""The printed equivalence columns, and which figures may be calculated with."""

from __future__ import annotations

from decimal import Decimal

import pytest

from glidepath.clinical.facts.load import FACTS_DIR, Seen, formulary
from glidepath.clinical.facts.reading import read

# mg equal to diazepam 10 mg by mouth, as the sources print them.
PRINTED = {
    "va_dod_2021": "alprazolam 1, chlordiazepoxide 25, clonazepam 1, clorazepate 15, diazepam 10, estazolam 1, "
    "flurazepam 15, lorazepam 2, oxazepam 30, quazepam 10, temazepam 15, triazolam 0.25",
    "ashton_2002": "alprazolam 0.5, bromazepam 5-6, chlordiazepoxide 25, clobazam 20, clonazepam 0.5, clorazepate 15, "
    "diazepam 10, estazolam 1-2, flunitrazepam 1, flurazepam 15-30, loprazolam 1-2, lormetazepam 1-2, lorazepam 1, "
    "nitrazepam 10, oxazepam 20, quazepam 20, temazepam 20, triazolam 0.5, zolpidem 20, zopiclone 15",
    "scot_2024": "chlordiazepoxide 25, clobazam 20, clonazepam 0.5, diazepam 10, loprazolam 1-2, lormetazepam 1-2, "
    "lorazepam 1, nitrazepam 10, oxazepam 20, temazepam 20, zolpidem 20, zopiclone 15",
    "etg_nsw": "alprazolam 1, bromazepam 6, clobazam 20, clonazepam 0.5, diazepam 10, flunitrazepam 1, lorazepam 2, "
    "nitrazepam 10, oxazepam 30, temazepam 20",
    "who_2009": "alprazolam 1, bromazepam 6, clobazam 20, diazepam 10, flunitrazepam 2, lorazepam 1, "
    "lormetazepam 1.5, midazolam_oral 5, nitrazepam 10, oxazepam 30, temazepam 20, triazolam 0.5",
    "sps_uk": "alprazolam 0.5, chlordiazepoxide 25, clobazam 20, diazepam 10",
}  # fmt: skip


def _printed(column: str) -> dict[str, tuple[Decimal, Decimal]]:
    found = {}
    for entry in column.split(", "):
        medicine, figure = entry.split()
        low, _, high = figure.partition("-")
        found[medicine] = (Decimal(low), Decimal(high or low))
    return found


@pytest.mark.parametrize("table", PRINTED)
def test_each_table_says_what_its_source_prints_and_no_more(table: str) -> None:
    held = {
        medicine.key: (medicine.equivalents[table].low, medicine.equivalents[table].high)
        for medicine in formulary().medicines.values()
        if table in medicine.usable_equivalents() and medicine.key != "alprazolam_xr"
    }
    assert held == _printed(PRINTED[table])


def test_the_usable_tables_are_those_that_publish_verified_figures() -> None:
    assert {table.name for table in formulary().usable_tables()} == {
        "ashton-2002", "va-dod-2021", "scot-2024", "sps-uk", "who-2009", "etg-nsw",
    }  # fmt: skip


def test_a_table_that_may_not_be_used_says_why() -> None:
    for table in formulary().tables.values():
        assert table.usable is (table.why_not is None)


def test_a_table_is_named_with_hyphens_or_underscores() -> None:
    assert formulary().table("VA-DoD-2021") is formulary().table("va_dod_2021")
    with pytest.raises(KeyError, match="ashton-2002"):
        formulary().table("my-table")


def test_the_dose_tier_examples_of_the_joint_guideline_are_no_conversion() -> None:
    clonazepam = formulary().medicines["clonazepam"]
    assert not clonazepam.equivalents["asam_2025_risk_footnote"].usable


def test_an_unverified_figure_is_kept_and_never_used() -> None:
    for key in ("prazepam", "zaleplon"):
        ashton = formulary().medicines[key].equivalents["ashton_2002"]
        assert ashton.seen is Seen.UNVERIFIED
        assert not ashton.usable


def test_a_medicine_without_a_published_figure_has_none() -> None:
    without = {one.key for one in formulary().medicines.values() if not one.usable_equivalents()}
    assert without == {
        "prazepam", "eszopiclone", "zaleplon",
        "etizolam", "clonazolam", "flualprazolam", "bromazolam", "phenazepam",
    }  # fmt: skip


def test_extended_release_alprazolam_has_the_figures_of_alprazolam_and_says_so() -> None:
    plain = formulary().medicines["alprazolam"].usable_equivalents()
    extended = formulary().medicines["alprazolam_xr"].usable_equivalents()
    assert {key: (one.low, one.high) for key, one in extended.items()} == {
        key: (one.low, one.high) for key, one in plain.items()
    }
    assert all("immediate-release" in (one.note or "") for one in extended.values())


def test_the_australian_column_leaves_z_drugs_out_and_is_marked_second_hand() -> None:
    table = formulary().tables["etg_nsw"]
    assert table.seen is Seen.SECOND_HAND
    assert all("etg_nsw" not in one.equivalents for one in formulary().medicines.values() if one.is_z_drug)


def test_figures_agree_with_the_comparison_the_reference_works_out() -> None:
    """The reference states for each medicine which tables are verified and their range; the footnote counts there."""
    comparison = read(FACTS_DIR / "equivalence.toml").table("comparison")
    for key in comparison.content:
        if key == "alprazolam_xr":
            continue  # "as alprazolam"
        stated, medicine = comparison.table(key), formulary().medicines[key]
        printed = {
            name: one
            for name, one in medicine.equivalents.items()
            if one.seen is not Seen.UNVERIFIED and name in stated.texts("verified_tables")
        }
        assert set(printed) == set(stated.texts("verified_tables")), key
        verified = stated.table("verified_range")
        assert min((one.low for one in printed.values()), default=None) == verified.maybe_number("low"), key
        assert max((one.high for one in printed.values()), default=None) == verified.maybe_number("high"), key


def test_a_figure_read_only_in_a_copy_is_marked_second_hand() -> None:
    comparison = read(FACTS_DIR / "equivalence.toml").table("comparison")
    for key in comparison.content:
        copied = set(comparison.table(key).texts("read_only_in_a_secondary_copy"))
        ashton = formulary().medicines[key].equivalents.get("ashton_2002")
        if ashton is not None and ashton.seen is not Seen.UNVERIFIED:
            assert (ashton.seen is Seen.SECOND_HAND) is ("ashton_2002" in copied), key
