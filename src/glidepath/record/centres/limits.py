"""The settings with a column of their own: their words, units and bounds, and the default each takes from the facts.

Those with `setting` are our reading of a guideline that gives words and no number: default, range and the reason for
the range stand in the facts. The others are about this software's work; their bounds keep out what cannot be meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from glidepath.clinical.facts.centre_settings import setting_facts
from glidepath.record.centres.readings import COLUMNS

DAY_REVIEW = "observe_awake_hours"  # a value at the day's review is by default as old as a close observation


@dataclass(frozen=True, slots=True)
class Limit:
    """One whole number of CentreSettings, from `low` to `high`. setting: its name in the facts, where it has one."""

    name: str
    label: str
    unit: str
    low: int
    high: int
    standard: int | None = None  # the default from the facts; None where the facts have no say
    setting: str | None = None


def _of_the_facts(setting: str, label: str, unit: str) -> Limit:
    fact, (name, factor) = setting_facts()[setting], COLUMNS[setting]
    low, high, standard = (_whole(value * factor) for value in (fact.low, fact.high, fact.default))
    return Limit(name, label, unit, low, high, standard, setting)


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise ValueError(f"{value} is no whole number of the setting's unit")
    return int(value)


LIMITS: tuple[Limit, ...] = (
    _of_the_facts("default_cut_percent", "Usual cut", "% of the present dose"),
    _of_the_facts("default_interval_days", "Time between cuts", "days"),
    _of_the_facts("review_max_age_days", "Symptom review counts for", "days"),
    _of_the_facts(
        "last_step_max_diazepam_mg", "Largest dose that may go to zero", "micrograms of diazepam by the highest table"
    ),
    _of_the_facts("doses_not_taken_in_a_row", "Alarm after doses not taken in a row", "doses"),
    _of_the_facts("doses_not_taken_hours", "Alarm after no dose for", "hours"),
    _of_the_facts("syringe_graduation_ml", "Syringe is marked every", "microlitres"),
    Limit("late_after_minutes", "A dose is late after", "minutes", 5, 240),
    Limit("round_window_minutes", "A round reaches ahead by", "minutes", 15, 240),
    Limit("batch_rass_at_most", "Rapid protocols: no daily cut above RASS", "RASS", 0, 4),
    Limit(
        "day_review_hours",
        "Rapid protocols: values at the day’s review count for",
        "hours",
        1,
        24,
        _whole(setting_facts()[DAY_REVIEW].default),
    ),
    Limit("break_glass_minutes", "An opened glass stands for", "minutes", 5, 60),
    Limit("first_order_hours", "A first order is signed within, where the regimen is not known", "hours", 1, 12),
    Limit("watch_silent_minutes", "The watch counts as silent after", "minutes", 2, 30),
)

BY_NAME = {limit.name: limit for limit in LIMITS}


def defaults() -> dict[str, int]:
    """What a new centre begins with, for every setting the facts know."""
    return {limit.name: limit.standard for limit in LIMITS if limit.standard is not None}
