"""Who is called for an alarm, who next, and whose answer counts: the ladders, as data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

from glidepath.clinical.facts.reading import Table, read
from glidepath.clinical.facts.settings import ClinicalSettings

MINUTES = "_minutes"  # how the settings of a ladder end


class Part(StrEnum):
    """Who is called, by what they are here for; the staff room knows who that is now."""

    NURSE = "nurse"
    PRESCRIBER = "prescriber"  # may prescribe here, by name
    PHYSICIAN = "physician"
    PSYCHOLOGIST = "psychologist"
    CLINICIAN = "clinician"  # anyone who cares for people
    MANAGER = "manager"


class Reach(StrEnum):
    """Among whom the called are looked for."""

    UNIT = "unit"  # on shift on the person's unit; where nobody of a part is, on call for it
    CENTRE = "centre"  # on shift on any unit, and everybody on call


@dataclass(frozen=True, slots=True)
class Rung:
    """Those called together. wait: the name of the setting of the minutes until the next rung."""

    call: tuple[Part, ...]
    reach: Reach
    wait: str


@dataclass(frozen=True, slots=True)
class LadderFact:
    """Who is called for these causes, in order. attend: a setting's name, used where the rule gives no time."""

    key: str
    words: str
    causes: tuple[str, ...]
    answered_by: tuple[Part, ...]
    attend: str
    order_counts: bool
    why: str
    rungs: tuple[Rung, ...]
    when_emergency: tuple[str, ...] = ()  # causes of milder ladders: this one where the rule's own limit is passed


@dataclass(frozen=True, slots=True)
class EscalationPolicy:
    """Every ladder by its key; a cause that stands in none has that of its severity."""

    ladders: Mapping[str, LadderFact]
    hard_stop: LadderFact
    other: LadderFact

    def of(self, cause: str, *, hard_stop: bool, emergency: bool = False) -> LadderFact:
        """The ladder of a cause such as "INP-7". hard_stop: whether only a prescriber closes it.

        emergency: whether it is one by the rule's own limit, which changes the ladder of the few causes that have one.
        """
        closer = (one for one in self.ladders.values() if emergency and cause in one.when_emergency)
        named = (one for one in self.ladders.values() if cause in one.causes)
        return next(closer, None) or next(named, self.hard_stop if hard_stop else self.other)


def read_escalation(path: Path) -> EscalationPolicy:
    """The ladders. Raises BrokenFact for a cause in two of them, an unknown part, setting or reach, and no rung."""
    file = read(path)
    file.seen()
    ladders = {entry.text("key"): _ladder(entry) for entry in file.list_of_tables("ladders")}
    causes = [cause for one in ladders.values() for cause in one.causes]
    for cause in {one for one in causes if causes.count(one) > 1}:
        raise file.broken("ladders", f"“{cause}” stands in two ladders")
    closer = [cause for one in ladders.values() for cause in one.when_emergency]
    for cause in {one for one in closer if one not in causes or closer.count(one) > 1}:
        raise file.broken("ladders", f"“{cause}” is an emergency of one ladder, and has a milder ladder of its own")
    return EscalationPolicy(
        ladders=ladders,
        hard_stop=ladders[file.one_of("default_hard_stop", [*ladders])],
        other=ladders[file.one_of("default_other", [*ladders])],
    )


def _ladder(entry: Table) -> LadderFact:
    rungs = tuple(_rung(one) for one in entry.list_of_tables("rungs"))
    if not rungs:
        raise entry.broken("rungs", "needs at least one rung: an alarm that calls nobody is silent")
    return LadderFact(
        key=entry.text("key"),
        words=entry.text("words"),
        causes=entry.names("causes"),
        answered_by=_parts(entry, "answered_by"),
        attend=_setting(entry, "attend"),
        order_counts=entry.yes("order_counts", default=False),
        why=entry.text("why"),
        rungs=rungs,
        when_emergency=entry.texts("when_emergency"),
    )


def _rung(entry: Table) -> Rung:
    return Rung(_parts(entry, "call"), entry.word("reach", Reach), _setting(entry, "wait"))


def _parts(entry: Table, key: str) -> tuple[Part, ...]:
    known: Collection[str] = [*Part]
    for name in entry.names(key):
        if name not in known:
            raise entry.broken(key, f"“{name}” is none of {', '.join(known)}")
    return tuple(Part(name) for name in entry.names(key))


def _setting(entry: Table, key: str) -> str:
    return entry.one_of(key, [one.name for one in fields(ClinicalSettings) if one.name.endswith(MINUTES)])
