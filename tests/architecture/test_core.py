"""The clinical core is plain Python: it knows no web, no database, no clock and no network."""

import ast
import sys

from tests.architecture.source import dotted, modules, name, parsed

LIBRARIES = {"numpy"}
OUTSIDE = {"socket", "http", "urllib", "sqlite3", "requests", "subprocess", "os", "logging", "asyncio", "ssl"}
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "timezone.localdate",
    "time.time",
    "dt.datetime.now", "dt.datetime.utcnow", "dt.datetime.today", "dt.date.today",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.date.today",
}  # fmt: skip
THE_CLOCK = "record/clock.py"
EXTRAS = {"clinical/pharmacokinetics/cluster.py": {"dask", "distributed"}}  # imported only when a cluster is asked for


def imported(path):
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


def is_allowed(module):
    top = module.split(".")[0]
    if top == "glidepath":
        return module.split(".")[1:2] == ["clinical"]
    return top in LIBRARIES or (top in sys.stdlib_module_names and top not in OUTSIDE)


def test_the_core_imports_itself_the_standard_library_and_numpy():
    strays = {
        name(path): bad
        for path in modules("clinical")
        if (bad := [m for m in imported(path) if not is_allowed(m) and m not in EXTRAS.get(name(path), ())])
    }
    assert strays == {}


def test_now_comes_from_the_records_clock_alone():
    strays = [
        f"{name(path)}:{node.lineno}"
        for path in modules("clinical", "drawing", "record", "care", "faces", "centre")
        if name(path) != THE_CLOCK
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and dotted(node.func) in CLOCKS
    ]
    assert strays == [], "ask glidepath.record.clock; in the core, today is an argument"


def test_no_error_is_swallowed_whole():
    strays = [
        f"{name(path)}:{node.lineno}"
        for path in modules("clinical", "drawing", "record", "care", "faces", "centre")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or dotted(node.type) in ("Exception", "BaseException"))
    ]
    assert strays == [], "name the error that is expected"
