"""An order's own hold rules: at the limit, one beside it, too old, never measured."""

import datetime as dt

import pytest
from hypothesis import given, strategies as st

from glidepath.clinical.monitoring.hold_rules import RANGES, BadRule, HoldRule, Reading, Sign, held_by

NOW = dt.datetime(2026, 11, 17, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def held(rule: HoldRule, value: int, ago: dt.timedelta = dt.timedelta()):
    return held_by([rule], {rule.sign: Reading(value, NOW - ago)}, at=NOW, fresh_for=HOUR)


@pytest.mark.parametrize(
    ("sign", "limit", "holds", "passes"),
    [(Sign.RASS, -2, -2, -1), (Sign.SYSTOLIC, 90, 89, 90), (Sign.PULSE, 50, 49, 50), (Sign.BREATHING, 12, 11, 12)],
)
def test_each_rule_holds_at_its_edge_and_not_one_beside_it(sign, limit, holds, passes):
    rule = HoldRule(sign, limit)
    assert held(rule, holds)[0].value == holds
    assert held(rule, passes) == ()


def test_a_value_never_measured_does_not_pass():
    (found,) = held_by([HoldRule(Sign.PULSE, 50)], {}, at=NOW, fresh_for=HOUR)
    assert found.is_unknown
    assert "not measured lately" in found.words


def test_a_value_is_fresh_up_to_its_last_minute_and_not_after_and_never_from_the_future():
    rule = HoldRule(Sign.PULSE, 50)
    assert held(rule, 80, HOUR) == ()
    assert held(rule, 80, HOUR + dt.timedelta(seconds=1))[0].is_unknown
    assert held(rule, 80, -dt.timedelta(seconds=1))[0].is_unknown


def test_it_says_what_was_found_and_where_it_is_held():
    assert (
        held(HoldRule(Sign.PULSE, 50), 44)[0].words
        == "pulse 44 a minute: this order is held at pulse under 50 a minute"
    )
    assert held(HoldRule(Sign.RASS, -2), -3)[0].words == "RASS −3: this order is held at RASS −2 or below"


@pytest.mark.parametrize("sign", list(Sign))
def test_a_limit_that_cannot_be_meant_is_refused(sign):
    low, high = RANGES[sign]
    for limit in (low - 1, high + 1):
        with pytest.raises(BadRule, match="a limit lies between"):
            HoldRule(sign, limit)


@given(
    rules=st.lists(
        st.sampled_from(list(Sign)).flatmap(lambda sign: st.integers(*RANGES[sign]).map(lambda n: HoldRule(sign, n))),
        max_size=4,
    ),
    values=st.dictionaries(st.sampled_from(list(Sign)), st.tuples(st.integers(-5, 250), st.integers(-30, 200))),
)
def test_a_dose_passes_only_when_every_rule_has_a_fresh_value_beyond_its_limit(rules, values):
    """The plain reading, rule by rule, of what the module says in one expression."""
    readings = {sign: Reading(value, NOW - dt.timedelta(minutes=ago)) for sign, (value, ago) in values.items()}
    may_pass = True
    for rule in rules:
        if rule.sign not in values:
            may_pass = False
            continue
        value, ago = values[rule.sign]
        old = ago > 60 or ago < 0
        under = value < rule.limit or (rule.sign is Sign.RASS and value == rule.limit)
        may_pass = may_pass and not old and not under
    assert (held_by(rules, readings, at=NOW, fresh_for=HOUR) == ()) is may_pass
