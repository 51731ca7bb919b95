"""The page of instruments says what the facts say, and its example works."""

from __future__ import annotations

import re
from pathlib import Path

from glidepath.clinical.facts.load import instruments
from glidepath.clinical.instruments.definition import read_definition
from glidepath.clinical.instruments.page import instruments_page
from glidepath.clinical.instruments.scoring import score
from glidepath.clinical.language import suggestions

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "instruments.md"


def test_the_page_is_what_the_facts_say_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == instruments_page(), "run tools/write_instruments_page.py"


def test_every_instrument_stands_on_it_once_in_its_class_with_its_terms() -> None:
    for one in instruments().values():
        assert instruments_page().count(f"| `{one.key}` |") == 1
        assert instruments_page().count(f"| {one.name} | {one.terms} |") == 1


def test_the_page_puts_people_first() -> None:
    assert suggestions(instruments_page()) == ()


def test_the_example_of_a_centres_own_form_works() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", instruments_page(), re.DOTALL)
    mine = read_definition(example, "my_week")
    assert score(mine, [0, 4]).total == 5
    assert score(mine, [1, 0]).band == "low"
