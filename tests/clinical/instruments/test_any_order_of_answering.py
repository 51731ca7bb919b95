"""No order of answering, skipping and correcting gives a total the rules forbid, or loses a call for help."""

from __future__ import annotations

import datetime as dt
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from glidepath.clinical.facts.instruments import Instrument, Item, Kind, Totals
from glidepath.clinical.facts.load import instrument, instruments, rules
from glidepath.clinical.facts.read_instruments import instrument_of
from glidepath.clinical.facts.reading import Table
from glidepath.clinical.instruments.filling import Filling, Given
from glidepath.clinical.instruments.score import Answer, BadAnswer
from glidepath.clinical.instruments.scoring import score
from tests.clinical.guidelines.proof import codes

SCORED = sorted(key for key, one in instruments().items() if one.items)
WORDS = {Kind.TEXT: st.text(max_size=5), Kind.CLOCK: st.just("22:30"), Kind.DATE: st.just("2026-12-01")}
# Answers that call by themselves, told here from the reference and not from the facts: item, answers.
CALLS = {
    "phq_9": [("self_harm", {1, 2, 3})],
    "c_ssrs": [
        (item, {1}) for item in ("wish", "thoughts", "method", "intent", "plan", "behaviour", "behaviour_recent")
    ],
    "c_ssrs_since": [(item, {1}) for item in ("wish", "thoughts", "method", "intent", "plan", "behaviour")],
}
# Scored items that a form may pass by, told here as well.
MAY_BE_EMPTY = {
    "audit": {"quantity", "occasions", "control", "duties", "morning", "guilt", "memory"},
    "pc_ptsd_5": {"memories", "avoidance", "on_guard", "numb", "guilt"},
    "dsm_sedative": {"c10", "c11"},
}
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def allowed(item: Item) -> st.SearchStrategy[Answer]:
    if item.kind in WORDS:
        return WORDS[item.kind]
    if item.allowed:
        return st.sampled_from(item.allowed)
    return st.integers(int(item.low or 0), int(item.high or 0))


@st.composite
def filled(draw: st.DrawFn, key: str | None = None) -> Filling:
    """A form filled in any order, with answers skipped, corrected and taken back; often whole in the end."""
    one = instrument(key or draw(st.sampled_from(SCORED)))
    form = Filling(one, gate=draw(st.sampled_from([None, True, False])) if one.gate else None)
    whole = draw(st.permutations(one.items)) if draw(st.booleans()) else []
    more = draw(st.lists(st.sampled_from(one.items), max_size=12))
    for item in (*more, *whole):
        form = form.answer(item.key, draw(st.none() | allowed(item) if item in more else allowed(item)))
    if draw(st.booleans()):
        item = draw(st.sampled_from(one.items))
        form = form.answer(item.key, draw(st.none() | allowed(item)))
    return form


@quick
@given(filled())
def test_an_empty_place_gives_no_total(form: Filling) -> None:
    one, found = form.instrument, form.score()
    empty = {item.key for item in one.scored_items if form.answers.get(item.key) is None}
    if empty - MAY_BE_EMPTY.get(one.key, set()) or one.totals is Totals.NONE or form.gate is False:
        assert found.total is None
    if found.total is not None:
        assert found.complete
        assert not found.prorated


@quick
@given(filled())
def test_a_total_lies_within_its_bounds_and_in_one_band(form: Filling) -> None:
    one, found = form.instrument, form.score()
    if found.total is None:
        assert found.band is None or one.levels
        return
    assert one.total_low is not None
    assert one.total_high is not None
    assert one.total_low <= found.total <= one.total_high
    if len(one.band_sets) == 1:
        assert found.band is not None


@quick
@given(filled())
def test_only_what_stands_in_the_end_counts(form: Filling) -> None:
    """The same answers given once, in the order of the form, score the same."""
    straight = score(form.instrument, form.answers, gate=form.gate)
    found = form.score()
    assert (found.total, found.band, found.subscales) == (straight.total, straight.band, straight.subscales)
    assert (found.subtotal, found.answered, found.flags) == (straight.subtotal, straight.answered, straight.flags)


@quick
@given(st.sampled_from(sorted(CALLS)).flatmap(lambda key: filled(key)))
def test_a_call_for_help_comes_with_the_answer_and_stays(form: Filling) -> None:
    again = Filling(form.instrument, gate=form.gate)
    called = False
    for one in form.given:
        again = again.answer(one.item, one.answer)
        called |= any(one.item == item and one.answer in answers for item, answers in CALLS[form.instrument.key])
        assert ("SUI-1" in codes(again.alerts)) is called
    assert ("SUI-1" in codes(form.score().alerts)) is called


def test_a_corrected_answer_keeps_both_and_the_alert_stays() -> None:
    form = Filling(instrument("phq_9")).answer("self_harm", 2).answer("self_harm", 0)
    assert [one.answer for one in form.given] == [2, 0]
    assert form.answers["self_harm"] == 0
    assert codes(form.score().alerts) == ["SUI-1"]
    assert [one.by for one in form.raised] == [0]


