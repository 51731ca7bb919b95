"""The core as a library: every name is there, loads only what it needs, and needs no server."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from glidepath import clinical

ROOT = Path(__file__).parents[2]
SERVER = ("django", "allauth", "simple_history", "csp", "django_htmx", "psycopg", "granian", "whitenoise", "argon2")
# Whatever asks for a part of the server finds that it is not installed.
BLOCKED = f"""
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {SERVER!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Blocker())
"""


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BLOCKED + code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT / "src",
    )


@pytest.mark.parametrize("name", clinical.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(clinical, name) is not None
    assert name in dir(clinical)


def test_the_names_for_type_checkers_are_those_that_load() -> None:
    tree = ast.parse(Path(clinical.__file__ or "").read_text())
    typed = {
        alias.name: node.module.removeprefix("glidepath.clinical.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("glidepath.clinical.")
        for alias in node.names
    }
    assert typed == clinical._MODULE_OF
    assert sorted(typed) == sorted(clinical.__all__)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'detox'"):
        _ = clinical.detox


def test_one_name_does_not_load_them_all() -> None:
    loaded = "'numpy' in sys.modules, 'glidepath.clinical.facts.load' in sys.modules"
    done = python(f"from glidepath.clinical import Dose\nprint({loaded})")
    assert done.stdout.split() == ["False", "False"], done.stderr


def test_the_whole_core_needs_no_server() -> None:
    code = """
import pkgutil
from importlib import import_module
import glidepath.clinical as core
for found in pkgutil.walk_packages(core.__path__, "glidepath.clinical."):
    import_module(found.name)
print(len(core.__all__))
"""
    done = python(code)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(clinical.__all__)


@pytest.mark.parametrize(
    "arguments",
    [
        ["formulary", "diazepam"],
        ["equivalence", "diazepam 5 mg x1"],
        ["plan", "diazepam 4 mg x1", "--start", "2026-12-01", "--pdf", "F.pdf", "--ics", "F.ics", "--csv", "F.csv"],
        ["check", "F.csv"],
        ["revise", "F.json", "hold", "--on", "2026-12-02", "--reason", "asked for it"],
        ["due", "F.json", "--from", "2026-12-01", "--to", "2026-12-02"],
        ["simulate", "diazepam 5 mg x1", "--days", "1", "--out", "F.csv"],
        ["score", "news2", "18,97,air,128,60,A,37.2"],
        ["--help"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_command_without_a_server_needs_none(arguments: list[str], tmp_path: Path) -> None:
    plan, table = tmp_path / "F.json", tmp_path / "F.csv"
    run = "from glidepath.faces.cli.main import main\nmain(prog_name='glidepath')"
    plan.write_text(python(run, "plan", "diazepam 4 mg x1", "--start", "2026-12-01", "--json").stdout)
    table.write_text("date,time,medicine,mg\n2026-12-01,22:00,diazepam,4\n")
    done = python(run, *(str(tmp_path / one) if one.startswith("F.") else one for one in arguments))
    assert done.returncode in (0, 1, 2), done.stderr
    assert done.stdout or done.stderr.startswith("Wrote ")
