"""Every clinical default that is a centre setting: our reading, labelled so, and open to the centre's change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


@dataclass(frozen=True, slots=True)
class ClinicalSettings:
    """Defaults. A centre replaces single values with `dataclasses.replace`; the core is given the result."""

    # taper
    default_cut_percent: Decimal  # proposed cut of the current dose
    default_interval_days: int
    min_interval_days: int  # TPR-1
    last_step_max_diazepam_mg: Decimal  # TPR-10: what may go to zero, by the highest table
    review_max_age_days: int  # JCG-9: symptom review older than this does not release a step
    syringe_graduation_ml: Decimal
    default_dose_times: Mapping[int, tuple[dt.time, ...]]  # for "x3"
    # doses not taken
    doses_not_taken_in_a_row: int
    doses_not_taken_hours: int
    # watch after a cut, by how long the medicine acts
    watch_days_short: int
    watch_days_long: int
    watch_days_unknown: int
    # observation rounds (INP-1, INP-2, INP-3)
    observe_awake_hours: int
    observe_asleep_hours: int
    close_observation_first_days: int
    close_observation_after_change_hours: int
    stable_after_hours: int
    observe_stable_hours: int
    settled_after_hours: int
    observe_settled_hours: int
    observation_overdue_after_hours: Decimal
    # alarms: who is called next, and when (facts/escalation.toml)
    repage_hard_stop_minutes: int
    repage_help_minutes: int
    repage_other_minutes: int
    emergency_attendance_minutes: int
    acknowledged_counts_minutes: int
    # over-sedation: rules INP-12 and INP-13
    hold_rass_at_most: int
    hold_rr_below: int
    hold_spo2_below: int
    hold_spo2_below_scale_2: int
    emergency_rr_at_most: int
    review_rass: int
    # the scale CIWA-B: rule INP-6
    ciwa_b_review_at_least: int
    ciwa_b_rise: int
    ciwa_b_rise_hours: int
    ciwa_b_review_within_hours: Decimal
    # temperature: rule INP-11
    fever_at_least_c: Decimal
    emergency_fever_at_least_c: Decimal
    # converting (EQ-1, EQ-2, EQ-DIP), use (OP-2, FAC-LONG), contact after discharge (DIS-4)
    tables_differ_ratio: Decimal
    dip_worth_saying_percent: Decimal
    very_long_use_months: Decimal
    lorazepam_caution_mg: Decimal
    regular_use_days_per_week: int
    regular_use_over_months: Decimal
    contact_after_discharge_hours: int
    # when a treatment plan is looked at again
    plan_review_inpatient_days: int
    plan_review_other_days: int
    # when somebody who called has an answer (CALL-2)
    call_answer_within_hours: int
    # when a screen that withdrawal raises is asked again, after the last dose
    retest_after_days: int
    # after an emergency: when it is talked over, and when it is reviewed
    debrief_within_hours: int
    incident_review_within_days: int
    # doses and orders: how long a look counts, until when an order is signed, how long doses are taken along
    fresh_look_minutes: int
    order_signed_within_hours: int
    leave_longest_days: int
    # the controlled-drug register
    register_witnessed_minutes: int
    register_dated_back_hours: int
    difference_to_manager_hours: int
    cover_horizon_days: int
    cover_order_up_to_days: int
    cover_soon_days: int
    register_drift_percent: int


_IN_WORDS = {
    "h": "hours", "min": "minutes", "percent": "%", "C": "°C", "per min": "a minute", "mg/day": "mg a day",
    "days/week": "days a week", "RASS": "on the RASS", "ratio": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SettingFact:
    """One number of ClinicalSettings: what it is called, its default, and the range a centre may choose from.

    rule: the code of the rule it belongs to, None where it is about no rule. asks: the clinical question it stands
    under. why: the reason for the range. whole: only whole numbers are meant.
    """

    name: str
    label: str
    unit: str
    rule: str | None
    asks: str
    default: Decimal
    low: Decimal
    high: Decimal
    why: str
    whole: bool

    @property
    def unit_in_words(self) -> str:
        """The unit as a sentence says it; empty for a bare ratio."""
        return _IN_WORDS.get(self.unit, self.unit)

    def read(self, value: object) -> Decimal:
        """`value` as a number of this setting. Raises BadSetting for what is no number, not whole or out of range."""
        try:
            if isinstance(value, bool):
                raise TypeError
            number = Decimal(str(value).strip())
        except (InvalidOperation, TypeError) as wrong:
            raise BadSetting(self, value) from wrong
        if not number.is_finite() or not self.low <= number <= self.high or (self.whole and number != int(number)):
            raise BadSetting(self, value)
        return number


class BadSetting(ValueError):
    """A value that a setting cannot have, with the setting where there is one of that name."""

    def __init__(self, fact: SettingFact, value: object) -> None:
        self.name = fact.name
        kind = "a whole number" if fact.whole else "a number"
        super().__init__(
            f"{fact.label}: {value} cannot be. Give {kind} from {fact.low} to {fact.high} {fact.unit_in_words}".rstrip()
            + f". Why this range: {fact.why}."
        )
