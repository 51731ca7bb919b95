"""The checklists of an emergency and the seizure window's facts: what is broken on purpose stops the start."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from glidepath.clinical.facts.load import BrokenFact, Seen, event_checklists, load_facts, rule
from tests.clinical.facts.spoilt import copy_of_the_facts

KINDS = {"seizure", "delirium", "over_sedation", "fall", "overdose", "self_harm"}
CHECKLISTS, WINDOW = "event_checklists.toml", "seizure_window.toml"


def test_each_kind_of_emergency_has_a_list_and_says_what_our_sources_lack() -> None:
    assert event_checklists().keys() == KINDS
    assert all(one.left_out for one in event_checklists().values())


def test_every_line_rests_on_a_rule_that_was_seen() -> None:
    lines = [line for one in event_checklists().values() for line in one.lines]
    assert all(rule(line.rule).seen is not Seen.UNVERIFIED for line in lines)


def test_emergency_services_are_asked_for_at_the_five_minutes_of_the_rule() -> None:
    line = event_checklists()["seizure"].line("emergency")
    assert line is not None
    assert (line.rule, line.at) == ("SEI-2", dt.timedelta(minutes=5))  # guideline 4.7


def test_no_line_says_a_dose() -> None:
    words = " ".join(line.words for one in event_checklists().values() for line in one.lines)
    assert " mg" not in words, "the figures are second-hand: the site protocol says them"


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        (CHECKLISTS, 'rule = "SEI-2"', 'rule = "SEI-99"', "rule"),
        (CHECKLISTS, 'key = "recovery"', 'key = "airway"', "lines"),
        (CHECKLISTS, 'key = "recovery"', 'key = "Recovery position"', "key"),
        (CHECKLISTS, 'at = "minutes"', 'at = "moons"', "at"),
        (WINDOW, 'source = "hpd"', 'source = "hearsay"', "source"),
        (WINDOW, 'seen = "original"', 'seen = "unverified"', "seen"),
        (WINDOW, 'value = 12, unit = "h"', 'value = 12, unit = "mg"', "unit"),
        (WINDOW, 'value = 12, unit = "h"', 'value = 12, unit = "days"', "usual"),
        (WINDOW, 'rule = "SEI-1"', 'rule = "SEI-99"', "rule"),
    ],
)
def test_a_broken_line_stops_the_start_and_names_the_key(
    tmp_path: Path, file: str, old: str, new: str, key: str
) -> None:
    folder = copy_of_the_facts(tmp_path / "facts")
    path = folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(BrokenFact, match=key):
        load_facts(folder)
