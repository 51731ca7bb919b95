"""A printed page read back as a reader would."""

from __future__ import annotations

import subprocess


def text_of(body: bytes, *, last_page: int = 99) -> str:
    """All words in reading order with one space between them, without the foot of each page."""
    told = _told(body, last_page)
    lines = [line for page in told.split("\f") for line in page.splitlines() if not line.startswith("Plan version")]
    return " ".join(" ".join(lines).split())


def pages_of(body: bytes) -> list[str]:
    """The words of each page, foot included, with one space between them."""
    return [" ".join(page.split()) for page in _told(body, 99).split("\f") if page.strip()]


def _told(body: bytes, last_page: int) -> str:
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-l", str(last_page), "-", "-"]
    return subprocess.run(command, input=body, capture_output=True, check=True).stdout.decode()
