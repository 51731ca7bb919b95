"""Interactions as the facts know them: which way another medicine moves the level of one the person takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from glidepath.clinical.facts.medicines import Caution, Medicine
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.reading import Table, read

# What a medicine file says about groups of people, and not about another medicine. Smoking is read as one.
POPULATIONS = frozenset({"older adult", "hepatic", "renal", "genetic", "obesity", "ancestry", "sex"})


class Level(StrEnum):
    RAISES = "raises"
    LOWERS = "lowers"
    BOTH = "both"  # one way early, the other way later


@dataclass(frozen=True, slots=True)
class Interaction:
    """`agents` move the level of `medicine` (its key). `effect`: what the source found, in the words of its file."""

    medicine: str
    agents: tuple[str, ...]
    level: Level
    effect: str
    source: str
    seen: Seen


def read_interactions(path: Path, medicines: Mapping[str, Medicine]) -> Mapping[str, tuple[Interaction, ...]]:
    """By medicine key. Raises BrokenFact for words no file has, for unverified ones, and for those forgotten here."""
    file = read(path)
    found = [_interaction(entry, medicines) for entry in file.tables("interactions")]
    _prove_complete(file, medicines)
    by_medicine = {key: tuple(one for one in found if one.medicine == key) for key in medicines}
    for key, twin in file.table("same").content.items():
        by_medicine[key] = by_medicine[twin]
    return by_medicine


def _interaction(entry: Table, medicines: Mapping[str, Medicine]) -> Interaction:
    key, about = entry.text("medicine"), entry.text("about")
    caution = next((one for one in _cautions(medicines.get(key)) if one.about == about), None)
    if caution is None or caution.source is None:
        raise entry.broken("about", f"“{about}” is not among what the file of {key} says")
    if caution.seen is Seen.UNVERIFIED:
        raise entry.broken("about", f"“{about}” is unverified and is never shown")
    agents = tuple(name.lower() for name in entry.texts("agents"))
    return Interaction(key, agents, entry.word("level", Level), caution.text, caution.source, caution.seen)


def _prove_complete(file: Table, medicines: Mapping[str, Medicine]) -> None:
    listed = {
        (entry.text("medicine"), entry.text("about"))
        for name in ("interactions", "left_out")
        for entry in file.tables(name)
    }
    for key, medicine in medicines.items():
        for caution in _usable(_cautions(medicine)):
            if (key, caution.about) not in listed:
                raise file.broken("interactions", f"“{caution.about}” of {key} is neither read nor left out")


def _cautions(medicine: Medicine | None) -> Sequence[Caution]:
    return () if medicine is None else medicine.cautions


def _usable(cautions: Iterable[Caution]) -> Iterable[Caution]:
    return (one for one in cautions if one.about not in POPULATIONS and one.source and one.seen is not Seen.UNVERIFIED)
