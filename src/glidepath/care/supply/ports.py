"""What this room cannot read itself: the medication room, which comes after, knows what is due and what was.

It hands its reader in when it starts, in AppConfig.ready. Without it nothing is expected, and the page says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from glidepath.record.centres.models import Unit

# Product id -> base units for each calendar day from the first on.
Use = Mapping[int, Sequence[int]]
ReadUse = Callable[[Unit, dt.date, int], Use]

_reader: ReadUse | None = None


def tell_use(reader: ReadUse) -> None:
    """Hands in who knows what the doses of a unit take: released steps, the present dose going on, signed orders."""
    global _reader
    _reader = reader


def use_of(unit: Unit, first: dt.date, days: int) -> Use | None:
    """What the doses due on the unit take on each of `days` calendar days; None where nobody can say."""
    return None if _reader is None else _reader(unit, first, days)
