"""What a treatment plan proposes, as the facts know it: by problem, objectives, who does what, where each is from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from glidepath.clinical.facts.provenance import Seen, Source
from glidepath.clinical.facts.reading import Table, read
from glidepath.clinical.facts.rules import Rule

OURS = "our reading"


class ProblemKind(StrEnum):
    """What a problem is about. In the order in which it is seen to: safety, sleep, mood, then the pace of the taper."""

    SUICIDALITY = "suicidality"
    SEIZURE = "seizure"
    ALCOHOL = "alcohol"
    OPIOIDS = "opioids"
    PREGNANCY = "pregnancy"
    FALLS = "falls"
    SLEEP = "sleep"
    MOOD = "mood"
    DEPENDENCE = "dependence"
    SOCIAL = "social"


class Measure(StrEnum):
    """By what an objective is measured."""

    DAILY_DOSE = "daily_dose"  # what is taken a day by the signed taper
    CIWA_B = "ciwa_b"  # complete totals only
    SLEEP = "sleep"  # hours a night
    REVIEW = "review"  # what each review says of it


class InterventionKind(StrEnum):
    TAPER = "taper"
    THERAPY = "therapy"
    SKILLS = "skills"
    MEDICINES = "medicines"
    FAMILY = "family"
    SOCIAL = "social"


@dataclass(frozen=True, slots=True)
class InterventionTemplate:
    """`basis`: where the line comes from, in words: a rule with its source, a reference, or "our reading"."""

    kind: InterventionKind
    words: str
    who: str
    how_often: str
    basis: str


@dataclass(frozen=True, slots=True)
class ObjectiveTemplate:
    """`by_days`: the date proposed, in days from the day it is added."""

    words: str
    measure: Measure
    target: str
    who: str
    by_days: int
    basis: str
    interventions: tuple[InterventionTemplate, ...]


@dataclass(frozen=True, slots=True)
class ProblemTemplate:
    """`asks`: what leads to the goal in the person's words. `facts`, `rules`: what proposes the problem."""

    kind: ProblemKind
    title: str
    asks: str
    facts: tuple[str, ...]
    rules: tuple[str, ...]
    objectives: tuple[ObjectiveTemplate, ...]


@dataclass(frozen=True, slots=True)
class PlanTemplates:
    """Every problem in its order, and after how many days a plan is looked at again."""

    problems: Mapping[ProblemKind, ProblemTemplate]
    risk_benefit_days: int


def read_plan_templates(path: Path, sources: Mapping[str, Source], rules: Mapping[str, Rule]) -> PlanTemplates:
    """The file, proved: every problem is there, every line has its words and one basis. Raises BrokenFact."""
    file = read(path)
    reviews = file.table("reviews")
    strays = set(file.content) - {kind.value for kind in ProblemKind} - {"reviews"}
    if strays:
        raise file.broken(min(strays), f"is no problem a plan knows: one of {', '.join(ProblemKind)}")
    around = _Around(sources, rules)
    return PlanTemplates(
        problems={kind: _problem(file.table(kind.value), kind, around) for kind in ProblemKind},
        risk_benefit_days=_days(reviews, "risk_benefit_days"),
    )


@dataclass(frozen=True, slots=True)
class _Around:
    sources: Mapping[str, Source]
    rules: Mapping[str, Rule]


def _problem(table: Table, kind: ProblemKind, around: _Around) -> ProblemTemplate:
    objectives = tuple(_objective(one, around) for one in table.tables("objectives"))
    if not objectives:
        raise table.broken("objectives", "needs at least one objective")
    return ProblemTemplate(
        kind=kind,
        title=table.text("title"),
        asks=table.text("asks"),
        facts=table.texts("facts"),
        rules=_known_rules(table, around.rules),
        objectives=objectives,
    )


def _known_rules(table: Table, rules: Collection[str]) -> tuple[str, ...]:
    named = table.texts("rules")
    for code in named:
        if code not in rules:
            raise table.broken("rules", f"“{code}” is no rule the facts have")
    return named


def _objective(table: Table, around: _Around) -> ObjectiveTemplate:
    interventions = tuple(_intervention(one, around) for one in table.tables("interventions"))
    if not interventions:
        raise table.broken("interventions", "needs at least one: an objective nobody serves is a wish")
    by_days = table.positive("by_days")
    if by_days is None or by_days != int(by_days):
        raise table.broken("by_days", "needs whole days")
    return ObjectiveTemplate(
        words=table.text("words"),
        measure=table.word("measure", Measure),
        target=table.text("target"),
        who=table.text("who"),
        by_days=int(by_days),
        basis=_basis(table, around),
        interventions=interventions,
    )


def _intervention(table: Table, around: _Around) -> InterventionTemplate:
    return InterventionTemplate(
        kind=table.word("kind", InterventionKind),
        words=table.text("words"),
        who=table.text("who"),
        how_often=table.text("how_often"),
        basis=_basis(table, around),
    )


def _basis(table: Table, around: _Around) -> str:
    """A rule with its source, a reference with how it was seen, or "our reading"; never two, never none."""
    code, source = table.maybe_text("rule"), table.maybe_text("source")
    if code is not None:
        return _from_rule(table, code, source, around.rules)
    seen = table.seen()
    if seen is Seen.UNVERIFIED:
        raise table.broken("seen", "what nobody has seen in a source is never proposed")
    if (source is None) != (seen is Seen.OURS):
        raise table.broken("seen", "a line is ours, or names its source: one of the two")
    if source is None:
        return OURS
    named = around.sources[table.source(around.sources)]
    year = f", {named.year}" if named.year else ""
    return f"{named.organisation or named.title}{year}{'' if seen is Seen.ORIGINAL else ' (second-hand)'}"


def _from_rule(table: Table, code: str, source: str | None, rules: Mapping[str, Rule]) -> str:
    rule = rules.get(code)
    if rule is None or rule.seen is Seen.UNVERIFIED:
        raise table.broken("rule", f"“{code}” is no rule that may be shown")
    if source is not None or "seen" in table.content:
        raise table.broken("rule", "a line names its rule, or its source, never both")
    return f"{code}: {rule.source}"


def _days(table: Table, key: str) -> int:
    days = table.quantity(key)
    if days <= 0 or days != int(days):
        raise table.broken(key, f"{days} is no number of days")
    return int(days)
