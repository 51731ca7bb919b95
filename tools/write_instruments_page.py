"""Writes docs/reference/instruments.md from the facts. The documents check says when it is out of date."""

from __future__ import annotations

from pathlib import Path

from glidepath.clinical.instruments.page import instruments_page

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "instruments.md"


def main() -> None:
    PAGE.write_text(instruments_page(), encoding="utf-8")
    print(f"{PAGE.name}: {len(instruments_page().splitlines())} lines")


if __name__ == "__main__":
    main()