def test_a_confused_person_calls_when_the_question_before_the_scale_is_answered() -> None:
    form = Filling(instrument("ciwa_b")).answer_gate(False).answer_gate(True)
    assert (codes(form.alerts), form.raised[0].by) == (["DEL-2"], None)


AT = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


def test_a_closed_form_says_all_that_a_record_keeps() -> None:
    form = Filling(instrument("phq_9")).answer("self_harm", 1).answer("self_harm", 0)
    days = (dt.date(2026, 10, 19), dt.date(2026, 11, 2))
    kept = form.closed(filled_by="self", at=AT, covers=days)
    assert (kept.score.instrument, kept.score.version, kept.score.language) == ("phq_9", "2001", "en")
    assert "CamCOPS" in (kept.score.wording_source or "")
    assert (kept.score.total, kept.score.complete, kept.score.prorated) == (None, False, False)
    assert (kept.answers, len(kept.given), kept.filled_by, kept.covers) == ({"self_harm": 0}, 2, "self", days)
    assert codes(kept.score.alerts) == ["SUI-1"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"filled_by": "observer"}, "is filled in by self, interview"),
        ({"at": AT.replace(tzinfo=None)}, "no time zone"),
        ({"covers": (dt.date(2026, 11, 2), dt.date(2026, 11, 1))}, "ends before it begins"),
    ],
)
def test_a_form_closed_by_nobody_at_no_moment_is_not_kept(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Filling(instrument("phq_9")).closed(**{"filled_by": "self", "at": AT, **wrong})


def test_what_is_asked_next_follows_the_answers() -> None:
    form = Filling(instrument("c_ssrs")).answer("wish", 1).answer("thoughts", 0)
    assert form.open_items == ("behaviour", "behaviour_recent")
    assert form.answer("behaviour", 0).open_items == ()
    assert form.answer("thoughts", 1).open_items == ("method", "intent", "plan", "behaviour", "behaviour_recent")


@pytest.mark.parametrize(("item", "answer"), [("self_harm", 4), ("nothing", 1), ("mood", "often"), ("mood", True)])
def test_an_answer_the_form_does_not_allow_changes_nothing(item: str, answer: Answer) -> None:
    with pytest.raises(BadAnswer, match="PHQ-9"):
        Filling(instrument("phq_9")).answer(item, answer)


@pytest.mark.parametrize("key", ["audit", "c_ssrs", "pc_ptsd_5", "dsm_sedative", "mdq", "steadi"])
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_result_told_early_is_the_result_in_the_end(key: str, data: st.DataObject) -> None:
    """What a form says with places empty, it still says however they are filled: unknown is never taken as no."""
    one = instrument(key)
    early = {item.key: data.draw(st.none() | allowed(item), label=item.key) for item in one.items}
    found = score(one, early)
    late = dict(early)
    for item in one.items:
        if early[item.key] is None and asked(one, early, item):
            late[item.key] = data.draw(allowed(item))
    in_the_end = score(one, late)
    if found.band not in (None, "unknown_high"):
        assert in_the_end.band == found.band
    for before, after in zip(found.flags, in_the_end.flags, strict=True):
        assert before.holds is None or after.holds == before.holds


def asked(one: Instrument, answers: dict[str, Answer], item: Item) -> bool:
    return item.key in Filling(one, tuple(Given(key, answer) for key, answer in answers.items())).open_items


def test_the_audit_agrees_with_a_plain_reading_of_its_rule() -> None:
    """Every way to answer 1 to 3 and to leave the rest empty, against the rule written out by hand."""
    for first, second, third in product((None, 0, 1, 4), repeat=3):
        complete = first == 0 or (first is not None and second == 0 and third == 0)
        found = score(instrument("audit"), [first, second, third, None, None, None, None, None, 2, 4])
        assert found.complete is complete
        assert found.total == (6 + (first or 0) + (second or 0) + (third or 0) if complete else None)


def test_a_total_for_missing_answers_needs_the_instruments_own_rule(prorating: Instrument) -> None:
    whole = score(prorating, [3, 3, 3, 3])
    assert (whole.total, whole.prorated, whole.label) == (12, False, "complete")
    one = score(prorating, [3, 3, 2, None])
    assert (one.total, one.prorated, one.complete) == (11, True, False)  # 8 / 3 x 4 = 10.67, rounded half up
    assert one.label == "prorated from 3 of 4"
    two = score(prorating, [3, 3, None, None])
    assert (two.total, two.prorated) == (None, False)
    assert score(prorating, [None, None, None, None]).total is None


@pytest.fixture
def prorating() -> Instrument:
    content = {
        **dict.fromkeys(("name", "purpose", "origin", "source", "terms", "wording", "period", "language"), "words"),
        "version": "1",
        "ship_class": "C",
        "pack": "centre",
        "own_words": True,
        "filled_by": ["self"],
        "missing_rule": "one answer may be missing",
        "prorate_up_to": 1,
        "total_low": 0,
        "total_high": 12,
        "seen": "ours",
        "items": [{"key": f"i{n}", "label": f"item {n}", "allowed": [0, 1, 2, 3]} for n in range(4)],
    }
    return instrument_of(Table(Path("mine.toml"), "", content), "mine", None, rules())
