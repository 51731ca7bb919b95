"""A plan written to its file: the same plan gives the same text, and reading it gives the same plan.

What can be worked out of a step (daily totals, equivalents, the size of the cut) is written beside it for whoever
reads the file, and worked out anew when the plan is read.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from glidepath.clinical.amounts import Dose, plain
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Blocked, Goal, Kind, Made, PlannedDose, Product, Step, TaperPlan
from glidepath.clinical.dosing.ratios import InForce
from glidepath.clinical.dosing.revise import Difference
from glidepath.clinical.facts.centre_settings import changed
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.planfile.exact import exact_text
from glidepath.clinical.planfile.figures import Figures, figures_of
from glidepath.clinical.planfile.values import FORMAT, Change, OtherWay, PlanFile, PlanSettings

Json = dict[str, Any]


def write(file: PlanFile, *, formulary: Formulary, difference: Difference | None = None) -> str:
    """The plan's file as text."""
    return json.dumps(as_json(file, formulary=formulary, difference=difference), indent=2, ensure_ascii=False) + "\n"


def as_json(file: PlanFile, *, formulary: Formulary, difference: Difference | None = None) -> Json:
    """The plan's file as plain values, in the order in which they are written.

    difference: what the last turn changed; it is for whoever reads the answer and no part of the plan.
    """
    plan = file.plan
    written: Json = {
        "format": FORMAT,
        "start": plan.start.isoformat(),
        "goal": goal_text(plan.goal),
        "complete": plan.complete,
        "on_hold": plan.on_hold,
        "blocked_by": blocked_json(plan.blocked),
        "alternatives": [_alternative(one, file, formulary) for one in file.alternatives],
        "version": file.version,
        "regimen": file.regimen.text(),
        "exchange_table": _table_name(plan.table, formulary),
        "steps": _steps(plan, file.settings, formulary),
        "findings": [finding_json(one) for one in plan.findings],
        "settings": _settings(file, formulary),
        "history": [_change(one) for one in file.history],
        "facts_version": file.facts_version,
    }
    if difference is not None:
        written["difference"] = difference_json(difference)
    return written


def goal_text(goal: Goal) -> str:
    """The goal as it is typed: "0", or the doses that stay."""
    return " + ".join(str(dose) for dose in goal.kept) or "0"


def blocked_json(blocked: Blocked | None) -> Json | None:
    if blocked is None:
        return None
    return {
        "code": blocked.code,
        "at": [_dose(dose) for dose in blocked.at],
        "message": blocked.message,
        "do": blocked.do,
    }


def dose_json(planned: PlannedDose) -> Json:
    """One dose with the products that make it."""
    return {
        "time": clock(planned.time),
        "medicine": planned.dose.medicine,
        "mg": plain(planned.dose.mg),
        "products": [made_json(part) for part in planned.made],
    }


def made_json(part: Made) -> Json:
    """So many pieces of a product, or mL of a liquid."""
    product = part.product
    return {
        "product": product.name,
        "strength_mg": plain(product.strength_mg),
        **({"unit": "mL"} if product.kind is Kind.LIQUID else {}),
        "count": exact_text(part.count),
        **({"key": product.key} if product.key else {}),
    }


def finding_json(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "status": finding.status.value,
        "missing": list(finding.missing),
        "overridable": finding.overridable,
        "answered_by": finding.answered_by,
        "step": finding.step,
        "message": finding.message,
        "do": finding.do,
        "source": finding.source,
        "strength": finding.strength,
    }


def difference_json(difference: Difference) -> Json:
    """What a turn changed: the steps as they were and are, the end, and what is needed in the weeks after it."""
    return {
        "steps": [
            {"number": one.number, "before": _short(one.before), "after": _short(one.after)} for one in difference.steps
        ],
        "end_before": _day(difference.end_before),
        "end_after": _day(difference.end_after),
        "supply_days": difference.supply_days,
        "needed_before": [made_json(Made(*one)) for one in difference.needed_before.items()],
        "needed_after": [made_json(Made(*one)) for one in difference.needed_after.items()],
    }


def clock(time: dt.time) -> str:
    return f"{time:%H:%M}"


def _steps(plan: TaperPlan, settings: PlanSettings, formulary: Formulary) -> list[Json]:
    figures = figures_of(
        plan, limits=settings.limits, table=settings.table, before=settings.before, formulary=formulary
    )
    followers = [*plan.steps[1:], None]
    return [_step(*one) for one in zip(plan.steps, followers, figures, strict=False)]


def _step(step: Step, following: Step | None, figures: Figures) -> Json:
    return {
        "number": step.number,
        "start": step.start.isoformat(),
        "from_time": None if step.from_time is None else clock(step.from_time),
        "end": None if following is None else _last_day(following).isoformat(),
        "state": step.state.value,
        "doses": [dose_json(planned) for planned in step.doses],
        "daily_mg": figures.daily_mg,
        "diazepam_equivalent_mg": figures.diazepam_equivalent_mg,
        "without_figure": figures.without_figure,
        "cut_percent": figures.cut_percent,
        "cut_percent_14_days": figures.cut_percent_14_days,
    }


