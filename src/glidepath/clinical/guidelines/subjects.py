"""Under which subject a rule is shown: the same eleven under which a missing fact is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.index import IMPLEMENTED
from glidepath.clinical.guidelines.missing import firing
from glidepath.clinical.guidelines.questions import FactGroup

# By module, because a module is one clinical question.
_MODULES: Mapping[FactGroup, tuple[str, ...]] = {
    FactGroup.USE: ("dependence", "short_use"),
    FactGroup.SUBSTANCES: ("co_use", "several_withdrawals", "substance_use"),
    FactGroup.DIAGNOSES: ("diagnosis", "scope", "seizures"),
    FactGroup.BODY: ("breathing", "liver", "older_people", "person_factors"),
    FactGroup.PREGNANCY: ("infant", "pregnancy"),
    FactGroup.NOW: ("escalation", "severe_withdrawal", "sleep", "withdrawal_scales", "observations", "sedation"),
    FactGroup.PLACE: ("admission", "first_call", "level_of_care"),
    FactGroup.PLAN: (
        "adjuncts",
        "conversion",
        "inpatient_protocols",
        "makeability",
        "not_for_tapering",
        "other_medicines",
        "pausing",
        "phenobarbital",
        "release",
        "shared_decision",
        "stopping",
        "supply_outside",
        "switch_dip",
        "taper_rate",
        "whether_to_taper",
    ),
    FactGroup.REVIEWS: ("risk_benefit",),
    FactGroup.TESTING: ("drug_tests",),
    FactGroup.DISCHARGE: ("discharge",),
}
_SUBJECTS: Mapping[str, FactGroup] = {module: group for group, modules in _MODULES.items() for module in modules}


@dataclass(frozen=True, slots=True)
class Subject:
    """What fires about one subject, the heaviest first."""

    group: FactGroup
    findings: tuple[Finding, ...]

    @property
    def stops(self) -> bool:
        """Whether a hard stop stands that nobody has answered."""
        return any(finding.stops for finding in self.findings)


def subject_of(code: str) -> FactGroup:
    """What the rule `code` is about. Raises KeyError for a code that is no checked rule."""
    module = IMPLEMENTED[code].split(":")[0].rsplit(".", 1)[-1]
    return _SUBJECTS[module]


def firing_by_subject(findings: Iterable[Finding]) -> tuple[Subject, ...]:
    """What fires, by subject: those with a hard stop first, else in the vocabulary's order; the heaviest first in each.

    Raises KeyError for a finding of no checked rule.
    """
    by_group: dict[FactGroup, list[Finding]] = {}
    for finding in firing(findings):
        by_group.setdefault(subject_of(finding.code), []).append(finding)
    subjects = [Subject(group, tuple(by_group[group])) for group in FactGroup if group in by_group]
    return tuple(sorted(subjects, key=lambda one: not one.stops))
