"""A printed page read back as a reader would."""

from __future__ import annotations

import subprocess


def text_of(body: bytes, *, last_page: int = 99) -> str:
    """All words in reading order with one space between them, without the foot of each page."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-l", str(last_page), "-", "-"]
    told = subprocess.run(command, input=body, capture_output=True, check=True).stdout.decode()
    lines = [line for page in told.split("\f") for line in page.splitlines() if not line.startswith("Plan version")]
    return " ".join(" ".join(lines).split())
