"""A centre's own instrument from a file: scored by the same engine, or told clearly what is wrong with it."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from glidepath.clinical.facts.load import FACTS_DIR, instruments
from glidepath.clinical.instruments.definition import DefinitionError, defined, read_definition
from glidepath.clinical.instruments.score import AnswersError, BadAnswer
from glidepath.clinical.instruments.scoring import score
from glidepath.clinical.instruments.typed import score_given

MINE = """
name = "How my week was"
version = "1"
purpose = "How a week was, for the tests."
origin = "The centre"
terms = "The centre's own."
wording = "the centre's own words"
wording_source = "written in the centre"
wording_date = "2026-11-01"
period = "the last 7 days"
filled_by = ["self"]
missing_rule = "One answer may be missing."
prorate_up_to = 1
total_low = 0
total_high = 12
answers_of_items = "how_often"

[answers.how_often]
0 = "never"
1 = "some days"
4 = "every day"

[[bands]]
key = "low"
label = "low"
low = 0
high = 5

[[bands]]
key = "high"
label = "high"
low = 6

[[alerts]]
code = "MINE-1"
when = "item 3 is answered with anything but never"
message = "Did not dare to go out."
do = "Ask the person today."
any = [{ sum = ["alone"], at_least = 1 }]

[[items]]
key = "rest"
label = "rested"
text = "I was rested."
reverse = true

[[items]]
key = "tired"
label = "tired"
text = "I was tired."

[[items]]
key = "alone"
label = "stayed in"
text = "I did not dare to go out."
"""
quick = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_a_centres_own_form_is_scored_by_the_same_engine() -> None:
    mine = read_definition(MINE, "my_week")
    assert (mine.ship_class, mine.pack, mine.key) == ("C", "centre", "my_week")
    found = score(mine, [4, 1, 0])
    assert (found.total, found.band, found.alerts) == (1, "low", ())
    worst = score(mine, [0, 4, 4])
    assert (worst.total, worst.band, [one.code for one in worst.alerts]) == (12, "high", ["MINE-1"])
    assert (score(mine, [4, 1, None]).total, score(mine, [4, 1, None]).prorated) == (2, True)  # 1 / 2 x 3 = 1.5
    with pytest.raises(BadAnswer, match="allowed are 0, 1, 4"):
        score(mine, [2])


def test_a_slot_of_ours_takes_the_centres_items_and_a_built_in_one_does_not() -> None:
    assert read_definition(MINE, "isi").key == "isi"
    with pytest.raises(DefinitionError, match="PHQ-9, which is built in"):
        read_definition(MINE, "phq_9")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "How my week was"', "", "name: needs words"),
        ("reverse = true", "revers = true", "revers: is none of"),
        ("total_high = 12", "total_high = 11", "says 0 to 11, the items give 0 to 12"),
        ("low = 6", "low = 7", "a gap or overlap between low and high"),
        ('answers_of_items = "how_often"', 'answers_of_items = "seldom"', "seldom"),
        ('sum = ["alone"]', 'sum = ["out"]', "“out” is not there"),
        ('sum = ["alone"]', 'sum = "alone"', "needs a list of words"),
        ('1 = "some days"', 'one = "some days"', "is not an answer: a whole number"),
        ('1 = "some days"', "1 = 1", "needs words"),
        ("prorate_up_to = 1", "prorate_up_to = 0.5", "not a whole number"),
        ("prorate_up_to = 1", 'prorate_up_to = "one"', "is not a number"),
        ('filled_by = ["self"]', 'filled_by = ["cat"]', "“cat” is none of self, interview, observer, measured"),
        ('code = "MINE-1"', 'code = "MINE-1"\nrule = "XXX-1"', "“XXX-1” is not a rule"),
        ('key = "tired"', 'key = "rest"', "two items have one key"),
        ('period = "the last 7 days"', 'period = "the last 7 days"\nship_class = "A"', "what a centre brings is “C”"),
        ('name = "How my week was"', 'name = "How my week was', "not TOML"),
        ("reverse = true", 'kind = "text"\nscored = true', "a text cannot be scored"),
        ("reverse = true", 'seen = "in a dream"', "in a dream"),
        ("reverse = true", "keying = 5", "keying: needs words"),
        ('missing_rule = "One', 'gate = 5\nmissing_rule = "One', "gate: needs a table"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(old: str, new: str, says: str) -> None:
    assert old in MINE
    with pytest.raises(DefinitionError) as caught:
        read_definition(MINE.replace(old, new, 1), "my_week")
    assert says in str(caught.value)


@pytest.mark.parametrize("key", ["", "My week", "1st", "a" * 50, "../etc"])
def test_a_name_the_record_cannot_keep_is_refused(key: str) -> None:
    with pytest.raises(DefinitionError, match="cannot be a name"):
        read_definition(MINE, key)


def test_a_file_without_items_says_what_to_write() -> None:
    with pytest.raises(DefinitionError, match=r"Write one \[\[items\]\] for each"):
        read_definition('name = "x"', "mine")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=6) | st.sampled_from(["sum", "0"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=6), inside, max_size=3),
    max_leaves=5,
)  # fmt: skip
SHIPPED = {
    key: tomllib.loads((FACTS_DIR / "instruments" / f"{key}.toml").read_text(), parse_float=Decimal)
    for key in instruments()
}


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, Any]:
    """A true definition with one place of it replaced by something else, or taken away."""
    content: Any = json.loads(json.dumps(SHIPPED[draw(st.sampled_from(sorted(SHIPPED)))], default=float))
    content |= {"ship_class": "C", "pack": "centre"}
    place = content
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        inside = place[key]
        if not isinstance(inside, dict | list) or not inside or draw(st.integers(0, 4)) == 0:
            break
        place = inside
    if draw(st.booleans()):
        place[key] = draw(ANYTHING)
    else:
        del place[key]
    return content


def said(error: Exception) -> None:
    text = str(error)
    assert text.strip()
    assert "Traceback" not in text
    assert "object at 0x" not in text


@quick
@given(spoilt(), st.lists(ANYTHING, max_size=8) | st.dictionaries(st.text(max_size=6), ANYTHING, max_size=4))
def test_any_definition_is_scored_or_told_what_is_wrong(content: dict[str, Any], answers: Any) -> None:
    try:
        score_given(defined(content, "mine"), answers)
    except (DefinitionError, AnswersError, BadAnswer) as error:
        said(error)


@quick
@given(st.text(max_size=80) | st.lists(st.sampled_from(MINE.splitlines()), max_size=20).map("\n".join))
@example("a = " + "[" * 5000)
@example("items = [1]\n")
@example("items = 1979-05-27\n")
def test_any_text_is_read_or_told_what_is_wrong(text: str) -> None:
    try:
        read_definition(text, "mine")
    except DefinitionError as error:
        said(error)