def _last_day(following: Step) -> dt.date:
    """The last calendar day on which a step has doses, when another follows it."""
    return following.start if following.from_time is not None else following.start - dt.timedelta(days=1)


def _short(step: Step | None) -> Json | None:
    if step is None:
        return None
    return {
        "start": step.start.isoformat(),
        "from_time": None if step.from_time is None else clock(step.from_time),
        "state": step.state.value,
        "daily_mg": {name: plain(dose.mg) for name, dose in step.daily().items()},
    }


def _alternative(one: OtherWay, file: PlanFile, formulary: Formulary) -> Json:
    plan = one.plan
    return {
        "kind": one.kind,
        "what": one.what,
        "complete": plan.complete,
        "step_count": len(plan.steps),
        "start": plan.start.isoformat(),
        "end": _day(plan.steps[-1].start if plan.complete and plan.steps else None),
        "goal": goal_text(plan.goal),
        "blocked_by": blocked_json(plan.blocked),
        "exchange_table": _table_name(plan.table, formulary),
        "products": [product_json(product) for product in used_products(plan.steps)],
        "steps": _steps(plan, file.settings, formulary),
    }


def used_products(steps: Iterable[Step]) -> tuple[Product, ...]:
    """Every product that makes a dose of the steps, once."""
    made = {part.product: None for step in steps for planned in step.doses for part in planned.made}
    return tuple(sorted(made))


def product_json(product: Product) -> Json:
    """A product with the smallest part of it that may be given: of a piece, or in mL."""
    return {
        "product": product.name,
        "medicine": product.medicine,
        "form": product.form,
        "kind": product.kind.value,
        "strength_mg": plain(product.strength_mg),
        "smallest": exact_text(product.step),
        "key": product.key,
    }


def _settings(file: PlanFile, formulary: Formulary) -> Json:
    settings = file.settings
    earlier = [one for one in used_products(file.plan.steps) if one not in settings.products]
    return {
        "region": settings.region.value,
        "setting": settings.setting.value,
        "shape": settings.shape.value,
        "cut_percent": exact_text(settings.cut * 100),
        "interval_days": settings.interval_days,
        "first_cut": _day(settings.first_cut),
        "table": _table_name(settings.table, formulary),
        "switch_to": settings.switch_to,
        "switch_every_days": settings.switch_every_days,
        "exchange": list(settings.exchange),
        "cut_order": list(settings.cut_order),
        "milestones": [{"on": one.on.isoformat(), **_dose(one.daily)} for one in settings.milestones],
        "over_ceiling": [_dose(one) for one in settings.over_ceiling],
        "times": [clock(time) for time in settings.times],
        "split": settings.split.value,
        "liquids": settings.liquids,
        "limits": _limits(settings.limits),
        "products": [product_json(product) for product in settings.products],
        "earlier_products": [product_json(product) for product in earlier],
        "before": [_in_force(entry) for entry in settings.before],
        "facts": facts_json(settings.facts),
    }


def _limits(limits: Limits) -> Json:
    return {
        "usual_cut_percent": exact_text(limits.usual_cut * 100),
        "ceiling_percent": exact_text(limits.ceiling * 100),
        "ceiling_days": limits.ceiling_days,
        "ceiling_holds": limits.ceiling_holds,
        "last_step_max_diazepam_mg": plain(limits.last_step_max_diazepam),
        "switch_days": limits.switch_days,
        **_of_the_centre(limits),
    }


def _of_the_centre(limits: Limits) -> Json:
    """The numbers a centre has set for itself; nothing where all are our own reading."""
    here = changed(limits.settings)
    return {"settings": {name: plain(value) for name, value in here.items()}} if here else {}


def facts_json(facts: PersonFacts) -> Json:
    """What is known of the person, by the names of the rules; what is unknown is left out."""
    known = {one.name: getattr(facts, one.name) for one in fields(facts)}
    return {name: _fact(value) for name, value in known.items() if value is not None}


def _fact(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else value


def _in_force(entry: InForce) -> Json:
    return {"since": entry.since.isoformat(), "daily_mg": _daily(entry.daily.values())}


def _dose(dose: Dose) -> Json:
    return {"medicine": dose.medicine, "mg": plain(dose.mg)}


def _daily(doses: Iterable[Dose]) -> Json:
    return {dose.medicine: plain(dose.mg) for dose in doses}


def _change(change: Change) -> Json:
    return {
        "version": change.version,
        "change": change.kind.value,
        "on": change.on.isoformat(),
        "time": None if change.time is None else clock(change.time),
        "reason": change.reason,
        "step_in_force": change.in_force,
        "cut_percent_before": exact_text(change.cut * 100),
        "interval_days_before": change.interval_days,
    }


def _table_name(key: str | None, formulary: Formulary) -> str | None:
    return None if key is None else formulary.table(key).name


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def as_lines(items: Sequence[Json]) -> str:
    """A list of objects as JSON, one object to a line."""
    rows = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    return f"[\n{rows}\n]\n" if items else "[]\n"
