"""INP-9: since when a further CIWA-B is called for by a fast pulse, new tremor or new sweating.

A finding is one for as long as its sign stands: it asks for one score, and no further set of it asks again. A sign that
had gone, or another one beside it, is a new finding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from glidepath.clinical.facts.load import rule
from glidepath.clinical.monitoring.also_seen import AlsoSeen

CODE = "INP-9"
PULSE = "pulse"


@dataclass(frozen=True, slots=True)
class Looked:
    """What one set says of the signs of INP-9. at: when it was true. pulse: a minute, None where not measured."""

    at: dt.datetime
    pulse: int | None = None
    new_tremor: bool = False
    new_sweating: bool = False

    @property
    def signs(self) -> frozenset[str]:
        """Those that were seen."""
        fast = self.pulse is not None and self.pulse > pulse_above()
        named = {AlsoSeen.NEW_TREMOR: self.new_tremor, AlsoSeen.NEW_SWEATING: self.new_sweating}
        return frozenset([*([PULSE] if fast else []), *(sign.value for sign, there in named.items() if there)])


def pulse_above() -> int:
    """The pulse a minute over which it is a sign of withdrawal."""
    return int(rule(CODE).value("pulse_above"))


def called_since(looks: Iterable[Looked], *, scored_at: dt.datetime | None) -> dt.datetime | None:
    """When the first finding began that no whole CIWA-B has answered; None where none is owed.

    looks: oldest first, from the last one at or before `scored_at` on: what stood then was scored. scored_at: when the
    last whole CIWA-B was true; None: never. A set without a pulse and without a sign says nothing and is passed over.
    """
    standing: frozenset[str] = frozenset()
    for one in looks:
        if one.pulse is None and not one.signs:
            continue
        fresh = one.signs - standing
        standing = one.signs if one.pulse is not None else standing | one.signs
        if fresh and (scored_at is None or one.at > scored_at):
            return one.at
    return None
