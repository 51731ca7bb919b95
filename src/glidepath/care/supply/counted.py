"""Where a count stands: worked out from its sheets whenever it is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from glidepath.care.supply.models import (
    Balance,
    Batch,
    Count,
    CountDone,
    CountEntry,
    CountLine,
    Discrepancy,
    Location,
)
from glidepath.record.errors import BadInput
from glidepath.record.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Standing:
    """One count: its lines, the entries of each by turn and place, and whether both agree on all."""

    count: Count
    lines: Sequence[CountLine]
    entries: Mapping[int, Mapping[tuple[int, int], CountEntry]]
    done: CountDone | None

    @property
    def people(self) -> tuple[Staff | None, Staff | None]:
        """Who went out and who came in, as far as they have entered something."""
        by_place: dict[int, Staff] = {}
        for of_line in self.entries.values():
            for (_, place), entry in of_line.items():
                by_place.setdefault(place, entry.by)
        return by_place.get(1), by_place.get(2)

    @property
    def is_agreed(self) -> bool:
        return all(self.agrees(line) for line in self.lines)

    @property
    def to_count_again(self) -> list[CountLine]:
        """Lines on which the two differ."""
        return [line for line in self.lines if self.turn(line) > 1 and not self.agrees(line)]

    def turn(self, line: CountLine) -> int:
        """The turn this line is in: it grows each time the two have entered and differ."""
        of_line = self.entries.get(line.pk, {})
        turn = 1
        while (turn, 1) in of_line and (turn, 2) in of_line:
            if of_line[turn, 1].difference == of_line[turn, 2].difference:
                return turn
            turn += 1
        return turn

    def agrees(self, line: CountLine) -> bool:
        turn, of_line = self.turn(line), self.entries.get(line.pk, {})
        return (turn, 1) in of_line and (turn, 2) in of_line

    def difference(self, line: CountLine) -> int:
        """What both found beyond the ledger; of a line they agree on."""
        return self.entries[line.pk][self.turn(line), 1].difference

    def last(self, line: CountLine, place: int) -> CountEntry | None:
        """The newest entry of this place."""
        of_line = self.entries.get(line.pk, {})
        return next((of_line[turn, place] for turn in range(self.turn(line), 0, -1) if (turn, place) in of_line), None)

    def waiting_for(self, place: int) -> list[CountLine]:
        """The lines this place has yet to count, in their turn."""
        return [
            line
            for line in self.lines
            if not self.agrees(line) and (self.turn(line), place) not in self.entries.get(line.pk, {})
        ]

    def place_of(self, by: Staff) -> int:
        """1 for who began to count, 2 for who comes in. Raises BadInput where it is the other's turn."""
        first, second = self.people
        place = 1 if first is None or first.pk == by.pk else 2
        if place == 2 and second is not None and second.pk != by.pk:
            assert first is not None
            raise BadInput(f"{first.name} and {second.name} count here. Begin another count when theirs is done.")
        if not self.waiting_for(place):
            other = second if place == 1 else first
            who = other.name if other else "A colleague"
            raise BadInput(f"Your numbers are kept. {who} counts now, from their own sign-in.")
        return place


def standing(count: Count) -> Standing:
    """In three queries."""
    lines = list(count.lines.select_related("batch__product"))
    found: dict[int, dict[tuple[int, int], CountEntry]] = defaultdict(dict)
    for entry in CountEntry.objects.filter(line__count=count).select_related("by"):
        found[entry.line_id][entry.turn, entry.place] = entry
    done = CountDone.objects.filter(count=count).select_related("second").first()
    return Standing(count, lines, found, done)


def open_count(location: Location) -> Count | None:
    """The count that two have begun here and not finished."""
    rows = Count.objects.filter(location=location, done__isnull=True).select_related("location__centre", "begun_by")
    return rows.order_by("-begun_at", "-pk").first()


def lines_to_count(location: Location) -> list[Batch]:
    """What lies here, and what has an open difference here, by product and expiry."""
    unsettled = Discrepancy.objects.filter(location=location, batch=OuterRef("pk"), closing__isnull=True)
    here = Balance.objects.filter(location=location, batch=OuterRef("pk"), quantity__gt=0)
    rows = Batch.objects.filter(Q(Exists(here)) | Q(Exists(unsettled)), centre=location.centre)
    return list(
        rows.select_related("product").order_by("product__medicine", "product__is_liquid", "product__strength_ng",
                                                "expires_on", "lot")
    )  # fmt: skip
