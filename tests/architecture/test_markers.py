"""Two writers at once and killed processes carry their marker, so that each kind can be run alone."""

import ast
import re

import pytest

from tests.architecture.source import PACKAGE, ROOT, dotted, name

KINDS = {  # what a test of this kind cannot do without
    "race": re.compile(r"\bBarrier\("),
    "crash": re.compile(r"\bSIGKILL\b|\bkillpg\("),
}


def sources_of(path):
    """The source of each test of a file, by name, with the module's own functions and classes that it names."""
    tree = ast.parse(path.read_text())
    named = {
        one.name: one for one in tree.body if isinstance(one, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))
    }

    def source(one, seen):
        seen.add(one.name)
        used = {node.id for node in ast.walk(one) if isinstance(node, ast.Name)}
        used |= {node.arg for node in ast.walk(one) if isinstance(node, ast.arg)}  # a fixture is an argument
        inner = [source(named[key], seen) for key in sorted(used & named.keys() - seen)]
        return "\n".join([ast.unparse(one), *inner])

    return {key: source(one, set()) for key, one in named.items() if key.startswith("test_")}


def marked(path, kind):
    """The tests of a file that carry the marker by themselves or through its `pytestmark`."""
    tree, mark = ast.parse(path.read_text()), f"pytest.mark.{kind}"
    whole = any(
        isinstance(one, ast.Assign) and dotted(one.targets[0]) == "pytestmark" and mark in ast.unparse(one.value)
        for one in tree.body
    )
    tests = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]
    return {one.name for one in tests if whole or any(mark in ast.unparse(each) for each in one.decorator_list)}


@pytest.mark.parametrize("kind", KINDS)
def test_each_test_of_this_kind_carries_its_marker(kind):
    paths = [path for root in (PACKAGE, ROOT / "tests") for path in sorted(root.rglob("test_*.py"))]
    found, bare = 0, []
    for path in paths:
        if not KINDS[kind].search(path.read_text()) or path.name == "test_markers.py":
            continue
        of_kind = {key for key, source in sources_of(path).items() if KINDS[kind].search(source)}
        found += len(of_kind)
        bare += [f"{name(path)}::{key}" for key in sorted(of_kind - marked(path, kind))]
    assert found
    assert bare == [], f"mark these with pytest.mark.{kind}: `pytest -m {kind}` leaves them out"
