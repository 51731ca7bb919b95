"""The factors that raise the risk of a seizure in withdrawal, each with its source."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.reading import Table, read


@dataclass(frozen=True, slots=True)
class SeizureFactor:
    """One factor. sources: keys of the references, the first before the others. note: what is said with it."""

    key: str
    words: str
    sources: tuple[str, ...]
    seen: Seen
    note: str | None


def read_seizure_factors(path: Path, sources: Collection[str]) -> tuple[SeizureFactor, ...]:
    """The factors in their order. Raises BrokenFact for a source the facts do not have, or a factor named twice."""
    file = read(path)
    found = tuple(_factor(entry, sources) for entry in file.list_of_tables("factors"))
    keys = [one.key for one in found]
    if not keys or len(keys) != len(set(keys)):
        raise file.broken("factors", "needs factors, each with a key of its own")
    return found


def _factor(entry: Table, known: Collection[str]) -> SeizureFactor:
    more = entry.texts("more_sources")
    for one in more:
        if one not in known:
            raise entry.broken("more_sources", f"“{one}” is not a reference the facts have")
    return SeizureFactor(
        key=entry.text("key"),
        words=entry.text("words"),
        sources=(entry.source(known), *more),
        seen=entry.seen(),
        note=entry.maybe_text("note"),
    )
