"""The limits a taper is planned within: the guideline's and, where it gives words and no number, the centre's."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.settings import ClinicalSettings

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares are exact fractions of one.

    usual_cut: the largest usual cut of the present dose (JCG-6). ceiling: the largest lowering in `ceiling_days`
    calendar days (JCG-6c). ceiling_holds False: a named inpatient protocol, signed twice, stands in its place (JCG-6d).
    last_step_max_diazepam: mg a day, in diazepam by the highest table, that may go to zero in one step (TPR-10).
    switch_days: a switch is spread over so many days or more (JCG-7: one to two weeks).
    settings: everything else that the centre has set for itself, instead of our own reading. No ceiling is among it.
    """

    usual_cut: Fraction
    ceiling: Fraction
    ceiling_days: int
    last_step_max_diazepam: Decimal
    switch_days: int
    ceiling_holds: bool = True
    settings: ClinicalSettings = field(default_factory=clinical_settings, hash=False)

    @classmethod
    def of(cls, settings: ClinicalSettings | None = None) -> Limits:
        """The limits of the facts, with what the centre has set for itself."""
        ours = clinical_settings() if settings is None else settings
        ceiling = rule("JCG-6c")
        return cls(
            usual_cut=Fraction(rule("JCG-6").value("cut_percent_high")) / 100,
            ceiling=Fraction(ceiling.value("ceiling_percent")) / 100,
            ceiling_days=int(ceiling.value("ceiling_days")),
            last_step_max_diazepam=ours.last_step_max_diazepam_mg,
            switch_days=int(rule("JCG-7").value("weeks_low")) * DAYS_A_WEEK,
            settings=ours,
        )
