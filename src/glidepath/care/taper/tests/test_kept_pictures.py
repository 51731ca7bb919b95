"""A curve or a level that was worked out is shown again only where everything it rests on is the same."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from glidepath.care.assessment import queries as assessment
from glidepath.care.taper import own_level as levels, predicted
from glidepath.care.taper.doses_known import known_doses
from glidepath.care.taper.own_level import own_level
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.pharmacokinetics.adjustments import adjusted
from glidepath.clinical.pharmacokinetics.fitting import PlasmaLevel
from glidepath.clinical.pharmacokinetics.from_facts import model_of
from glidepath.clinical.pharmacokinetics.history import DoseHistory
from glidepath.clinical.pharmacokinetics.model import NotModelled
from glidepath.clinical.pharmacokinetics.variability import Spread, spread_of
from tests.clinical.dosing.shelf import START, planned, tablet
from tests.scenarios import ward

SHELF = (tablet("10"), tablet("5"), tablet("2"))


# --- The curve over a plan -------------------------------------------------------------------------------------------
def a_plan(**more):
    return planned("diazepam 10 mg x2", *SHELF, **more)


def curve(plan=None, *, table="va_dod_2021", today=START):
    return predicted.curve(plan or a_plan(), table=table, today=today)


def anew(plan, *, table="va_dod_2021", today=START):
    return predicted._curve.__wrapped__(plan, table, today, ())


def test_the_curve_of_the_same_plan_is_drawn_once_whatever_is_said_of_it():
    said = Finding("JCG-6", Severity.WARNING, "what", "do", "source", "strong")
    assert curve() is curve() is curve(replace(a_plan(), findings=(said,)))
    assert curve() == anew(a_plan())


def test_another_plan_or_day_is_drawn_anew():
    curve()
    for plan, today in (
        (a_plan(cut="1/20"), START),
        (a_plan(every=7), START),
        (a_plan(first_cut=START + dt.timedelta(7)), START),
        (a_plan(), START + dt.timedelta(30)),
    ):
        found = curve(plan, today=today)
        assert found == anew(plan, today=today)
        assert found != curve()


def test_another_table_is_drawn_anew():
    plan = planned("lorazepam 1 mg x2", tablet("1", Fraction(1, 2), "lorazepam"), tablet("0.5", medicine="lorazepam"))
    by_one, by_other = (curve(plan, table=table) for table in ("va_dod_2021", "ashton_2002"))
    assert by_one == anew(plan)
    assert by_other == anew(plan, table="ashton_2002")
    assert by_one.rows[0].diazepam != by_other.rows[0].diazepam


# --- The level in plasma ---------------------------------------------------------------------------------------------
@pytest.fixture
def known(cast, person, frozen_clock):
    """Doses of somebody who took 10 mg this morning and is to taper from 20 mg a day."""
    ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    ward.sign(cast, person, ward.draft(start=dt.date(2026, 11, 17)))
    frozen_clock.set("2026-11-17T08:05")
    ward.give_due(cast, person)
    return known_doses(person)


@pytest.fixture
def facts(person):
    return assessment.facts(person)


def other_doses(known, times=1.0, later=0.0):
    was = known.histories["diazepam"]
    return replace(known, histories={"diazepam": DoseHistory(was.times_h + later, was.mg * times, was.assumed)})


def test_a_level_asked_for_again_is_the_one_that_would_be_worked_out_anew(known, facts):
    one, other = (own_level(known, "diazepam", [], facts) for _ in range(2))
    assert other.band is one.band
    levels.forget_levels()
    fresh = own_level(known, "diazepam", [], facts)
    assert fresh.band is not one.band
    for name in ("days", "own", "band"):
        assert np.array_equal(getattr(fresh, name), getattr(one, name))


def test_other_doses_days_or_parameters_are_worked_out_anew(known, facts):
    own_level(known, "diazepam", [], facts)
    for other, told in (
        (other_doses(known, times=2.0), facts),
        (other_doses(known, later=1.0), facts),
        (replace(known, last=known.last + 1), facts),
        (known, replace(facts, liver_severe=True)),
    ):
        kept = own_level(other, "diazepam", [], told)
        levels.forget_levels()
        fresh = own_level(other, "diazepam", [], told)
        assert np.array_equal(kept.days, fresh.days)
        assert np.array_equal(kept.own, fresh.own)
        assert np.array_equal(kept.band, fresh.band)


def test_twice_the_doses_are_more_than_the_level_that_is_kept(known, facts):
    once = own_level(known, "diazepam", [], facts)
    twice = own_level(other_doses(known, times=2.0), "diazepam", [], facts)
    later = once.days > 30  # what was reported before is gone
    assert np.allclose(twice.own[0][later], 2 * once.own[0][later], rtol=0.02)


def test_nobody_writes_over_a_level_that_is_kept(known, facts):
    found = own_level(known, "diazepam", [], facts)
    for values in (found.days, found.own, found.band):
        with pytest.raises(ValueError, match="read-only"):
            values[..., 0] = 0


@pytest.mark.parametrize("name", sorted(formulary().medicines))
def test_every_medicine_that_is_drawn_can_be_asked_for_by_value(name):
    medicine = formulary().medicines[name]
    model = model_of(medicine)
    if isinstance(model, NotModelled):
        return
    for one in (model, adjusted(model, medicine, older=True, liver=True).model):
        asked = [
            levels._Asked(one, spread_of(medicine), ((8.0, 10.0),), None, 0.0, 9.0, (PlasmaLevel(7.5, 700.0),)),
            levels._Asked(one, spread_of(medicine), ((8.0, 10.0),), None, 0.0, 9.0, (PlasmaLevel(7.5, 700.0),)),
        ]
        assert len(set(asked)) == 1
        assert len({*asked, replace(asked[0], spread=Spread.alike(1)), replace(asked[0], measured=())}) == 3
