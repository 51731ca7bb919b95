"""The full assessment, question by question: the facts' domains with the words of the rules' vocabulary put in.

One fact has one name and one question, wherever it is asked: what the vocabulary knows is asked in its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from glidepath.clinical.facts.assessment import AskedFact, AssessmentDomain
from glidepath.clinical.facts.load import FACTS_DIR, BrokenFact, assessment
from glidepath.clinical.guidelines.questions import Asked, FactKind, FactQuestion
from glidepath.clinical.guidelines.vocabulary import VOCABULARY, question_of


@dataclass(frozen=True, slots=True)
class DomainQuestion:
    """One question. why: what it is for. by: who usually asks. cautious: the answers that warn, see the facts."""

    question: FactQuestion
    why: str
    by: str
    cautious: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.question.name


@dataclass(frozen=True, slots=True)
class Domain:
    """One part of the assessment, and its questions in their order."""

    key: str
    title: str
    about: str
    where: str
    questions: tuple[DomainQuestion, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.questions)


@cache
def domains() -> Mapping[str, Domain]:
    """Every domain by its key, in order. Raises BrokenFact for a fact that is asked of nobody, or in two ways."""
    return MappingProxyType({one.key: joined(one) for one in assessment().domains})


def joined(domain: AssessmentDomain) -> Domain:
    """The domain with each question in full. Raises BrokenFact."""
    questions = tuple(_joined(domain, one) for one in domain.facts)
    return Domain(domain.key, domain.title, domain.about, domain.where, questions)


@cache
def _by_name() -> Mapping[str, DomainQuestion]:
    return {one.name: one for domain in domains().values() for one in domain.questions}


def asked_question(name: str) -> FactQuestion:
    """The one question of a fact, of the vocabulary or of the assessment alone. Raises BadFact with close names."""
    found = _by_name().get(name)
    return found.question if found is not None else question_of(name)


def cautious_answers(name: str) -> tuple[str, ...]:
    """Which answers to this fact warn; none where no domain asks it."""
    found = _by_name().get(name)
    return () if found is None else found.cautious


def _joined(domain: AssessmentDomain, fact: AskedFact) -> DomainQuestion:
    known = VOCABULARY.get(fact.name)
    if known is None and not fact.kind:
        raise _broken(domain, fact, "is in no vocabulary and has no question of its own")
    if known is not None and fact.kind:
        raise _broken(domain, fact, "has its question in the vocabulary: leave its kind and words out here")
    question = known or _own(fact)
    if question.asked not in (Asked.FIRST, Asked.FURTHER):
        raise _broken(domain, fact, "is worked out or measured, and asked of nobody")
    return DomainQuestion(question, fact.why, fact.by, _proved(domain, fact, question))


def _own(fact: AskedFact) -> FactQuestion:
    return FactQuestion(
        fact.name, FactKind(fact.kind), fact.question, (), fact.unit, fact.low, fact.high, fact.answers,
        short=fact.short,
    )  # fmt: skip


def _proved(domain: AssessmentDomain, fact: AskedFact, question: FactQuestion) -> tuple[str, ...]:
    allowed = ("yes", "no") if question.kind is FactKind.YES_NO else tuple(question.answers or ())
    for one in fact.cautious:
        if one not in allowed:
            raise _broken(domain, fact, f"“{one}” is no answer to it")
    return fact.cautious


def _broken(domain: AssessmentDomain, fact: AskedFact, problem: str) -> BrokenFact:
    return BrokenFact(FACTS_DIR / "assessment.toml", f"{domain.key}.{fact.name}", problem)
