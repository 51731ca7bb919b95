"""Where a Chromium is: named, on PATH, in Playwright's cache, or fetched into it. Says why when there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NONE_FOUND = (
    "no Chromium here: set CHROMIUM=/path/to/it, or install one (Debian: apt-get install chromium-headless-shell), "
    "or run `.venv/bin/playwright install --only-shell chromium`"
)


@cache
def find() -> str | None:
    """The path of a Chromium, or None. Never fetches."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    on_path = next((found for name in NAMES if (found := shutil.which(name))), None)
    return on_path or _in_playwrights_cache()


def fetch() -> str | None:
    """Asks Playwright, and as root the system, for one. Says what it tries; None when neither could."""
    for command in _ways():
        print(f"No Chromium yet; trying: {' '.join(command)}", flush=True)
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=300)
        except (subprocess.SubprocessError, OSError) as error:
            print(f"  did not work: {error.__class__.__name__}", flush=True)
            continue
        find.cache_clear()
        if find():
            return find()
    return None


def _ways() -> list[list[str]]:
    ways = [[sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        ways.append(["apt-get", "install", "-y", "--no-install-recommends", "chromium-headless-shell"])
    return ways


def _in_playwrights_cache() -> str | None:
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    homes = (
        [Path(named)] if named else [Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"]
    )
    for home in homes:
        for pattern in ("chromium_headless_shell-*/*/*headless*shell*", "chromium-*/*/chrome"):
            for found in sorted(home.glob(pattern), reverse=True):
                if found.is_file() and os.access(found, os.X_OK):
                    return str(found)
    return None
