"""One set of vital signs with sedation, as it was measured. An empty value was not measured."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Mind(StrEnum):
    """Consciousness as NEWS2 asks for it (ACVPU)."""

    ALERT = "A"
    CONFUSION = "C"  # new confusion
    VOICE = "V"
    PAIN = "P"
    UNRESPONSIVE = "U"


@dataclass(frozen=True, slots=True)
class Vitals:
    """rr: breaths a minute. spo2: percent. sbp, dbp: mmHg. pulse: a minute. temp_c: degrees Celsius. rass: -5 to +4.

    spo2_scale: 2 only where a prescriber set the 88-92 % target. `asleep`: breathing and movement only were looked at;
    consciousness and RASS cannot be, and the set has no NEWS2 total.
    """

    rr: int | None = None
    spo2: int | None = None
    spo2_scale: int = 1
    on_oxygen: bool | None = None
    sbp: int | None = None
    dbp: int | None = None
    pulse: int | None = None
    temp_c: Decimal | None = None
    mind: Mind | None = None
    rass: int | None = None
    asleep: bool = False

    def __post_init__(self) -> None:
        if self.spo2_scale not in (1, 2):
            raise ValueError(f"the oxygen saturation scale is 1 or 2, not {self.spo2_scale}")
        if self.asleep and (self.mind is not None or self.rass is not None):
            raise ValueError("consciousness and RASS cannot be looked at in somebody asleep: record an awake set")
