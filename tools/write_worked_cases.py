"""Writes docs/reference/worked-cases.md: eight people, what is known of each, and what the planner and the rules say.

The people are made up. The plans and the findings are worked out by the code; the documents check says when the page is
out of date. Read it for sense after every change of the core.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from glidepath.clinical.amounts import plain, rounded
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Goal, Made, Setting, Step, TaperPlan
from glidepath.clinical.dosing.request import TaperRequest
from glidepath.clinical.dosing.supply import supply_needed
from glidepath.clinical.facts.load import clinical_settings, formulary
from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import firing, group_by_subject
from glidepath.clinical.planfile.making import plan_file
from glidepath.clinical.planfile.shelf import marketed
from glidepath.clinical.planfile.values import PlanFile, Region, Split
from glidepath.clinical.regimen import parse_goal, parse_regimen

CASES = Path(__file__).with_name("worked_cases.toml")
PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "worked-cases.md"
START = dt.date(2026, 12, 1)
FIRST, LAST = 5, 3  # steps shown
SUPPLY_DAYS = 28


@dataclass(frozen=True)
class Case:
    """One person: what is taken, what is known, how it is planned, and what to look at in the result."""

    title: str
    who: str
    regimen: str
    facts: Mapping[str, object]
    read: tuple[str, ...]
    region: Region
    setting: Setting
    liquids: bool
    cut: str  # percent
    switch_to: str | None
    table: str | None
    goal: str


def cases() -> tuple[Case, ...]:
    """Those of the file, each with what was asked of everybody and what differs."""
    read = tomllib.loads(CASES.read_text(encoding="utf-8"))
    return tuple(_read_case(one, read["asked"]) for one in read["case"])


def _read_case(one: dict[str, Any], asked: Mapping[str, object]) -> Case:
    return Case(
        title=one["title"],
        who=one["who"],
        regimen=one["regimen"],
        facts={**asked, **one["facts"]},
        read=tuple(one["read"]),
        region=Region(one.get("region", "us")),
        setting=Setting(one.get("setting", "outpatient")),
        liquids=one.get("liquids", False),
        cut=one.get("cut", "10"),
        switch_to=one.get("switch_to"),
        table=one.get("table"),
        goal=one.get("goal", "0"),
    )


def main() -> None:
    PAGE.write_text(worked_cases(), encoding="utf-8")
    print(f"{PAGE.name}: {len(cases())} cases")


def worked_cases() -> str:
    """The page."""
    lines = [
        "# Worked cases",
        "",
        "Written by `tools/write_worked_cases.py` from the code and `tools/worked_cases.toml`; not edited by hand. The",
        f"people are made up. Each plan starts on {_day(START)}. It proposes; a prescriber decides, and no step begins",
        "before it is released.",
        "",
        "`A` an advice, `W` a warning to be acknowledged with a reason, `HS` a hard stop. What nobody recorded cannot",
        "be assessed, and is named once a subject.",
    ]
    for case in cases():
        lines += ["", f"## {case.title}", "", *_case(case)]
    return "\n".join(lines) + "\n"


def _case(case: Case) -> Iterator[str]:
    file = planned(case)
    plan = file.plan
    yield case.who
    yield ""
    yield f"`{case.regimen}`, {case.cut} % every {file.settings.interval_days} days, {_where(case)}."
    yield ""
    yield from (f"- {look}" for look in case.read)
    yield ""
    yield from _steps(plan)
    yield from _ending(file)
    yield from _findings(plan.findings)


def planned(case: Case) -> PlanFile:
    """The plan of a case, with everything that is said of it."""
    facts, settings = formulary(), clinical_settings()
    regimen = parse_regimen(case.regimen, formulary=facts, default_times=settings.default_dose_times)
    names = [*regimen.daily(), *([case.switch_to] if case.switch_to else [])]
    goal: Goal = parse_goal(case.goal, formulary=facts)
    request = TaperRequest(
        regimen=regimen,
        start=START,
        products=marketed(names, region=case.region, split=Split.HALF, liquids=case.liquids, formulary=facts),
        cut=Fraction(case.cut) / 100,
        interval_days=settings.default_interval_days,
        limits=Limits.of(),
        goal=goal,
        setting=case.setting,
        table=case.table,
        switch_to=case.switch_to,
    )
    return plan_file(
        request, formulary=facts, facts=PersonFacts.of(case.facts), region=case.region, liquids=case.liquids
    )


def _where(case: Case) -> str:
    products = "tablets and liquids" if case.liquids else "tablets and capsules"
    switch = f", exchanged for {case.switch_to} by {formulary().table(case.table).name}" if case.table else ""
    return f"{case.setting.value.replace('_', ' ')}, {products} of the {case.region.value.upper()}{switch}"


def _steps(plan: TaperPlan) -> Iterator[str]:
    if not plan.steps:
        return
    yield "| Step | From | A day | Cut | What is taken |"
    yield "|---|---|---|---|---|"
    rows = [_step(step, before) for before, step in zip([None, *plan.steps], plan.steps, strict=False)]
    left_out = len(rows) - FIRST - LAST
    yield from rows[:FIRST] if left_out > 0 else rows
    if left_out > 0:
        yield f"| … | {left_out} more | | | |"
        yield from rows[-LAST:]
    yield ""


def _step(step: Step, before: Step | None) -> str:
    daily = " + ".join(str(dose) for dose in step.daily().values()) or "zero"
    taken = "; ".join(f"{dose.time:%H:%M} {_made(dose.made)}" for dose in step.doses)
    return f"| {step.number} | {_day(step.start)} | {daily} | {_cut(step, before)} | {taken} |"


def _cut(step: Step, before: Step | None) -> str:
    if before is None:
        return ""
    was, now = before.daily(), step.daily()
    if set(now) - set(was) or (now and set(was) - set(now)):
        return "exchanged"
    shares = [1 - (now[name].exact if name in now else 0) / dose.exact for name, dose in was.items() if dose.mg]
    return " and ".join(f"{plain(rounded(share * 100))} %" for share in shares if share > 0)


def _made(parts: Iterable[Made]) -> str:
    return " + ".join(f"{_count(part)} {part.product.name.split(' ', 1)[1]}" for part in parts)


def _count(part: Made) -> str:
    halves = {Fraction(1, 2): "½", Fraction(1, 4): "¼", Fraction(3, 4): "¾"}
    if "mg/mL" in part.product.name:
        return f"{float(part.count):g} mL of"
    whole, rest = divmod(part.count, 1)
    return f"{whole or ''}{halves.get(rest, '')} ×"


def _ending(file: PlanFile) -> Iterator[str]:
    plan = file.plan
    if plan.complete:
        yield f"**{len(plan.steps)} steps; the goal on {_day(plan.steps[-1].start)}**, if each is released in time."
    else:
        assert plan.blocked is not None
        yield f"**Not complete ({plan.blocked.code}).** {plan.blocked.message} {plan.blocked.do}"
    yield ""
    if file.alternatives:
        yield "What would free it:"
        yield ""
        for way in file.alternatives:
            last = way.plan.steps[-1]
            ends = " + ".join(str(dose) for dose in last.daily().values()) or "zero"
            reach = f"{ends} on {_day(last.start)}, {len(way.plan.steps)} steps"
            yield f"- {way.what} {reach if way.plan.complete else f'Down to {ends}, no further.'}"
        yield ""
    if plan.steps and plan.steps[0].doses and plan.steps[0].doses[0].made:
        needed = supply_needed(plan, plan.start, SUPPLY_DAYS)
        pieces = ", ".join(_count(Made(product, count)) + f" {product.name}" for product, count in needed.items())
        yield f"Four weeks' supply: {pieces}."
        yield ""


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    said = tuple(findings)
    letters = {Severity.HARD_STOP: "HS", Severity.WARNING: "W", Severity.ADVICE: "A"}
    for one in _once_a_code(firing(said)):
        answered = f" *Answered: {one.answered_by}.*" if one.answered_by else ""
        yield f"- `{letters[one.severity]}` **{one.code}** {one.message} {one.do}{answered}"
    missing = group_by_subject(one for one in said if one.status is Status.CANNOT_BE_ASSESSED)
    for subject in missing:
        questions = "; ".join(fact.question for fact in subject.facts)
        yield f"- not recorded, **{subject.group.value}**: {questions}"


def _once_a_code(findings: Iterable[Finding]) -> list[Finding]:
    """Of a rule that speaks at many steps, the first."""
    seen: dict[str, Finding] = {}
    for one in findings:
        seen.setdefault(one.code, one)
    return list(seen.values())


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


if __name__ == "__main__":
    main()
