"""The project's own files, as the architecture tests read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/glidepath"
NOT_TEXT = {".ttf", ".png", ".ico", ".woff2", ".pdf", ".gz", ".sqlite3"}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def modules(*floors: str, tests: bool = False) -> list[Path]:
    """The Python files of these floors; without tests and migrations unless asked for."""
    found = [path for floor in floors for path in sorted((PACKAGE / floor).rglob("*.py"))]
    return [path for path in found if tests or not {"tests", "migrations"} & set(path.parts)]


def templates() -> list[Path]:
    return sorted(PACKAGE.glob("**/templates/**/*.html"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT if PACKAGE not in path.parents else PACKAGE))


def text_files() -> Iterator[Path]:
    """Every file that is, or would be, in the repository and holds text."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for entry in listed.stdout.decode().split("\0"):
        path = ROOT / entry
        if entry and path.is_file() and path.suffix not in NOT_TEXT:
            yield path


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute chain; calls inside the chain are passed through (`A.objects.filter(...).update`)."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return node.id if isinstance(node, ast.Name) else ""
