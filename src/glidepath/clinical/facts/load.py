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

from glidepath.clinical.facts.assessment import Assessment, read_assessment
from glidepath.clinical.facts.dependence import DependenceTable
from glidepath.clinical.facts.equivalences import EquivalenceTable, Equivalent
from glidepath.clinical.facts.errors import AmbiguousMedicine, BrokenFact, UnknownMedicine
from glidepath.clinical.facts.escalation import EscalationPolicy, read_escalation
from glidepath.clinical.facts.event_checklists import Checklist, read_event_checklists
from glidepath.clinical.facts.formulary import Formulary, names_of
from glidepath.clinical.facts.instrument_rules import Band
from glidepath.clinical.facts.instrument_schedule import ScheduleEntry, read_schedule
from glidepath.clinical.facts.instruments import Instrument, Item, Parameter, ScoredRange
from glidepath.clinical.facts.interactions import Interaction, Level, read_interactions
from glidepath.clinical.facts.kinetics import Kinetics
from glidepath.clinical.facts.limits import CutRow, PublishedSchedule
from glidepath.clinical.facts.measured import MeasuredKind, read_measured
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
from glidepath.clinical.facts.plan_templates import PlanTemplates, read_plan_templates
from glidepath.clinical.facts.populations import (
    Adjustment,
    MedicineSpread,
    Populations,
    Variation,
    Who,
    read_populations,
)
from glidepath.clinical.facts.proof import prove
from glidepath.clinical.facts.protocols import InpatientProtocol, read_protocols
from glidepath.clinical.facts.provenance import Seen, Source
from glidepath.clinical.facts.read_guidelines import read_cks, read_dependence, read_rules
from glidepath.clinical.facts.read_instruments import read_instrument
from glidepath.clinical.facts.read_medicines import Around, read_medicine
from glidepath.clinical.facts.read_settings import read_setting_facts, read_settings
from glidepath.clinical.facts.reading import Table, read
from glidepath.clinical.facts.rules import Rule, RuleValue
from glidepath.clinical.facts.screens import Screen, read_screens
from glidepath.clinical.facts.sedative_codes import SedativeCodes, read_sedative_codes
from glidepath.clinical.facts.seizure_risk import SeizureFactor, read_seizure_factors
from glidepath.clinical.facts.seizure_window import SeizureWindowFacts, read_seizure_window
from glidepath.clinical.facts.settings import ClinicalSettings, SettingFact

FACTS_DIR = Path(__file__).parent

__all__ = [
    "Acting",
    "Adjustment",
    "AmbiguousMedicine",
    "Assessment",
    "Band",
    "BrokenFact",
    "Caution",
    "ClinicalSettings",
    "CutRow",
    "DependenceTable",
    "EquivalenceTable",
    "Equivalent",
    "EscalationPolicy",
    "Facts",
    "Formulary",
    "Group",
    "InpatientProtocol",
    "Instrument",
    "Interaction",
    "Item",
    "Kinetics",
    "Level",
    "MarketedForm",
    "Medicine",
    "MedicineSpread",
    "Metabolite",
    "PKParameters",
    "Parameter",
    "PlanTemplates",
    "Populations",
    "PublishedSchedule",
    "Rule",
    "RuleValue",
    "Schedule",
    "ScheduleEntry",
    "ScoredRange",
    "Seen",
    "Source",
    "UnknownMedicine",
    "Variation",
    "Who",
    "assessment",
    "cks_schedule",
    "clinical_settings",
    "dependence_table",
    "escalation_policy",
    "event_checklists",
    "facts",
    "formulary",
    "inpatient_protocols",
    "instrument",
    "instrument_schedule",
    "instruments",
    "interactions",
    "kinetics",
    "load_facts",
    "measured_kinds",
    "plan_templates",
    "populations",
    "rule",
    "rules",
    "screens",
    "sedative_codes",
    "seizure_factors",
    "seizure_window_facts",
    "source",
]


@dataclass(frozen=True)
class Facts:
    """Everything the fact files say."""

    formulary: Formulary
    rules: Mapping[str, Rule]
    instruments: Mapping[str, Instrument]
    schedule: tuple[ScheduleEntry, ...]
    screens: Mapping[str, Screen]
    sedative_codes: SedativeCodes
    dependence: DependenceTable
    cks: PublishedSchedule
    kinetics: Kinetics
    populations: Populations
    settings: ClinicalSettings
    setting_facts: Mapping[str, SettingFact]
    protocols: Mapping[str, InpatientProtocol]
    interactions: Mapping[str, tuple[Interaction, ...]]
    plan_templates: PlanTemplates
    assessment: Assessment
    seizure_factors: tuple[SeizureFactor, ...]
    escalation: EscalationPolicy
    seizure_window: SeizureWindowFacts
    event_checklists: Mapping[str, Checklist]
    measured: tuple[MeasuredKind, ...]
    sources: Mapping[str, Source]


