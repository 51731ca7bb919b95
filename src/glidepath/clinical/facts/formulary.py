"""The formulary: every medicine, found by generic or brand name, and every equivalence table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import Any

from glidepath.clinical.facts.equivalences import EquivalenceTable
from glidepath.clinical.facts.errors import AmbiguousMedicine, UnknownMedicine
from glidepath.clinical.facts.medicines import Medicine

_MAX_SUGGESTIONS = 3
KEPT_AT_MOST = 8192


@dataclass(frozen=True, eq=False)  # what is kept by it stands for these very facts, never for others that look alike
class Formulary:
    """Medicines and tables by key. `version` digests every fact file, so a stored result can say what it rests on."""

    medicines: Mapping[str, Medicine]
    tables: Mapping[str, EquivalenceTable]
    version: str
    by_name: Mapping[str, tuple[str, ...]]  # folded generic or brand name -> medicine keys

    @cached_property
    def worked_out(self) -> dict[Any, Any]:
        """What was worked out from these facts alone, kept: the same doses are asked for again and again."""
        return {}

    def keep(self, asked: Any, found: Any) -> None:
        if len(self.worked_out) >= KEPT_AT_MOST:
            self.worked_out.clear()
        self.worked_out[asked] = found

    def find(self, name: str) -> Medicine:
        """The medicine of a generic or brand name, in any case.

        Raises UnknownMedicine with close names, or AmbiguousMedicine (a kind of it) where two medicines share a brand.
        """
        keys = self.by_name.get(folded(name), ())
        if len(keys) == 1:
            return self.medicines[keys[0]]
        if keys:
            raise AmbiguousMedicine(name, tuple(self.medicines[key].name for key in keys))
        raise UnknownMedicine(name, self._close_to(name))

    def table(self, name: str) -> EquivalenceTable:
        """The table of a name with hyphens or underscores. Raises KeyError listing the names there are."""
        key = name.strip().lower().replace("-", "_")
        if key not in self.tables:
            names = ", ".join(table.name for table in self.tables.values() if table.usable)
            raise KeyError(f"“{name}” is not an equivalence table; there are {names}")
        return self.tables[key]

    def usable_tables(self) -> tuple[EquivalenceTable, ...]:
        return tuple(table for table in self.tables.values() if table.usable)

    def _close_to(self, name: str) -> tuple[str, ...]:
        """Kept: pages ask for the same other medicines of a person, paracetamol among them, again and again."""
        asked = ("close to", folded(name))
        found: tuple[str, ...] | None = self.worked_out.get(asked)
        if found is None:
            near = get_close_matches(folded(name), self.by_name, n=_MAX_SUGGESTIONS, cutoff=0.6)
            found = tuple(dict.fromkeys(self._shown(match) for match in near))
            self.keep(asked, found)
        return found

    def _shown(self, match: str) -> str:
        """A suggestion as a person writes it: the generic name, a brand with its generic name."""
        names = " or ".join(self.medicines[key].name for key in self.by_name[match])
        return names if match in (folded(names), folded(names).replace(" ", "_")) else f"{match.title()} ({names})"


@lru_cache(maxsize=1024)
def folded(name: str) -> str:
    """A name for comparing: lower case, single spaces, no trade-mark sign."""
    return re.sub(r"\s+", " ", name.replace("®", "").replace("™", "")).strip().lower()


def names_of(medicine: Medicine) -> frozenset[str]:
    """Every folded name a medicine is found by: key, name, generic name with and without its salt, brands."""
    brands = [brand for region in medicine.brands.values() for brand in region]
    given = [medicine.key, medicine.key.replace("_", " "), medicine.name, medicine.generic_name, *brands]
    return frozenset(folded(name) for text in given for name in (text, re.sub(r"\s*\(.*?\)", "", text)) if name)
