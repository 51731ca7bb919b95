"""Which results of a screen are a reason to take a problem up, as facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from glidepath.clinical.facts.instruments import Instrument
from glidepath.clinical.facts.plan_templates import ProblemKind
from glidepath.clinical.facts.reading import Table, read


@dataclass(frozen=True, slots=True)
class Screen:
    """bands: keys of the instrument's bands that count. withdrawal: whether withdrawal itself raises the score.

    words: what it is a screen for. rule: the guideline's rule that speaks of it, None where none does.
    """

    instrument: str
    problem: ProblemKind
    bands: frozenset[str]
    withdrawal: bool
    words: str
    rule: str | None


def read_screens(path: Path, instruments: Mapping[str, Instrument], rules: Collection[str]) -> dict[str, Screen]:
    """Every screen by its instrument. Raises BrokenFact for an instrument, a band or a rule that is not there."""
    file = read(path)
    given = [key for key, content in file.content.items() if isinstance(content, dict)]
    return {key: _screen(file.table(key), key, instruments, rules) for key in given}


def _screen(entry: Table, key: str, instruments: Mapping[str, Instrument], rules: Collection[str]) -> Screen:
    if key not in instruments:
        raise entry.broken("instrument", f"“{key}” is not an instrument of the facts")
    bands, rule = entry.texts("bands"), entry.maybe_text("rule")
    known = _bands(instruments[key])
    for band in bands:
        if band not in known:
            raise entry.broken("bands", f"“{band}” is no band of {instruments[key].name}")
    if rule is not None and rule not in rules:
        raise entry.broken("rule", f"“{rule}” is not a rule")
    return Screen(
        instrument=key,
        problem=entry.word("problem", ProblemKind),
        bands=frozenset(bands),
        withdrawal=entry.yes("withdrawal", default=False),
        words=entry.text("words"),
        rule=rule,
    )


def _bands(instrument: Instrument) -> set[str]:
    return {band.key for one in instrument.band_sets for band in one.bands} | {one.key for one in instrument.levels}
