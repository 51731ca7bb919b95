"""Writes docs/reference/rules.md from the facts and the code. The documents check says when it is out of date."""

from __future__ import annotations

from pathlib import Path

from glidepath.clinical.guidelines.rules_page import rules_page

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "rules.md"


def main() -> None:
    PAGE.write_text(rules_page(), encoding="utf-8")
    print(f"{PAGE.name}: {len(rules_page().splitlines())} lines")


if __name__ == "__main__":
    main()
