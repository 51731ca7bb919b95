"""The tutorial shows what comes: every command and every line of Python on it is run and compared."""

from __future__ import annotations

import pytest

from tools import run_tutorial


@pytest.mark.slow
@pytest.mark.parametrize("page", run_tutorial.PAGES, ids=lambda page: page.name)
def test_the_tutorial_shows_what_comes(page) -> None:
    assert run_tutorial.as_run(page).splitlines() == page.read_text().splitlines(), (
        "read the difference, then: python tools/run_tutorial.py --write"
    )


def test_there_is_a_tutorial() -> None:
    assert [page.name for page in run_tutorial.PAGES] == ["taper.md"]
