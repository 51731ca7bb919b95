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
from glidepath.clinical.guidelines.questions import FactGroup
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


@dataclass(frozen=True, slots=True)
class Beside:
    """What a rule may wait for that is no fact about the person: measured, looked at, or said with the proposal."""

    words: str
    question: str
    group: FactGroup


_USE, _NOW, _PLAN = FactGroup.USE, FactGroup.NOW, FactGroup.PLAN
BESIDE_THE_VOCABULARY: Mapping[str, Beside] = {
    "daily_dose": Beside("the daily dose", "How much of each benzodiazepine or Z-drug is taken a day?", _USE),
    "diazepam_equivalent": Beside(
        "a diazepam equivalent",
        "No equivalence table covers these medicines: find the dose under watch, and name it.",
        _USE,
    ),
    "setting": Beside(
        "where care is given", "Is this outpatient, residential or inpatient medical care?", FactGroup.PLACE
    ),
    "shape": Beside(
        "the shape of the taper", "Is each cut a share of the present dose, or always the same amount?", _PLAN
    ),
    "for_taper": Beside("what the order is for", "Is it ordered for the taper?", _PLAN),
    "experienced": Beside(
        "experience with phenobarbital", "Does somebody experienced in this use prescribe it, or advise?", _PLAN
    ),
    "because_of_benzodiazepine": Beside("the reason", "Is it stopped because of a benzodiazepine?", _PLAN),
    "new_confusion": Beside("consciousness", "Is the person newly confused?", _NOW),
    "oriented": Beside("orientation", "Is the person alert and orientated, and do they follow a request?", _NOW),
    "rass": Beside("RASS", "Record RASS.", _NOW),
    "rr": Beside("breathing", "Count the breaths of a minute.", _NOW),
    "spo2": Beside("oxygen saturation", "Measure oxygen saturation.", _NOW),
    "on_oxygen": Beside("whether oxygen is given", "Record whether oxygen is given.", _NOW),
    "sbp": Beside("systolic blood pressure", "Measure blood pressure.", _NOW),
    "dbp": Beside("diastolic blood pressure", "Measure blood pressure.", _NOW),
    "pulse": Beside("pulse", "Count the pulse.", _NOW),
    "temp_c": Beside("temperature", "Measure temperature.", _NOW),
    "mind": Beside("consciousness", "Record consciousness (ACVPU).", _NOW),
}


def question_for(name: str) -> str:
    """What to ask or measure so that `name` is known. Raises KeyError for a name that no rule waits for."""
    beside = BESIDE_THE_VOCABULARY.get(name)
    return beside.question if beside else VOCABULARY[name].question


def name_in_words(name: str) -> str:
    """A missing fact as a sentence names it. Raises KeyError for a name that no rule waits for."""
    beside = BESIDE_THE_VOCABULARY.get(name)
    return beside.words if beside else VOCABULARY[name].words


def group_of(name: str) -> FactGroup:
    """What a missing fact is about. Raises KeyError for a name that no rule waits for."""
    beside = BESIDE_THE_VOCABULARY.get(name)
    return beside.group if beside else VOCABULARY[name].group


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


@dataclass(frozen=True, slots=True)
class MissingSubject:
    """One line of an empty chart: what it is about, the facts to record, and which rules wait for them."""

    group: FactGroup
    facts: tuple[MissingFact, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for fact in self.facts for code in fact.codes))

    @property
    def stops(self) -> bool:
        """Whether a hard stop waits for one of them."""
        return any(fact.stops for fact in self.facts)

    def __str__(self) -> str:
        """Such as "Pregnancy and the baby: record pregnancy and a baby exposed before birth (JCG-28, PRG-1)."."""
        about = f"{self.group.value[0].upper()}{self.group.value[1:]}"
        names = listed(tuple(dict.fromkeys(name_in_words(fact.name) for fact in self.facts)))
        return f"{about}: record {names} ({', '.join(self.codes)})."


def group_by_subject(findings: Iterable[Finding]) -> tuple[MissingSubject, ...]:
    """What cannot be assessed in one line a subject, so that an empty chart shows about ten lines.

    Subjects for which a hard stop waits come first, else in the vocabulary's order.
    """
    by_group: dict[FactGroup, list[MissingFact]] = {}
    for fact in group_missing(findings):
        by_group.setdefault(group_of(fact.name), []).append(fact)
    subjects = [MissingSubject(group, tuple(by_group[group])) for group in FactGroup if group in by_group]
    return tuple(sorted(subjects, key=lambda one: not one.stops))


def firing(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that do fire, hard stops first, then warnings, then advice; their order is kept within each."""
    order = (Severity.HARD_STOP, Severity.WARNING, Severity.ADVICE)
    fires = [finding for finding in findings if finding.status is Status.FIRES]
    return tuple(sorted(fires, key=lambda finding: order.index(finding.severity)))


def _missing_fact(name: str, findings: Sequence[Finding]) -> MissingFact:
    codes = tuple(dict.fromkeys(finding.code for finding in findings))
    return MissingFact(name, question_for(name), codes, any(finding.stops for finding in findings))
