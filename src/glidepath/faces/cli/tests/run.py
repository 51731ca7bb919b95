"""The command line as a program or a person meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from glidepath.faces.cli.main import main

ROOT = Path(__file__).parents[5]
HERE = [sys.executable, "-c", "from glidepath.faces.cli.main import main; main(prog_name='glidepath')"]


def run(*arguments: str, stdin: str | None = None) -> Result:
    """One command in this process. Whatever is not a planned end of it is raised."""
    result = CliRunner().invoke(main, list(arguments), input=stdin, prog_name="glidepath", catch_exceptions=False)
    assert result.exit_code in (0, 1, 2, 64), result.output
    return result


def answer(*arguments: str, stdin: str | None = None) -> Any:
    """What a command prints as JSON, amounts as they were written."""
    return json.loads(run(*arguments, "--json", stdin=stdin).stdout, parse_float=refuse)


def wrong(*arguments: str, stdin: str | None = None) -> str:
    """What is said of wrong use: exit code 64, nothing on standard output, no traceback."""
    result = run(*arguments, stdin=stdin)
    assert (result.exit_code, result.stdout) == (64, ""), result.output
    assert "Traceback" not in result.stderr
    return " ".join(result.stderr.split())


def process(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The same as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **(env or {})}
    return subprocess.run([*HERE, *arguments], capture_output=True, text=True, env=environment, check=False)


def refuse(text: str) -> float:
    raise AssertionError(f"{text} is a float")
