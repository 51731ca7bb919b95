"""There and back by one table is where one began, for every pair of medicines the table has a figure for."""

from __future__ import annotations

from itertools import product

import pytest

from glidepath.clinical.dosing.equivalence import convert, equivalents
from glidepath.clinical.facts.load import formulary
from tests.clinical.dosing.shelf import mg

TABLES = [table.key for table in formulary().usable_tables()]


@pytest.mark.parametrize("table", TABLES)
def test_there_and_back_is_where_one_began(table: str) -> None:
    having = [m.name for m in formulary().medicines.values() if table in m.usable_equivalents() and not m.is_designer]
    assert having
    for one, other in product(having, having):
        there = convert(mg("1", one), other, table=table, formulary=formulary(), z_drug_chosen=True)
        back = convert(mg("1", other), one, table=table, formulary=formulary(), z_drug_chosen=True)
        assert there.low * back.high == 1
        assert there.high * back.low == 1
        assert there.low <= there.high


@pytest.mark.parametrize("medicine", sorted(formulary().medicines))
def test_a_larger_dose_is_a_larger_equivalent_and_low_is_never_above_high(medicine: str) -> None:
    name = formulary().medicines[medicine].name
    one = equivalents({name: mg("1", name)}, formulary=formulary())
    three = equivalents({name: mg("3", name)}, formulary=formulary())
    assert one.by_table.keys() == three.by_table.keys()
    for table, found in one.by_table.items():
        assert 0 < found.low <= found.high
        assert (three.by_table[table].low, three.by_table[table].high) == (3 * found.low, 3 * found.high)
