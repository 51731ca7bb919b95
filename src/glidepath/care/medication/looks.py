"""The look before a dose: what was just seen, and what was measured lately enough to count.

What is given with the dose counts as of now. Beside it stands the newest value of each sign from the last hour, of a
person who was awake: one taken asleep, or an older one, is not known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.medication.models import DoseAnswer
from glidepath.care.monitoring.bedside import RASS_RANGE, meaningful
from glidepath.care.monitoring.models import Observation
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.monitoring.also_seen import AlsoSeen
from glidepath.clinical.monitoring.centre_times import fresh_for
from glidepath.clinical.monitoring.hold_rules import Held, HoldRule, Reading, Sign, held_by
from glidepath.clinical.monitoring.sedation import signed
from glidepath.record.errors import BadInput


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at the bedside with this dose. breathing: breaths a minute. None: not looked at."""

    rass: int | None = None
    breathing: int | None = None


Readings = Mapping[Sign, Reading]


def readings(observations: Sequence[Observation], answers: Sequence[DoseAnswer]) -> dict[Sign, Reading]:
    """The newest value of each sign of one person, from what was observed and from looks before a dose."""
    seen: list[tuple[Sign, int | None, dt.datetime]] = []
    for one in observations:
        seen += [(sign, getattr(one, sign.value), one.happened_at) for sign in Sign]
    for answer in answers:
        seen += [
            (Sign.RASS, answer.rass, answer.happened_at),
            (Sign.BREATHING, answer.breathing, answer.happened_at),
        ]
    found: dict[Sign, Reading] = {}
    for sign, value, at in seen:
        if value is not None and (sign not in found or found[sign].at <= at):
            found[sign] = Reading(value, at)
    return found


def with_look(known: Readings, look: Look, at: dt.datetime) -> dict[Sign, Reading]:
    """`known`, and over it what was seen just now."""
    now = {Sign.RASS: look.rass, Sign.BREATHING: look.breathing}
    return {**known, **{sign: Reading(value, at) for sign, value in now.items() if value is not None}}


def refuse_no_look(look: Look, known: Readings, at: dt.datetime, limits: ClinicalSettings) -> None:
    """Before a sedative somebody looks: RASS now, and breathing now or within the centre's minutes. Raises BadInput."""
    if look.rass is None:
        raise BadInput("Look first: RASS before a sedative.", field="rass")
    refuse_nonsense(look)
    lately = fresh_for(limits)
    reading = known.get(Sign.BREATHING)
    if look.breathing is None and not (reading is not None and at - lately <= reading.at <= at):
        minutes = limits.fresh_look_minutes
        said = "hour" if minutes == 60 else f"{minutes} minutes"
        raise BadInput(f"Count the breaths first: breathing was not counted in the last {said}.", field="breathing")


def refuse_nonsense(look: Look) -> None:
    """Raises BadInput for a value that cannot be meant."""
    if look.rass is not None and look.rass not in RASS_RANGE:
        raise BadInput(f"RASS {look.rass}: it runs from {RASS_RANGE[0]} to +{RASS_RANGE[-1]}.", field="rass")
    low, high = meaningful("rr")
    if look.breathing is not None and not low <= look.breathing <= high:
        raise BadInput(
            f"Breaths {look.breathing} a minute cannot be meant: {low} to {high}. Look again.", field="breathing"
        )


def too_sedated(look: Look, words: str, limits: ClinicalSettings) -> bool:
    """Whether the look forbids every sedative (INP-12). At the RASS at which the next dose is held back (INP-13)
    BadInput asks why it is given. limits: the centre's."""
    assert look.rass is not None
    if look.rass <= limits.hold_rass_at_most:
        return True
    if look.breathing is not None and look.breathing < limits.hold_rr_below:
        return True
    if look.rass <= limits.review_rass and not words.strip():
        raise BadInput(
            f"RASS {signed(look.rass)}: hold this dose and ask the prescriber to look at the conversion, or say why "
            "it is given.",
            field="words",
        )
    return False


def refuse_unsteady(newest: Observation | None, words: str, at: dt.datetime, zone: dt.tzinfo) -> None:
    """INP-13: after a dose somebody was slurred or unsteady, at the newest look awake: the next one is held back, or
    BadInput asks why it is given."""
    if newest is None or not newest.unsteady or newest.happened_at > at or words.strip():
        return
    raise BadInput(
        f"{_capital(AlsoSeen.UNSTEADY.words)}, seen {newest.happened_at.astimezone(zone):%H:%M} (INP-13): hold this "
        "dose and ask the prescriber to look at the conversion, or say why it is given.",
        field="words",
    )


def limits_held(
    rules: Sequence[HoldRule], known: Readings, look: Look, at: dt.datetime, limits: ClinicalSettings
) -> tuple[Held, ...]:
    """Which hold rules of the order do not let the dose pass at `at`."""
    return held_by(rules, with_look(known, look, at), at=at, fresh_for=fresh_for(limits))


def refuse_unknown(held: Sequence[Held]) -> None:
    """Raises BadInput for a limit of the order whose sign nobody measured lately: it is measured first."""
    unknown = [one for one in held if one.is_unknown]
    if unknown:
        field = {Sign.RASS: "rass", Sign.BREATHING: "breathing"}.get(unknown[0].rule.sign, "")
        raise BadInput(f"{_capital('; '.join(one.words for one in unknown))}. Measure it first.", field=field)


def found(held: Sequence[Held]) -> str:
    """What a held dose is recorded with: each limit with its value."""
    return _capital("; ".join(one.words for one in held))[:300]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
