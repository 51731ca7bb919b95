"""The options of a plan, the same for `plan` and `check`, and the request they make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

import click

from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Goal, Product, Setting, Shape
from glidepath.clinical.dosing.request import TaperRequest
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import clinical_settings
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.planfile.facts_file import read_facts
from glidepath.clinical.planfile.settings_file import read_settings_file
from glidepath.clinical.planfile.shelf import marketed, parse_stock
from glidepath.clinical.planfile.values import PlanSettings, Region, Split
from glidepath.clinical.regimen import Regimen, parse_goal, parse_regimen
from glidepath.faces.cli.reading import (
    Day,
    Interval,
    Milligrams,
    Share,
    medicine_named,
    read_text,
    said_as_wrong_use,
    table_named,
)

Command = TypeVar("Command", bound=Callable[..., Any])

# Fixed in the design, so that the same words give the same plan everywhere.
REGION, SPLIT, SETTING, SHAPE = Region.US, Split.HALF, Setting.OUTPATIENT, Shape.PROPORTIONAL
CUT, EVERY_DAYS, LAST_STEP_MG, GOAL = Fraction(1, 10), 14, Decimal(1), "0"


def _one_of(kind: Iterable[Any]) -> click.Choice[str]:
    return click.Choice([one.value for one in kind], case_sensitive=False)


_OPTIONS = (
    click.option("--first-cut", type=Day(), help="Day of the first cut. Default: one interval after the start."),
    click.option("--switch-to", metavar="MEDICINE", help="Exchange for it first, one dose of the day at a time."),
    click.option("--table", metavar="NAME", help="Equivalence table that you choose by name, as va-dod-2021."),
    click.option(
        "--shape",
        type=_one_of((Shape.PROPORTIONAL, Shape.LINEAR)),
        help="proportional: the same share of the present dose (default). linear: the same amount.",
    ),
    click.option("--cut", type=Share(), help="Share of the present dose that a step takes away. Default: 10%."),
    click.option("--every", type=Interval(), help="Days between two cuts, like 14d or 2w. Default: 14d."),
    click.option("--goal", metavar="GOAL", help="“0” (default), or the daily dose that stays, like “diazepam 5 mg”."),
    click.option("--region", type=_one_of(Region), help="Whose marketed products are used. Default: us."),
    click.option("--facts", metavar="FILE", help="What is known of the person: TOML or JSON. The rest is unknown."),
    click.option(
        "--settings",
        metavar="FILE",
        help="A centre's own numbers instead of our own reading: TOML or JSON, names as in docs/reference/rules.md.",
    ),
    click.option(
        "--split", type=_one_of(Split), help="Finest part of a piece; only limits what the facts allow. Default: half."
    ),
    click.option("--liquids", is_flag=True, default=False, help="Use marketed liquids too, to 0.1 mL of a syringe."),
    click.option("--setting", type=_one_of(Setting), help="Where the person is cared for. Default: outpatient."),
    click.option(
        "--last-step",
        type=Milligrams(),
        help="Largest daily dose, in diazepam by the highest table, that may go to zero (TPR-10). Default: 1mg.",
    ),
    click.option(
        "--stock",
        metavar="PRODUCTS",
        help="Only these products: “diazepam 2 mg tablet (half); diazepam 0.4 mg/mL liquid (0.1 mL)”.",
    ),
)


def plan_options(command: Command) -> Command:
    """The options that say how a plan is made or judged."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Asked:
    """The options as they were given; None where they were not."""

    first_cut: dt.date | None = None
    switch_to: str | None = None
    table: str | None = None
    shape: str | None = None
    cut: Fraction | None = None
    every: int | None = None
    goal: str | None = None
    region: str | None = None
    facts: str | None = None
    settings: str | None = None
    split: str | None = None
    liquids: bool = False
    setting: str | None = None
    last_step: Decimal | None = None
    stock: str | None = None

    @property
    def other_products(self) -> bool:
        """Whether the options say of which products the plan is made."""
        return self.liquids or any(one is not None for one in (self.region, self.split, self.stock))


