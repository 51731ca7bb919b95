"""What is proved of every fact file, whoever reads it: known sources, marks and units, ranges, products, kinetics."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from glidepath.clinical.facts.errors import BrokenFact
from glidepath.clinical.facts.reading import UNITS, Table, read

SOURCE_KEYS = ("source", "role_source", "source_full", "source_key")
NOT_A_REFERENCE = "derived"  # arithmetic on other entries, told in the entry's `derived`
NEVER_NEGATIVE = ("medicines", "adjuncts.toml", "equivalence.toml", "limits.toml", "dose_steps.toml", "etg_nsw.toml")
SHOWN_IN_WORDS = ("guidelines",)  # here `source` is the text clinicians read and `source_key` the reference
ABOUT = "about.toml"  # words about the files, no facts
ROUNDING = 0.005  # how far printed, rounded parameters may miss one another
UNIT_OF_KINETICS = {  # every kinetic figure carries its unit in its name; another name is another unit
    "absorption_half_life_h": "h",
    "accumulation_ratio_daily": "ratio",
    "accumulation_ratio_nightly": "ratio",
    "auc_120h_ng_h_mL": "ng h/mL",
    "auc_ng_h_mL": "ng h/mL",
    "bioavailability_F": "ratio",
    "clearance_L_h": "L/h",
    "clearance_mL_min": "mL/min",
    "clearance_mL_min_kg": "mL/min/kg",
    "cmax_ng_mL": "ng/mL",
    "css_ng_mL": "ng/mL",
    "distribution_half_life_h": "h",
    "half_life_h": "h",
    "iiv_cv_percent": "percent",
    "ka_per_h": "per h",
    "protein_binding_percent": "percent",
    "steady_state_ng_mL_per_mg_day": "ng/mL per mg/day",
    "tmax_h": "h",
    "trough_ng_mL_20mg_nightly": "ng/mL",
    "volume_L": "L",
    "volume_L_per_kg": "L/kg",
}


def prove(folder: Path, sources: Collection[str], syringe_graduation_ml: Decimal) -> None:
    """Every fact file of `folder`. Raises BrokenFact naming file and key."""
    for path in sorted(folder.rglob("*.toml")):
        file = read(path)
        place = path.relative_to(folder).parts[0]
        if place == ABOUT:
            continue
        for table in _tables(file):
            _prove_marks(table, sources, in_words=place in SHOWN_IN_WORDS)
            _prove_range(table)
            if place in NEVER_NEGATIVE:
                _prove_not_negative(table)
        if place == "medicines":
            _prove_medicine(file, syringe_graduation_ml)


def _tables(table: Table) -> Iterator[Table]:
    """The table and every table in it."""
    yield table
    for key, value in table.content.items():
        if isinstance(value, Mapping):
            yield from _tables(table.table(key))
        elif isinstance(value, list):
            for one in table.tables(key):
                yield from _tables(one)


def _prove_marks(table: Table, sources: Collection[str], *, in_words: bool) -> None:
    if "seen" in table.content:
        table.seen()
    for key in SOURCE_KEYS:
        named = table.content.get(key)
        if isinstance(named, str) and not (in_words and key == "source"):
            _prove_source(table, key, named, sources)
    listed = table.content.get("sources", ())
    for named in listed if isinstance(listed, list) else ():
        _prove_source(table, "sources", named, sources)
    _prove_unit(table)


def _prove_unit(table: Table) -> None:
    unit = table.content.get("unit")
    if not isinstance(unit, str) or "resolution" in table.content:
        return  # beside a resolution it is the word printed on the form
    if unit not in UNITS and unit.split()[0] not in UNITS:
        raise table.broken("unit", f"“{unit}” is not a unit the facts use")


def _prove_source(table: Table, key: str, named: str, sources: Collection[str]) -> None:
    if named not in sources and named != NOT_A_REFERENCE:
        raise table.broken(key, f"“{named}” is not a reference the facts have")


def _prove_range(table: Table) -> None:
    numbers = [table.content.get(key) for key in ("low", "high")]
    if all(_is_number(one) for one in numbers):
        table.ordered()


def _prove_not_negative(table: Table) -> None:
    for key, value in table.content.items():
        for one in value if isinstance(value, list) else [value]:
            if _is_number(one) and one < 0:
                raise table.broken(key, f"{one} is below zero")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _prove_medicine(file: Table, syringe_graduation_ml: Decimal) -> None:
    kinetics = file.maybe_table("pk")
    for key in kinetics.content if kinetics else ():
        if key not in UNIT_OF_KINETICS:
            raise BrokenFact(file.file, f"pk.{key}", "is no kinetic figure whose unit the facts know")
    for form in file.tables("forms"):
        _prove_form(form, syringe_graduation_ml)
    model = file.maybe_table("model_parameters")
    if model is not None:
        _prove_model(model)


def _prove_form(form: Table, syringe_graduation_ml: Decimal) -> None:
    """The smallest dose stated is the smallest that the strengths and the division give."""
    concentration = form.positive("concentration_mg_per_mL")
    if concentration is not None:
        stated, worked_out = form.number("dose_mg_per_0_1_mL"), concentration * syringe_graduation_ml
        if stated != worked_out:
            raise form.broken("dose_mg_per_0_1_mL", f"says {stated} mg, the concentration gives {worked_out} mg")
        return
    strengths, stated_smallest = form.content.get("strengths_mg"), form.maybe_number("smallest_dose_mg")
    if strengths and stated_smallest is not None:
        smallest = form.fraction("smallest_fraction")
        worked_out = Decimal(min(strengths)) * (form.number("smallest_fraction") if smallest else 1)
        if stated_smallest != worked_out:
            raise form.broken("smallest_dose_mg", f"says {stated_smallest} mg, the form gives {worked_out} mg")


def _prove_model(model: Table) -> None:
    """Half-life, rate, clearance and volume of one set fit one another."""
    half_life, rate = model.positive("half_life_h"), model.positive("k_per_h")
    clearance, volume = model.positive("CL_over_F_L_per_h"), model.positive("V_over_F_L")
    if half_life is None:
        return
    exact = math.log(2) / float(half_life)
    if rate is not None and not math.isclose(float(rate), exact, rel_tol=ROUNDING):
        raise model.broken("k_per_h", f"{rate} per h does not fit a half-life of {half_life} h")
    if clearance is None or volume is None:
        return
    if not math.isclose(float(clearance) / float(volume), exact, rel_tol=ROUNDING):
        raise model.broken("V_over_F_L", f"{volume} L does not fit {clearance} L/h and {half_life} h")
