"""Rows are read in queries and written in services, and their history is not passed by."""

import ast
from functools import cache

from django.apps import apps

from tests.architecture.source import PACKAGE, dotted, modules, name, parsed

DOORS = ("models.py", "queries.py", "services.py")
NEVER = {"views", "forms", "urls", "templatetags", "pages"}  # what meets people asks a door, whoever imports it
# Files that no queries.py or services.py imports and that ask for rows all the same, with the reason.
ALSO_DOORS = {
    "record/clock.py": "asks whether the database is a demo before it lets anybody set the time",
    "record/audit/once.py": "the keys of repeated submits: part of every service",
    "record/audit/pages.py": "the line of a read: part of every page",
    "record/audit/verify.py": "reads the whole chain",
    "record/prepared_related.py": "the rows that a room's prepared query brings along",
}
BULK = {"update", "bulk_create", "bulk_update"}


def uses_a_manager(path):
    return [
        node.lineno
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager")
    ]


def room_of(path):
    """The folder of the room: floor and room, as in record/staff."""
    parts = path.relative_to(PACKAGE).parts
    return PACKAGE.joinpath(*parts[:2]) if len(parts) > 2 else path.parent


def imported_within(room, path):
    """The room's own files that this one imports."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("glidepath."):
            base = PACKAGE.joinpath(*node.module.split(".")[1:])
            for found in (base.with_suffix(".py"), *(base / f"{alias.name}.py" for alias in node.names)):
                if room in found.parents and found.exists():
                    yield found


@cache
def behind_the_doors(room):
    """A room's models, queries and services, and what these are made of."""
    reached, waiting = set(), [room / name for name in DOORS if (room / name).exists()]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting.extend(imported_within(room, path))
    return {path for path in reached if not NEVER & {*path.relative_to(room).parts, path.stem}}


def may_ask(path):
    return path in behind_the_doors(room_of(path)) or name(path) in ALSO_DOORS


def test_only_queries_and_services_ask_for_rows():
    strays = {
        name(path): lines
        for path in modules("record", "care", "faces")
        if not may_ask(path) and (lines := uses_a_manager(path))
    }
    assert strays == {}, "move these behind the room's queries.py or services.py"


def test_each_exception_to_that_rule_is_still_needed():
    unneeded = [stray for stray in ALSO_DOORS if not (PACKAGE / stray).exists() or not uses_a_manager(PACKAGE / stray)]
    assert unneeded == []


def test_rows_with_a_history_are_not_changed_behind_its_back():
    with_history = {model.__name__ for model in apps.get_models() if hasattr(model, "history")}
    strays = []
    for path in modules("record", "care", "faces", "centre"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in BULK:
                chain = dotted(node.func).split(".")
                if chain[0] in with_history and "objects" in chain:
                    strays.append(f"{name(path)}:{node.lineno}")
    assert strays == [], "save the rows one by one, or with simple_history's *_with_history helpers"
