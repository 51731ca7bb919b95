"""NEWS2, the National Early Warning Score 2, with both oxygen saturation scales.

A parameter that was not measured gives no total; the parts that were measured are still shown, and a part that scores
3 alone counts. Bands and parameter scores are facts. Reproduced with acknowledgement: Royal College of Physicians,
National Early Warning Score (NEWS) 2, London 2017.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from glidepath.clinical.facts.instruments import Instrument, Parameter
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.monitoring.vitals import Vitals

KEY = "news2"
ALONE = 3  # the most one parameter can score; one of it alone calls for urgent review

# The parameters of the chart, by the name a set of vital signs gives them.
MEASURED = {"rr": "rr", "spo2": "spo2", "sbp": "sbp", "pulse": "pulse", "temp_c": "temp_c"}
OXYGEN, MIND = "on_oxygen", "mind"


class BadVital(ValueError):
    """A value nobody can have: which parameter, what was given, what is possible."""


@dataclass(frozen=True, slots=True)
class News2:
    """total: None unless all parameters were measured. parts: score by parameter, for those that were.

    band: key of the aggregate band. single_three: labels of parameters that score 3. missing: names not measured.
    """

    total: int | None
    parts: Mapping[str, int]
    band: str | None
    single_three: tuple[str, ...]
    missing: tuple[str, ...]
    version: str


def news2(vitals: Vitals) -> News2:
    """The score of one set. Raises BadVital naming a value outside what can be measured."""
    chart = instrument(KEY)
    scored = {name: _scored(chart, name, vitals) for name in (*MEASURED, OXYGEN, MIND)}
    parts = {name: score for name, score in scored.items() if score is not None}
    missing = tuple(name for name, score in scored.items() if score is None)
    total = None if missing else sum(parts.values())
    return News2(
        total=total,
        parts=parts,
        band=None if total is None else chart.band(total).key,
        single_three=tuple(_parameter(chart, name, vitals).label for name, score in parts.items() if score == ALONE),
        missing=missing,
        version=chart.version,
    )


def problem_with(name: str, value: Decimal | int, *, scale: int = 1) -> str | None:
    """Why a measured value cannot be, or None: for a form, before a set is made of it."""
    parameter = instrument(KEY).parameter(MEASURED[name], scale=scale if name == "spo2" else None)
    low, high = parameter.low, parameter.high
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    return f"{parameter.label} {value} cannot be: write {low} to {high} {parameter.unit or ''}".rstrip()


def _scored(chart: Instrument, name: str, vitals: Vitals) -> int | None:
    parameter = _parameter(chart, name, vitals)
    if name == OXYGEN:
        return None if vitals.on_oxygen is None else parameter.choices["oxygen" if vitals.on_oxygen else "air"]
    if name == MIND:
        return None if vitals.mind is None else parameter.choices[vitals.mind.value]
    value = getattr(vitals, name)
    return None if value is None else _in_range(parameter, name, Decimal(value), vitals)


def _in_range(parameter: Parameter, name: str, value: Decimal, vitals: Vitals) -> int | None:
    """The score of a measured value; None where it depends on oxygen and nobody recorded whether it is given."""
    problem = problem_with(name, value, scale=vitals.spo2_scale)
    if problem:
        raise BadVital(problem)
    fitting = [
        one
        for one in parameter.ranges
        if one.holds(value) and (one.oxygen is None or vitals.on_oxygen is None or one.oxygen is vitals.on_oxygen)
    ]
    scores = {one.score for one in fitting}
    return scores.pop() if len(scores) == 1 else None


def _parameter(chart: Instrument, name: str, vitals: Vitals) -> Parameter:
    return chart.parameter(MEASURED.get(name, name), scale=vitals.spo2_scale if name == "spo2" else None)
