"""The newest value of each scale with a line of those before it, for the chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from glidepath.care.monitoring import queries as monitoring
from glidepath.clinical.facts.load import instrument
from glidepath.drawing.spark import spark

BACK = 15
SINCE = dt.timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Latest:
    """One row: the scale, its last value in words, its line, and when."""

    name: str
    value: str
    words: str
    line: SafeString
    at: dt.datetime | None


def latest_scores(seen: monitoring.Series) -> tuple[Latest, ...]:
    """Of the last three weeks (`SINCE`)."""
    ciwa = [(one.happened_at, one.total) for one in seen.ciwa_b if one.total is not None]
    news = [(one.happened_at, one.news2) for one in seen.observations if one.news2 is not None]
    rass = [(one.happened_at, one.rass) for one in seen.observations if one.rass is not None]
    sleep = [(one.recorded_at, round(one.minutes / 60, 1)) for one in seen.sleep]
    mild = next(band for band in instrument("ciwa_b").bands if band.key == "mild")
    low = instrument("news2").bands[0]
    return (
        _row("CIWA-B", ciwa, _band("ciwa_b", ciwa), (0, float(mild.high or 0))),
        _row("NEWS2", news, _band("news2", news), (0, float(low.high or 0))),
        _row("RASS", rass, "", (-1, 1)),
        _row("Sleep, hours", sleep, "", None),
    )


def _band(key: str, values: Sequence[tuple[dt.datetime, float]]) -> str:
    return instrument(key).band(int(values[-1][1])).label if values else ""


def _row(
    name: str, values: Sequence[tuple[dt.datetime, float]], words: str, usual: tuple[float, float] | None
) -> Latest:
    if not values:
        return Latest(name, "", "", mark_safe(""), None)
    recent = [float(value) for _, value in values[-BACK:]]
    sentence = f"{name}, last {len(recent)}: between {min(recent):g} and {max(recent):g}, now {recent[-1]:g}"
    line = mark_safe(spark(recent, usual=usual, sentence=sentence))
    return Latest(name, f"{recent[-1]:g}", words, line, values[-1][0])
