"""How findings are shown: the heaviest first, and the unknown drawn."""

import pytest

from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.faces.shell import findings


def finding(severity, **more):
    return Finding("TPR-3", severity, "what", "do", "source", "strength", **more)


STOP = finding(Severity.HARD_STOP)
WARNING = finding(Severity.WARNING)
ADVICE = finding(Severity.ADVICE)
UNKNOWN = finding(Severity.HARD_STOP, status=Status.CANNOT_BE_ASSESSED, missing=("liver",))
ANSWERED = WARNING.answered("Dr Ferreira: seen")


def test_a_hard_stop_comes_before_a_warning_and_a_warning_before_advice():
    assert [one.look for one in findings.in_order([ADVICE, STOP, WARNING])] == ["stop", "warn", "advice"]


def test_what_cannot_be_assessed_is_drawn_as_unknown_and_stays_among_its_weight():
    assert [one.look for one in findings.in_order([WARNING, UNKNOWN, STOP])] == ["stop", "unknown", "warn"]


def test_an_answered_finding_is_still_listed_and_comes_last():
    shown = findings.in_order([ANSWERED, ADVICE])
    assert [one.word for one in shown] == ["Advice", "Warning, answered"]


def test_the_head_counts_what_is_there():
    assert findings.counted([STOP, WARNING, WARNING, UNKNOWN]) == "1 hard stop, 1 cannot be assessed, 2 warnings"
    assert findings.counted([]) == ""


def test_the_weight_of_a_finding_is_said_in_words_and_only_once():
    said = Finding(
        "EQ-4", Severity.WARNING, "Liver: cannot be assessed; not recorded: ALT.", "do", "s", "", UNKNOWN.status
    )
    assert findings.shown(STOP).sentence == "Hard stop: what"
    assert findings.shown(said).sentence == "Liver: cannot be assessed; not recorded: ALT."


@pytest.mark.parametrize(
    ("code", "said"),
    [("CC-S", "strong, by consensus"), ("VL-W", "weak, very low certainty"), ("CC", "by consensus"),
     ("KT", "a key takeaway, not graded"), ("n/g", "not graded"), ("OP", ""), ("GRADE 2B", "GRADE 2B")],
)  # fmt: skip
def test_the_strength_of_advice_is_said_in_words(code, said):
    assert findings.shown(Finding("JCG-6", Severity.ADVICE, "what", "do", "source", code)).strength == said


def test_a_finding_begins_with_a_capital():
    one = Finding("JCG-4", Severity.ADVICE, "advice: cannot be assessed", "do", "source", "CC-S")
    assert findings.shown(one).sentence.startswith("Advice: cannot")
