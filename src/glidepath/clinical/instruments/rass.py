"""RASS: how sedated or agitated somebody is, as one observed value from -5 to +4. Nothing is added up.

Origin: Sessler and others, Am J Respir Crit Care Med 2002;166:1338-1344.
"""

from __future__ import annotations

from glidepath.clinical.facts.load import instrument
from glidepath.clinical.instruments.score import BadAnswer, Score, problem_with

KEY = "rass"


def score(value: int | None) -> Score:
    """The observed value with its words. Raises BadAnswer for a value outside -5 to +4."""
    scale = instrument(KEY)
    item = scale.items[0]
    problem = problem_with(item, value)
    if problem:
        raise BadAnswer(scale, item, problem)
    seen = value is not None
    return Score(
        instrument=scale.key,
        version=scale.version,
        total=value,
        band=None if value is None else item.anchors[value],
        answered=int(seen),
        items=1,
        subtotal=value or 0,
        label="complete" if seen else "partial 0 of 1",
    )


def words(value: int) -> str:
    """What a value means: "alert and calm". Raises BadAnswer."""
    band = score(value).band
    return band or ""
