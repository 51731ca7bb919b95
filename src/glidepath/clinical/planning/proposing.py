"""Problems that propose themselves: from what was told, and from what the guideline's rules found. Nobody is sorted;
a clinician and the person choose which of them the plan takes up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from glidepath.clinical.facts.dependence import DependenceRisk
from glidepath.clinical.facts.load import plan_templates
from glidepath.clinical.facts.plan_templates import ProblemKind, ProblemTemplate
from glidepath.clinical.findings import Finding, Status
from glidepath.clinical.guidelines.dependence import Dependence
from glidepath.clinical.guidelines.facts import VOCABULARY, PersonFacts

RISK_OF_DEPENDENCE = "JCG-T2"
NO_ANSWER_OF_ITS_OWN = ("no", "none", "unknown")  # a choice that says there is nothing


@dataclass(frozen=True, slots=True)
class Because:
    """One reason: the name of a fact, or the code of a rule, with its words. `rule`: whether it is a rule's finding."""

    name: str
    words: str
    rule: bool

    def __str__(self) -> str:
        return f"{self.words} ({self.name})" if self.rule else self.words


@dataclass(frozen=True, slots=True)
class Proposed:
    """A problem that the record gives reason to take up, and every reason it gives."""

    kind: ProblemKind
    title: str
    because: tuple[Because, ...]


def propose(
    facts: PersonFacts,
    findings: Iterable[Finding],
    *,
    dependence: Dependence | None = None,
    happened: Iterable[tuple[ProblemKind, Because]] = (),
) -> tuple[Proposed, ...]:
    """The problems the record gives reason for, safety first, then sleep, mood and the pace of the taper.

    dependence: how likely it is (guidelines/dependence.py); a likelihood that is not known proposes nothing.
    happened: what was seen here (a seizure, a fall, an alarm that stands), by the problem it is a reason for.
    Only what fires counts: a rule that lacks a fact is no reason, and stands among `not_asked`.
    """
    fired = [one for one in findings if one.status is Status.FIRES]
    seen, found = list(happened), []
    for kind, template in plan_templates().problems.items():
        because = (
            *(why for about, why in seen if about is kind),
            *_by_dependence(kind, fired, dependence),
            *_by_facts(template, facts),
            *_by_rules(template, fired),
        )
        if because:
            found.append(Proposed(kind, template.title, because))
    return tuple(found)


def not_asked(facts: PersonFacts) -> dict[ProblemKind, tuple[str, ...]]:
    """By problem, the facts that nobody has asked, in words; a problem with a known "yes" is left out.

    Not asked is not "no": the page draws it, so that a plan does not look complete because nobody asked.
    """
    found = {}
    for kind, template in plan_templates().problems.items():
        missing = facts.unknown(*template.facts)
        if missing and not any(_is_yes(facts, name) for name in template.facts):
            found[kind] = tuple(VOCABULARY[name].words for name in missing)
    return found


def of_kind(proposed: Collection[Proposed], kind: ProblemKind) -> Proposed:
    """The proposal of this kind; one without a reason where the record gives none: a clinician may add any."""
    title = plan_templates().problems[kind].title
    return next((one for one in proposed if one.kind is kind), Proposed(kind, title, ()))


def _by_dependence(kind: ProblemKind, fired: Iterable[Finding], known: Dependence | None) -> Iterator[Because]:
    if kind is not ProblemKind.DEPENDENCE or known is None or known.risk in (None, DependenceRisk.RARE):
        return
    said = next((one.message for one in fired if one.code == RISK_OF_DEPENDENCE), "Withdrawal is to be expected.")
    yield Because(RISK_OF_DEPENDENCE, _sentence(said), rule=True)


def _by_facts(template: ProblemTemplate, facts: PersonFacts) -> Iterator[Because]:
    for name in template.facts:
        if _is_yes(facts, name):
            yield Because(name, f"Told: {VOCABULARY[name].words}", rule=False)


def _by_rules(template: ProblemTemplate, fired: Iterable[Finding]) -> Iterator[Because]:
    said = set()
    for one in fired:
        if one.code in template.rules and one.code not in said:
            said.add(one.code)
            yield Because(one.code, _sentence(one.message), rule=True)


def _is_yes(facts: PersonFacts, name: str) -> bool:
    value = facts.get(name)
    return value is True or (isinstance(value, str) and value not in NO_ANSWER_OF_ITS_OWN)


def _sentence(message: str) -> str:
    return message.strip().removesuffix(".")
