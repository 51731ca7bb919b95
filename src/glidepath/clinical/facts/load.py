"""The facts, read once, proved and kept: medicines, equivalence tables, guideline rules, instruments, settings.

Reading proves units, ranges, known sources and bands without gap or overlap; a broken fact raises BrokenFact, which
names file and key and stops the start-up. Everything returned is frozen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from glidepath.clinical.facts.dependence import DependenceTable
from glidepath.clinical.facts.equivalences import EquivalenceTable, Equivalent
from glidepath.clinical.facts.errors import AmbiguousMedicine, BrokenFact, UnknownMedicine
from glidepath.clinical.facts.formulary import Formulary, names_of
from glidepath.clinical.facts.instruments import Band, Instrument, Item, Parameter, ScoredRange
from glidepath.clinical.facts.kinetics import Kinetics
from glidepath.clinical.facts.limits import CutRow, PublishedSchedule
from glidepath.clinical.facts.medicines import (
    Acting,
    Caution,
    Group,
    MarketedForm,
    Medicine,
    Metabolite,
    PKParameters,
    Schedule,
)
from glidepath.clinical.facts.proof import prove
from glidepath.clinical.facts.protocols import InpatientProtocol, read_protocols
from glidepath.clinical.facts.provenance import Seen, Source
from glidepath.clinical.facts.read_guidelines import read_cks, read_dependence, read_rules, read_settings
from glidepath.clinical.facts.read_instruments import read_instrument
from glidepath.clinical.facts.read_medicines import Around, read_medicine
from glidepath.clinical.facts.reading import Table, read
from glidepath.clinical.facts.rules import Rule, RuleValue
from glidepath.clinical.facts.settings import ClinicalSettings

FACTS_DIR = Path(__file__).parent

__all__ = [
    "Acting",
    "AmbiguousMedicine",
    "Band",
    "BrokenFact",
    "Caution",
    "ClinicalSettings",
    "CutRow",
    "DependenceTable",
    "EquivalenceTable",
    "Equivalent",
    "Facts",
    "Formulary",
    "Group",
    "InpatientProtocol",
    "Instrument",
    "Item",
    "Kinetics",
    "MarketedForm",
    "Medicine",
    "Metabolite",
    "PKParameters",
    "Parameter",
    "PublishedSchedule",
    "Rule",
    "RuleValue",
    "Schedule",
    "ScoredRange",
    "Seen",
    "Source",
    "UnknownMedicine",
    "cks_schedule",
    "clinical_settings",
    "dependence_table",
    "facts",
    "formulary",
    "inpatient_protocols",
    "instrument",
    "instruments",
    "kinetics",
    "load_facts",
    "rule",
    "rules",
    "source",
]


@dataclass(frozen=True)
class Facts:
    """Everything the fact files say."""

    formulary: Formulary
    rules: Mapping[str, Rule]
    instruments: Mapping[str, Instrument]
    dependence: DependenceTable
    cks: PublishedSchedule
    kinetics: Kinetics
    settings: ClinicalSettings
    protocols: Mapping[str, InpatientProtocol]
    sources: Mapping[str, Source]


def load_facts(folder: Path) -> Facts:
    """The facts of a folder, read and proved. Raises BrokenFact naming file and key."""
    sources = _sources(folder)
    rules_ = read_rules(folder / "guidelines", sources)
    settings = read_settings(folder / "settings.toml", rules_)
    formulary_ = _formulary(folder, sources, settings)
    prove(folder, sources.keys(), settings.syringe_graduation_ml)
    return Facts(
        formulary=formulary_,
        rules=rules_,
        instruments={
            path.stem: read_instrument(path, sources, rules_)
            for path in sorted((folder / "instruments").glob("*.toml"))
        },
        dependence=read_dependence(folder / "guidelines" / "dependence.toml", sources),
        cks=read_cks(folder / "limits.toml", sources),
        kinetics=_kinetics(folder / "kinetics.toml", settings),
        settings=settings,
        protocols=read_protocols(folder / "inpatient_protocols.toml", sources),
        sources=sources,
    )


def _sources(folder: Path) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for name in ("sources.toml", "references.toml"):
        file = read(folder / name)
        for key in file.content:
            if key in found:
                raise file.broken(key, "stands in two files")
            entry = file.table(key)
            year = entry.maybe_number("year")
            found[key] = Source(
                key=key,
                title=entry.text("title"),
                organisation=entry.maybe_text("organisation"),
                year=None if year is None else int(year),
                locator=entry.maybe_text("locator"),
                note=entry.maybe_text("note"),
            )
    return found


def _formulary(folder: Path, sources: Mapping[str, Source], settings: ClinicalSettings) -> Formulary:
    etg = read(folder / "etg_nsw.toml")
    tables = _tables(folder, etg, sources)
    column = etg.table("mg_equal_to_diazepam_10mg")
    figures = {
        medicine: Equivalent(
            "etg_nsw", column.number(medicine), column.number(medicine), etg.seen(), etg.source(sources), usable=True
        )
        for medicine in column.content
    }
    around = Around(sources, tables, figures, read(folder / "acting.toml"), settings)
    medicines = {path.stem: read_medicine(path, around) for path in sorted((folder / "medicines").glob("*.toml"))}
    by_name: dict[str, tuple[str, ...]] = {}
    for medicine in medicines.values():
        for name in names_of(medicine):
            by_name[name] = (*by_name.get(name, ()), medicine.key)
    return Formulary(medicines, tables, _digest(folder), _generic_first(by_name, medicines))


def _generic_first(
    by_name: Mapping[str, tuple[str, ...]], medicines: Mapping[str, Medicine]
) -> dict[str, tuple[str, ...]]:
    """A generic name is never ambiguous: "alprazolam" is the plain medicine, also where another entry shares it."""
    return {name: ((name,) if name in medicines and name in keys else keys) for name, keys in by_name.items()}


def _tables(folder: Path, etg: Table, sources: Mapping[str, Source]) -> dict[str, EquivalenceTable]:
    file = read(folder / "equivalence.toml")
    listed = file.table("tables")
    without = {"va_pbm", "inada_2015", "asam_2025"}
    found = {key: _table(listed.table(key), key, sources, key in without) for key in listed.content}
    why = {
        "asam_2025_risk_footnote": "examples of risk tiers, no conversion",
        **dict.fromkeys(file.texts("not_for_calculation"), "a secondary list, a band or an outlier"),
        "japan_inada_2015": "not retrieved",
    }
    for key, reason in why.items():
        found[key] = EquivalenceTable(
            key, key.replace("_", "-"), key.replace("_", " "), False, "derived", Seen.SECOND_HAND, reason
        )
    found["etg_nsw"] = EquivalenceTable(
        "etg_nsw", "etg-nsw", etg.text("title"), True, etg.source(sources), etg.seen(), None
    )
    return found


def _table(entry: Table, key: str, sources: Mapping[str, Source], no_values: bool) -> EquivalenceTable:
    seen = entry.seen()
    why = "has no values of its own" if no_values else "not verified" if seen is Seen.UNVERIFIED else None
    source = entry.source(sources)
    title = f"{sources[source].title} ({entry.text('type')})"
    return EquivalenceTable(key, key.replace("_", "-"), title, why is None, source, seen, why)


def _kinetics(path: Path, settings: ClinicalSettings) -> Kinetics:
    file = read(path)
    return Kinetics(
        effect_weight_low=file.quantity("effect_weight_low"),
        effect_weight_high=file.quantity("effect_weight_high"),
        effect_weight_low_seen=file.table("effect_weight_low").seen(),
        default_cv_percent=file.quantity("default_cv_percent"),
        default_cv_seen=file.table("default_cv_percent").seen(),
        syringe_graduation_ml=settings.syringe_graduation_ml,
    )


def _digest(folder: Path) -> str:
    """A short hash over every fact file, so that a stored result can say what it rests on."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*.toml")):
        total.update(path.relative_to(folder).as_posix().encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:12]