def read_regimen(text: str, formulary: Formulary) -> Regimen:
    """The regimen as typed. Raises WrongUse."""
    with said_as_wrong_use():
        return parse_regimen(text, formulary=formulary, default_times=clinical_settings().default_dose_times)


def read_goal(text: str, formulary: Formulary) -> Goal:
    with said_as_wrong_use():
        return parse_goal(text, formulary=formulary)


def facts_of(path: str | None) -> PersonFacts:
    """The facts of a file; nothing is known without one. Names that no plan asks for are said on standard error."""
    if path is None:
        return PersonFacts()
    text = read_text(path)
    with said_as_wrong_use():
        found = read_facts(text)
    if found.not_used:
        click.echo(f"Not used for a plan: {', '.join(found.not_used)}.", err=True)
    return found.facts


def centre_of(path: str | None) -> ClinicalSettings | None:
    """The numbers of a centre's file; None without one."""
    if path is None:
        return None
    text = read_text(path)
    with said_as_wrong_use():
        return read_settings_file(text)


def settings_of(asked: Asked, medicines: Iterable[str], formulary: Formulary) -> PlanSettings:
    """What the options say, with the defaults for what they do not. medicines: those that products are needed of."""
    base = PlanSettings(
        products=(),
        limits=replace(Limits.of(), last_step_max_diazepam=LAST_STEP_MG),
        cut=CUT,
        interval_days=EVERY_DAYS,
        shape=SHAPE,
        setting=SETTING,
        region=REGION,
        split=SPLIT,
    )
    settings = with_options(base, asked, formulary)
    return replace(settings, products=products_of(asked, settings, medicines, formulary))


def with_options(settings: PlanSettings, asked: Asked, formulary: Formulary) -> PlanSettings:
    """Settings with the options that were given in place of theirs. The products stay as they are."""
    settings = _at_the_centre(settings, centre_of(asked.settings))
    limits = settings.limits
    return replace(
        settings,
        limits=limits if asked.last_step is None else replace(limits, last_step_max_diazepam=asked.last_step),
        cut=settings.cut if asked.cut is None else asked.cut,
        interval_days=settings.interval_days if asked.every is None else asked.every,
        shape=settings.shape if asked.shape is None else Shape(asked.shape),
        setting=settings.setting if asked.setting is None else Setting(asked.setting),
        region=settings.region if asked.region is None else Region(asked.region),
        split=settings.split if asked.split is None else Split(asked.split),
        liquids=settings.liquids or asked.liquids,
        first_cut=settings.first_cut if asked.first_cut is None else asked.first_cut,
        table=settings.table if asked.table is None else table_named(asked.table, formulary),
        switch_to=settings.switch_to if asked.switch_to is None else medicine_named(asked.switch_to, formulary),
        facts=settings.facts if asked.facts is None else facts_of(asked.facts),
    )


def _at_the_centre(settings: PlanSettings, centre: ClinicalSettings | None) -> PlanSettings:
    """Settings with a centre's own numbers in place of ours; no ceiling is among them."""
    if centre is None:
        return settings
    limits = replace(settings.limits, settings=centre, last_step_max_diazepam=centre.last_step_max_diazepam_mg)
    cut = Fraction(centre.default_cut_percent) / 100
    return replace(settings, limits=limits, cut=cut, interval_days=centre.default_interval_days)


def products_of(
    asked: Asked, settings: PlanSettings, medicines: Iterable[str], formulary: Formulary
) -> tuple[Product, ...]:
    """Only the listed products; without a list those marketed in the region."""
    if asked.stock is not None:
        with said_as_wrong_use():
            return parse_stock(asked.stock, formulary=formulary)
    return marketed(
        medicines, region=settings.region, split=settings.split, liquids=settings.liquids, formulary=formulary
    )


def request_for(regimen: Regimen, start: dt.date, goal: Goal, settings: PlanSettings) -> TaperRequest:
    """The request that these settings make of a regimen."""
    return TaperRequest(
        regimen=regimen,
        start=start,
        products=settings.products,
        cut=settings.cut,
        interval_days=settings.interval_days,
        limits=settings.limits,
        goal=goal,
        shape=settings.shape,
        setting=settings.setting,
        first_cut=settings.first_cut,
        table=settings.table,
        switch_to=settings.switch_to,
    )
