"""Progress notes, each signed by who wrote it. An amendment is a further row; the old one stays to be read."""

from __future__ import annotations

from django.db import models

from glidepath.record.rows import ClinicalRow

LONGEST = 6000  # letters


class Note(ClinicalRow):
    """What one member of staff wrote and signed about one person."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", "progress note"  # the whole care team reads it
        APART = "apart", "counselling note, kept apart"  # its author alone reads it, and no handover quotes it

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="notes")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    profession = models.CharField(max_length=20)  # the author's role when it was signed
    words = models.TextField(max_length=LONGEST)
    for_handover = models.BooleanField(default=False)  # the next shift hears it
    digest = models.CharField(max_length=64)  # of what was shown and signed

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "recorded_at")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(condition=~models.Q(words=""), name="a_note_says_something"),
            models.CheckConstraint(
                condition=~models.Q(kind="apart", for_handover=True), name="what_is_kept_apart_is_not_handed_over"
            ),
        )
