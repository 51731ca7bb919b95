"""How the scores of one instrument went: a drawing, what changed, and how much of a change its publication calls much.

One trend is of one version in one language with one set of bands: unlike ones are never joined or compared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.safestring import SafeString, mark_safe

from glidepath.care.instruments.catalogue import instrument_of
from glidepath.care.instruments.kept import about_of
from glidepath.care.instruments.queries import Result, results
from glidepath.clinical.amounts import rounded
from glidepath.clinical.facts.instrument_rules import Band as FactBand, BandSet
from glidepath.clinical.facts.instruments import Instrument
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.instruments.scoring import band_sets_for
from glidepath.drawing.scores import Band, Mark, drawing
from glidepath.record.people.models import Person

UNITS = {"points": " points", "percent": " %"}
FOUND_IN = {"not told": "in whom it was found is not told"}
MARGIN = dt.timedelta(days=1)  # before the first and after the last score of a drawing


@dataclass(frozen=True, slots=True)
class Trend:
    """The finished forms of one instrument that may stand on one line, the oldest first; partial ones too."""

    instrument: Instrument
    results: tuple[Result, ...]
    drawing: SafeString  # empty where it has no total
    bands: BandSet | None  # behind the line; None where nobody knows whose they would be, or none are published

    @property
    def whole(self) -> tuple[Result, ...]:
        return tuple(one for one in self.results if one.score.total is not None)

    @property
    def title(self) -> str:
        return self.instrument.name

    @property
    def which(self) -> str:
        return f"version {self.instrument.version}"

    @property
    def last(self) -> Result:
        return self.results[-1]

    @property
    def change(self) -> str:
        """From the first total to the last, in points and percent; nothing of a single one."""
        if len(self.whole) < 2:
            return ""
        first, last = self.whole[0].score.total or 0, self.whole[-1].score.total or 0
        by = last - first
        share = f", {_signed(rounded(Fraction(by * 100, first), 0))} %" if first else ""
        return f"From {first} to {last}: {_signed(by)} points{share}."

    @property
    def matters(self) -> tuple[str, ...]:
        """How large a change is large, as published, with whom it was found in; what nobody verified is left out."""
        return tuple(
            f"{one.value.normalize():f}{UNITS[one.unit]}: {one.words} ({FOUND_IN.get(one.population, one.population)})."
            for one in self.instrument.changes
            if one.seen is not Seen.UNVERIFIED
        )


def trends(person: Person, *, drawn: bool = True) -> tuple[Trend, ...]:
    """Every instrument this person filled in, the latest filled first. The same queries for one form and a hundred.

    drawn: whether each comes with its own drawing.
    """
    groups: dict[tuple[str, ...], list[Result]] = {}
    for one in results([person]).get(person.pk, ()):
        groups.setdefault(_line_of(one), []).append(one)
    newest_first = sorted(groups.values(), key=lambda rows: rows[-1].at, reverse=True)
    return tuple(_trend(person, rows, drawn) for rows in newest_first)


def _line_of(one: Result) -> tuple[str, ...]:
    """What must be alike on one line. A definition of the centre's own counts by its version, as others do."""
    return one.instrument, one.version, one.form.language, one.form.band_set


def _trend(person: Person, rows: Sequence[Result], drawn: bool) -> Trend:
    newest = rows[-1]
    instrument = instrument_of(newest.form)
    sets = band_sets_for(instrument, about_of(newest.form.about), newest.form.band_set or None)
    known = sets[0] if len(sets) == 1 else None
    bands = _bands(instrument, known.bands) if known else ()
    drawing_of = _drawn(person, instrument, rows, bands) if drawn else SafeString("")
    return Trend(instrument, tuple(rows), drawing_of, known)


def _bands(instrument: Instrument, bands: Iterable[FactBand]) -> tuple[Band, ...]:
    ends = ((one, instrument.total_high if one.high is None else one.high) for one in bands)
    return tuple(Band(one.label, one.low, high) for one, high in ends if high is not None)


def _drawn(person: Person, instrument: Instrument, rows: Sequence[Result], bands: Sequence[Band]) -> SafeString:
    if instrument.total_high is None:
        return SafeString("")
    return mark_safe(  # numbers, and names that the drawing escapes
        drawing(
            instrument.name,
            [Mark(one.at, one.score.total) for one in rows],
            bands,
            since=rows[0].at - MARGIN,
            until=rows[-1].at + MARGIN,
            zone=person.centre.zone,
            top=instrument.total_high,
            bridged=None,
            named=True,
        )
    )


def _signed(value: object) -> str:
    text = f"{value}"
    return f"\N{MINUS SIGN}{text[1:]}" if text.startswith("-") else f"+{text}" if text != "0" else "0"
