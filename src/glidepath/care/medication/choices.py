"""The coded answers of the round: one tap each. The reason says the outcome, so that nobody is asked twice."""

from __future__ import annotations

from collections.abc import Mapping

from glidepath.care.medication.models import DoseAnswer
from glidepath.care.monitoring.bedside import RASS_RANGE
from glidepath.clinical.instruments import rass as scale
from glidepath.clinical.monitoring.sedation import signed

Outcome, Reason = DoseAnswer.Outcome, DoseAnswer.Reason

OUTCOME_OF: Mapping[str, str] = {
    Reason.TOO_DROWSY: Outcome.DECLINED,
    Reason.TALK_FIRST: Outcome.DECLINED,
    Reason.FEELS_SICK: Outcome.DECLINED,
    Reason.OTHER: Outcome.DECLINED,
    Reason.ASLEEP: Outcome.UNABLE,
    Reason.OFF_UNIT: Outcome.UNABLE,
    Reason.VOMITED: Outcome.UNABLE,
    Reason.NOT_AVAILABLE: Outcome.UNABLE,
    Reason.SEDATION: Outcome.HELD,
    Reason.PRESCRIBER: Outcome.HELD,
    Reason.ORDER_LIMIT: Outcome.HELD,
    Reason.NOT_RECORDED: Outcome.MISSED,
    Reason.BROUGHT_BACK: Outcome.MISSED,
    Reason.ON_LEAVE: Outcome.ELSEWHERE,
    Reason.BY_OTHERS: Outcome.ELSEWHERE,
}


def _said(*outcomes: str) -> tuple[tuple[str, str], ...]:
    return tuple((reason, Reason(reason).label) for reason, outcome in OUTCOME_OF.items() if outcome in outcomes)


DECLINED = _said(Outcome.DECLINED, Outcome.UNABLE)
HELD = _said(Outcome.HELD)
MISSED = ((Reason.NOT_RECORDED.value, Reason.NOT_RECORDED.label),)  # the other is what counting back says
ELSEWHERE = ((Reason.BY_OTHERS.value, Reason.BY_OTHERS.label),)


def rass() -> tuple[tuple[int, str, str], ...]:
    """Value, figure and word of each step of the scale, the most agitated first."""
    return tuple((value, signed(value), scale.words(value)) for value in reversed(RASS_RANGE))
