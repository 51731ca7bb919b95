"""The centre's numbers for the clinical core: our own reading of the guideline, where the centre has changed it.

A few have a column of their own, because other rooms ask for them by name; the rest stand in `readings`, and only where
they differ from the default, so that a better default reaches everybody who has not chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from glidepath.clinical.amounts import plain
from glidepath.clinical.facts.centre_settings import setting_facts, settings_with
from glidepath.clinical.facts.settings import BadSetting, ClinicalSettings
from glidepath.record.centres.models import CentreSettings
from glidepath.record.errors import BadInput

# The setting, its column, and how many of the column's unit one of the setting's is.
COLUMNS: Mapping[str, tuple[str, int]] = {
    "default_cut_percent": ("usual_cut_percent", 1),
    "default_interval_days": ("interval_days", 1),
    "review_max_age_days": ("review_max_age_days", 1),
    "last_step_max_diazepam_mg": ("last_step_max_micrograms", 1000),
    "syringe_graduation_ml": ("syringe_step_microlitres", 1000),
    "doses_not_taken_in_a_row": ("doses_not_taken_in_a_row", 1),
    "doses_not_taken_hours": ("doses_not_taken_hours", 1),
}


def without_a_column() -> tuple[str, ...]:
    """The names of the settings that stand in `readings`, in the order of the facts."""
    return tuple(name for name in setting_facts() if name not in COLUMNS)


def with_reading(kept: Mapping[str, str], name: str, value: object) -> dict[str, str]:
    """The kept numbers with this one instead; None and the default itself take it away. Raises BadInput."""
    fact = setting_facts()[name]
    if name in COLUMNS:
        raise BadInput(f"{fact.label} is set by the name {COLUMNS[name][0]!r}.", field=COLUMNS[name][0])
    try:
        number = fact.default if value is None else fact.read(value)
    except BadSetting as wrong:
        raise BadInput(str(wrong), field=name) from wrong
    others = {key: number for key, number in kept.items() if key != name}
    return others if number == fact.default else {**others, name: plain(number)}


def clinical_of(row: CentreSettings) -> ClinicalSettings:
    """What the core is given. What lies outside a range, kept under an older one, counts as the nearest end of it."""
    return _clinical(tuple(getattr(row, column) for column, _ in COLUMNS.values()), tuple(row.readings.items()))


@lru_cache(maxsize=64)  # each act asks, of the few centres there are
def _clinical(columns: tuple[int, ...], readings: tuple[tuple[str, str], ...]) -> ClinicalSettings:
    kept = {
        name: Decimal(number) / factor for (name, (_, factor)), number in zip(COLUMNS.items(), columns, strict=True)
    }
    kept |= {name: Decimal(value) for name, value in readings if name in setting_facts()}
    return settings_with({name: _inside(name, value) for name, value in kept.items()})


def _inside(name: str, value: Decimal) -> Decimal:
    fact = setting_facts()[name]
    return max(fact.low, min(fact.high, value))
