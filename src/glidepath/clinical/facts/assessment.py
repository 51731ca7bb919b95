"""What a full assessment asks, as the facts know it: domains, their questions, and the substances asked about."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.reading import Table, read

KINDS = ("yes_no", "choice", "number", "date", "text")
ASKERS = ("physician", "nurse", "pharmacist", "psychologist", "counsellor", "admissions")
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")  # as long as the record's column
# Only a fact that the vocabulary does not know has these; the other takes them from there.
OWN = ("question", "short", "unit", "low", "high", "answers")


@dataclass(frozen=True, slots=True)
class AskedFact:
    """One fact by its name. `kind` and what follows it are empty where the rules' vocabulary holds them.

    by: who usually asks. why: what the answer is for. cautious: the answers that stay in the findings from an earlier
    stay, or when two mouths disagree. low, high: the bounds of a number, both included, in `unit`.
    """

    name: str
    why: str
    by: str
    cautious: tuple[str, ...]
    kind: str = ""
    question: str = ""
    short: str = ""
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    answers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class AssessmentDomain:
    """One part of the assessment. `where`: the part of the care pathway that its items follow."""

    key: str
    title: str
    about: str
    where: str
    seen: Seen
    facts: tuple[AskedFact, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Every domain in its order, and the substances asked about, by key with their words.

    sedating: those that `sedation_rule` counts in the sedative load; opioids: those that are opioids.
    """

    domains: tuple[AssessmentDomain, ...]
    substances: Mapping[str, str]
    sedating: tuple[str, ...]
    opioids: tuple[str, ...]
    sedation_rule: str


def read_assessment(path: Path, rules: Collection[str]) -> Assessment:
    """The file, proved: no fact stands in it twice, and each has its reason. Raises BrokenFact."""
    file = read(path)
    domains = tuple(_domain(table) for table in file.list_of_tables("domains"))
    if not domains:
        raise file.broken("domains", "needs at least one")
    _prove_once(file, "domains", [one.key for one in domains])
    _prove_once(file, "domains.questions", [fact.name for one in domains for fact in one.facts])
    substances = file.table("substances")
    words = {key: substances.text(key) for key in substances.content}
    sedation = file.table("sedation")
    return Assessment(
        domains, words, _listed(sedation, "sedate", words), _listed(sedation, "opioids", words),
        sedation.one_of("rule", sorted(rules)),
    )  # fmt: skip


def _listed(table: Table, key: str, substances: Collection[str]) -> tuple[str, ...]:
    named = table.names(key)
    for one in named:
        if one not in substances:
            raise table.broken(key, f"“{one}” is none of the substances")
    return named


def _prove_once(file: Table, key: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise file.broken(key, f"“{name}” is asked twice: one fact has one question")


def _domain(table: Table) -> AssessmentDomain:
    facts = tuple(_fact(one) for one in table.list_of_tables("questions"))
    if not facts:
        raise table.broken("questions", "needs at least one")
    return AssessmentDomain(
        key=_name(table, "key"),
        title=table.text("title"),
        about=table.maybe_words("about") or "",
        where=table.text("where"),
        seen=table.seen(),
        facts=facts,
    )


def _fact(table: Table) -> AskedFact:
    name, why, by = _name(table, "fact"), table.text("why"), table.one_of("by", ASKERS)
    cautious = table.names("cautious") if "cautious" in table.content else ()
    if "kind" not in table.content:
        for stray in _strays(table, OWN):
            raise table.broken(stray, f"“{name}” has no kind here: the vocabulary says how it is asked")
        return AskedFact(name, why, by, cautious)
    kind = table.one_of("kind", KINDS)
    low, high = _bounds(table, kind)
    return AskedFact(
        name, why, by, cautious, kind, table.text("question"), table.text("short"), table.maybe_words("unit") or "",
        low, high, _answers(table, kind, cautious),
    )  # fmt: skip


def _strays(table: Table, keys: tuple[str, ...]) -> Iterator[str]:
    return (key for key in keys if key in table.content)


def _name(table: Table, key: str) -> str:
    name = table.text(key)
    if not NAME.fullmatch(name):
        raise table.broken(key, f"“{name}” is no name: small letters, digits and underscores, 40 at most")
    return name


def _bounds(table: Table, kind: str) -> tuple[Decimal | None, Decimal | None]:
    if kind != "number":
        for stray in _strays(table, ("unit", "low", "high")):
            raise table.broken(stray, f"a {kind} has none")
        return None, None
    table.text("unit")
    return table.number("low"), table.number("high")  # that they are in order is proved for every file


def _answers(table: Table, kind: str, cautious: tuple[str, ...]) -> Mapping[str, str] | None:
    listed = table.maybe_table("answers")
    if (kind == "choice") != (listed is not None):
        raise table.broken("answers", "a choice has them, and nothing else has")
    answers = None if listed is None else {key: listed.text(key) for key in listed.content}
    allowed = {"yes_no": ["yes", "no"], "choice": [*(answers or {})]}.get(kind, [])
    for one in cautious:
        if one not in allowed:
            raise table.broken("cautious", f"“{one}” is no answer to it")
    return answers
