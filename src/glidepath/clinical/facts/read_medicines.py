"""The medicine files as `Medicine`s, proved: forms, half-lives, kinetics, equivalents."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from glidepath.clinical.dosing.plan import Kind
from glidepath.clinical.facts.equivalences import EquivalenceTable, Equivalent
from glidepath.clinical.facts.medicines import (
    Acting,
    Caution,
    Group,
    MarketedForm,
    Medicine,
    Metabolite,
    PKParameters,
    Schedule,
    SecondCompartment,
    watch_days,
)
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.reading import Table, read
from glidepath.clinical.facts.settings import ClinicalSettings

REFERENCE = "diazepam"
REFERENCE_MG = Decimal(10)
GROUPS = {"benzodiazepine": Group.BENZODIAZEPINE, "z-drug": Group.Z_DRUG}  # every other group is never converted
NOT_TABLES = frozenset({"status", "source", "note", "seen", "not_found", "reference", "same_mg_as_immediate_release"})
RELEASES = {
    "extended-release": "extended",
    "orally disintegrating": "orally disintegrating",
    "orodispersible": "orally disintegrating",
    "sublingual": "sublingual",
}


@dataclass(frozen=True, slots=True)
class Around:
    """What a medicine file is read beside: references, tables, the column of etg-nsw, groups of action, settings."""

    sources: Collection[str]
    tables: Mapping[str, EquivalenceTable]
    etg_nsw: Mapping[str, Equivalent]
    acting: Table
    settings: ClinicalSettings


def read_medicine(path: Path, around: Around) -> Medicine:
    """One medicine. Raises BrokenFact naming file and key."""
    file, key = read(path), path.stem
    generic = file.text("generic_name")
    group = GROUPS.get(file.text("group"), Group.DESIGNER)
    metabolites = tuple(_metabolite(table, around.sources) for table in file.tables("active_metabolites"))
    half_life = _half_lives(file.maybe_table("pk"), around.sources)
    acting, acting_seen = _acting(key, group, half_life, metabolites, around.acting)
    active_low, active_high = _with_metabolites(half_life, metabolites)
    return Medicine(
        key=key,
        name=_shown_name(key, generic),
        generic_name=generic,
        group=group,
        chemical_class=file.maybe_text("chemical_class") or "",
        therapeutic_class=file.maybe_text("therapeutic_class") or "",
        brands=_brands(file),
        forms=tuple(_forms(file, key, around.sources)),
        half_life_low_h=half_life[0],
        half_life_high_h=half_life[1],
        active_half_life_low_h=active_low,
        active_half_life_high_h=active_high,
        acting=acting,
        acting_source=around.acting.text("source"),
        acting_seen=acting_seen,
        watch_days=watch_days(acting, around.settings),
        metabolites=metabolites,
        pk=None if group is Group.DESIGNER else _kinetics(file, metabolites),
        second_compartment=None if group is Group.DESIGNER else _second_compartment(file, around.sources),
        cautions=tuple(_cautions(file)),
        controlled=tuple(_schedules(file)),
        equivalents={} if group is Group.DESIGNER else _equivalents(file, key, around),
        max_daily_mg=tuple(_max_daily(file)),
        notes=file.texts("notes"),
    )


def _shown_name(key: str, generic: str) -> str:
    """As a dose carries it: the key in words, with what tells two entries of one medicine apart."""
    special = {"alprazolam_xr": "alprazolam XR", "midazolam_oral": "midazolam (oral)"}
    return special.get(key, re.split(r"[\s(]", generic, maxsplit=1)[0].lower())


def _brands(file: Table) -> dict[str, tuple[str, ...]]:
    table = file.maybe_table("brand_names")
    if table is None:
        return {}
    return {
        region: tuple(name for name in table.texts(region) if name != "generics")
        for region in ("us", "uk", "other")
        if table.content.get(region)
    }


def _forms(file: Table, medicine: str, sources: Collection[str]) -> Iterable[MarketedForm]:
    for table in file.tables("forms"):
        strengths = _strengths(table)
        if not strengths:
            continue  # an unknown product: its content is named by nobody
        market, form = table.text("market").lower(), table.text("form")
        liquid = "concentration_mg_per_mL" in table.content
        named = "/".join(str(strength) for strength in strengths)
        yield MarketedForm(
            key=f"{medicine}/{market}/{form}/{named}",
            medicine=medicine,
            market=market,
            form=form,
            kind=Kind.LIQUID if liquid else Kind.SOLID,
            strengths_mg=strengths,
            smallest=None if liquid else table.fraction("smallest_fraction"),
            scored=table.content.get("scored"),
            release=next((word for start, word in RELEASES.items() if form.startswith(start)), None),
            label_expression=table.maybe_text("label_expression"),
            note=table.maybe_text("note"),
            source=table.source(sources),
            seen=table.seen(),
            off_label_division=bool(table.content.get("off_label_division", False)),
            counted_in_drops="drops" in form,
        )


def _strengths(table: Table) -> tuple[Decimal, ...]:
    if "concentration_mg_per_mL" in table.content:
        found = table.positive("concentration_mg_per_mL")
        return () if found is None else (found,)
    strengths = tuple(Decimal(one) for one in table.content.get("strengths_mg", ()))
    if any(strength <= 0 for strength in strengths):
        raise table.broken("strengths_mg", "a strength is above zero")
    return strengths


def _half_lives(pk: Table | None, sources: Collection[str]) -> tuple[Decimal | None, Decimal | None]:
    """Lowest and highest of all figures that are not unverified."""
    figures = []
    for entry in pk.tables("half_life_h") if pk else ():
        if not entry.maybe_text("source") or entry.seen() is Seen.UNVERIFIED:
            continue
        entry.source(sources)
        low, high = entry.ordered()
        value = None if entry.maybe_text("value") else entry.positive("value")  # some sources give words
        figures += [one for one in (value, low, high) if one is not None]
    return min(figures, default=None), max(figures, default=None)


def _with_metabolites(
    own: tuple[Decimal | None, Decimal | None], metabolites: Iterable[Metabolite]
) -> tuple[Decimal | None, Decimal | None]:
    lows = [own[0], *(one.half_life_low_h for one in metabolites)]
    highs = [own[1], *(one.half_life_high_h for one in metabolites)]
    known_low, known_high = [x for x in lows if x is not None], [x for x in highs if x is not None]
    return min(known_low, default=None), max(known_high, default=None)


def _acting(
    key: str,
    group: Group,
    half_life: tuple[Decimal | None, Decimal | None],
    metabolites: Iterable[Metabolite],
    table: Table,
) -> tuple[Acting, Seen]:
    groups = table.table("groups")
    for name in ("short", "long"):
        if key in groups.texts(name):
            return Acting(name), table.seen()
    placed = table.table("ours").maybe_text(key)
    if placed:
        return Acting(placed), Seen.OURS
    longest = _with_metabolites(half_life, metabolites)[1]
    if group is Group.DESIGNER or longest is None:
        return Acting.UNKNOWN, Seen.OURS
    return (Acting.LONG if longest > table.quantity("long_above_half_life_h") else Acting.SHORT), Seen.OURS


def _metabolite(table: Table, sources: Collection[str]) -> Metabolite:
    low, high = _half_lives(table, sources)
    ratio, model = table.maybe_table("molar_mass_ratio_to_parent"), table.maybe_table("model")
    potency_low, potency_high = _potency(table)
    return Metabolite(
        name=re.split(r"(?<=\S)\s*\(", table.text("name"), maxsplit=1)[0],
        half_life_low_h=low,
        half_life_high_h=high,
        molar_ratio=_molar_ratio(ratio),
        potency_low=potency_low,
        potency_high=potency_high,
        note=table.maybe_text("note"),
        seen=table.seen(Seen.ORIGINAL),
        fraction=model.positive("fm_apparent") if model else None,
        fraction_low=model.positive("fm_low") if model else None,
        fraction_high=model.positive("fm_high") if model else None,
        clearance_l_h=model.positive("CL_m_L_per_h_70kg") if model else None,
        half_life_h=model.positive("half_life_h") if model else None,
    )


def _molar_ratio(table: Table | None) -> Fraction | None:
    """Exact from the molar masses it was derived from ("270.71/284.74"), else the printed figure."""
    if table is None:
        return None
    masses = re.match(r"([\d.]+)/([\d.]+)", table.maybe_text("derived") or "")
    if masses:
        return Fraction(masses[1]) / Fraction(masses[2])
    value = table.positive("value")
    return None if value is None else Fraction(value)


def _potency(table: Table) -> tuple[Decimal | None, Decimal | None]:
    figures = []
    for entry in table.tables("relative_potency_vs_parent"):
        found = [entry.content.get(name) for name in ("value", "low", "high")]
        figures += [Decimal(one) for one in found if isinstance(one, int | Decimal) and not isinstance(one, bool)]
    return min(figures, default=None), max(figures, default=None)


def _kinetics(file: Table, metabolites: tuple[Metabolite, ...]) -> PKParameters | None:
    table = file.maybe_table("model_parameters")
    if table is None or table.positive("half_life_h") is None or table.positive("ka_per_h") is None:
        return None
    prodrug = _prodrug(table, metabolites)
    return PKParameters(
        clearance_l_h=table.positive("CL_over_F_L_per_h"),
        volume_l=table.positive("V_over_F_L"),
        half_life_h=table.number("half_life_h"),
        ka_per_h=table.number("ka_per_h"),
        lag_h=table.maybe_number("tlag_h") or Decimal(0),
        weight_kg=table.positive("weight_kg") or Decimal(70),
        confidence=table.maybe_text("confidence") or "not stated",
        basis=table.maybe_text("basis") or "",
        source=table.text("source"),
        seen=table.seen(),
        contains_assumption=bool(table.content.get("contains_assumption", False)),
        volume_is_derived="V/F =" in (table.maybe_text("derived") or ""),
        simulated_as=prodrug[0],
        prodrug_factor=prodrug[1],
        metabolites=() if prodrug[0] else tuple(one for one in metabolites if one.modelled),
        note=table.maybe_text("note"),
    )


def _second_compartment(file: Table, sources: Collection[str]) -> SecondCompartment | None:
    table = file.maybe_table("two_compartment")
    if table is None:
        return None
    return SecondCompartment(
        clearance_l_h_kg=table.table("CL_L_per_h_kg").number("value"),
        central_volume_l_kg=table.table("V1_L_per_kg").number("value"),
        fast_half_life_h=table.table("alpha_half_life_h").number("value"),
        slow_half_life_h=table.table("beta_half_life_h").number("value"),
        bioavailability=_bioavailability(file.maybe_table("pk")),
        source=table.source(sources),
        seen=table.seen(),
    )


def _bioavailability(pk: Table | None) -> Decimal | None:
    """The first figure, or the middle of the first range: what the one-compartment set of the file rests on."""
    for entry in pk.tables("bioavailability_F") if pk else ():
        low, high = entry.ordered()
        value = entry.positive("value")
        if value is not None:
            return value
        if low is not None and high is not None:
            return (low + high) / 2
    return None


def _prodrug(table: Table, metabolites: tuple[Metabolite, ...]) -> tuple[str | None, Decimal | None]:
    """A prodrug is given as its active species, the dose times a molar mass ratio; a parent never in the blood too."""
    basis, structure = table.maybe_text("basis") or "", table.maybe_text("structure") or ""
    factor = re.search(r"multiply the dose by ([\d.]+)", basis)
    if factor and metabolites:
        return metabolites[0].name, Decimal(factor[1])
    alone = re.search(r"model ([\w,-]+) only", structure)
    return (alone[1], None) if alone else (None, None)


def _equivalents(file: Table, key: str, around: Around) -> dict[str, Equivalent]:
    table = file.maybe_table("equivalence")
    if key == REFERENCE:
        return {name: _reference(one) for name, one in around.tables.items() if one.usable}
    if table is not None and "same_mg_as_immediate_release" in table.content:
        twin = file.file.with_name(key.replace("_xr", "") + ".toml")
        note = "as the immediate-release medicine: the extended release has the same mg"
        return {name: _noted(one, note) for name, one in _equivalents(read(twin), twin.stem, around).items()}
    found = {name: _figure(table, name, around) for name in table.content if name not in NOT_TABLES} if table else {}
    kept = {name: one for name, one in found.items() if one is not None}
    return kept | ({"etg_nsw": around.etg_nsw[key]} if key in around.etg_nsw else {})


def _reference(table: EquivalenceTable) -> Equivalent:
    return Equivalent(
        table.key, REFERENCE_MG, REFERENCE_MG, table.seen, table.source, usable=True, note="the reference"
    )


def _noted(one: Equivalent, note: str) -> Equivalent:
    return Equivalent(one.table, one.low, one.high, one.seen, one.source, one.usable, note, one.as_printed)


def _figure(table: Table, name: str, around: Around) -> Equivalent | None:
    entry = table.maybe_table(name)
    bounds = entry.maybe_table("mg_equal_to_diazepam_10mg") if entry else None
    if entry is None or bounds is None:
        return None  # a band against another reference, or a table that was not retrieved: shown in its file only
    if name not in around.tables:
        raise entry.broken("table", "is not among the tables of equivalence.toml")
    low, high = bounds.ordered()
    if low is None or high is None or low <= 0:
        raise bounds.broken("low", "an equivalent has a low and a high figure above zero")
    seen = entry.seen()
    usable = around.tables[name].usable and seen is not Seen.UNVERIFIED
    return Equivalent(
        name,
        low,
        high,
        seen,
        entry.source(around.sources),
        usable,
        entry.maybe_text("note"),
        entry.maybe_text("as_printed"),
    )


def _cautions(file: Table) -> Iterable[Caution]:
    for entry in file.tables("interactions"):
        yield _caution(entry.maybe_text("agent") or "interaction", entry, "effect")
    populations = file.maybe_table("special_populations")
    for name in populations.content if populations else ():
        assert populations is not None
        for entry in populations.tables(name):
            yield _caution(name.replace("_", " "), entry, "value")


def _caution(about: str, entry: Table, key: str) -> Caution:
    return Caution(about, str(entry.content.get(key, "")), entry.maybe_text("source"), entry.seen(Seen.UNVERIFIED))


def _schedules(file: Table) -> Iterable[Schedule]:
    table = file.maybe_table("regulatory")
    for country, key in (("us", "us_dea_schedule"), ("uk", "uk_controlled_drug_schedule")):
        entry = table.maybe_table(key) if table else None
        if entry is not None:
            value = entry.content.get("value")
            yield Schedule(
                country,
                None if value is None else str(value),
                entry.maybe_text("source"),
                entry.seen(Seen.UNVERIFIED),
                entry.maybe_text("note"),
            )


def _max_daily(file: Table) -> Iterable[tuple[Decimal, str | None, str | None]]:
    for entry in file.tables("max_daily_dose_mg"):
        value = entry.positive("value") if isinstance(entry.content.get("value"), int | Decimal) else None
        if value is not None:
            yield value, entry.maybe_text("note"), entry.maybe_text("source")
