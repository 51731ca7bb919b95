"""Every clinical default that is a centre setting: our reading, labelled so, and open to the centre's change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


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
    observe_settled_hours: int
    observation_overdue_after_hours: int
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
    ciwa_b_review_within_hours: int
    # temperature: rule INP-11
    fever_at_least_c: Decimal
    emergency_fever_at_least_c: Decimal
    # caution when converting (EQ-2), regular use (OP-2), contact after discharge (DIS-4)
    lorazepam_caution_mg: Decimal
    regular_use_days_per_week: int
    regular_use_over_months: int
    contact_after_discharge_hours: int
