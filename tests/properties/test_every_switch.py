"""Every exchange of every medicine with a figure, by every table: never upwards, one dose at a time, made exactly."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, strategies as st

from glidepath.clinical.dosing.errors import NoPublishedFigure
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.taper import TaperRequest, plan
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.facts.medicines import Medicine
from glidepath.clinical.regimen import regimen_of
from tests.properties.by_the_calendar import daily_mg
from tests.properties.how_many import examples
from tests.properties.on_any_shelf import MARKETED, START, doses_of, shelves

TABLES = [None, *(table.key for table in formulary().usable_tables())]
DIAZEPAM = formulary().find("diazepam")


@st.composite
def switches(draw: st.DrawFn) -> TaperRequest:
    medicine: Medicine = draw(st.sampled_from([m for m in MARKETED if m.name != "diazepam"]))
    own, new = draw(shelves(medicine)), draw(shelves(DIAZEPAM))
    return TaperRequest(
        regimen=regimen_of(draw(doses_of(own))),
        start=START,
        products=(*own, *new),
        cut=Fraction(1, 10),
        interval_days=14,
        limits=Limits.of(),
        switch_to="diazepam",
        switch_every_days=draw(st.sampled_from([None, 1, 4, 7])),
        table=draw(st.sampled_from(TABLES)),
        exchange=(medicine.name,) if draw(st.booleans()) else (),
    )


@examples(200)
@given(switches())
def test_the_total_by_the_table_never_rises_and_one_dose_is_exchanged_at_a_time(asked: TaperRequest) -> None:
    (name,) = asked.regimen.daily()
    medicine = formulary().find(name)
    assume(not medicine.is_z_drug or asked.exchange)
    try:
        found = plan(asked, formulary=formulary())
    except NoPublishedFigure:
        tables = [asked.table] if asked.table else medicine.equivalents
        assert medicine.is_designer or not any(table in medicine.usable_equivalents() for table in tables)
        return
    assert found.table is not None
    per_mg = 10 / Fraction(medicine.usable_equivalents()[found.table].high)
    totals = [daily_mg(step, name) * per_mg + daily_mg(step, "diazepam") for step in found.steps]
    assert all(later <= earlier for earlier, later in itertools.pairwise(totals))
    exchanges = [step for step in found.steps if daily_mg(step, name) > 0]
    for before, after in itertools.pairwise(exchanges):
        gone = {d.time for d in before.doses if d.dose.medicine == name} - {
            d.time for d in after.doses if d.dose.medicine == name
        }
        assert len(gone) == 1
        assert gone == {max((d.time for d in before.doses if d.dose.medicine == name), key=_of_the_night)}


def _of_the_night(time: dt.time) -> tuple[bool, dt.time]:
    return time.hour < 4, time


@examples(100)
@given(switches())
def test_with_no_table_named_none_would_have_begun_lower(asked: TaperRequest) -> None:
    (name,) = asked.regimen.daily()
    medicine = formulary().find(name)
    assume(medicine.usable_equivalents() and not medicine.is_z_drug and not medicine.is_designer)
    found = plan(replace(asked, table=None), formulary=formulary())
    assert found.table is not None
    largest = max(figure.high for figure in medicine.usable_equivalents().values())
    assert medicine.usable_equivalents()[found.table].high == largest
