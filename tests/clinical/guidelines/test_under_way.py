"""A taper that has begun: the present dose is today's, what is behind is no proposal, an answer given stays."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Goal, PlannedDose, Setting, Shape, Step, TaperPlan
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.clinical.guidelines.case import Case, Planned, known_of
from glidepath.clinical.guidelines.measured import check_measured
from glidepath.clinical.guidelines.taper_check import TaperContext, check_taper
from glidepath.clinical.guidelines.under_way import as_signed, from_today
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes

START = dt.date(2026, 5, 1)
MEDICINES = {1: ("alprazolam", "1"), 2: ("diazepam", "18"), 3: ("diazepam", "16")}
CONTEXT = TaperContext(setting=Setting.RESIDENTIAL, shape=Shape.PROPORTIONAL)


def step(number: int, medicine: str, mg: str) -> Step:
    doses = (PlannedDose(dt.time(22), Dose(Decimal(mg), medicine)),) if mg != "0" else ()
    return Step(number, START + dt.timedelta(days=14 * (number - 1)), doses)


def switched() -> TaperPlan:
    """Alprazolam, then diazepam, then less of it, then nothing; a step every 14 days from 1 May."""
    steps = (*(step(number, *dose) for number, dose in MEDICINES.items()), step(4, "diazepam", "0"))
    return TaperPlan(START, Goal(()), steps)


def test_the_present_dose_is_the_step_in_force_and_not_where_the_plan_began():
    plan = from_today(switched(), step=2, today=dt.date(2026, 5, 20))
    assert [one.number for one in plan.steps] == [2, 3, 4]
    case = Case(NOBODY_ASKED, dt.date(2026, 5, 20), planned=Planned(plan, CONTEXT))
    assert known_of(case, formulary=formulary()).daily == {"diazepam": Dose(Decimal(18), "diazepam")}


def test_a_step_still_ahead_keeps_its_day():
    plan = from_today(switched(), step=2, today=dt.date(2026, 5, 20))
    assert [one.start for one in plan.steps] == [dt.date(2026, 5, 20), dt.date(2026, 5, 29), dt.date(2026, 6, 12)]


def test_a_step_that_nobody_released_in_time_moves_all_that_follows():
    plan = from_today(switched(), step=2, today=dt.date(2026, 6, 3))  # step 3 was planned for 29 May: 5 days late
    assert [one.start for one in plan.steps] == [dt.date(2026, 6, 3), dt.date(2026, 6, 3), dt.date(2026, 6, 17)]


def test_the_last_step_stands_alone():
    plan = from_today(switched(), step=4, today=dt.date(2026, 7, 1))
    assert [(one.number, one.doses) for one in plan.steps] == [(4, ())]


def test_a_step_the_plan_does_not_have_is_named():
    with pytest.raises(ValueError, match="step 9 is not in this plan: it has 1, 2, 3, 4"):
        from_today(switched(), step=9, today=START)


def found_on(plan: TaperPlan, context: TaperContext) -> set[str]:
    said = check_taper(plan, facts=PLAIN, formulary=formulary(), limits=Limits.of(), context=context)
    return {one.code for one in said if one.status is Status.FIRES}


def test_the_last_dose_of_a_taper_under_way_is_no_stop_without_a_taper():
    rest = from_today(switched(), step=3, today=dt.date(2026, 6, 1))  # 16 mg, then nothing
    assert "JCG-2" in found_on(rest, CONTEXT)
    under_way = found_on(rest, replace(CONTEXT, under_way=True))
    assert "JCG-2" not in under_way
    assert "JCG-6c" in under_way  # the cut itself is still far over the ceiling


WARNED = Finding("JCG-6", Severity.WARNING, "Step 3 is 15 %.", "Smaller.", "a guideline", "CC-S", step=3)
STOPPED = Finding("JCG-28", Severity.HARD_STOP, "Pregnant.", "Call.", "a guideline", "CC-S")


def test_a_warning_that_was_acknowledged_stays_answered_by_the_signers_words():
    (said,) = as_signed([WARNED], [WARNED], reason="bore the last ones well")
    assert said.answered_by == "bore the last ones well"


def test_a_hard_stop_is_answered_by_its_own_reason_alone():
    (open_still,) = as_signed([STOPPED], [STOPPED], reason="bore the last ones well")
    assert open_still.stops
    (answered,) = as_signed([STOPPED], [STOPPED.answered("obstetrics rang back")], reason="")
    assert answered.answered_by == "obstetrics rang back"


@pytest.mark.parametrize(
    "now",
    [
        replace(WARNED, message="Step 3 is 20 %."),
        replace(WARNED, step=4),
        replace(WARNED, severity=Severity.HARD_STOP),
        replace(STOPPED, code="JCG-2"),
    ],
)
def test_what_was_not_said_so_when_it_was_signed_is_answered_by_nobody(now):
    (said,) = as_signed([now], [WARNED, STOPPED.answered("yes")], reason="fine")
    assert said.answered_by is None


def test_what_could_not_be_assessed_when_it_was_signed_answers_nothing():
    unknown = replace(WARNED, status=Status.CANNOT_BE_ASSESSED)
    (said,) = as_signed([WARNED], [unknown], reason="fine")
    assert said.answered_by is None


def test_advice_needs_no_answer():
    advice = replace(WARNED, severity=Severity.ADVICE)
    assert as_signed([advice], [advice], reason="fine") == (advice,)


def test_ninety_percent_holds_the_sedatives_unless_that_is_the_target_a_prescriber_set():
    seen = replace(PLAIN, rass=Decimal(0), rr=Decimal(16), spo2=Decimal(90))
    assert "INP-12" in codes(check_measured(seen))
    assert "INP-12" not in codes(check_measured(seen, spo2_scale_two=True))
    assert "INP-12" in codes(check_measured(replace(seen, spo2=Decimal(87)), spo2_scale_two=True))
