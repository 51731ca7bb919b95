"""Rows are read in queries and written in services, and their history is not passed by."""

import ast

from django.apps import apps

from tests.architecture.source import PACKAGE, dotted, modules, name, parsed

DOORS = {"models.py", "queries.py", "services.py"}
# Parts of a room's queries or services that stand in a file of their own, with the reason.
ALSO_DOORS = {
    "care/monitoring/acts.py": "what every service of the room begins and ends with",
    "care/monitoring/happenings.py": "the services of events, in a file of their own",
    "record/clock.py": "asks whether the database is a demo before it lets anybody set the time",
    "record/audit/once.py": "the keys of repeated submits: part of every service",
    "record/audit/pages.py": "the line of a read: part of every page",
    "record/audit/verify.py": "reads the whole chain",
    "record/episodes/access.py": "who may see whom: part of every query over people",
    "record/episodes/beds.py": "the services of beds, in a file of their own",
    "record/episodes/glass.py": "the services of the broken glass, in a file of their own",
}
BULK = {"update", "bulk_create", "bulk_update"}


def uses_a_manager(path):
    return [
        node.lineno
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager")
    ]


def test_only_queries_and_services_ask_for_rows():
    strays = {
        name(path): lines
        for path in modules("record", "care", "faces")
        if path.name not in DOORS and name(path) not in ALSO_DOORS and (lines := uses_a_manager(path))
    }
    assert strays == {}, "move these to the room's queries.py or services.py"


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
