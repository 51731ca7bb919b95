"""Every rule is shown under a subject, hard stops first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.clinical.guidelines.index import IMPLEMENTED
from glidepath.clinical.guidelines.questions import FactGroup
from glidepath.clinical.guidelines.subjects import firing_by_subject, subject_of


def said(code: str, severity: Severity = Severity.ADVICE) -> Finding:
    return Finding(code, severity, f"{code}.", "Look.", "a guideline", "CC-S")


def test_every_checked_rule_has_a_subject():
    assert {subject_of(code) for code in IMPLEMENTED} == set(FactGroup)


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("JCG-28", FactGroup.PREGNANCY),
        ("POL-8", FactGroup.SUBSTANCES),
        ("JCG-6c", FactGroup.PLAN),
        ("SUI-1", FactGroup.NOW),
        ("INP-12", FactGroup.NOW),
        ("LOC-2", FactGroup.PLACE),
    ],
)
def test_a_rule_stands_where_a_clinician_looks_for_it(code, group):
    assert subject_of(code) is group


def test_the_subject_with_a_hard_stop_comes_first_and_the_heaviest_first_in_it():
    findings = (
        said("JCG-T2"),
        said("PRG-1"),
        said("JCG-28", Severity.HARD_STOP),
        said("POL-8", Severity.WARNING),
    )
    shown = firing_by_subject(findings)
    assert [one.group for one in shown] == [FactGroup.PREGNANCY, FactGroup.USE, FactGroup.SUBSTANCES]
    assert [one.code for one in shown[0].findings] == ["JCG-28", "PRG-1"]


def test_what_cannot_be_assessed_is_not_said_to_fire():
    unknown = replace(said("JCG-28", Severity.HARD_STOP), status=Status.CANNOT_BE_ASSESSED)
    assert firing_by_subject([unknown]) == ()
