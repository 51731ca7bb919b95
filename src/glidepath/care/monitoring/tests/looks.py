"""Looks at a person for the tests: a whole quiet set, and changes to it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import uuid4

from glidepath.care.monitoring import services
from glidepath.care.monitoring.bedside import Bedside, Mind, State
from glidepath.care.monitoring.models import Observation
from glidepath.clinical.monitoring.observation_plan import Intervals
from glidepath.clinical.monitoring.scale_choice import Scale
from glidepath.record import clock
from tests.cast import proof

# The first worked NEWS2 example of the guideline notes, less its pulse: RR 18, SpO2 97 on air, 128, 76, alert, 37.2.
QUIET: dict[str, Any] = {
    "rr": 18, "spo2": 97, "on_oxygen": False, "sbp": 128, "dbp": 82, "pulse": 76, "temperature": Decimal("37.2"),
    "mind": Mind.ALERT, "rass": 0,
}  # fmt: skip


def awake(**changed: Any) -> Bedside:
    return Bedside(State.AWAKE, **(QUIET | changed))


def only(**given: Any) -> Bedside:
    """A partial set: what is named was measured, nothing else."""
    return Bedside(State.AWAKE, **given)


def asleep(rr: int | None = 14, breathing: Any = Observation.Breathing.EASY, **given: Any) -> Bedside:
    """All well but for what is named."""
    seen = {"colour": Observation.Colour.USUAL, "position": Observation.Position.SAFE} | given
    return Bedside(State.ASLEEP, rr=rr, breathing=breathing, **seen)


def seen(person, by, bedside=None, **given):
    """Recorded now (or at `happened_at`), with a key of its own."""
    return services.record_observation(
        person=person, bedside=bedside or awake(), by=by, once=given.pop("once", uuid4().hex), **given
    )


def planned(person, by, awake=12, asleep=12, *, days=7, **scales):
    """A signed observation plan; `ciwa_b=12` and the like, CIWA-B twice daily unless something is named."""
    hours = {Scale(key): value for key, value in (scales or {"ciwa_b": 12}).items()}
    return services.set_observation_plan(
        person=person,
        intervals=Intervals(awake, asleep, hours),
        until=clock.now() + dt.timedelta(days=days),
        reason="settled, sleeps well",
        by=by,
        proof=proof(by),
        once=uuid4().hex,
        knows_looser=True,
    )


def scored(person, by, items, *, oriented=True, **given):
    return services.record_ciwa_b(
        person=person, items=items, oriented=oriented, by=by, once=given.pop("once", uuid4().hex), **given
    )


def ciwa(each: int | None = 1, **items: int | None) -> list[int | None]:
    """20 items of `each`, the two of sleep unanswered; `c7=2` changes item 7."""
    answers: list[int | None] = [each] * 20 + [None, None]
    for name, value in items.items():
        answers[int(name[1:]) - 1] = value
    return answers
