"""Leave with doses: what a prescriber signed, what was taken along under it, and what became of each dose."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import models

from glidepath.record.rows import ClinicalRow


class LeaveOrder(ClinicalRow):
    """A prescriber's signature: this person may take along what falls due up to `until_at`, once, in this stay.

    A newer one stands in the place of one that nobody has packed under.
    """

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="leave_orders")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="leave_orders")
    until_at = models.DateTimeField()
    words = models.CharField(max_length=300, blank=True)  # what the prescriber asks to be minded

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "until_at")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("happened_at")), name="a_signed_leave_lies_ahead"
            ),
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """So much of one product in a packed dose. product: its public id where the centre stocks it, else empty.
    quantity: quarters of a piece, or microlitres."""

    product: str
    name: str
    quantity: int
    is_liquid: bool


class LeavePack(ClinicalRow):
    """Doses that a person takes along: counted out by two, and explained. `doses`: [key, due moment, in words] each.

    `happened_at` is when they left with them; what falls due up to `until_at` is theirs to take.
    """

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="leaves")
    until_at = models.DateTimeField()
    doses = models.JSONField()
    # Beside each dose: whether a prescriber signs for it, and its pieces as `Piece`. Empty in an older version's packs.
    made = models.JSONField(default=list)
    under = models.OneToOneField(
        LeaveOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="pack"
    )  # once
    explained = models.CharField(max_length=300)
    counted_with = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "until_at")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("happened_at")), name="a_leave_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~models.Q(explained=""), name="doses_to_take_along_are_explained"),
        )

    def pieces(self, number: int) -> list[Piece]:
        """What the dose of this number is made of; empty where it is not known by products."""
        return [Piece(*piece) for piece in self.made[number][1]] if self.made else []

    def is_signed_for(self, number: int) -> bool:
        """Whether a prescriber signs for this dose. Of an older version's pack nobody knows: yes."""
        return bool(self.made[number][0]) if self.made else True

    def all_pieces(self) -> list[Piece]:
        """Everything that was handed out, dose by dose."""
        return [piece for number in range(len(self.made)) for piece in self.pieces(number)]

    def used_away(self) -> list[tuple[str, str]]:
        """Key and due moment of each dose that is not given here: all but those brought back before they were due."""
        if not hasattr(self, "came_back"):
            return [(key, at) for key, at, _ in self.doses]
        home = self.came_back.happened_at
        return [
            (key, at)
            for key, at, how in self.came_back.became
            if how != "back" or dt.datetime.fromisoformat(at) <= home
        ]


class LeaveReturn(ClinicalRow):
    """The person is back: what they took, what they brought back, what is missing, counted by two.

    `bag`: what was brought back, sealed as their own; it is never given again.
    """

    pack = models.OneToOneField(LeavePack, on_delete=models.PROTECT, related_name="came_back")
    became = models.JSONField()  # [key, due moment, "taken" | "back" | "missing"] each
    words = models.CharField(max_length=300, blank=True)
    bag = models.OneToOneField("supply.OwnBag", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    counted_with = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")
