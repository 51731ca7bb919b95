"""Which input of which form asks which fact: one register, so that no fact is asked twice without showing its answer.

A room with a form that asks a fact declares it here, in AppConfig.ready: the form's name, and by input the fact's name.
Rooms before this one are declared by whoever starts them together; the instruments' own items say it in their facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from glidepath.care.instruments.beside import asked_by_forms
from glidepath.clinical.facts.load import instrument, instruments
from glidepath.clinical.guidelines.domains import asked_question, domains
from glidepath.clinical.guidelines.vocabulary import question_of

Inputs = Callable[[], Mapping[str, str]]

_declared: dict[str, Inputs] = {}


@dataclass(frozen=True, slots=True)
class AskedBy:
    """One input: the form's name, the input's, and the fact it asks."""

    form: str
    input: str
    fact: str


def declare(form: str, inputs: Inputs) -> None:
    """Says which facts a form asks. inputs: by the input's name the fact's; read when it is asked for."""
    _declared[form] = inputs


def facts_asked() -> tuple[AskedBy, ...]:
    """Every input of every form of a stay that asks a fact. Raises BadFact for a fact that nobody knows: one of the
    rules' vocabulary, of the assessment, or of the instruments' own facts."""
    found = [
        AskedBy(form, name, fact) for form, inputs in (*_OWN.items(), *_declared.items())
        for name, fact in inputs().items()
    ]  # fmt: skip
    for one in found:
        if one.fact not in asked_by_forms():
            asked_question(one.fact)
    return tuple(found)


def _of_domain(key: str) -> Inputs:
    return lambda: {f"ask-{name}": name for name in domains()[key].names}


def _of_facts() -> Mapping[str, str]:
    from glidepath.care.assessment.forms import questions

    return {one.name: one.name for one in questions()}


def _of_use() -> Mapping[str, str]:
    from glidepath.care.assessment.forms import FACTS_OF_USE

    return {name: question_of(fact).name for name, fact in FACTS_OF_USE.items()}


def _of_form(key: str) -> Inputs:
    return lambda: {item.key: item.fact for item in instrument(key).items if item.fact is not None}


FORM = "form: "  # before the key of an instrument: CIWA-B stands on the round, the others are forms of their own

_OWN: Mapping[str, Inputs] = {
    "facts": _of_facts,
    "a medicine": _of_use,
    "the night": lambda: {"hours": "hours_slept"},  # the hours that staff saw, on the page of observations
    **{f"{FORM}{key}": _of_form(key) for key, one in instruments().items() if any(item.fact for item in one.items)},
    **{f"assessment: {key}": _of_domain(key) for key in domains()},
}
