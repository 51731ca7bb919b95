"""Answers and scores as they lie in rows, and back as the core's values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from glidepath.clinical.facts.instruments import Item, Kind
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.instruments.score import About, Answer, FlagState, Score

YES_NO = {"yes": True, "no": False}
NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,6})?")


def written(answer: Answer) -> str:
    """An answer as its row keeps it: empty for none."""
    return "" if answer is None else str(answer)


def read_answer(item: Item, text: str | None) -> Answer:
    """What was sent or kept for an item, as the core takes it. What cannot be a number stays text, which the core
    refuses with what is allowed.
    """
    if text is None or not text.strip():
        return None
    if item.kind in (Kind.TEXT, Kind.CLOCK, Kind.DATE):
        return text.strip()
    return _number(text.strip())


def _number(text: str) -> Answer:
    """A plain number. Nothing like 1e999999999, which would take for ever to write out."""
    if not NUMBER.fullmatch(text):
        return text
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


def plain_about(about: About) -> dict[str, Any]:
    limits = {key: str(value) for key, value in about.own_limits.items()}
    found = {"sex": about.sex, "age": str(about.age) if about.age is not None else None, "own_limits": limits or None}
    return {key: value for key, value in found.items() if value is not None}


def about_of(kept: Mapping[str, Any]) -> About:
    age = kept.get("age")
    limits = {key: Decimal(value) for key, value in kept.get("own_limits", {}).items()}
    return About(kept.get("sex"), Decimal(age) if age is not None else None, limits)


def plain_finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "do": finding.do,
        "source": finding.source,
        "strength": finding.strength,
        "overridable": finding.overridable,
    }


def finding_of(kept: Mapping[str, Any]) -> Finding:
    return Finding(**{**kept, "severity": Severity(kept["severity"])})


def plain_score(score: Score) -> dict[str, Any]:
    """The whole score, so that it reads the same whatever the facts say later."""
    return {
        "instrument": score.instrument,
        "version": score.version,
        "total": score.total,
        "band": score.band,
        "band_label": score.band_label,
        "answered": score.answered,
        "items": score.items,
        "subtotal": score.subtotal,
        "label": score.label,
        "complete": score.complete,
        "language": score.language,
        "wording_source": score.wording_source,
        "prorated": score.prorated,
        "alerts": [plain_finding(one) for one in score.alerts],
        "subscales": None if score.subscales is None else dict(score.subscales),
        "flags": [{"key": one.key, "label": one.label, "holds": one.holds} for one in score.flags],
        "notes": list(score.notes),
    }


def score_of(kept: Mapping[str, Any]) -> Score:
    rest = {key: value for key, value in kept.items() if key not in ("alerts", "flags", "notes")}
    return Score(
        **rest,
        alerts=tuple(finding_of(one) for one in kept["alerts"]),
        flags=tuple(FlagState(**one) for one in kept["flags"]),
        notes=tuple(kept["notes"]),
    )
