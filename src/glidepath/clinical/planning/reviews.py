"""When a plan is looked at again, and when risks and benefits are: the day, how often, and who says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.load import clinical_settings, plan_templates, rule
from glidepath.clinical.facts.plan_templates import OURS
from glidepath.clinical.facts.settings import ClinicalSettings


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """One review. `on`: None where nobody recorded the last one, which is never "in time". `source`: in words."""

    what: str
    on: dt.date | None
    every_days: int
    source: str

    def is_due(self, today: dt.date) -> bool:
        """Whether it is due on that calendar day of the centre; a day that is not known is due."""
        return self.on is None or self.on <= today

    def days_over(self, today: dt.date) -> int:
        """Full days past its day; none where it lies ahead or is not known."""
        return max((today - self.on).days, 0) if self.on else 0


def plan_review(last: dt.date, setting: Setting, *, settings: ClinicalSettings | None = None) -> ReviewDue:
    """The next review of a plan that was signed or last reviewed on `last`."""
    limits = settings or clinical_settings()
    inpatient = setting is Setting.INPATIENT_MEDICAL
    days = limits.plan_review_inpatient_days if inpatient else limits.plan_review_other_days
    return ReviewDue("the plan", last + dt.timedelta(days=days), days, OURS)


def risk_benefit_review(last: dt.date | None) -> ReviewDue:
    """The next review of risk and benefit (JCG-1). last: when it was last recorded; None: nobody did."""
    days = plan_templates().risk_benefit_days
    on = last + dt.timedelta(days=days) if last else None
    return ReviewDue("risk and benefit", on, days, f"JCG-1: {rule('JCG-1').source}")
