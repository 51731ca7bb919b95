"""What is true of every plan, over all medicines, marketed strengths, divisions, regimens, paces and goals."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given

from glidepath.clinical.dosing.plan import Kind, Step, TaperPlan
from glidepath.clinical.dosing.taper import TaperRequest, plan
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.regimen import Regimen
from tests.properties.by_the_calendar import daily_mg, highest_in_fortnight, makeable_up_to
from tests.properties.how_many import examples
from tests.properties.on_any_shelf import MOST_UNITS, requests

CEILING = Fraction(1, 4)


def found(asked: TaperRequest) -> TaperPlan:
    """The plan; examples with a goal above the dose, or too fine to write down, are passed over."""
    for name, dose in asked.regimen.daily().items():
        finest = min(Fraction(p.strength_mg) * p.step for p in asked.products if p.medicine == name)
        assume(dose.exact / finest <= MOST_UNITS)
    daily = asked.regimen.daily()
    assume(all(dose <= daily[dose.medicine] for dose in asked.goal.kept))
    return plan(asked, formulary=formulary())


@examples(200)
@given(requests())
def test_tablets_and_millilitres_sum_to_every_dose_in_allowed_parts(asked: TaperRequest) -> None:
    for step in found(asked).steps:
        for planned in step.doses:
            made = sum((Fraction(part.product.strength_mg) * part.count for part in planned.made), Fraction(0))
            assert made == Fraction(planned.dose.mg) > 0
            assert all(part.product in asked.products for part in planned.made)
            assert all((part.count / part.product.step).denominator == 1 for part in planned.made)


@examples(200)
@given(requests())
def test_the_present_dose_comes_first_nothing_rises_and_the_ceiling_holds_after_rounding(asked: TaperRequest) -> None:
    plan_found = found(asked)
    name = next(iter(asked.regimen.daily()))
    present = {(dose.time, dose.dose) for dose in asked.regimen.doses}
    assert {(dose.time, dose.dose) for dose in plan_found.steps[0].doses} == present
    for number in range(1, len(plan_found.steps)):
        before, after = daily_mg(plan_found.steps[number - 1], name), daily_mg(plan_found.steps[number], name)
        assert after < before
        highest = highest_in_fortnight(plan_found.steps, number, name)
        assert highest - after <= CEILING * highest or _small_last_step(before, after, name)


@examples(200)
@given(requests())
def test_the_goal_is_reached_or_the_limit_that_forbids_it_truly_does(asked: TaperRequest) -> None:
    plan_found = found(asked)
    (name,) = asked.regimen.daily()
    goal = asked.goal.kept[0].exact if asked.goal.kept else Fraction(0)
    ends = daily_mg(plan_found.steps[-1], name)
    if plan_found.complete:
        assert ends == goal
        return
    assert plan_found.blocked is not None
    can = makeable_up_to(asked.products, ends)
    if plan_found.blocked.code == "TPR-3":
        assert goal not in can
        assert min(amount for amount in can if amount > goal) == ends
        return
    assert plan_found.blocked.code == "JCG-6c"
    lower = max(amount for amount in can if amount < ends)
    assert lower >= goal or goal not in can  # there was somewhere to go ...
    assert ends - lower > CEILING * ends  # ... and the smallest cut there is, from here or from any dose above, is over
    assert not _small_last_step(ends, lower, name)
    assert not any(_small_last_step(amount, Fraction(0), name) for amount in can if amount >= ends > 0 == goal)


def _small_last_step(before: Fraction, after: Fraction, name: str) -> bool:
    """TPR-10 by hand: to zero from at most 1 mg of diazepam by the smallest figure any usable table prints."""
    figures = [Fraction(figure.low) for figure in formulary().find(name).usable_equivalents().values()]
    return after == 0 and bool(figures) and before * 10 / min(figures) <= 1


@examples(100)
@given(requests())
def test_every_cut_comes_a_whole_number_of_asked_intervals_after_the_last(asked: TaperRequest) -> None:
    steps = found(asked).steps
    for before, after in itertools.pairwise(steps):
        assert (after.start - before.start).days % asked.interval_days == 0
        assert after.start > before.start
    assert [step.number for step in steps] == [*range(1, len(steps) + 1)]


@examples(100)
@given(requests(several=True))
def test_with_several_medicines_one_is_cut_at_a_time_and_the_others_stay(asked: TaperRequest) -> None:
    plan_found = found(asked)
    for before, after in zip(plan_found.steps, plan_found.steps[1:], strict=False):
        changed = [name for name in asked.regimen.daily() if daily_mg(before, name) != daily_mg(after, name)]
        assert len(changed) == 1
        assert daily_mg(after, changed[0]) < daily_mg(before, changed[0])
    for number in range(1, len(plan_found.steps)):
        _ceiling_for_each_medicine(plan_found.steps, number, asked)


def _ceiling_for_each_medicine(steps: tuple[Step, ...], number: int, asked: TaperRequest) -> None:
    for name in asked.regimen.daily():
        before, after = daily_mg(steps[number - 1], name), daily_mg(steps[number], name)
        if after < before:
            highest = highest_in_fortnight(steps, number, name)
            assert highest - after <= CEILING * highest or _small_last_step(before, after, name)


@examples(100)
@given(requests(several=True))
def test_the_order_in_which_medicines_and_products_are_given_does_not_matter(asked: TaperRequest) -> None:
    turned = replace(
        asked, regimen=Regimen(tuple(reversed(asked.regimen.doses))), products=tuple(reversed(asked.products))
    )
    assert found(asked) == found(turned)


@examples(100)
@given(requests())
def test_a_finer_liquid_never_leaves_a_plan_less_complete(asked: TaperRequest) -> None:
    """More that can be made never takes a way down away."""
    before = found(asked)
    (name,) = asked.regimen.daily()
    drops = replace(asked.products[0], kind=Kind.LIQUID, form="oral solution", step=Fraction(1, 2), key="added")
    after = plan(replace(asked, products=(*asked.products, drops)), formulary=formulary())
    if before.complete:
        assert after.complete
    assert daily_mg(after.steps[-1], name) <= daily_mg(before.steps[-1], name)
