"""Checks that the documents tell the truth about what can be checked by a machine.

Links lead somewhere; the documents a project must have are there; every clinical rule is named by a test; the pages of
rules and of instruments say what the facts say; every setting read from the environment is described; nothing speaks
of a machine or a place that is not the project's.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from write_worked_cases import worked_cases

from glidepath.clinical.guidelines.rules_page import rules_page
from glidepath.clinical.instruments.page import instruments_page

ROOT = Path(__file__).resolve().parents[1]
MUST_HAVE = (
    "README.md",
    "CONTRIBUTING.md",
    "GLOSSARY.md",
    "CHANGELOG.md",
    "LICENSE",
    "docs/safety.md",
    "docs/adr/0001-house-and-floors.md",
    "docs/tutorial/taper.md",
    "docs/reference/plan.schema.json",
)
SETTINGS_PAGE = "docs/reference/settings.md"
RULES_PAGE = "docs/reference/rules.md"
INSTRUMENTS_PAGE = "docs/reference/instruments.md"
CASES_PAGE = "docs/reference/worked-cases.md"
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def main() -> int:
    faults = [
        *missing(),
        *dead_links(),
        *untested_rules(),
        *undescribed_settings(),
        *stale_rules(),
        *stale_instruments(),
        *stale_cases(),
    ]
    print("\n".join(faults) or f"{len(documents())} documents: nothing to mend")
    return 1 if faults else 0


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def missing() -> Iterator[str]:
    for name in MUST_HAVE:
        path = ROOT / name
        if not path.exists() or not path.read_text().strip():
            yield f"{name} is missing"


def dead_links() -> Iterator[str]:
    for document in documents():
        for target in LINK.findall(FENCE.sub("", document.read_text())):
            if not re.match(r"[a-z]+:", target) and not leads_somewhere(document, target):
                yield f"{document.relative_to(ROOT)}: the link {target} leads nowhere"


def leads_somewhere(document: Path, target: str) -> bool:
    name, _, anchor = unquote(target).partition("#")
    path = (document.parent / name).resolve() if name else document
    if not path.exists():
        return False
    return not anchor or path.suffix != ".md" or anchor in anchors(path)


def anchors(document: Path) -> set[str]:
    """The anchors of its headings, as the usual renderers make them."""
    headings = HEADING.findall(FENCE.sub("", document.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def untested_rules() -> Iterator[str]:
    """Every rule of the facts that code asks for is named by at least one test."""
    asked = in_files(r"""rule\(\s*["']([A-Z][A-Z0-9]*-[A-Za-z0-9]+)["']""", ROOT / "src/glidepath", tests=False)
    tested = "\n".join(path.read_text() for path in test_files())
    for code in sorted(asked & rules()):
        if not re.search(rf"(?<![\w-]){re.escape(code)}(?![\w-])", tested):
            yield f"no test names the rule {code}"


def rules() -> set[str]:
    """The codes of the rule files: each rule is a table named by its code."""
    files = (ROOT / "src/glidepath/clinical/facts/guidelines").glob("*.toml")
    return {code for path in files for code in tomllib.loads(path.read_text()) if re.fullmatch(r"[A-Z]+-\w+", code)}


def undescribed_settings() -> Iterator[str]:
    read = in_files(r"""\benv\(\s*["']([A-Z_]+)["']""", ROOT / "src/glidepath/centre", tests=False)
    page = ROOT / SETTINGS_PAGE
    described = page.read_text() if page.exists() else ""
    for name in sorted(read):
        if f"`{name}`" not in described:
            yield f"{SETTINGS_PAGE} does not describe {name}"


def stale_rules() -> Iterator[str]:
    """The page of rules says what the facts and the code say."""
    page = ROOT / RULES_PAGE
    if not page.exists() or page.read_text() != rules_page():
        yield f"{RULES_PAGE} is out of date: run tools/write_rules_page.py"


def stale_instruments() -> Iterator[str]:
    """The page of instruments says what the facts say."""
    page = ROOT / INSTRUMENTS_PAGE
    if not page.exists() or page.read_text() != instruments_page():
        yield f"{INSTRUMENTS_PAGE} is out of date: run tools/write_instruments_page.py"


def stale_cases() -> Iterator[str]:
    """The worked cases are what the planner and the rules say today."""
    page = ROOT / CASES_PAGE
    if not page.exists() or page.read_text() != worked_cases():
        yield f"{CASES_PAGE} is out of date: run tools/write_worked_cases.py, and read it for sense"


def in_files(pattern: str, folder: Path, *, tests: bool) -> set[str]:
    paths = [path for path in folder.rglob("*.py") if tests or "tests" not in path.parts]
    return {found for path in paths for found in re.findall(pattern, path.read_text())}


def test_files() -> list[Path]:
    beside = (ROOT / "src").rglob("test_*.py")
    return [*(ROOT / "tests").rglob("*.py"), *beside]


if __name__ == "__main__":
    sys.exit(main())
