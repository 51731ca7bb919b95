"""Short ways for the tests of this room: a medicine as it was told, and answers to questions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from glidepath.care.assessment import services
from glidepath.care.assessment.models import Beginning, BenzodiazepineUse, Source
from tests.cast import episode_of

LORAZEPAM: dict[str, Any] = {
    "medicine_name": "lorazepam", "source": Source.PRESCRIBED, "beginning": Beginning.LONG_TERM,
    "regimen": "lorazepam 1 mg 08:00 20:00", "days_per_week": 7, "months": Decimal(72),
}  # fmt: skip


def use(**changed: Any) -> services.ReportedUse:
    return services.ReportedUse(**(LORAZEPAM | changed))


def record(person, by, told=None, **more: Any) -> BenzodiazepineUse:
    return services.record_use(person=person, episode=episode_of(person), use=told or use(), by=by, **more)


def answer(person, by, once: str = "", **answers: str):
    return services.record_facts(person=person, answers=answers, by=by, once=once)
