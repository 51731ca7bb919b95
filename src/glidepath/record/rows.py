"""The two kinds of rows the record keeps.

A `CentreRow` belongs to one centre and is addressed from outside by a random public id. A `ClinicalRow` is one of them
that is never changed: it says when it was true and when it was written, and a correction is a new row that points to
the old one. Database triggers (record/audit/guard.py) refuse update and delete of every model with `append_only`.
"""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models

from glidepath.record.prepared_insert import PreparedInsert


class CentreRow(PreparedInsert):
    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    centre = models.ForeignKey("centres.Centre", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class ClinicalRow(CentreRow):
    append_only = True

    happened_at = models.DateTimeField()  # when it was true; may lie in the past, never in the future
    recorded_at = models.DateTimeField()  # when it was written
    recorded_by = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    correction_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=models.Q(happened_at__lte=models.F("recorded_at")),
                name="%(app_label)s_%(class)s_not_in_the_future",
            ),
            models.CheckConstraint(
                condition=models.Q(supersedes__isnull=True) | ~models.Q(correction_reason=""),
                name="%(app_label)s_%(class)s_correction_has_a_reason",
            ),
        )

    @property
    def correction(self) -> Self | None:
        """The row that stands in its place, if it was corrected. For templates: they search long for a missing row."""
        return getattr(self, "superseded_by", None)
