"""Every word of the vocabulary, by group: what the rules ask about a person, and where the record asks it.

A question asked first stands in the open on the page of facts; a further one is folded away there; what is measured is
no question. A fact without an answer is unknown, never "no".
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from glidepath.clinical.guidelines.questions import BadFact, FactQuestion
from glidepath.clinical.guidelines.vocabulary import care, health, now, use

_ALL = (*use.QUESTIONS, *health.QUESTIONS, *now.QUESTIONS, *care.QUESTIONS)
VOCABULARY: Mapping[str, FactQuestion] = {question.name: question for question in _ALL}


def question_of(name: str) -> FactQuestion:
    """The question of a fact's name. Raises BadFact with close names."""
    key = name.strip().lower().replace(".", "_")
    if key in VOCABULARY:
        return VOCABULARY[key]
    close = get_close_matches(key, VOCABULARY, n=3, cutoff=0.6)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    raise BadFact(f"“{name}” is not a fact that a rule asks for.{hint} The vocabulary lists every name.")
