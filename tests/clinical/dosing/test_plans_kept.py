"""A plan asked for again is the one made before, and never that of another request or of other facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing import taper
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import TaperPlan
from glidepath.clinical.dosing.ratios import InForce
from glidepath.clinical.dosing.taper import TaperRequest, plan
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.regimen import parse_regimen
from tests.clinical.dosing.shelf import HALF, START, liquid, mg, tablet

TABLETS = (tablet("10", HALF), tablet("5", HALF), tablet("2", HALF))
LORAZEPAM = tuple(tablet(amount, HALF, "lorazepam") for amount in ("1", "0.5"))


def asked(text: str = "diazepam 10 mg x2") -> TaperRequest:
    return TaperRequest(
        regimen=parse_regimen(text, formulary=formulary(), default_times=(dt.time(8), dt.time(22))),
        start=START,
        products=(*TABLETS, liquid("1"), *LORAZEPAM),
        cut=Fraction(1, 10),
        interval_days=14,
        limits=Limits.of(),
        first_cut=START + dt.timedelta(7),
    )


def anew(request: TaperRequest, facts: Formulary | None = None) -> TaperPlan:
    """The plan as it is made when nothing is kept."""
    taper._planned.cache_clear()
    return plan(request, formulary=facts or formulary())


def limits(**other: Decimal) -> Limits:
    ours = Limits.of()
    return Limits.of(replace(ours.settings, **other))  # type: ignore[arg-type]


OTHERS: Mapping[str, TaperRequest] = {
    "pace": replace(asked(), cut=Fraction(1, 20)),
    "day": replace(asked(), start=START + dt.timedelta(1)),
    "regimen": asked("diazepam 9 mg x2"),
    "times": asked("diazepam 20 mg x1"),
    "shelf": replace(asked(), products=TABLETS),
    "history": replace(asked(), history=(InForce(START - dt.timedelta(5), {"diazepam": mg("26")}),)),
    "last step": replace(asked(), limits=limits(last_step_max_diazepam_mg=Decimal(2))),
    "table": replace(asked("lorazepam 1 mg x2"), switch_to="diazepam", table="ashton_2002"),
    "other table": replace(asked("lorazepam 1 mg x2"), switch_to="diazepam", table="va_dod_2021"),
}


def test_the_same_question_is_answered_once() -> None:
    taper._planned.cache_clear()
    assert plan(asked(), formulary=formulary()) is plan(asked(), formulary=formulary())


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_kept_is_what_would_be_made_anew(what: str) -> None:
    other = OTHERS[what]
    made = anew(other)
    anew(asked())
    after = plan(other, formulary=formulary())  # with the plan of the first request kept
    assert after == made
    assert plan(other, formulary=formulary()) == made
    assert made != plan(asked(), formulary=formulary())


def test_other_facts_give_another_plan_though_they_call_themselves_the_same_version() -> None:
    ours, request = formulary(), OTHERS["table"]
    lorazepam = ours.medicines["lorazepam"]
    figure = lorazepam.equivalents["ashton_2002"]
    halved = {"ashton_2002": replace(figure, low=figure.low * 2, high=figure.high * 2)}
    theirs = replace(
        ours,
        medicines=MappingProxyType(
            {**ours.medicines, "lorazepam": replace(lorazepam, equivalents={**lorazepam.equivalents, **halved})}
        ),
    )
    assert theirs.version == ours.version
    made = anew(request)
    assert plan(request, formulary=theirs) == anew(request, theirs) != made


def test_doses_before_are_frozen_when_they_are_handed_over() -> None:
    daily: dict[str, Dose] = {"diazepam": mg("26")}
    before = InForce(START, daily)
    known = hash(before)
    daily["diazepam"] = mg("1")
    assert before.mg("diazepam") == 26
    assert (before, known) == (InForce(START, {"diazepam": mg("26")}), hash(InForce(START, {"diazepam": mg("26")})))


def test_no_more_plans_are_kept_than_the_newest() -> None:
    assert taper._planned.cache_info().maxsize == taper.KEPT_PLANS
