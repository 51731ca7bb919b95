"""The signs of the bedside that NEWS2 does not hold, and the rules that ask for them (guideline.md 4.6)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from glidepath.clinical.findings import Status
from glidepath.clinical.monitoring.also_seen import AlsoSeen, for_the_core
from glidepath.clinical.monitoring.escalation import assess
from tests.clinical.guidelines.people import PLAIN
from tests.clinical.monitoring.test_escalation import WELL


def fired(*seen: AlsoSeen, **vitals: object) -> dict[str, bool]:
    found = assess(replace(WELL, **vitals), facts=PLAIN, **for_the_core(seen))  # type: ignore[arg-type]
    return {one.code: one.emergency for one in found.findings if one.status is Status.FIRES}


@pytest.mark.parametrize(
    ("sign", "code"),
    [(AlsoSeen.UNSTEADY, "INP-13"), (AlsoSeen.NEW_TREMOR, "INP-9"), (AlsoSeen.NEW_SWEATING, "INP-9")],
)
def test_each_sign_of_an_otherwise_quiet_set_fires_the_rule_that_asks_for_it(sign: AlsoSeen, code: str) -> None:
    """INP-9: new tremor/sweat. INP-13: slurred speech/ataxia after dose."""
    assert fired(sign) == {code: False}
    assert sign.rule == code


def test_rigidity_is_no_finding_by_itself_and_makes_a_fever_an_emergency() -> None:
    """INP-11: any fever with confusion/rigidity is an emergency transfer."""
    assert fired(AlsoSeen.RIGID) == {}
    assert fired(AlsoSeen.RIGID, temp_c=Decimal("38.1")) == {"INP-11": True}
    assert fired(temp_c=Decimal("38.1")) == {"INP-11": False}
    assert AlsoSeen.RIGID.rule == "INP-11"


def test_what_nobody_said_is_unknown_and_never_no() -> None:
    assert for_the_core([AlsoSeen.RIGID]) == {
        "unsteady": None, "rigid": True, "new_tremor": None, "new_sweating": None,
    }  # fmt: skip
