"""What the answers to an instrument call for at once: in the moment of the answer, whole form or not."""

from __future__ import annotations

from decimal import Decimal

from glidepath.clinical.facts.instrument_rules import Alert
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.instruments.conditions import Reading, holds
from glidepath.clinical.instruments.score import About

OUR_STRENGTH = "OP"


def alerts_of(reading: Reading, about: About) -> tuple[Finding, ...]:
    """Every alert that the answers given so far raise."""
    return tuple(_finding(alert, reading) for alert in reading.instrument.alerts if _raised(alert, reading, about))


def _raised(alert: Alert, reading: Reading, about: About) -> bool:
    if alert.own_limit:
        return any(_over_own_limit(key, reading, about) for key in alert.own_limit)
    if not alert.test.conditions:
        return reading.observed_only  # the question before the scale was answered No
    return holds(alert.test, reading) is True


def _over_own_limit(key: str, reading: Reading, about: About) -> bool:
    limit, answer = about.own_limits.get(key), reading.answers.get(key)
    return limit is not None and answer is not None and not isinstance(answer, str) and Decimal(answer) >= limit


def _finding(alert: Alert, reading: Reading) -> Finding:
    if alert.rule is not None:
        return rule(alert.rule).finding(message=alert.message, do=alert.do)
    source = f"{reading.instrument.name}; what to do is our reading"
    return Finding(alert.code, Severity.WARNING, alert.message, alert.do, source, OUR_STRENGTH)
