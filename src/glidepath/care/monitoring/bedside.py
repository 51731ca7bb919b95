"""What a nurse brings from the bedside, before it is a row: values or nothing, and what cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from glidepath.care.monitoring.models import Observation
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.monitoring.also_seen import AlsoSeen
from glidepath.record.errors import BadInput

State = Observation.State
Mind = Observation.Mind

RASS_RANGE = range(-5, 5)  # the scale's own ends
# Our field, the parameter of the early-warning chart whose meaningful range it shares, and its name on the page.
MEASURED: Mapping[str, tuple[str, str, str]] = {
    "rr": ("rr", "Breaths", "a minute"),
    "spo2": ("spo2", "SpO₂", "%"),
    "sbp": ("sbp", "Systolic", "mmHg"),
    "dbp": ("sbp", "Diastolic", "mmHg"),
    "pulse": ("pulse", "Pulse", "a minute"),
    "temperature": ("temp_c", "Temperature", "°C"),
}
ASLEEP_LEAVES_OUT = ("mind", "rass")


@dataclass(frozen=True, slots=True)
class Bedside:
    """One look at a person. None (or "") = not measured, which is never zero and never normal."""

    state: Observation.State
    rr: int | None = None
    spo2: int | None = None
    on_oxygen: bool | None = None
    sbp: int | None = None
    dbp: int | None = None
    pulse: int | None = None
    temperature: Decimal | None = None  # degrees Celsius, to one decimal
    mind: Observation.Mind | None = None
    rass: int | None = None
    breathing: Observation.Breathing | None = None  # asleep
    colour: Observation.Colour | None = None  # asleep
    position: Observation.Position | None = None  # asleep
    also_seen: tuple[AlsoSeen, ...] = ()  # awake; what is not in it nobody said

    @property
    def is_empty(self) -> bool:
        return all(
            getattr(self, f.name) in (None, "", ()) for f in fields(self) if f.name not in ("state", "on_oxygen")
        )

    @property
    def doubts(self) -> tuple[str, ...]:
        """What was seen of somebody asleep that is not as it should be, in words: each asks to wake."""
        if self.state != State.ASLEEP:
            return ()
        well = {
            "breathing": Observation.Breathing.EASY,
            "colour": Observation.Colour.USUAL,
            "position": Observation.Position.SAFE,
        }
        seen = {name: getattr(self, name) for name in well}
        return tuple(str(seen[name].label) for name, good in well.items() if seen[name] not in (None, "", good))

    def problems(self) -> dict[str, str]:
        """What cannot be, by field, in words for the person at the screen. Empty when it can."""
        found = {name: said for name in MEASURED if (said := _beyond(name, getattr(self, name)))}
        found |= self._about_pressure() | self._about_state()
        if self.temperature is not None and self.temperature != round(self.temperature, 1):
            found["temperature"] = f"Temperature {self.temperature}: give it to one decimal, such as 37.4."
        if self.rass is not None and self.rass not in RASS_RANGE:
            found["rass"] = f"RASS {self.rass}: it runs from {RASS_RANGE[0]} to +{RASS_RANGE[-1]}."
        return found

    def check(self) -> None:
        """Raises BadInput with the first thing that cannot be."""
        for field, message in self.problems().items():
            raise BadInput(message, field=field)

    def _about_pressure(self) -> dict[str, str]:
        if self.dbp is None:
            return {}
        if self.sbp is None:
            return {"sbp": "A diastolic pressure stands beside its systolic: give both, or neither."}
        if self.dbp >= self.sbp:
            return {"dbp": f"Diastolic {self.dbp} is not below systolic {self.sbp}. Check which is which."}
        return {}

    def _about_state(self) -> dict[str, str]:
        if self.state == State.ABSENT:
            return {} if self.is_empty else {"state": "Not in bed, and yet something was measured. Choose one."}
        if self.state == State.ASLEEP and any(getattr(self, name) is not None for name in ASLEEP_LEAVES_OUT):
            return {"state": "Asleep has no RASS and no mind. If the person was woken, choose Awake."}
        if self.state == State.ASLEEP and self.also_seen:
            said = ", ".join(sign.words for sign in self.also_seen)
            return {"state": f"Asleep, and yet also seen: {said}. If the person was woken, choose Awake."}
        if self.state == State.HARD_TO_ROUSE and (
            self.mind == Mind.ALERT or (self.rass is not None and self.rass >= 0)
        ):
            return {"state": "Hard to rouse, and yet alert. Choose Awake, or what you saw."}
        if self.state != State.HARD_TO_ROUSE and self.is_empty:
            return {"state": "Nothing was measured. Take at least one value, say Not in bed, or skip and come back."}
        return {}


def meaningful(name: str) -> tuple[Decimal, Decimal]:
    """The smallest and the largest value that can be meant: against slips of the finger, no clinical cut-off."""
    parameter = instrument("news2").parameter(MEASURED[name][0], scale=1)
    if parameter.low is None or parameter.high is None:
        raise LookupError(f"the facts give no meaningful range for {name}")
    # A diastolic may lie below what a systolic can; it is held below its systolic instead.
    return (Decimal(1) if name == "dbp" else parameter.low), parameter.high


def _beyond(name: str, value: int | Decimal | None) -> str:
    if value is None:
        return ""
    low, high = meaningful(name)
    if low <= value <= high:
        return ""
    _, label, unit = MEASURED[name]
    return f"{label} {value} {unit} cannot be meant: {low} to {high}. Look at the figure again."
