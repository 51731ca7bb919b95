"""DIS-6 (ours): nobody is handed on with a list of medicines that nobody has gone through.

At a transfer and at a discharge each medicine that the person came with, and each that stands ordered, is answered:
it goes on, it is changed, or it is stopped. The care pathway names full reconciliation and a discharge summary; that
an open line keeps a discharge from closing is our reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from glidepath.clinical.findings import Finding, Severity

CODE = "DIS-6"
OURS = "our own reading of full reconciliation (care pathway)"


class Decided(StrEnum):
    CONTINUE = "continue"
    CHANGE = "change"  # to what, in words
    STOP = "stop"  # why, in words


class Origin(StrEnum):
    CAME = "came with"
    ORDERED = "ordered here"
    TAPER = "the taper"


@dataclass(frozen=True, slots=True)
class MedicineToGo:
    """One medicine to be answered. key: what names it, another where the order or the plan is another one."""

    key: str
    words: str
    origin: Origin
    is_benzodiazepine: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What was decided of one medicine. words: why it is stopped, or what it is changed to."""

    decided: Decided
    words: str = ""


def unanswered(medicines: Iterable[MedicineToGo], answered: Iterable[str]) -> tuple[MedicineToGo, ...]:
    """Those of them, in their order, that no answer names. answered: keys."""
    known = frozenset(answered)
    return tuple(one for one in medicines if one.key not in known)


def refused(medicine: MedicineToGo, reply: Reply) -> str:
    """Why this cannot be the answer; empty where it can.

    A benzodiazepine that is being given is not stopped by a list: its order is stopped by name, with the findings that
    belong to it (JCG-2), and then stands here no more.
    """
    if reply.decided is Decided.STOP and medicine.is_benzodiazepine and medicine.origin is not Origin.CAME:
        return f"{medicine.words} is not stopped here: stop the order or end the taper by name, or say what it becomes."
    if reply.decided is Decided.STOP and not reply.words.strip():
        return f"{medicine.words}: say why it is stopped."
    if reply.decided is Decided.CHANGE and not reply.words.strip():
        return f"{medicine.words}: say what it is changed to."
    return ""


def check_gone_through(medicines: Sequence[MedicineToGo], replies: Mapping[str, Reply]) -> tuple[Finding, ...]:
    """DIS-6: a hard stop that names what is not answered. It takes no override: to answer takes no longer."""
    still_open = unanswered(medicines, replies)
    if not still_open:
        return ()
    names = "; ".join(one.words for one in still_open)
    return (
        Finding(
            code=CODE,
            severity=Severity.HARD_STOP,
            message=f"Nobody has decided about {names}.",
            do="Go through the medicines: each one goes on, is changed, or is stopped, by name.",
            source=OURS,
            strength="n/g",
            overridable=False,
        ),
    )
