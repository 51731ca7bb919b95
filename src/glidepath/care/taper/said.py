"""What a preview says when it is drawn again: the end, the largest cut and the findings, each beside what it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from glidepath.care.taper.planning import Proposal, largest_cut
from glidepath.care.taper.shown import day
from glidepath.care.taper.turning import Turn
from glidepath.clinical.amounts import plain, rounded
from glidepath.clinical.findings import Finding, Severity, Status

BETWEEN = "|"  # the parts as the page keeps them, for the next time
NAMES = ("End", "Largest cut", "Findings")


def summary(proposal: Proposal) -> str:
    """The parts of a draft's preview, in their order."""
    return BETWEEN.join((_end(proposal.end), _cut(proposal.largest_cut), _findings(proposal.findings)))


def note(now: str, before: str) -> str:
    """ "End 14 Mar 2028, was 2 Feb 2028. Largest cut 10 %. Findings none in the way, 2 to weigh." """
    old = before.split(BETWEEN)
    known = old if len(old) == len(NAMES) else now.split(BETWEEN)
    parts = zip(NAMES, now.split(BETWEEN), known, strict=True)
    return " ".join(f"{name} {value}{f', was {was}' if was != value else ''}." for name, value, was in parts)


def note_of(turn: Turn) -> str:
    """The same of a change: beside what the running plan had."""
    difference = turn.revision.difference
    ahead = [one.after for one in difference.steps if one.after is not None]
    was = f", before {_end(difference.end_before)}" if difference.end_before != difference.end_after else ""
    cut = f" Largest cut {_cut(largest_cut(ahead))}." if ahead else ""
    return f"End {_end(difference.end_after)}{was}.{cut} Findings {_findings(turn.findings)}."


def _end(date: dt.date | None) -> str:
    return day(date) if date else "open"


def _cut(share: Fraction | None) -> str:
    return "none" if share is None else f"{plain(rounded(share * 100, 1))} %"


def _findings(findings: Sequence[Finding]) -> str:
    open_ones = [one for one in findings if one.answered_by is None and one.status is Status.FIRES]
    stops = len({one.code for one in open_ones if one.severity is Severity.HARD_STOP})
    warnings = len({one.code for one in open_ones if one.severity is Severity.WARNING})
    return f"{stops or 'none'} in the way, {warnings or 'none'} to weigh"
