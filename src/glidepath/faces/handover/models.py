"""What one shift told the next: frozen as it was shown, with the giver's sentences, and who read it back."""

from __future__ import annotations

from django.db import models

from glidepath.record.rows import ClinicalRow


class Handover(ClinicalRow):
    """One unit handed over at `happened_at`. `since`: from when it tells. `digest`: of all its entries as shown."""

    unit = models.ForeignKey("centres.Unit", on_delete=models.PROTECT, related_name="handovers")
    since = models.DateTimeField()
    words = models.CharField(max_length=600, blank=True)  # of the unit as a whole
    parts = models.JSONField(default=list)  # of the unit: who is on shift and on call, beds, as shown
    digest = models.CharField(max_length=64)

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("unit", "recorded_at")),)


class HandoverEntry(models.Model):
    """One person in it. `parts`: the titled lines as they were shown; `words`: the sentence the giver added."""

    append_only = True

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="entries")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    bed = models.PositiveSmallIntegerField()
    head = models.CharField(max_length=300)  # day of stay and taper, as shown
    risks = models.JSONField(default=list)
    parts = models.JSONField(default=list)
    words = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ("bed", "id")
        constraints = (
            models.UniqueConstraint(fields=("handover", "person"), name="a_person_is_handed_over_once_a_time"),
        )


class HandoverReceipt(ClinicalRow):
    """Somebody of the next shift read it back and signed; each of them once."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="receipts")
    words = models.CharField(max_length=600, blank=True)  # what was asked, or put right while reading back
    digest = models.CharField(max_length=64)  # of what was read back: the handover's own

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("handover", "recorded_by"), name="each_reads_a_handover_back_once"),
        )
