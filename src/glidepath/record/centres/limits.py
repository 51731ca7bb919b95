"""The settings a centre may change: their words, units and bounds, and the default each takes from the facts.

Each is our reading of a guideline that gives words and no number, and is shown so. The bounds only keep out what cannot
be meant; how far a plan may go is the guideline rules' to say, whatever is set here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from glidepath.clinical.facts.load import ClinicalSettings, clinical_settings, rule

OUR_READING = "our reading"


@dataclass(frozen=True, slots=True)
class Limit:
    """One number of CentreSettings. `default`: how the facts give it, in the row's unit."""

    name: str
    label: str
    unit: str
    low: int
    highest: int | tuple[str, str]  # a number of ours, or the rule and its value that is the ceiling
    default: Callable[[ClinicalSettings], int] | None = None  # None: about this software's work, not about medicine

    @property
    def high(self) -> int:
        if isinstance(self.highest, int):
            return self.highest
        code, name = self.highest
        return _whole(rule(code).value(name))

    def standard(self) -> int | None:
        """The default from the facts; None where the facts have no say."""
        return None if self.default is None else self.default(clinical_settings())


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise ValueError(f"{value} is no whole number of the setting's unit")
    return int(value)


LIMITS: tuple[Limit, ...] = (
    Limit(
        "usual_cut_percent",
        "Usual cut",
        "% of the present dose",
        1,
        ("JCG-6c", "ceiling_percent"),
        lambda of: _whole(of.default_cut_percent),
    ),
    Limit("interval_days", "Time between cuts", "days", 1, 90, lambda of: of.default_interval_days),
    Limit("review_max_age_days", "Symptom review counts for", "days", 1, 14, lambda of: of.review_max_age_days),
    Limit(
        "last_step_max_micrograms",
        "Largest dose that may go to zero",
        "micrograms of diazepam by the highest table",
        1,
        5000,
        lambda of: _whole(of.last_step_max_diazepam_mg * 1000),
    ),
    Limit(
        "doses_not_taken_in_a_row",
        "Alarm after doses not taken in a row",
        "doses",
        1,
        4,
        lambda of: of.doses_not_taken_in_a_row,
    ),
    Limit("doses_not_taken_hours", "Alarm after no dose for", "hours", 4, 48, lambda of: of.doses_not_taken_hours),
    Limit(
        "syringe_step_microlitres",
        "Syringe is marked every",
        "microlitres",
        10,
        1000,
        lambda of: _whole(of.syringe_graduation_ml * 1000),
    ),
    Limit("late_after_minutes", "A dose is late after", "minutes", 5, 240),
    Limit("round_window_minutes", "A round reaches ahead by", "minutes", 15, 240),
    Limit("batch_rass_at_most", "Rapid protocols: no daily cut above RASS", "RASS", 0, 4),
    Limit(
        "day_review_hours",
        "Rapid protocols: values at the day’s review count for",
        "hours",
        1,
        24,
        lambda of: of.observe_awake_hours,
    ),
    Limit("break_glass_minutes", "An opened glass stands for", "minutes", 5, 60),
    Limit("first_order_hours", "A first order is signed within, where the regimen is not known", "hours", 1, 12),
    Limit("watch_silent_minutes", "The watch counts as silent after", "minutes", 2, 30),
)

BY_NAME = {limit.name: limit for limit in LIMITS}


def defaults() -> dict[str, int]:
    """What a new centre begins with, for every setting the facts know."""
    known = ((limit.name, limit.standard()) for limit in LIMITS)
    return {name: value for name, value in known if value is not None}
