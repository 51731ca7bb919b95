"""`make check`: every check, each with its name and time; all of them run, and any that fails fails the whole."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "src").glob("**/templates/**/*.html"))

CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("format", [str(BIN / "ruff"), "format", "--check", "."]),
    ("lint", [str(BIN / "ruff"), "check", "."]),
    ("templates", [str(BIN / "djade"), "--check", "--target-version", "5.2", *TEMPLATES]),
    ("types", [str(BIN / "mypy")]),
    ("import contracts", [str(BIN / "lint-imports")]),
    ("settings", [sys.executable, "manage.py", "check", "--fail-level", "WARNING"]),
    ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("contrast", [sys.executable, "tools/check_contrast.py"]),
    ("documents", [sys.executable, "tools/check_docs.py"]),
)


def main() -> int:
    failed = [name for name, command in CHECKS if not passes(name, command)]
    if failed:
        print(f"\nFAILED: {', '.join(failed)}")
        return 1
    print(f"\nAll {len(CHECKS)} checks passed.")
    return 0


def passes(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    word = "ok" if done.returncode == 0 else "FAILED"
    print(f"{name:<17} {word:<7} {time.monotonic() - started:5.1f} s", flush=True)
    if done.returncode != 0:
        print((done.stdout + done.stderr).rstrip(), flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
