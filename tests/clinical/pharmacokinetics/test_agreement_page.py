"""The page of agreement is what the tests hold today, and its picture stands inside its frame."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from tests.clinical.pharmacokinetics import agreement_page
from tests.clinical.pharmacokinetics.reference_set import ORACLES
from tests.clinical.pharmacokinetics.test_published_results import PUBLISHED, calculated

DOCS = Path(__file__).parents[3] / "docs"
WRITE = "run tools/write_kinetics_page.py"


def test_the_page_is_current() -> None:
    assert (DOCS / "reference" / "kinetics-agreement.md").read_text("utf-8") == agreement_page.page(), WRITE


def test_the_picture_is_current() -> None:
    assert (DOCS / "images" / "kinetics-agreement.svg").read_text("utf-8") == agreement_page.picture(), WRITE


def test_every_case_has_a_line_and_every_misfit_its_reason() -> None:
    text = agreement_page.page()
    assert len(re.findall(r"^\| (?!case|medicine)", text, re.MULTILINE)) == len(ORACLES["case"]) + len(
        PUBLISHED["result"]
    )
    assert text.count("| misfit |") == sum("misfit" in one for one in PUBLISHED["result"]) > 0
    assert all(one["misfit"] in text for one in PUBLISHED["result"] if "misfit" in one)


def test_every_mark_stands_on_the_axis() -> None:
    for one in PUBLISHED["result"]:
        assert all(agreement_page.LEAST < calculated(one) / end < agreement_page.MOST for end in one["observed"])
    ElementTree.fromstring(agreement_page.picture())
