"""What the core is asked for: one request from what was chosen and what stands in the record, the same for a first
plan, a turn and another way on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from glidepath.care.supply.queries import stock
from glidepath.care.taper.proposals import limits_of, settings_here
from glidepath.care.taper.rows import Chosen
from glidepath.clinical.dosing import plan as core
from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.milestones import read_milestones
from glidepath.clinical.dosing.request import TaperRequest, TypedStep, checked
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.regimen import Regimen, RegimenError, parse_regimen
from glidepath.record.centres.queries import dose_times
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person


def request_of(person: Person, chosen: Chosen, regimen: Regimen, start: dt.date) -> TaperRequest:
    """From these doses and this day, as chosen, with what it may be made of and the centre's own limits."""
    return TaperRequest(
        regimen=regimen,
        start=start,
        products=made_of(products(person), chosen.products),
        cut=chosen.cut,
        interval_days=chosen.interval_days,
        limits=limits_of(settings_here(person)),
        goal=chosen.goal,
        shape=chosen.shape,
        setting=chosen.setting,
        table=chosen.table or None,
        switch_to=chosen.switch_to or None,
        milestones=chosen.milestones if chosen.shape is core.Shape.DRAWN else (),
    )


def made_of(stocked: Sequence[core.Product], chosen: Sequence[str]) -> tuple[core.Product, ...]:
    """Of each medicine the chosen products, by key; of one without a choice, or of which none chosen is stocked any
    more, every one stocked."""
    named = {one.medicine for one in stocked if one.key in chosen}
    return tuple(one for one in stocked if one.key in chosen or one.medicine not in named)


def by_shares(chosen: Chosen) -> Chosen:
    """What was typed or drawn belonged to days that have passed: it goes on by shares of the present dose. The
    milestones stay in the record, so that a later change can take them up again."""
    linear = chosen.shape is core.Shape.LINEAR
    return replace(chosen, shape=core.Shape.LINEAR if linear else core.Shape.PROPORTIONAL)


def with_milestones(request: TaperRequest, text: str, start: dt.date) -> TaperRequest:
    """The request with the milestones typed for a drawn way; any other shape has none.

    start: the day from which their weeks count. Raises BadInput with the line that cannot be.
    """
    if request.shape is not core.Shape.DRAWN:
        return request
    known = formulary()
    try:
        asked = checked(replace(request, milestones=()), formulary=known)
        cut = [name for name in asked.cut_order if name == request.switch_to or name in asked.regimen.daily()]
        stones = read_milestones(
            text, start=start, daily=asked.regimen.daily(), cut=cut, goal=asked.goal, formulary=known
        )
    except (PlanError, KeyError) as wrong:
        raise BadInput(str(wrong.args[0]), field="milestones") from wrong
    return replace(request, milestones=stones)


def products(person: Person) -> tuple[core.Product, ...]:
    """The centre's stocked products as the core knows them."""
    return tuple(product for _, product in stock(person.centre))


def read_regimen(text: str, person: Person, *, field: str = "regimen") -> Regimen:
    try:
        return parse_regimen(text, formulary=formulary(), default_times=dose_times(person.centre))
    except RegimenError as wrong:
        raise BadInput(str(wrong), field=field) from wrong


def typed_steps(person: Person, chosen: Chosen, typed: Sequence[tuple[dt.date, str]]) -> tuple[TypedStep, ...]:
    """The steps of a plan typed step by step; an empty text is zero. None for any other shape."""
    if chosen.shape is not core.Shape.TYPED:
        return ()
    return tuple(
        TypedStep(day, read_regimen(text, person, field="typed").doses if text.strip() else ()) for day, text in typed
    )