def load_facts(folder: Path) -> Facts:
    """The facts of a folder, read and proved. Raises BrokenFact naming file and key."""
    sources = _sources(folder)
    rules_ = read_rules(folder / "guidelines", sources)
    setting_facts = read_setting_facts(folder / "settings.toml", rules_)
    settings = read_settings(folder / "settings.toml", setting_facts)
    formulary_ = _formulary(folder, sources, settings)
    prove(folder, sources.keys(), settings.syringe_graduation_ml)
    paths = sorted((folder / "instruments").glob("*.toml"))
    instruments_ = {path.stem: read_instrument(path, sources, rules_) for path in paths}
    return Facts(
        formulary=formulary_,
        rules=rules_,
        instruments=instruments_,
        schedule=read_schedule(folder / "instrument_schedule.toml", instruments_),
        screens=read_screens(folder / "screens.toml", instruments_, rules_),
        sedative_codes=read_sedative_codes(folder / "sedative_codes.toml"),
        dependence=read_dependence(folder / "guidelines" / "dependence.toml", sources),
        cks=read_cks(folder / "limits.toml", sources),
        kinetics=_kinetics(folder / "kinetics.toml", settings),
        populations=read_populations(folder / "populations.toml", sources, formulary_.medicines),
        settings=settings,
        setting_facts=setting_facts,
        protocols=read_protocols(folder / "inpatient_protocols.toml", sources),
        interactions=read_interactions(folder / "interactions.toml", formulary_.medicines),
        plan_templates=read_plan_templates(folder / "plan_templates.toml", sources, rules_),
        assessment=read_assessment(folder / "assessment.toml", rules_),
        seizure_factors=read_seizure_factors(folder / "seizure_risk.toml", sources),
        escalation=read_escalation(folder / "escalation.toml"),
        seizure_window=read_seizure_window(folder / "seizure_window.toml", sources, rules_),
        event_checklists=read_event_checklists(folder / "event_checklists.toml", rules_),
        measured=read_measured(folder / "measured.toml"),
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
        residual_cv_percent=file.quantity("residual_cv_percent"),
        plausible_deviations=file.quantity("plausible_deviations"),
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
    """The instrument of a key such as "ciwa_b" or "phq_9". Raises KeyError naming the key."""
    return facts().instruments[key]


def instrument_schedule() -> tuple[ScheduleEntry, ...]:
    """Which instrument is used when, by stage of care."""
    return facts().schedule


def screens() -> Mapping[str, Screen]:
    """By instrument, which of its bands are a reason to take a problem up."""
    return facts().screens


def sedative_codes() -> SedativeCodes:
    """Codes that go with a count of criteria and with withdrawal."""
    return facts().sedative_codes


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


def populations() -> Populations:
    """How people differ in their kinetics: spreads by medicine, and what age and liver disease change."""
    return facts().populations


def inpatient_protocols() -> Mapping[str, InpatientProtocol]:
    """Every rapid inpatient protocol that can be named, by its key."""
    return facts().protocols


def plan_templates() -> PlanTemplates:
    """What a treatment plan proposes by problem, and after how many days it is looked at again."""
    return facts().plan_templates


def assessment() -> Assessment:
    """What a full assessment asks, by domain."""
    return facts().assessment


def interactions(medicine: str) -> tuple[Interaction, ...]:
    """What is known to move the level of a medicine, by its key. Empty: nothing found, which is not "none"."""
    return facts().interactions.get(medicine, ())


def seizure_factors() -> tuple[SeizureFactor, ...]:
    """What raises the risk of a seizure in withdrawal, in the order of the list; unverified ones among them."""
    return facts().seizure_factors


def escalation_policy() -> EscalationPolicy:
    """Who is called for an alarm, by cause, and who next."""
    return facts().escalation


def seizure_window_facts() -> SeizureWindowFacts:
    """When withdrawal begins after the last dose, and what is laid out for a seizure."""
    return facts().seizure_window


def event_checklists() -> Mapping[str, Checklist]:
    """What is done in an emergency, by the kind of event."""
    return facts().event_checklists


def measured_kinds() -> tuple[MeasuredKind, ...]:
    """What is weighed, measured and counted beside the vital signs."""
    return facts().measured


def source(key: str) -> Source:
    """The reference of a source key. Raises KeyError naming the key."""
    return facts().sources[key]
