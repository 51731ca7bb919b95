"""What a person agreed to, declined or took back. Each kind stands alone and can be taken back alone."""

from __future__ import annotations

from django.db import models

from glidepath.record.rows import ClinicalRow


class Consent(ClinicalRow):
    class Kind(models.TextChoices):
        TREATMENT = "treatment", "treatment"
        OBSERVATION = "observation", "being observed, day and night"
        SHARING = "sharing", "sharing with the people named"
        DRUG_TEST = "drug_test", "drug tests"

    class Decision(models.TextChoices):
        GIVEN = "given", "given"
        DECLINED = "declined", "declined"
        WITHDRAWN = "withdrawn", "taken back"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="consents")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    how = models.CharField(max_length=120, blank=True)  # "signed on paper", "said, witnessed by ..."
