"""Runs every command and every line of Python that the tutorial shows, and compares what it shows with what comes.

`python tools/run_tutorial.py` compares; with `--write` the pages are written anew with what comes. In a page, a block
"console" holds commands after "$ " and what they print; a block "pycon" holds Python after ">>> "; a block that is
introduced by a line "`name`:" is a file. All blocks of one page share one folder and one Python session.
"""

from __future__ import annotations

import code
import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs/tutorial").glob("*.md"))
BLOCK = re.compile(r"^(?:`(?P<file>[\w.]+)`:\n\n?)?```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
SHIM = f"""#!/bin/sh
exec "{sys.executable}" -c 'from glidepath.faces.cli.main import main; main(prog_name="glidepath")' "$@"
"""


def main() -> int:
    writes = "--write" in sys.argv[1:]
    different = [
        page for page in PAGES if (new := as_run(page)) != page.read_text() and (not writes or _write(page, new))
    ]
    for page in different:
        print(f"{page.relative_to(ROOT)} does not show what comes: python tools/run_tutorial.py --write")
    return 1 if different else 0


def as_run(page: Path) -> str:
    """The page with what its commands and its Python print now."""
    with tempfile.TemporaryDirectory() as folder:
        reader = _Reader(Path(folder))
        return BLOCK.sub(reader.block, page.read_text())


def _write(page: Path, new: str) -> bool:
    page.write_text(new)
    return False


class _Reader:
    """One reader of one page, with a folder to work in and a Python that stays open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = code.InteractiveConsole({"__name__": "__main__"})
        shim = folder / "bin/glidepath"
        shim.parent.mkdir()
        shim.write_text(SHIM)
        shim.chmod(0o755)
        path = f"{shim.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        self.environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "src"), "TZ": "UTC"}

    def block(self, found: re.Match[str]) -> str:
        kind, body = found["kind"], found["body"]
        if found["file"] is not None:
            (self.folder / found["file"]).write_text(body)
        elif kind == "console":
            return _in_place(found, "".join(self._commands(body)))
        elif kind == "pycon":
            return _in_place(found, "".join(self._python(body)))
        return found[0]

    def _commands(self, body: str) -> Iterator[str]:
        for command in _entries(body, "$ ", "> "):
            typed = "\n".join(line[2:] for line in command)
            done = subprocess.run(
                ["sh", "-c", typed],
                cwd=self.folder,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            yield "".join(f"{line}\n" for line in command)
            yield _without_trailing_spaces(done.stdout)

    def _python(self, body: str) -> Iterator[str]:
        with contextlib.chdir(self.folder):
            for entry in _entries(body, ">>> ", "... "):
                out = io.StringIO()
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                    self.python.runsource("\n".join(line[4:] for line in entry) + "\n", symbol="single")
                yield "".join(f"{line}\n" for line in entry)
                yield _without_trailing_spaces(out.getvalue())


def _entries(body: str, first: str, more: str) -> Iterator[list[str]]:
    """What is typed, entry by entry, each line with its sign; what is shown below an entry is left out."""
    entry: list[str] = []
    for line in body.splitlines():
        if line.startswith(first):
            if entry:
                yield entry
            entry = [line]
        elif entry and line.startswith(more.strip()) and (more == "... " or entry[-1].endswith("\\")):
            entry.append(line)
    if entry:
        yield entry


def _in_place(found: re.Match[str], body: str) -> str:
    return f"```{found['kind']}\n{body}```"


def _without_trailing_spaces(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


if __name__ == "__main__":
    sys.exit(main())
