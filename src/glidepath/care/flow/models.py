"""The ways in and out: an enquiry, an admission, a discharge."""

from __future__ import annotations

from django.db import models

from glidepath.record.rows import ClinicalRow


class Enquiry(ClinicalRow):
    """A first call. The advice to keep taking the usual dose is given and logged."""

    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="enquiries")
    caller = models.CharField(max_length=120)
    words = models.CharField(max_length=400, blank=True)
    told_not_to_stop = models.BooleanField(default=False)


class Discharge(ClinicalRow):
    """How somebody left. It does not close without prescriber, first visit, supply beyond it, naloxone where due."""

    class Kind(models.TextChoices):
        COMPLETED = "completed", "as planned"
        TRANSFER = "transfer", "transferred"
        EARLY = "early", "left before the planned date"

    episode = models.OneToOneField("episodes.Episode", on_delete=models.PROTECT, related_name="discharge")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    to_aftercare = models.BooleanField(default=False)
    prescriber = models.CharField(max_length=120)
    prescriber_contact = models.CharField(max_length=120)
    first_visit = models.DateField()
    supply_until = models.DateField()
    naloxone = models.CharField(
        max_length=12, choices=[("given", "given"), ("declined", "offered, declined"), ("not_due", "not due")]
    )
    told = models.JSONField(default=list)  # tolerance, driving, written_plan, crisis: what was said and handed over
    findings = models.JSONField(default=list)
    reason = models.CharField(max_length=300, blank=True)
