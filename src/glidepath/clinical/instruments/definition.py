"""An instrument that a centre defines itself, under its own licence, in a TOML file of the format of the facts.

It is read and proved by the same reader as the facts, so that what cannot be scored rightly is said before it is used.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from glidepath.clinical.facts.errors import BrokenFact
from glidepath.clinical.facts.instruments import Instrument
from glidepath.clinical.facts.load import instruments, rules
from glidepath.clinical.facts.read_instruments import instrument_of
from glidepath.clinical.facts.reading import Table

CENTRE = {"ship_class": "C", "pack": "centre"}  # what a centre brings is its own, whatever the file says
DEFAULTS = {"seen": "ours", "language": "en", "source": "the centre", "filled_by": ["self"]}
LONGEST = 500_000  # characters of a definition
MOST_ITEMS = 500
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class DefinitionError(ValueError):
    """A definition that cannot be used: where, what stands there, what to write instead."""


def read_definition(text: str, key: str) -> Instrument:
    """The instrument of a centre's file. key: what it is called in the record, such as "isi_de".

    A slot of ours may be filled: the key of a class C instrument. Raises DefinitionError.
    """
    if len(text) > LONGEST:
        raise DefinitionError(f"The definition has more than {LONGEST} characters, which is no form.")
    try:
        content = tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as wrong:
        raise DefinitionError(f"The definition is not TOML: {str(wrong)[:200]}.") from None
    return defined(content, key)


def defined(content: Mapping[str, Any], key: str) -> Instrument:
    """The instrument of a definition that was read already. Raises DefinitionError."""
    _prove_key(key)
    if not content.get("items"):
        raise DefinitionError("The definition has no items. Write one [[items]] for each, with key, label and allowed.")
    if isinstance(content["items"], list) and len(content["items"]) > MOST_ITEMS:
        raise DefinitionError(f"The definition has more than {MOST_ITEMS} items, which is no form.")
    for name, value in CENTRE.items():
        if content.get(name, value) != value:
            raise DefinitionError(
                f"{name} is “{str(content[name])[:40]}”; what a centre brings is “{value}”. Leave it out."
            )
    table = Table(Path(f"{key}.toml"), "", {**DEFAULTS, **content, **CENTRE})
    try:
        return instrument_of(table, key, None, rules())
    except BrokenFact as wrong:
        raise DefinitionError(f"{wrong.key}: {wrong.problem}.") from None


def _prove_key(key: str) -> None:
    if not KEY.fullmatch(key):
        raise DefinitionError(f"“{key[:40]}” cannot be a name: small letters, digits and _ only, like “isi_de”.")
    ours = instruments().get(key)
    if ours is not None and ours.ship_class != "C":
        raise DefinitionError(f"“{key}” is {ours.name}, which is built in. Choose another name.")
