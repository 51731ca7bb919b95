"""EQ-DIP: the worked switch of the pharmacology reference, and what says nothing."""

from __future__ import annotations

from glidepath.clinical.dosing.plan import TaperPlan
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.switch_dip import check_dip, lowest_level
from tests.clinical.dosing.shelf import HALF, liquid, planned, tablet
from tests.clinical.guidelines.proof import fires, just_short

SHELF = (tablet("1", HALF, "lorazepam"), tablet("10", HALF), tablet("5", HALF), tablet("2", HALF), liquid("1"))


def switched(every: int) -> TaperPlan:
    return planned(
        "lorazepam 1 mg x2", *SHELF, switch_to="diazepam", table="ashton_2002", switch_every_days=every, every=60
    )


@fires("EQ-DIP")
def test_the_level_of_the_worked_switch_falls_to_71_per_cent_on_the_second_day() -> None:
    # Lorazepam 1 mg twice a day is 20 mg by Ashton; the evening 1 mg becomes diazepam 10 mg: 14.1 of 20 on day 2.
    plan = switched(60)
    found = lowest_level(plan, table="ashton_2002", formulary=formulary())
    assert found is not None
    assert round(found.share, 2) in (0.70, 0.71)
    assert found.day == 2
    (finding,) = check_dip(plan, table="ashton_2002", formulary=formulary())
    assert "on day 2" in finding.message
    assert finding.severity.value == "advice"


@just_short("EQ-DIP")
def test_without_an_exchange_or_a_figure_nothing_is_said() -> None:
    assert check_dip(planned("diazepam 10 mg x2", *SHELF), table="ashton_2002", formulary=formulary()) == ()
    assert check_dip(switched(7), table="sps_uk", formulary=formulary()) == ()
