"""Every pair of a list is held against what is on file; what is not on file is named, and never read as free of it."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings, strategies as st

from glidepath.clinical.facts.load import interactions, rule
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.reconciliation import Listed, look, merge

TODAY = dt.date(2026, 11, 17)
DIAZEPAM = Listed("diazepam", "diazepam", True, False, ("told",))
LORAZEPAM = Listed("lorazepam", "lorazepam", True, False, ("told",))
ALPRAZOLAM = Listed("alprazolam", "alprazolam", True, False, ("told",))
METHADONE = Listed("methadone", "", True, True, ("ordered here",))
SERTRALINE = Listed("sertraline", "", None, None, ("told",))
FLUVOXAMINE = Listed("Fluvoxamine", "", False, False, ("told",))


def looked(*listed: Listed, **facts: object):
    return look(listed, facts=PersonFacts.of(facts), today=TODAY)


def test_what_is_on_file_is_said_with_its_source():
    pair = looked(ALPRAZOLAM, FLUVOXAMINE).found[0]
    words, source = pair.said[0]
    assert words.startswith("Fluvoxamine raises the level of alprazolam (")
    assert source
    assert pair.severity is rule("FAC-TOGETHER").severity


def test_what_is_not_on_file_is_named_and_never_free_of_interactions():
    found = looked(DIAZEPAM, SERTRALINE)
    assert [(pair.first.name, pair.second.name) for pair in found.not_checked] == [("diazepam", "sertraline")]
    assert found.found == ()


def test_two_medicines_outside_the_facts_are_not_checked_either():
    assert len(looked(SERTRALINE, METHADONE).not_checked) == 1


def test_two_benzodiazepines_are_counted_in_the_load():
    found = looked(DIAZEPAM, LORAZEPAM)
    assert found.not_checked == ()
    assert [one.name for one in found.sedatives] == ["diazepam", "lorazepam"]


def test_of_what_nobody_has_said_it_is_not_known_whether_it_sedates():
    found = looked(DIAZEPAM, SERTRALINE, METHADONE)
    assert [one.name for one in found.unsure] == ["sertraline"]
    assert [one.name for one in found.opioids] == ["methadone"]


def codes(found):
    return [one.code for one in found.findings if one.status == "fires"]


def test_an_opioid_on_the_list_counts_whatever_was_answered():
    assert "JCG-17" in codes(looked(DIAZEPAM, METHADONE, opioid_active="no", naloxone_offered="no"))
    assert "JCG-17" not in codes(looked(DIAZEPAM, METHADONE, naloxone_offered="yes"))
    assert "JCG-16" in codes(looked(DIAZEPAM, METHADONE, rb_review_on="2026-08-18"))  # 91 days before
    assert "JCG-16" not in codes(looked(DIAZEPAM, METHADONE, rb_reviewed="yes", rb_review_on="2026-11-16",
                                        prescription_event="none"))  # fmt: skip


def test_another_sedative_on_the_list_is_counted_by_name():
    found = looked(DIAZEPAM, METHADONE)
    assert next(one for one in found.findings if one.code == "POL-8").message.startswith("The person takes methadone")
    assert "POL-8" not in codes(looked(DIAZEPAM, other_sedatives="no"))


def test_at_65_the_list_says_so_and_not_just_before():
    def at(age):
        return look((DIAZEPAM,), facts=replace(PersonFacts(), age=Decimal(age)), today=TODAY)

    assert "JCG-27" in codes(at(65))
    assert "JCG-27" not in codes(at(64))


def test_without_a_benzodiazepine_on_it_the_list_says_nothing_of_one():
    assert looked(SERTRALINE).findings == ()


def test_one_medicine_told_twice_is_one_and_a_yes_counts():
    twice = merge([SERTRALINE, replace(SERTRALINE, name=" Sertraline", sedates=True, where=("letter",))])
    assert [(one.name, one.sedates, one.where) for one in twice] == [("sertraline", True, ("told", "letter"))]


@pytest.mark.parametrize(
    ("one", "other", "both"), [(None, False, None), (False, None, None), (False, False, False), (None, True, True)]
)
def test_what_one_does_not_know_is_not_no(one, other, both):
    found = merge([replace(SERTRALINE, sedates=one), replace(SERTRALINE, sedates=other)])
    assert found[0].sedates is both


NAMES = st.lists(
    st.sampled_from(["diazepam", "alprazolam", "lorazepam", "fluvoxamine", "cimetidine", "sertraline", "alcohol"]),
    unique=True, max_size=6,
)  # fmt: skip
KEYS = {"diazepam", "alprazolam", "lorazepam"}


@given(NAMES)
@settings(max_examples=60, deadline=None)
def test_every_pair_is_there_once_and_is_found_counted_or_named(names):
    found = looked(*(Listed(name, name if name in KEYS else "", None, None) for name in names))
    assert len(found.pairs) == len(list(combinations(names, 2)))
    for pair in found.pairs:
        one, other = pair.first.name, pair.second.name
        on_file = any(
            agent in entry.agents
            for medicine, agent in ((one, other), (other, one)) if medicine in KEYS
            for entry in interactions(medicine)
        )  # fmt: skip
        load = one in KEYS and other in KEYS
        assert (pair in found.found) == on_file
        assert (pair in found.not_checked) == (not on_file and not load)
