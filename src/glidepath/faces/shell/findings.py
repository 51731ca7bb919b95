"""How a finding of the core looks: its shape, its word, and whether it stands in the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from glidepath.clinical.findings import Finding, Severity, Status

LOOKS = {
    Severity.HARD_STOP: ("stop", "stop", "Hard stop"),
    Severity.WARNING: ("warn", "warn", "Warning"),
    Severity.ADVICE: ("advice", "info", "Advice"),
}
# The guideline's letters: how certain the evidence is, how strong the advice. Most of it is consensus, and says so.
CERTAINTY = {
    "H": "high certainty",
    "M": "moderate certainty",
    "L": "low certainty",
    "VL": "very low certainty",
    "CC": "by consensus",
}
FORCE = {"S": "strong", "C": "conditional", "W": "weak"}
UNGRADED = {
    "n/g": "not graded",
    "OP": "",  # our own reading is named as the source already
    "KT": "a key takeaway, not graded",
    "principle": "a guiding principle, not graded",
    "scope": "the guideline's scope",
    "cohort": "one cohort",
    "retrospective": "one look back at records",
}
ORDER = (Severity.HARD_STOP, Severity.WARNING, Severity.ADVICE)


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with the class, the icon and the word it is shown by."""

    finding: Finding
    look: str
    icon: str
    word: str

    @property
    def sentence(self) -> str:
        """The word and what was found; the word only once, where the message says it itself."""
        message = self.finding.message
        said = message if self.word.lower() in message.lower() else f"{self.word}: {message}"
        return f"{said[:1].upper()}{said[1:]}"

    @property
    def strength(self) -> str:
        """ "strong, by consensus" for CC-S; a code that is none of the guideline's stands as it is."""
        code = self.finding.strength or ""
        certainty, _, force = code.partition("-")
        if certainty not in CERTAINTY or (force and force not in FORCE):
            return UNGRADED.get(code, code)
        return f"{FORCE[force]}, {CERTAINTY[certainty]}" if force else CERTAINTY[certainty]


def shown(finding: Finding) -> Shown:
    """A finding that cannot be assessed is drawn dashed whatever its weight; its word says how heavy it would be."""
    look, icon, word = LOOKS[finding.severity]
    if finding.answered_by:
        return Shown(finding, "ok", "check", f"{word}, answered")
    if finding.status is Status.CANNOT_BE_ASSESSED:
        return Shown(finding, "unknown", "unknown", "Cannot be assessed")
    return Shown(finding, look, icon, word)


def in_order(findings: Iterable[Finding]) -> list[Shown]:
    """Heaviest first; among equals those that fire, then those that cannot be assessed, then the answered."""

    def weight(finding: Finding) -> tuple[bool, int, bool]:
        dashed = finding.status is Status.CANNOT_BE_ASSESSED
        return bool(finding.answered_by), ORDER.index(finding.severity), dashed

    return [shown(finding) for finding in sorted(findings, key=weight)]


def counted(findings: Iterable[Finding]) -> str:
    """ "1 hard stop, 2 warnings, 1 cannot be assessed": what the head of the card says."""
    words = [one.word.lower() for one in in_order(findings)]
    counts = {word: words.count(word) for word in words}
    return ", ".join(f"{count} {_plural(word, count)}" for word, count in counts.items())


def _plural(word: str, count: int) -> str:
    if count == 1 or word in ("advice", "cannot be assessed") or word.endswith("answered"):
        return word
    return f"{word}s"
