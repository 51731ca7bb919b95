"""A copy of the facts with one thing spoilt, to see that the start-up stops and says where."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from glidepath.clinical.facts.errors import BrokenFact
from glidepath.clinical.facts.load import FACTS_DIR, load_facts

Spoil = Callable[[str, str, str], Path]


def copy_of_the_facts(folder: Path) -> Path:
    """The fact files alone, in a folder of their own."""
    shutil.copytree(FACTS_DIR, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


def replace_once(path: Path, old: str, new: str) -> None:
    """Change one place of a fact file, or fail when it is not there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} no longer holds {old!r}: adapt the test"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refused(folder: Path, file: str, old: str, new: str) -> BrokenFact:
    """What the loader says when `old` of `file` becomes `new`."""
    replace_once(folder / file, old, new)
    with pytest.raises(BrokenFact) as caught:
        load_facts(folder)
    return caught.value
