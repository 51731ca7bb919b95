"""RASS: how sedated or agitated somebody is, as one observed value from -5 to +4. Nothing is added up.

Origin: Sessler and others, Am J Respir Crit Care Med 2002;166:1338-1344.
"""

from __future__ import annotations

from glidepath.clinical.facts.load import instrument
from glidepath.clinical.instruments import scoring
from glidepath.clinical.instruments.score import Score

KEY = "rass"


def score(value: int | None) -> Score:
    """The observed value with its words. Raises BadAnswer for a value outside -5 to +4."""
    return scoring.score(instrument(KEY), [value])


def words(value: int) -> str:
    """What a value means: "alert and calm". Raises BadAnswer."""
    band = score(value).band
    return band or ""
