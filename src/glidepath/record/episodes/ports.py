"""What a move must wait for and this room cannot know: the rooms of care hand it in when they start.

Without a reader a move waits for nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from glidepath.record.centres.models import Unit
from glidepath.record.episodes.models import Episode

WhyNot = Callable[[Episode, Unit], str]

_why_not: WhyNot | None = None


def tell_what_a_transfer_waits_for(reader: WhyNot) -> None:
    """Hands in who says why somebody is not moved to another unit yet; an empty string: nothing stands in the way."""
    global _why_not
    _why_not = reader


def why_no_transfer(episode: Episode, to_unit: Unit) -> str:
    return "" if _why_not is None else _why_not(episode, to_unit)
