"""Rules that cannot be assessed: three-valued logic, the finding that names the missing fact, and their grouping.

Unknown is never "no". A rule fires when what is known is enough for it, is silent when what is known rules it out, and
else names exactly the facts that could still decide it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.clinical.guidelines.facts import VOCABULARY, PersonFacts
from glidepath.clinical.guidelines.wording import listed


def any_of(*answers: bool | None) -> bool | None:
    """Yes if one is yes; no if all are no; else unknown."""
    if any(answers):
        return True
    return None if None in answers else False


def all_of(*answers: bool | None) -> bool | None:
    """No if one is no; yes if all are yes; else unknown."""
    if False in answers:
        return False
    return None if None in answers else True


def at_least(value: object, limit: object) -> bool | None:
    """`value >= limit`, unknown where the value is."""
    return None if value is None else bool(value >= limit)  # type: ignore[operator]


# What a rule may wait for that is not a fact about the person: measured, looked at, or said with the proposal.
BESIDE_THE_VOCABULARY: Mapping[str, tuple[str, str]] = {
    "daily_dose": ("the daily dose", "How much of each benzodiazepine or Z-drug is taken a day?"),
    "diazepam_equivalent": (
        "a diazepam equivalent",
        "No equivalence table covers these medicines: find the dose under watch, and name it.",
    ),
    "symptoms_interfere": ("whether symptoms interfere", "Do symptoms interfere with the person's life?"),
    "missed_dose": ("whether doses were missed", "Were doses missed?"),
    "interdose_withdrawal": ("withdrawal between doses", "Is withdrawal felt between doses?"),
    "cuts_tolerated": ("whether cuts are tolerated", "Are further cuts tolerated?"),
    "shape": ("the shape of the taper", "Is each cut a share of the present dose, or always the same amount?"),
    "for_taper": ("what the order is for", "Is it ordered for the taper?"),
    "because_of_benzodiazepine": ("the reason", "Is it stopped because of a benzodiazepine?"),
    "new_confusion": ("consciousness", "Is the person newly confused?"),
    "oriented": ("orientation", "Is the person alert and orientated, and do they follow a request?"),
    "rass": ("RASS", "Record RASS."),
    "rr": ("breathing", "Count the breaths of a minute."),
    "spo2": ("oxygen saturation", "Measure oxygen saturation."),
    "on_oxygen": ("whether oxygen is given", "Record whether oxygen is given."),
    "sbp": ("systolic blood pressure", "Measure blood pressure."),
    "dbp": ("diastolic blood pressure", "Measure blood pressure."),
    "pulse": ("pulse", "Count the pulse."),
    "temp_c": ("temperature", "Measure temperature."),
    "mind": ("consciousness", "Record consciousness (ACVPU)."),
}


def question_for(name: str) -> str:
    """What to ask or measure so that `name` is known. Raises KeyError for a name that no rule waits for."""
    question = VOCABULARY.get(name)
    return question.question if question else BESIDE_THE_VOCABULARY[name][1]


def name_in_words(name: str) -> str:
    """A missing fact as a sentence names it."""
    return BESIDE_THE_VOCABULARY[name][0] if name in BESIDE_THE_VOCABULARY else name.replace("_", " ")


def not_assessed(code: str, missing: Sequence[str], *, step: int | None = None) -> Finding:
    """The finding that rule `code` cannot be assessed, naming the facts that could decide it."""
    found = rule(code)
    names = listed([name_in_words(name) for name in missing])
    return found.finding(
        message=f"{found.title}: cannot be assessed; not recorded: {names}.",
        do=" ".join(dict.fromkeys(question_for(name) for name in missing)),
        status=Status.CANNOT_BE_ASSESSED,
        missing=tuple(missing),
        step=step,
    )


def not_assessed_for(code: str, facts: PersonFacts, *names: str, step: int | None = None) -> Finding:
    """The same, naming those of `names` that are unknown."""
    return not_assessed(code, facts.unknown(*names), step=step)


@dataclass(frozen=True, slots=True)
class MissingFact:
    """One question whose answer `codes` wait for. `stops`: at least one of them is a hard stop."""

    name: str
    question: str
    codes: tuple[str, ...]
    stops: bool


def group_missing(findings: Iterable[Finding]) -> tuple[MissingFact, ...]:
    """One line a missing fact, hard stops first, so that an empty chart shows questions and not a page of findings."""
    waiting: dict[str, list[Finding]] = {}
    for finding in findings:
        for name in finding.missing if finding.status is Status.CANNOT_BE_ASSESSED else ():
            waiting.setdefault(name, []).append(finding)
    facts = [_missing_fact(name, found) for name, found in waiting.items()]
    return tuple(sorted(facts, key=lambda fact: not fact.stops))


def firing(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that do fire, hard stops first, then warnings, then advice; their order is kept within each."""
    order = (Severity.HARD_STOP, Severity.WARNING, Severity.ADVICE)
    fires = [finding for finding in findings if finding.status is Status.FIRES]
    return tuple(sorted(fires, key=lambda finding: order.index(finding.severity)))


def _missing_fact(name: str, findings: Sequence[Finding]) -> MissingFact:
    codes = tuple(dict.fromkeys(finding.code for finding in findings))
    return MissingFact(name, question_for(name), codes, any(finding.stops for finding in findings))
