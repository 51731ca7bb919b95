"""A plan made from a request, with everything that is said about it, ready to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from glidepath.clinical.dosing.alternatives import alternatives
from glidepath.clinical.dosing.bench import bench
from glidepath.clinical.dosing.course import Course
from glidepath.clinical.dosing.errors import CannotBeMade, NoPublishedFigure
from glidepath.clinical.dosing.plan import Blocked, Kind, PlannedDose, Product, TaperPlan
from glidepath.clinical.dosing.request import TaperRequest, checked, switched
from glidepath.clinical.dosing.taper import plan as plan_taper
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.planfile.errors import PlanFileError, within_the_calendar
from glidepath.clinical.planfile.saying import said_of
from glidepath.clinical.planfile.values import (
    PlanFile,
    PlanSettings,
    Region,
    Split,
    other_ways,
)
from glidepath.clinical.regimen import Regimen

NO_FIGURE = "GP-FIGURE"  # ours: no table says what the medicine equals, so nothing is exchanged
Z_DRUG = "EQ-3"
MOST_UNITS = 50_000  # ours: of the smallest makeable amount in one day; finer is no dose that a person measures


def plan_file(
    request: TaperRequest,
    *,
    formulary: Formulary,
    facts: PersonFacts | None = None,
    region: Region = Region.US,
    split: Split = Split.HALF,
    liquids: bool = False,
    could_be_had: Sequence[Product] = (),
) -> PlanFile:
    """The plan of a request with its findings. Complete, or with `blocked` set, the steps up to it and the other ways.

    facts: what is known of the person; what is not is unknown. region, split, liquids: how the request's products were
    found, kept for whoever reads the file. could_be_had: products beside them that would let a blocked plan go on. The
    same request gives the same file.
    Raises PlanError for a request that contradicts itself, PlanFileError for products too fine to plan with.
    """
    asked = replace(checked(request, formulary=formulary), cut_order=request.cut_order)
    _refuse_too_fine(asked)
    _refuse_no_exchange(asked, formulary)
    with within_the_calendar():
        made = _planned(asked, formulary)
        found = alternatives(asked, made, formulary=formulary, marketed=could_be_had)
    file = PlanFile(
        plan=made,
        regimen=Regimen(tuple(PlannedDose(one.time, one.dose) for one in asked.regimen.doses)),
        settings=PlanSettings(
            products=asked.products,
            limits=asked.limits,
            cut=asked.cut,
            interval_days=asked.interval_days,
            shape=asked.shape,
            setting=asked.setting,
            region=region,
            split=split,
            liquids=liquids,
            first_cut=asked.first_cut,
            times=asked.times,
            table=asked.table,
            switch_to=asked.switch_to,
            switch_every_days=asked.switch_every_days,
            exchange=asked.exchange,
            cut_order=asked.cut_order,
            milestones=asked.milestones,
            over_ceiling=asked.over_ceiling,
            before=asked.history,
            facts=facts or PersonFacts(),
        ),
        facts_version=formulary.version,
        alternatives=other_ways(found),
    )
    return with_findings(file, formulary=formulary)


def with_findings(file: PlanFile, *, formulary: Formulary) -> PlanFile:
    """The file with everything there is to say about its plan, by the rules and by the planner itself."""
    said = (*said_of(file, formulary=formulary), *file.plan.findings)
    return replace(file, plan=replace(file.plan, findings=tuple(dict.fromkeys(said))))


def _planned(request: TaperRequest, formulary: Formulary) -> TaperPlan:
    try:
        return plan_taper(request, formulary=formulary)
    except NoPublishedFigure as silent:
        return _without_exchange(request, silent, formulary)


def _without_exchange(request: TaperRequest, silent: NoPublishedFigure, formulary: Formulary) -> TaperPlan:
    """Where no figure is published nothing is exchanged: the present dose, and why the plan ends with it."""
    course = Course(request.products, request.history)
    try:
        course.add(request.start, course.made(request.regimen.doses))
    except CannotBeMade:
        course.steps.clear()
    daily = request.regimen.daily()
    concerned = switched(daily, request, formulary)
    code = Z_DRUG if any(formulary.find(name).is_z_drug for name in concerned) else NO_FIGURE
    text, _, do = str(silent).partition(". ")
    blocked = Blocked(code, tuple(daily[name] for name in concerned), f"{text}.", do)
    return TaperPlan(request.start, request.goal, tuple(course.steps), blocked)


def _refuse_no_exchange(request: TaperRequest, formulary: Formulary) -> None:
    daily = request.regimen.daily()
    if request.switch_to is None or switched(daily, request, formulary):
        return
    raise PlanFileError(
        f"There is nothing to exchange for {request.switch_to}: {' and '.join(daily)} is taken now. A Z-drug is "
        "exchanged only where it is named for that. Leave the switch out, or name another medicine."
    )


def _refuse_too_fine(request: TaperRequest) -> None:
    for dose in request.regimen.daily().values():
        made = bench(dose.medicine, request.products)
        if made.products and dose.ng / made.unit_ng > MOST_UNITS:
            finest = min(made.products, key=lambda product: product.strength_mg * product.step.numerator)
            what = "mL" if finest.kind is Kind.LIQUID else "piece"
            raise PlanFileError(
                f"{dose} a day is more than {MOST_UNITS} times the smallest amount that its products make together. "
                f"Leave out the finest of them, or allow a larger part of a {what} of “{finest.name}”."
            )
