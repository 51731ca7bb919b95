"""JCG-6, 6c, 6d, TPR-1, 2, 4, 5, 10: how large a cut is, how soon after the last, and how long it all takes.

Ratios are exact fractions of the dose before the cut; only what is shown is rounded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Setting, Shape
from glidepath.clinical.facts.centre_settings import of_the_centre
from glidepath.clinical.facts.load import cks_schedule, clinical_settings, rule
from glidepath.clinical.facts.medicines import watches_of
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.inpatient_protocols import Protocol, check_over_ceiling_inpatient
from glidepath.clinical.guidelines.missing import not_assessed
from glidepath.clinical.guidelines.wording import days, mg, number, percent

AN_ORDER = 0  # the number of a change that is no step of a plan


@dataclass(frozen=True, slots=True)
class Cut:
    """One lowering, in mg a day of `what` ("diazepam", "diazepam equivalent by va-dod-2021").

    highest: the highest daily dose in force in the 14 calendar days before `on`.
    highest_equivalent: the dose before the cut in mg of diazepam a day by the highest table; None without a figure.
    last_cut_on: the day of the cut before this one; None = none known. watch_days: how long to watch after it.
    """

    step: int
    on: dt.date
    what: str
    before: Fraction
    after: Fraction
    highest: Fraction
    highest_equivalent: Fraction | None = None
    last_cut_on: dt.date | None = None
    watch_days: int | None = None

    @property
    def share(self) -> Fraction:
        """The cut as a share of the present dose; zero where the dose stays or rises."""
        return _lowering(self.before, self.after)

    @property
    def share_14_days(self) -> Fraction:
        """The lowering since the highest dose of the 14 days before, as a share of that dose."""
        return _lowering(self.highest, self.after)

    @property
    def words(self) -> str:
        return f"{subject(self.step)} goes from {mg(self.before)} to {mg(self.after)} of {self.what} a day"


def check_size(cut: Cut, *, limits: Limits) -> tuple[Finding, ...]:
    """JCG-6: more than the usual cut of the present dose needs a reason."""
    if cut.share <= limits.usual_cut:
        return ()
    low = Fraction(rule("JCG-6").value("cut_percent_low")) / 100
    largest = cut.before * (1 - limits.usual_cut)
    return (
        rule("JCG-6").finding(
            message=f"{cut.words}: {percent(cut.share, against=limits.usual_cut)} of the present dose; usual is "
            f"{number(low * 100)} to {percent(limits.usual_cut)}.",
            do=f"Choose {mg(largest)} or more, or confirm with a reason.",
            step=cut.step or None,
        ),
    )


def check_ceiling(
    cut: Cut,
    *,
    limits: Limits,
    setting: Setting,
    protocol: Protocol | None = None,
    released: Collection[int] = (),
) -> tuple[Finding, ...]:
    """JCG-6c, or JCG-6d as an inpatient: the 14-day ceiling. The small last step is exempt (TPR-10).

    released: the steps that begin by this signature, and do not follow by plan.
    """
    if cut.share_14_days <= limits.ceiling or is_small_last_step(cut, limits=limits):
        return ()
    lowered = percent(cut.share_14_days, against=limits.ceiling)
    message = (
        f"{cut.words}: {lowered} below the {mg(cut.highest)} of the {days(limits.ceiling_days)} before; the ceiling is "
        f"{percent(limits.ceiling)}."
    )
    if setting is Setting.INPATIENT_MEDICAL:
        return check_over_ceiling_inpatient(
            cut.share_14_days,
            message=message,
            protocol=protocol,
            step=cut.step or None,
            is_planned=cut.step != AN_ORDER and cut.step not in released,
        )
    lowest = cut.highest * (1 - limits.ceiling)
    return (
        rule("JCG-6c").finding(
            message=message,
            do=f"Choose {mg(lowest)} or more, or put the step later; or a prescriber overrides with a reason.",
            step=cut.step or None,
        ),
    )


def is_small_last_step(cut: Cut, *, limits: Limits) -> bool:
    """Whether this is a step to zero from a dose that TPR-10 lets go: at most 1 mg of diazepam by the highest table."""
    if cut.after != 0 or cut.before == 0 or cut.highest_equivalent is None:
        return False
    return cut.highest_equivalent <= Fraction(limits.last_step_max_diazepam)


def check_last_step(
    cut: Cut, *, limits: Limits, contact_on: dt.date | None = None, watch_days: int | None = None
) -> tuple[Finding, ...]:
    """TPR-10 for the small last step to zero. Answered when a contact is booked inside the watch after it."""
    if not is_small_last_step(cut, limits=limits):
        return ()
    watch = watch_days or cut.watch_days or limits.settings.watch_days_unknown
    own = of_the_centre(limits.settings, "last_step_max_diazepam_mg", *watches_of(watch, limits.settings))
    until = cut.on + dt.timedelta(days=watch)
    finding = rule("TPR-10").finding(
        message=f"{cut.words}: the last step is always 100 %.{own}",
        do=f"Review symptoms, confirm, and book a contact between {cut.on:%-d %b %Y} and {until:%-d %b %Y}.",
        step=cut.step or None,
    )
    booked = contact_on is not None and cut.on <= contact_on <= until
    return (finding.answered(f"contact booked for {contact_on:%-d %b %Y}") if booked else finding,)


def check_interval(cut: Cut, *, setting: Setting, settings: ClinicalSettings | None = None) -> tuple[Finding, ...]:
    """TPR-1: less than two weeks since the last cut needs a reason, except as an inpatient."""
    if cut.last_cut_on is None or setting is Setting.INPATIENT_MEDICAL:
        return ()
    limits = settings or clinical_settings()
    least = limits.min_interval_days
    since = (cut.on - cut.last_cut_on).days
    if since >= least:
        return ()
    return (
        rule("TPR-1").finding(
            message=f"{subject(cut.step)} comes {days(since)} after the last cut; usual is {days(least)} or more."
            + of_the_centre(limits, "min_interval_days"),
            do=f"Put it on {cut.last_cut_on + dt.timedelta(days=least):%-d %b %Y} or later, or confirm with a reason.",
            step=cut.step or None,
        ),
    )


def check_basis(shape: Shape | None, *, cut_of_start: Fraction | None = None) -> tuple[Finding, ...]:
    """TPR-2: cuts of the same amount are a share of the original dose, and weigh more with every step."""
    if shape is None:
        return (not_assessed("TPR-2", ("shape",)),)
    if shape is not Shape.LINEAR:
        return ()
    amount = f" of {percent(cut_of_start)} of the starting dose" if cut_of_start is not None else ""
    return (
        rule("TPR-2").finding(
            message=f"Every cut takes the same amount{amount}, so it grows as a share of the present dose.",
            do="Take a percentage of the present dose, so that the cuts shrink; or confirm with a reason.",
        ),
    )


def check_low_dose_cut(
    *, step: int, diazepam_before: Fraction | None, diazepam_after: Fraction | None
) -> tuple[Finding, ...]:
    """TPR-4: cuts beyond the lowest row of the CKS reductions. mg of diazepam equivalent a day; None = unknown."""
    if diazepam_before is None or diazepam_after is None:
        return (not_assessed("TPR-4", ("diazepam_equivalent",), step=step),)
    lowest_row = cks_schedule().rows[-1]
    low, largest = Fraction(lowest_row.from_mg), Fraction(lowest_row.cut_high_mg)
    cut = diazepam_before - diazepam_after
    if diazepam_before > low or cut <= largest:
        return ()
    usual = f"{number(lowest_row.cut_low_mg)} to {mg(largest)}"
    weeks = f"{number(lowest_row.weeks_low)} to {number(lowest_row.weeks_high)} weeks"
    return (
        rule("TPR-4").finding(
            message=f"{subject(step)} takes {mg(cut, against=largest)} of diazepam equivalent from "
            f"{mg(diazepam_before, against=low)} a day.",
            do=f"At {mg(low)} or less cut {usual} every {weeks}, or confirm with a reason.",
            step=step or None,
        ),
    )


def check_duration(*, diazepam_start: Fraction | None, length_days: int) -> tuple[Finding, ...]:
    """TPR-5: shorter than the range that CKS gives for this starting dose (mg of diazepam a day). Advice."""
    if diazepam_start is None:
        return (not_assessed("TPR-5", ("diazepam_equivalent",)),)
    given = [start for start in cks_schedule().total_weeks if diazepam_start >= Fraction(start)]
    if not given:
        return ()
    low, high = cks_schedule().total_weeks[max(given)]
    weeks = Fraction(length_days, 7)
    if weeks >= Fraction(low):
        return ()
    return (
        rule("TPR-5").finding(
            message=f"From {mg(diazepam_start)} of diazepam equivalent a day to zero in {number(weeks)} weeks; usual "
            f"from {mg(max(given))} is {number(low)} to {number(high)} weeks.",
            do="Tell the person that many need longer, and that the plan can slow at any step.",
        ),
    )


def subject(step: int) -> str:
    """What lowers the dose: "Step 4", or an order."""
    return "The order" if step == AN_ORDER else f"Step {step}"


def _lowering(before: Fraction, after: Fraction) -> Fraction:
    return max(Fraction(0), (before - after) / before) if before > 0 else Fraction(0)
