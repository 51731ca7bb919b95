"""A wording pack: the published words of an instrument that ships under our labels, loaded by a centre that may.

The scoring stays as it is; only what is shown changes, with where the words came from.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace

from glidepath.clinical.facts.instruments import Instrument, Pack
from glidepath.clinical.instruments.definition import LONGEST, DefinitionError


def with_wording(instrument: Instrument, text: str, *, confirmed_by: str) -> Instrument:
    """The instrument with the words of a pack. text: TOML with `version`, `source`, `date` and `[items]`, key = words.

    confirmed_by: who of the centre confirmed the terms; without a name the pack stays off. Raises DefinitionError.
    """
    if instrument.pack is not Pack.OFF:
        raise DefinitionError(f"{instrument.name} takes no wording pack: its words are {instrument.pack}.")
    if not confirmed_by.strip():
        raise DefinitionError(f"Nobody confirmed the terms of {instrument.name}: {instrument.terms}")
    content = _read(text)
    if content.get("version") != instrument.version:
        raise DefinitionError(f"The pack is for version “{_short(content.get('version'))}”, not {instrument.version}.")
    words = content.get("items")
    if not isinstance(words, Mapping):
        raise DefinitionError("The pack has no [items] with the words of each item.")
    _prove_items(instrument, words)
    return replace(
        instrument,
        pack=Pack.CENTRE,
        own_words=False,
        wording=f"as loaded by the centre; terms confirmed by {confirmed_by.strip()}",
        wording_source=_words(content, "source"),
        wording_date=_words(content, "date"),
        items=tuple(replace(item, text=str(words[item.key]).strip()) for item in instrument.items),
    )


def _read(text: str) -> Mapping[str, object]:
    if len(text) > LONGEST:
        raise DefinitionError(f"The pack has more than {LONGEST} characters, which is no form.")
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as wrong:
        raise DefinitionError(f"The pack is not TOML: {str(wrong)[:200]}.") from None


def _prove_items(instrument: Instrument, words: Mapping[str, object]) -> None:
    """Every item has its words, and nothing else has: half a pack would mix two wordings in one form."""
    keys = {item.key for item in instrument.items}
    for key in words:
        if key not in keys:
            raise DefinitionError(f"“{_short(key)}” is no item of {instrument.name}.")
    for key in keys:
        found = words.get(key)
        if not isinstance(found, str) or not found.strip():
            raise DefinitionError(f"Item {key} of {instrument.name} has no words in the pack.")


def _words(content: Mapping[str, object], key: str) -> str:
    found = content.get(key)
    if not isinstance(found, str) or not found.strip():
        raise DefinitionError(f"The pack does not say its {key}.")
    return found.strip()


def _short(value: object) -> str:
    return str(value)[:40]
