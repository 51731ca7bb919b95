"""The ladder of an alarm: who is called when, held against a simulation that goes minute by minute."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings, strategies as st

from glidepath.clinical.facts.centre_settings import settings_with
from glidepath.clinical.facts.escalation import LadderFact, Part, Reach, Rung
from glidepath.clinical.facts.load import FACTS_DIR, escalation_policy
from glidepath.clinical.monitoring.escalation import ALARMS
from glidepath.clinical.monitoring.ladder import Call, Happened, Ladder, Sign, Standing, State, ladder_for, standing

ZERO = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)  # a night the clocks go back: UTC does not care
LONGEST = 90


def minute(number: int) -> dt.datetime:
    return ZERO + dt.timedelta(minutes=number)


def a_ladder(waits: Sequence[int], within: int, *, order_counts: bool = False) -> Ladder:
    rungs = tuple(Rung((Part.PRESCRIBER,), Reach.CENTRE, "repage_hard_stop_minutes") for _ in waits)
    fact = LadderFact("x", "x", ("X-1",), (Part.PRESCRIBER,), "repage_help_minutes", order_counts, "x", rungs)
    lasts = tuple(dt.timedelta(minutes=one) for one in waits)
    return Ladder(fact, lasts, dt.timedelta(minutes=within))


def always(_rung: int, at: dt.datetime) -> dt.datetime | None:
    return at


def never(_rung: int, _at: dt.datetime) -> dt.datetime | None:
    return None


def triggered(at: int = 0) -> Happened:
    return Happened(minute(at), Sign.TRIGGERED)


def calls_of(found: Standing) -> list[tuple[int, int, bool]]:
    return [(one.rung, (one.at - ZERO) // dt.timedelta(minutes=1), one.empty) for one in found.calls]


# --- By hand ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("now", "rungs"), [(0, [0]), (9, [0]), (10, [0, 1]), (20, [0, 1, 2]), (30, [0, 1, 2, 2])])
def test_nobody_answers_and_the_next_is_called_each_ten_minutes_and_the_last_again(now, rungs) -> None:
    found = standing(a_ladder((10, 10, 10), 60), [triggered()], minute(now), always)
    assert [one.rung for one in found.calls] == rungs
    assert found.following is not None
    assert found.following.at == minute((now // 10 + 1) * 10)


def test_a_further_trigger_never_pushes_the_ladder_back() -> None:
    happened = [triggered(at) for at in (0, 4, 8, 12, 16, 19)]
    found = standing(a_ladder((10, 10, 10), 60), happened, minute(20), always)
    assert calls_of(found) == [(0, 0, False), (1, 10, False), (2, 20, False)]


def test_to_acknowledge_rests_it_until_somebody_must_be_there_and_then_the_next_is_called() -> None:
    happened = [triggered(), Happened(minute(3), Sign.ACKNOWLEDGED)]
    rests = standing(a_ladder((10, 10, 10), 60), happened, minute(59), always)
    assert (rests.state, rests.calls, rests.is_late) == (State.RESTS, (), False)
    assert rests.following == Call(1, minute(60))
    late = standing(a_ladder((10, 10, 10), 60), happened, minute(61), always)
    assert (late.state, late.is_late) == (State.CALLS, True)
    assert calls_of(late) == [(1, 60, False)]


def test_a_trigger_after_the_answer_begins_at_the_first_rung_again() -> None:
    happened = [triggered(), Happened(minute(3), Sign.ACKNOWLEDGED), triggered(30), triggered(35)]
    found = standing(a_ladder((10, 10), 60), happened, minute(41), always)
    assert calls_of(found) == [(0, 30, False), (1, 40, False)]


def test_an_answer_of_somebody_whose_answer_does_not_count_changes_nothing() -> None:
    other = [Happened(minute(2), sign, counts=False) for sign in (Sign.ACKNOWLEDGED, Sign.ATTENDED, Sign.ORDERED)]
    ladder = a_ladder((10, 10), 60, order_counts=True)
    assert standing(ladder, [triggered(), *other], minute(25), always) == standing(
        ladder, [triggered()], minute(25), always
    )


def test_being_with_the_person_ends_it_until_it_is_triggered_again() -> None:
    happened = [triggered(), Happened(minute(3), Sign.ATTENDED)]
    ladder = a_ladder((10, 10), 60)
    assert standing(ladder, happened, minute(500), always) == Standing(State.ENDED)
    again = standing(ladder, [*happened, triggered(600)], minute(605), always)
    assert calls_of(again) == [(0, 600, False)]
    assert again.attend_by == minute(660)


@pytest.mark.parametrize("order_counts", [True, False])
def test_an_order_ends_it_only_where_the_rule_does_not_want_the_person_seen(order_counts) -> None:
    happened = [triggered(), Happened(minute(3), Sign.ORDERED)]
    found = standing(a_ladder((10, 10), 60, order_counts=order_counts), happened, minute(20), always)
    assert found.state is (State.ENDED if order_counts else State.RESTS)


def test_a_rung_with_nobody_is_said_and_the_next_is_called_at_once() -> None:
    def only_the_last(rung: int, at: dt.datetime) -> dt.datetime | None:
        return at if rung == 2 else None

    found = standing(a_ladder((10, 10, 10), 60), [triggered()], minute(5), only_the_last)
    assert calls_of(found) == [(0, 0, True), (1, 0, True), (2, 0, False)]
    assert not found.nobody


def test_nobody_on_the_whole_ladder_is_said_and_whoever_comes_is_called_when_they_come() -> None:
    found = standing(a_ladder((10, 10), 60), [triggered()], minute(5), never)
    assert (found.nobody, found.following) == (True, None)
    assert calls_of(found) == [(0, 0, True), (1, 0, True)]

    def from_seven(_rung: int, at: dt.datetime) -> dt.datetime | None:
        return max(at, minute(7))

    later = standing(a_ladder((10, 10), 60), [triggered()], minute(8), from_seven)
    assert calls_of(later) == [(0, 0, True), (1, 0, True), (0, 7, False)]
    assert not later.nobody


def test_acts_without_a_trigger_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="without a trigger"):
        standing(a_ladder((10,), 60), [Happened(minute(0), Sign.ATTENDED)], minute(5), always)


# --- Against the slow plain oracle ------------------------------------------------------------------------------------


@dataclass
class Simulated:
    """One minute after the other, as a very patient secretary would do it."""

    ladder: Ladder
    there: Sequence[Sequence[bool]]  # by rung and minute
    is_open: bool = False
    rests: bool = False
    goes_on: int = 0
    attend_by: int = 0
    rung: int = 0
    due: int = 0
    stuck: bool = False
    calls: list[tuple[int, int, bool]] = field(default_factory=list)

    def wait(self, rung: int) -> int:
        return self.ladder.waits[rung] // dt.timedelta(minutes=1)

    def begin(self, rung: int, now: int) -> None:
        self.rung, self.due, self.rests, self.stuck, self.calls = rung, now, False, False, []

    def hear(self, one: Happened, now: int) -> None:
        if one.sign is Sign.TRIGGERED:
            if not self.is_open:
                self.is_open = True
                self.attend_by = now + self.ladder.attend_within // dt.timedelta(minutes=1)
                self.begin(0, now)
            elif self.rests:
                self.begin(0, now)
        elif one.counts and self.is_open:
            if one.sign is Sign.ATTENDED or (one.sign is Sign.ORDERED and self.ladder.fact.order_counts):
                self.is_open = False
            else:
                self.rests, self.goes_on, self.calls = True, max(self.attend_by, now + self.wait(0)), []

    def call(self, now: int) -> None:
        top = len(self.ladder.waits) - 1
        here = [rung for rung in range(top + 1) if self.there[rung][now]]
        if self.stuck:
            if not here:
                return
            self.rung, self.stuck = here[0], False
        higher = [rung for rung in here if rung >= self.rung]
        for rung in range(self.rung, higher[0] if higher else top + 1):
            self.calls.append((rung, now, True))
        if not here:
            self.stuck = True
            return
        chosen = higher[0] if higher else here[-1]
        self.calls.append((chosen, now, False))
        self.due, self.rung = now + self.wait(chosen), min(chosen + 1, top)

    def live(self, happened: Sequence[tuple[int, Happened]], until: int) -> None:
        for now in range(until + 1):
            for at, one in happened:
                if at == now:
                    self.hear(one, now)
            if self.is_open and self.rests and now >= self.goes_on:
                self.begin(min(1, len(self.ladder.waits) - 1), now)
            if self.is_open and not self.rests and now >= self.due:
                self.call(now)


MINUTES = st.integers(0, LONGEST)
ACTS = st.tuples(MINUTES, st.sampled_from([*Sign, Sign.TRIGGERED]), st.booleans())


@st.composite
def presence(draw: st.DrawFn, rungs: int) -> list[list[bool]]:
    """By rung: there until one minute, away until another, there again, or the other way round."""
    rows = []
    for _ in range(rungs):
        first, second, begins = draw(MINUTES), draw(MINUTES), draw(st.booleans())
        low, high = sorted((first, second))
        rows.append([begins != (low <= now < high) for now in range(LONGEST + 1)])
    return rows


@pytest.mark.clock
@settings(max_examples=300)
@given(st.data(), st.lists(st.integers(1, 15), min_size=1, max_size=3), st.integers(5, 40), st.booleans())
def test_it_stands_as_one_who_looks_each_minute_would_have_it(data, waits, within, order_counts) -> None:
    ladder = a_ladder(waits, within, order_counts=order_counts)
    there = data.draw(presence(len(waits)))
    acts = sorted(data.draw(st.lists(ACTS, max_size=6)), key=lambda one: one[0])
    happened = [(0, triggered()), *((at, Happened(minute(at), sign, counts)) for at, sign, counts in acts)]
    until = data.draw(MINUTES)
    slow = Simulated(ladder, there)
    slow.live(happened, until)

    def somebody_from(rung: int, at: dt.datetime) -> dt.datetime | None:
        number = (at - ZERO) // dt.timedelta(minutes=1)
        return next((minute(one) for one in range(number, LONGEST + 1) if there[rung][one]), None)

    found = standing(ladder, [one for _, one in happened], minute(until), somebody_from)
    state = State.ENDED if not slow.is_open else State.RESTS if slow.rests else State.CALLS
    assert found.state is state
    if state is State.ENDED:
        assert found == Standing(State.ENDED)
        return
    assert calls_of(found) == slow.calls
    assert found.attend_by == minute(slow.attend_by)
    assert found.is_late is (until > slow.attend_by)
    assert found.nobody is (state is State.CALLS and not any(row[until] for row in there))


# --- The facts --------------------------------------------------------------------------------------------------------


def test_every_alarm_of_the_core_stands_in_a_ladder_of_its_own_naming() -> None:
    named = {cause for one in escalation_policy().ladders.values() for cause in one.causes}
    assert named >= ALARMS


def test_a_cause_no_ladder_names_has_one_by_its_severity() -> None:
    policy = escalation_policy()
    assert policy.of("NEW-1", hard_stop=True).key == "prescriber"
    assert policy.of("NEW-1", hard_stop=False).key == "look"


@pytest.mark.parametrize(("cause", "minutes"), [("INP-6", 60), ("INP-7", 60), ("INP-8", 30), ("SEI-1", 30)])
def test_somebody_is_there_within_the_time_of_the_rule(cause, minutes) -> None:
    """INP-6, 7 and 8 as the guideline has them; SEI-1 gives no time: on site or on call within 30 minutes (2.6)."""
    assert ladder_for(cause, hard_stop=True).attend_within == dt.timedelta(minutes=minutes)


@pytest.mark.parametrize("cause", ["INP-11", "INP-12"])
def test_where_the_rule_itself_names_an_emergency_a_prescriber_comes_within_thirty_minutes(cause) -> None:
    """INP-12: 8 breaths or fewer. INP-11: 39.1 degrees, or fever with confusion or rigidity. No order by telephone."""
    plain = ladder_for(cause, hard_stop=True)
    closer = ladder_for(cause, hard_stop=True, emergency=True)
    assert (plain.fact.key, plain.fact.order_counts) == ("prescriber", True)
    assert (closer.fact.key, closer.fact.order_counts) == ("emergency", False)
    assert closer.attend_within == dt.timedelta(minutes=30)


def test_a_cause_without_such_a_limit_keeps_its_ladder() -> None:
    assert ladder_for("INP-7", hard_stop=True, emergency=True).fact.key == "urgent_review"


def test_an_order_that_ended_the_milder_calls_stays_an_end_and_the_emergency_begins_anew() -> None:
    before = [triggered(), Happened(minute(3), Sign.ORDERED, ended=True)]
    ladder = a_ladder((10, 10), 30)
    assert standing(ladder, before, minute(200), always) == Standing(State.ENDED)
    found = standing(ladder, [*before, triggered(100)], minute(105), always)
    assert (calls_of(found), found.attend_by) == ([(0, 100, False)], minute(130))


def test_every_hard_stop_calls_the_next_after_ten_minutes_or_sooner() -> None:
    """Care pathway 2.6: un-acknowledged alerts re-page the next person after 10 minutes for hard stops."""
    hard = [one for one in ALARMS if one not in ("INP-6", "INP-13")]
    for cause in [*hard, "doses_not_taken", "ORD-4", "NEW-1", "help"]:
        assert max(ladder_for(cause, hard_stop=True).waits) <= dt.timedelta(minutes=10)


def test_a_new_hallucination_wants_to_be_seen_and_no_order_by_telephone_ends_its_calls() -> None:
    """Guideline PSY-1: a hard stop; psychiatric and medical review the same shift."""
    ladder = ladder_for("PSY-1", hard_stop=True)
    assert not ladder.fact.order_counts


def test_what_a_prescriber_closes_is_answered_by_no_nurse() -> None:
    for one in escalation_policy().ladders.values():
        if one.key not in ("help", "nurse"):
            assert Part.NURSE not in one.answered_by


def test_the_last_rung_of_each_ladder_looks_for_everybody_whose_answer_counts() -> None:
    for one in escalation_policy().ladders.values():
        assert {*one.answered_by} <= {*one.rungs[-1].call}
        assert one.rungs[-1].reach is Reach.CENTRE


def test_the_centre_may_only_make_a_hard_stop_call_sooner() -> None:
    sooner = settings_with({"repage_hard_stop_minutes": 4})
    assert {*ladder_for("INP-7", hard_stop=True, settings=sooner).waits} == {dt.timedelta(minutes=4)}


def test_the_file_holds_no_number_of_its_own() -> None:
    def numbers(content: object) -> list[object]:
        if isinstance(content, dict):
            return [found for one in content.values() for found in numbers(one)]
        if isinstance(content, list):
            return [found for one in content for found in numbers(one)]
        return [content] if isinstance(content, int | float) and not isinstance(content, bool) else []

    assert numbers(tomllib.loads((FACTS_DIR / "escalation.toml").read_text())) == []
