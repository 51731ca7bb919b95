"""Writes docs/reference/kinetics-agreement.md and its picture from the cases that the tests hold."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "kinetics-agreement.md"
PICTURE = ROOT / "docs" / "images" / "kinetics-agreement.svg"

sys.path.insert(0, str(ROOT))  # the cases stand with the tests


def main() -> None:
    from tests.clinical.pharmacokinetics import agreement_page

    PAGE.write_text(agreement_page.page(), encoding="utf-8")
    PICTURE.write_text(agreement_page.picture(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} and {PICTURE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
