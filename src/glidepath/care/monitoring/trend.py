"""The scores and values of one person as drawings: bands of their instruments, ranges of their laboratory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from glidepath.care.monitoring import queries
from glidepath.care.monitoring.models import CiwaB, Measurement, Observation, ScaleScore
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.instruments.scoring import NOBODY, band_sets_for
from glidepath.clinical.monitoring.scale_choice import NAMES, Scale
from glidepath.drawing import scores, values
from glidepath.drawing.scores import Band, Mark
from glidepath.record.people.models import Person

FROM_ZERO = (Measurement.Kind.FLUID_IN, Measurement.Kind.FLUID_OUT)


def news2_marks(observations: Sequence[Observation]) -> tuple[Mark, ...]:
    """Awake sets only: asleep has no NEWS2."""
    awake = [row for row in observations if row.state != Observation.State.ASLEEP]
    return tuple(Mark(row.happened_at, row.news2) for row in awake)


def ciwa_b_marks(scores: Sequence[CiwaB]) -> tuple[Mark, ...]:
    return tuple(Mark(row.happened_at, row.total) for row in scores)


def bands(key: str) -> tuple[Band, ...]:
    """The bands of an instrument that hold more than a zero, with an end to each."""
    known = instrument(key)
    top = known.total_high
    if top is None:
        raise LookupError(f"{known.name} has no highest total in the facts")
    published = known.bands or band_sets_for(known, NOBODY, None)[0].bands
    return tuple(Band(b.label, b.low, top if b.high is None else b.high) for b in published if b.high != 0)


@dataclass(frozen=True, slots=True)
class Track:
    """One drawing on the shared time axis; `svg` is empty where nothing was written in these days. The marks are ours
    and their words are escaped where they are drawn."""

    name: str
    svg: SafeString


@dataclass(frozen=True, slots=True)
class Window:
    """The days a page shows, for one person."""

    person: Person
    since: dt.datetime
    until: dt.datetime

    def of_scores(self, name: str, marks: Sequence[Mark], within: Sequence[Band]) -> Track:
        zone = self.person.centre.zone
        drawn = scores.drawing(name, marks, within, since=self.since, until=self.until, zone=zone)
        return Track(name, mark_safe(drawn))

    def of_values(self, name: str, unit: str, readings: Sequence[values.Reading], *, from_zero: bool = False) -> Track:
        zone = self.person.centre.zone
        inside = [one for one in readings if self.since <= one.at < self.until]
        drawn = values.drawing(name, unit, inside, since=self.since, until=self.until, zone=zone, from_zero=from_zero)
        return Track(f"{name}, {unit}", mark_safe(drawn))


def tracks(person: Person, since: dt.datetime, until: dt.datetime) -> tuple[Track, ...]:
    """NEWS2, the withdrawal scales by version, sleep, then every value by name and unit."""
    window, end = Window(person, since, until), until + dt.timedelta(seconds=1)
    seen = queries.series(person, since, end)
    found = [window.of_scores("NEWS2", news2_marks(seen.observations), bands("news2"))]
    found += _of_scale(window, Scale.CIWA_B, seen.ciwa_b)
    for scale in (Scale.CIWA_AR, Scale.COWS):
        rows = queries.scale_series(person, scale, since, end)
        found += _of_scale(window, scale, rows) if rows else ()
    zone = person.centre.zone
    mornings = [
        (dt.datetime.combine(one.night_of, dt.time(), tzinfo=zone), round(one.minutes / 60, 1)) for one in seen.sleep
    ]
    slept = [values.Reading(at, hours) for at, hours in mornings]
    found.append(window.of_values("Sleep", "hours", slept, from_zero=True))
    for (name, unit), measured in queries.measurements(person, since, end).items():
        zero = measured[0].kind in FROM_ZERO
        found.append(
            window.of_values(name[:1].upper() + name[1:], unit, [_reading(row) for row in measured], from_zero=zero)
        )
    return tuple(found)


def _of_scale(window: Window, scale: Scale, rows: Iterable[CiwaB | ScaleScore]) -> Iterator[Track]:
    """One line a version: unlike versions never share one, and only the version in use has our bands behind it."""
    by_version: dict[str, list[CiwaB | ScaleScore]] = {}
    for row in rows:
        by_version.setdefault(row.instrument_version, []).append(row)
    now = instrument(scale).version
    for version, of_it in by_version.items() or {now: []}.items():
        name = NAMES[scale] if version == now else f"{NAMES[scale]}, version {version}"
        marks = [Mark(row.happened_at, row.total) for row in of_it]
        yield window.of_scores(name, marks, bands(scale) if version == now else ())


def _reading(row: Measurement) -> values.Reading:
    return values.Reading(
        row.happened_at,
        float(row.value or 0),
        None if row.low is None else float(row.low),
        None if row.high is None else float(row.high),
        row.sign,
    )
