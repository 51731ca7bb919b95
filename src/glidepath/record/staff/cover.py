"""Who can be called when: those on shift and those on call, of one centre, as stretches of time."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from glidepath.clinical.facts.escalation import Part, Reach
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.permissions import CLINICAL, MAY_HOLD_PRESCRIBING

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True)
class Duty:
    """One member of staff, here or on call, from `begins` until before `ends`. unit_id None: for every unit."""

    staff: Staff
    unit_id: int | None
    on_call: bool
    begins: dt.datetime
    ends: dt.datetime
    phone: str = ""
    remarks: str = ""

    def counts(self, at: dt.datetime) -> bool:
        return self.begins <= at < self.ends


@dataclass(frozen=True, slots=True)
class Cover:
    """Every stretch of duty of a centre since a moment. The same list answers for every alarm of a page."""

    duties: tuple[Duty, ...]
    _spans: dict[tuple[int | None, frozenset[Part], Reach], list[Span]] = field(default_factory=dict)

    def answering(
        self, unit_id: int | None, parts: Collection[Part], at: dt.datetime, reach: Reach = Reach.UNIT
    ) -> tuple[Duty, ...]:
        """Who is called at `at`, each once, those on shift first. unit_id None: of somebody in no bed, any unit.

        By unit: for each part whoever is on shift there, else whoever is on call for it.
        """
        found = [one for part in parts for one in self._of_part(unit_id, part, at, reach)]
        found.sort(key=lambda one: (one.on_call, one.staff.name, one.staff.pk))
        return tuple({one.staff.pk: one for one in reversed(found)}.values())[::-1]

    def somebody_from(
        self, unit_id: int | None, parts: Collection[Part], at: dt.datetime, reach: Reach = Reach.UNIT
    ) -> dt.datetime | None:
        """The first moment from `at` on at which one of these parts can be called; None: nobody is foreseen."""
        key = (unit_id, frozenset(parts), reach)
        if key not in self._spans:
            self._spans[key] = _joined(one for one in self.duties if self._reaches(one, unit_id, reach, parts))
        spans = self._spans[key]
        index = bisect_right(spans, at, key=lambda span: span[0])
        if index and at < spans[index - 1][1]:
            return at
        return spans[index][0] if index < len(spans) else None

    def _of_part(self, unit_id: int | None, part: Part, at: dt.datetime, reach: Reach) -> list[Duty]:
        here = [one for one in self.duties if one.counts(at) and self._reaches(one, unit_id, reach, (part,))]
        on_shift = [one for one in here if not one.on_call]
        return on_shift if on_shift and reach is Reach.UNIT else here

    def _reaches(self, one: Duty, unit_id: int | None, reach: Reach, parts: Collection[Part]) -> bool:
        if not one.staff.is_active or not is_any(one.staff, parts):
            return False
        everywhere = unit_id is None or (reach is Reach.CENTRE and not one.on_call)
        return everywhere or one.unit_id == unit_id or (one.on_call and one.unit_id is None)


def is_any(staff: Staff, parts: Collection[Part]) -> bool:
    """Whether this member of staff is one of these; a closed account was, and what it answered stays answered."""
    return any(_is(staff, part) for part in parts)


def _is(staff: Staff, part: Part) -> bool:
    if part is Part.PRESCRIBER:
        return staff.may_prescribe and staff.role in MAY_HOLD_PRESCRIBING
    return staff.role in CLINICAL if part is Part.CLINICIAN else staff.role == Role(part.value)


def _joined(duties: Iterable[Duty]) -> list[Span]:
    """The stretches of all together, in order, without a gap that is none."""
    spans: list[Span] = []
    for begins, ends in sorted((one.begins, one.ends) for one in duties if one.begins < one.ends):
        if spans and begins <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], ends))
        else:
            spans.append((begins, ends))
    return spans
