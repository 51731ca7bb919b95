"""The page of rules lists what there is, and says of each rule where it comes from and what it needs."""

from __future__ import annotations

from pathlib import Path

from glidepath.clinical.facts.load import rules
from glidepath.clinical.guidelines.facts import VOCABULARY
from glidepath.clinical.guidelines.rules_page import rules_page
from glidepath.clinical.language import suggestions

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "rules.md"


def row(code: str) -> str:
    (found,) = [line for line in rules_page().splitlines() if line.startswith(f"| `{code}` |")]
    return found


def test_every_rule_and_every_fact_has_one_line() -> None:
    for name in (*rules(), *VOCABULARY):
        assert row(name)


def test_a_line_says_severity_strength_source_and_what_is_ours() -> None:
    assert "| hard stop | L-S |  | Joint Clinical Practice Guideline" in row("JCG-2")
    assert "| hard stop, no override | n/g | yes, by setting: `hold_rass_at_most`" in row("INP-12")
    assert "| by setting: `lorazepam_caution_mg` |" in row("EQ-2"), "the number is ours, the rule is not"
    assert "(second-hand)" in row("EQ-2")
    assert row("JCG-28").endswith("| `pregnant`, `obstetric_plan` |")


def test_what_is_not_checked_says_why() -> None:
    page = rules_page()
    assert page.index("## Left out") < page.index("`POL-6`")
    assert "Unverified" in row("POL-6")


def test_the_page_in_the_documents_is_the_one_the_code_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == rules_page(), "run tools/write_rules_page.py"


def test_the_page_speaks_person_first() -> None:
    assert suggestions(rules_page()) == ()
