"""What each number that a centre may set does: another value of it, and what the core then says otherwise.

Used for the core alone and through the settings page. Each value differs from the default and lies in the range.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.facts.medicines import Acting, watch_days
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.case import Case
from glidepath.clinical.guidelines.conversion import ConversionProposal, check_conversion
from glidepath.clinical.guidelines.discharge import DischargeProposal, Leaving, check_discharge
from glidepath.clinical.guidelines.escalation import TimedTotal, check_ciwa_b, check_temperature
from glidepath.clinical.guidelines.first_call import check_waiting
from glidepath.clinical.guidelines.person_factors import check_factors
from glidepath.clinical.guidelines.release import Review, check_review
from glidepath.clinical.guidelines.stopping import check_stop
from glidepath.clinical.guidelines.switch_dip import check_dip
from glidepath.clinical.guidelines.taper_rate import Cut, check_interval, check_last_step
from glidepath.clinical.instruments.retest import retest_from
from glidepath.clinical.monitoring import centre_times
from glidepath.clinical.monitoring.emergency import debrief_by, review_by
from glidepath.clinical.monitoring.escalation import escalations
from glidepath.clinical.monitoring.ladder import ladder_for
from glidepath.clinical.monitoring.observations import Course, WithdrawalLevel, frequency, overdue
from glidepath.clinical.monitoring.sedation import sedation_hold
from glidepath.clinical.planning.reviews import plan_review
from tests.clinical.guidelines.people import PLAIN
from tests.clinical.guidelines.test_switch_dip import switched

CALLED, THIRTY_HOURS_ON = dt.datetime(2026, 11, 17, 10, tzinfo=dt.UTC), dt.datetime(2026, 11, 18, 16, tzinfo=dt.UTC)
DAY, NOON = dt.date(2026, 5, 21), dt.datetime(2026, 5, 21, 12, tzinfo=dt.UTC)
Effect = Callable[[ClinicalSettings], object]


def _said(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in findings]


def _interval(of: ClinicalSettings) -> object:
    cut = Cut(2, DAY, "diazepam", Fraction(10), Fraction(9), Fraction(10), last_cut_on=DAY - dt.timedelta(days=15))
    return _said(check_interval(cut, setting=Setting.OUTPATIENT, settings=of))


def _last_step(of: ClinicalSettings) -> object:
    one = Fraction(1)
    return _said(check_last_step(Cut(2, DAY, "diazepam", one, Fraction(0), one, one), limits=Limits.of(of)))


def _review(of: ClinicalSettings) -> object:
    review = Review(on=DAY - dt.timedelta(days=6))
    return _said(check_review(step=2, starts=DAY, review=review, last_change=None, settings=of))


def _contact(of: ClinicalSettings) -> object:
    leaving = DischargeProposal(DAY, Leaving.COMPLETED, Setting.RESIDENTIAL, True, last_cut=DAY, watch_days=7)
    return [one.do for one in check_discharge(leaving, facts=PLAIN, settings=of) if one.code == "DIS-4"]


def _watch_unknown(of: ClinicalSettings) -> object:
    last_cut = DAY - dt.timedelta(days=21)
    leaving = DischargeProposal(DAY, Leaving.COMPLETED, Setting.RESIDENTIAL, True, last_cut=last_cut)
    return [one.code for one in check_discharge(leaving, facts=PLAIN, settings=of) if one.code == "DIS-4"]


def _often(course: Course, *, asleep: bool = False) -> Effect:
    return lambda of: frequency(course, asleep=asleep, settings=of)


def _calm(stable: int, *, day: int = 30, changed: int = 1000) -> Course:
    return Course(day, Decimal(changed), WithdrawalLevel.NONE, Decimal(stable))


def _late(of: ClinicalSettings) -> object:
    late = overdue(NOON, now=NOON + dt.timedelta(minutes=45), settings=of)
    return late is not None and late.alerts


def _sedated(rass: int | None = 0, rr: int = 16, spo2: int = 97, *, scale_two: bool = False) -> Effect:
    return lambda of: _said(sedation_hold(rass=rass, rr=rr, spo2=spo2, scale_two=scale_two, settings=of))


def _emergency(of: ClinicalSettings) -> object:
    return [one.do for one in sedation_hold(rass=0, rr=9, spo2=97, settings=of)]


def _ciwa_b(total: int, before: int, *, hours: int = 12) -> Effect:
    earlier = [TimedTotal(NOON - dt.timedelta(hours=hours), before)]
    return lambda of: _said(check_ciwa_b(TimedTotal(NOON, total), earlier=earlier, settings=of))


def _within(of: ClinicalSettings) -> object:
    found = check_ciwa_b(TimedTotal(NOON, 50), settings=of)
    return [(one.within_minutes, one.finding.do) for one in escalations(found, settings=of)]


def _fever(temp: str) -> Effect:
    return lambda of: [(one.message, one.do) for one in check_temperature(Decimal(temp), settings=of)]


def _exchange(medicine: str, mg: str, code: str) -> Effect:
    proposal = ConversionProposal({medicine: Dose(Decimal(mg), medicine)}, "diazepam")

    def said(of: ClinicalSettings) -> object:
        found = check_conversion(proposal, facts=PLAIN, formulary=formulary(), settings=of)
        return _said(tuple(one for one in found if one.code == code))

    return said


def _dip(of: ClinicalSettings) -> object:
    return _said(check_dip(switched(7), table="ashton_2002", formulary=formulary(), settings=of))


def _regular(days: int, months: str) -> Effect:
    facts = replace(PLAIN, use_days_per_week=Decimal(days), use_months=Decimal(months), use_source="prescribed")
    daily = {"diazepam": Dose(Decimal(5), "diazepam")}

    def said(of: ClinicalSettings) -> object:
        found = check_stop(daily, facts=facts, formulary=formulary(), settings=of)
        return _said(tuple(one for one in found if one.code == "OP-2"))

    return said


def _long_use(of: ClinicalSettings) -> object:
    case = Case(replace(PLAIN, use_months=Decimal(7)), DAY, {"diazepam": Dose(Decimal(5), "diazepam")})
    return _said(tuple(x for x in check_factors(case, formulary=formulary(), settings=of) if x.code == "FAC-LONG"))


# Another value, and what changes by it. The last three are read by other rooms and have their tests there.
EFFECTS: Mapping[str, tuple[str, Effect]] = {
    "min_interval_days": ("21", _interval),
    "last_step_max_diazepam_mg": ("0.5", _last_step),
    "review_max_age_days": ("5", _review),
    "watch_days_short": ("10", lambda of: watch_days(Acting.SHORT, of)),
    "watch_days_long": ("21", lambda of: watch_days(Acting.LONG, of)),
    "watch_days_unknown": ("28", _watch_unknown),
    "contact_after_discharge_hours": ("48", _contact),
    "observe_awake_hours": ("2", _often(_calm(0, day=0))),
    "observe_asleep_hours": ("3", _often(_calm(0, day=0), asleep=True)),
    "close_observation_first_days": ("7", _often(_calm(80, day=5))),
    "close_observation_after_change_hours": ("96", _often(_calm(80, changed=60))),
    "stable_after_hours": ("96", _often(_calm(80))),
    "observe_stable_hours": ("6", _often(_calm(80))),
    "settled_after_hours": ("200", _often(_calm(150))),
    "observe_settled_hours": ("8", _often(_calm(150))),
    "observation_overdue_after_hours": ("0.5", _late),
    "hold_rass_at_most": ("-2", _sedated(rass=-2)),
    "hold_rr_below": ("12", _sedated(rr=11)),
    "hold_spo2_below": ("94", _sedated(spo2=93)),
    "hold_spo2_below_scale_2": ("90", _sedated(spo2=89, scale_two=True)),
    "emergency_rr_at_most": ("9", _emergency),
    "review_rass": ("-1", _sedated(rass=-1)),
    "ciwa_b_review_at_least": ("30", _ciwa_b(35, 34)),
    "ciwa_b_rise": ("6", _ciwa_b(20, 13)),
    "ciwa_b_rise_hours": ("48", _ciwa_b(25, 10, hours=30)),
    "ciwa_b_review_within_hours": ("0.5", _within),
    "fever_at_least_c": ("37.8", _fever("38.0")),
    "emergency_fever_at_least_c": ("38.6", _fever("38.8")),
    "tables_differ_ratio": ("1.2", _exchange("oxazepam", "40", "EQ-1")),
    "lorazepam_caution_mg": ("3", _exchange("lorazepam", "4", "EQ-2")),
    "dip_worth_saying_percent": ("8", _dip),
    "regular_use_days_per_week": ("3", _regular(3, "2")),
    "regular_use_over_months": ("0.5", _regular(7, "0.75")),
    "very_long_use_months": ("6", _long_use),
    "plan_review_inpatient_days": ("3", lambda of: plan_review(DAY, Setting.INPATIENT_MEDICAL, settings=of).on),
    "plan_review_other_days": ("14", lambda of: plan_review(DAY, Setting.RESIDENTIAL, settings=of).on),
    "call_answer_within_hours": (
        "24",
        lambda of: check_waiting(since=CALLED, now=CALLED + dt.timedelta(hours=30), settings=of),
    ),
    "repage_hard_stop_minutes": ("4", lambda of: ladder_for("INP-7", hard_stop=True, settings=of).waits),
    "repage_help_minutes": ("2", lambda of: ladder_for("help", hard_stop=False, settings=of).waits),
    "repage_other_minutes": ("10", lambda of: ladder_for("INP-6", hard_stop=False, settings=of).waits),
    "emergency_attendance_minutes": ("10", lambda of: ladder_for("SEI-1", hard_stop=True, settings=of).attend_within),
    "acknowledged_counts_minutes": ("30", lambda of: ladder_for("INP-12", hard_stop=True, settings=of).attend_within),
    "retest_after_days": ("42", lambda of: retest_from(DAY, of)),
    "debrief_within_hours": ("12", lambda of: debrief_by(NOON, of)),
    "incident_review_within_days": ("14", lambda of: review_by(NOON, of)),
    "fresh_look_minutes": ("30", centre_times.fresh_for),
    "order_signed_within_hours": ("12", lambda of: centre_times.sign_by(NOON, of)),
    "leave_longest_days": ("3", lambda of: centre_times.back_by_at_most(NOON, of)),
    "register_witnessed_minutes": ("30", lambda of: centre_times.witnessed_since(NOON, of)),
    "register_dated_back_hours": ("24", lambda of: centre_times.dated_back_to(NOON, of)),
    "difference_to_manager_hours": ("12", lambda of: centre_times.with_manager_from(NOON, of)),
    "cover_horizon_days": ("56", lambda of: of.cover_horizon_days),
    "cover_order_up_to_days": ("21", lambda of: of.cover_order_up_to_days),
    "cover_soon_days": ("3", lambda of: of.cover_soon_days),
    "register_drift_percent": ("10", lambda of: centre_times.drifts_apart(115, 100, of)),
    "default_cut_percent": ("5", lambda of: of.default_cut_percent),
    "default_interval_days": ("21", lambda of: of.default_interval_days),
    "syringe_graduation_ml": ("0.2", lambda of: of.syringe_graduation_ml),
    "doses_not_taken_in_a_row": ("1", lambda of: of.doses_not_taken_in_a_row),
    "doses_not_taken_hours": ("12", lambda of: of.doses_not_taken_hours),
}
