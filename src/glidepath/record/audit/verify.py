"""Reading a centre's chain from its first line to its head, and naming the first place where it is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from glidepath.record.audit.chain import line_hash
from glidepath.record.audit.models import AuditHead, AuditLine

if TYPE_CHECKING:
    from glidepath.record.centres.models import Centre

What = Literal["changed", "removed", "reordered", "cut off", "added"]
PROGRESS_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Verified:
    """The chain is whole. Keep `count` and `hash` elsewhere: they show a chain rewritten to its end."""

    count: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """`seq` is the first line that is not as it was written."""

    seq: int
    what: What
    says: str


def verify(
    centre: Centre, *, kept: tuple[int, str] | None = None, progress: Callable[[int], None] | None = None
) -> Verified | Broken:
    """Every line of the centre's chain by its hash, against the head.

    kept: count and hash printed by an earlier run; the line of that number must still carry that hash.
    progress: told the number of lines read, now and then.
    """
    head = AuditHead.objects.filter(centre=centre).first()
    if head is None:
        return Broken(0, "removed", "The head of the chain is missing.")
    expected, previous = 1, ""
    for line in AuditLine.objects.filter(centre=centre).order_by("seq").iterator(chunk_size=2000):
        if line.seq != expected or line.previous != previous or line.hash != line_hash(line):
            return _name_the_break(centre, line, expected, previous, head)
        if expected > head.count:
            return Broken(
                line.seq, "added", f"Line {line.seq} was added behind the head, which stands at {head.count}."
            )
        if kept and kept[0] == expected and kept[1] != line.hash:
            return Broken(expected, "changed", f"Line {expected} no longer carries the hash that was kept.")
        expected, previous = expected + 1, line.hash
        if progress and line.seq % PROGRESS_EVERY == 0:
            progress(line.seq)
    return _against_head(head, expected - 1, previous, kept)


def _against_head(head: AuditHead, count: int, last: str, kept: tuple[int, str] | None) -> Verified | Broken:
    if count < head.count or last != head.hash:
        return Broken(count + 1, "cut off", f"The chain ends after line {count}; the head knows {head.count} lines.")
    if kept and kept[0] > count:
        return Broken(count + 1, "cut off", f"The chain ends after line {count}; {kept[0]} lines were kept on record.")
    return Verified(count, last)


def _name_the_break(centre: Centre, line: AuditLine, expected: int, previous: str, head: AuditHead) -> Broken:
    """What happened at `expected`, found by asking which number each line was written under."""
    lines = AuditLine.objects.filter(centre=centre)
    missing = line.seq != expected
    written_as = None if missing else _number_it_was_written_under(line, head.count)
    if missing or written_as not in (None, expected):
        if any(_was_written_as(other, expected, previous) for other in lines.iterator()):
            return Broken(expected, "reordered", f"Line {expected} stands under another number.")
        return Broken(expected, "removed", f"Line {expected} is gone.")
    if lines.count() > head.count:
        return Broken(expected, "added", f"Line {expected} was not written by the record.")
    return Broken(expected, "changed", f"Line {expected} is not as it was written.")


def _number_it_was_written_under(line: AuditLine, count: int) -> int | None:
    numbers = (line.seq, *range(1, count + 1))
    return next((seq for seq in numbers if line_hash(line, seq=seq) == line.hash), None)


def _was_written_as(line: AuditLine, seq: int, previous: str) -> bool:
    return line.previous == previous and line_hash(line, seq=seq) == line.hash
