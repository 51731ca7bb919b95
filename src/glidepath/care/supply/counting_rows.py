"""Counts and what they find: who counted what without seeing what was expected, the difference, and who owns it."""

from __future__ import annotations

from django.db import models

from glidepath.care.supply.movements import Movement
from glidepath.care.supply.places import Batch, Location
from glidepath.record.rows import CentreRow, ClinicalRow


class Count(CentreRow):
    """One count of one location by two people. Its sheets are its facts; this row only says that it was begun, and by
    the head of the ledger where it stood."""

    append_only = True

    class Kind(models.TextChoices):
        SHIFT = "shift", "at the change of shift"
        DAILY = "daily", "daily inventory"
        BIENNIAL = "biennial", "biennial inventory"
        RECOUNT = "recount", "counted again"

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="counts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("location", "-begun_at")),)


class CountLine(models.Model):
    """What stands to be counted: one batch of the location."""

    append_only = True

    count = models.ForeignKey(Count, on_delete=models.PROTECT, related_name="lines")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("count", "batch"), name="one_line_of_a_batch_in_a_count"),)
        ordering = ("id",)


class CountEntry(models.Model):
    """What one of the two counted of one line, beside what the ledger held at that very moment (L9). A line the two do
    not agree on is counted again: `turn` is the next."""

    append_only = True

    line = models.ForeignKey(CountLine, on_delete=models.PROTECT, related_name="entries")
    turn = models.PositiveSmallIntegerField(default=1)
    place = models.PositiveSmallIntegerField()  # 1: who began (outgoing), 2: who took over (incoming)
    by = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")
    counted = models.PositiveBigIntegerField()
    expected = models.BigIntegerField()
    seq = models.PositiveBigIntegerField()  # the ledger's head when it was counted
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("line", "turn", "place"), name="one_entry_of_a_turn"),
            models.UniqueConstraint(fields=("line", "turn", "by"), name="two_different_people_count"),
            models.CheckConstraint(condition=models.Q(place__in=(1, 2)), name="two_people_count"),
        )

    @property
    def difference(self) -> int:
        """Base units found beyond what was expected; below nought where some are missing."""
        return self.counted - self.expected


class CountDone(models.Model):
    """Both agreed on every line."""

    append_only = True

    count = models.OneToOneField(Count, on_delete=models.PROTECT, related_name="done")
    second = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Discrepancy(ClinicalRow):
    """A difference. It is never deleted and never overwritten; it stays open until two close it (L10, L11).

    difference: base units, found beyond the ledger (plus) or missing (minus); None where somebody reports that
    something is wrong and nobody has counted yet.
    """

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="discrepancies")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="discrepancies")
    line = models.OneToOneField(CountLine, on_delete=models.PROTECT, null=True, blank=True, related_name="discrepancy")
    difference = models.BigIntegerField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")  # who had it first

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("centre", "happened_at")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(difference__isnull=True) | ~models.Q(difference=0), name="a_difference_is_not_nought"
            ),
        )


class DiscrepancyNote(ClinicalRow):
    """What was looked into, or who took it over; the newest owner is whose it is."""

    discrepancy = models.ForeignKey(Discrepancy, on_delete=models.PROTECT, related_name="notes")
    words = models.CharField(max_length=600)
    owner = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, null=True, blank=True, related_name="+")


class SuspectedLoss(ClinicalRow):
    """Theft or a significant loss is suspected: the authority is told within one business day of `happened_at`, which
    is when it was discovered. The product prepares the data and files nothing."""

    discrepancy = models.OneToOneField(Discrepancy, on_delete=models.PROTECT, related_name="suspected_loss")
    words = models.CharField(max_length=600)
    tell_by = models.DateTimeField()


class DiscrepancyClosing(ClinicalRow):
    """Pharmacist and manager close it, with the cause and either the movement that adjusts the ledger or the later
    count that found nothing wrong."""

    class Cause(models.TextChoices):
        COUNT_ERROR = "count_error", "counted wrongly"
        LATE_ENTRY = "late_entry", "an entry was missing and is written now"
        WRONG_ENTRY = "wrong_entry", "an entry was wrong and has its counter-entry"
        BREAKAGE = "breakage", "broken, spilt or lost in handling"
        OVERFILL = "overfill", "more or less in the container than its label says"
        LOSS = "loss", "lost; reported"
        UNEXPLAINED = "unexplained", "not explained"

    discrepancy = models.OneToOneField(Discrepancy, on_delete=models.PROTECT, related_name="closing")
    cause = models.CharField(max_length=12, choices=Cause.choices)
    words = models.CharField(max_length=600)
    manager = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")
    adjustment = models.OneToOneField(Movement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recount = models.ForeignKey(CountLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(adjustment__isnull=False, recount__isnull=True)
                | models.Q(adjustment__isnull=True, recount__isnull=False),
                name="a_difference_is_adjusted_or_recounted",
            ),
            models.CheckConstraint(condition=~models.Q(manager=models.F("recorded_by")), name="two_close_a_difference"),
        )