@cache
def facts() -> Facts:
    """The facts of this installation, read and proved once. Raises BrokenFact."""
    return load_facts(FACTS_DIR)


def formulary() -> Formulary:
    """Every medicine and equivalence table."""
    return facts().formulary


def rules() -> Mapping[str, Rule]:
    """Every rule by its code."""
    return facts().rules


def rule(code: str) -> Rule:
    """The rule of a code such as "JCG-6c". Raises KeyError naming the code."""
    return facts().rules[code]


def instruments() -> Mapping[str, Instrument]:
    return facts().instruments


def instrument(key: str) -> Instrument:
    """The instrument "ciwa_b", "news2" or "rass". Raises KeyError naming the key."""
    return facts().instruments[key]


def clinical_settings() -> ClinicalSettings:
    """The defaults of everything that is a centre setting."""
    return facts().settings


def dependence_table() -> DependenceTable:
    """Joint guideline Table 2."""
    return facts().dependence


def cks_schedule() -> PublishedSchedule:
    """The diazepam reductions that NICE CKS prints."""
    return facts().cks


def kinetics() -> Kinetics:
    return facts().kinetics


def inpatient_protocols() -> Mapping[str, InpatientProtocol]:
    """Every rapid inpatient protocol that can be named, by its key."""
    return facts().protocols


def source(key: str) -> Source:
    """The reference of a source key. Raises KeyError naming the key."""
    return facts().sources[key]
