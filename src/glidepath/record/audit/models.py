"""One chain of lines per centre: who read or wrote what, and when. Lines hold ids, codes and digests, no contents."""

from __future__ import annotations

from django.db import models

from glidepath.record.prepared_insert import PreparedInsert


class AuditHead(models.Model):
    """The end of a centre's chain: count and hash. Locked last, for one insert; a tail cut off shows against it."""

    centre = models.OneToOneField("centres.Centre", on_delete=models.PROTECT, related_name="audit_head")
    count = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)


class AuditLine(PreparedInsert):
    append_only = True

    centre = models.ForeignKey("centres.Centre", on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)  # a staff id; none for the system itself
    role = models.CharField(max_length=20, blank=True)
    session = models.CharField(max_length=16, blank=True)  # a digest, never the key
    action = models.CharField(max_length=60)  # "taper.signed", "chart.read", "sign_in.failed" ...
    kind = models.CharField(max_length=12)  # read, write, sign, deny, break_glass, session
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    people = models.JSONField(default=list)  # ids a list showed
    code = models.CharField(max_length=60, blank=True)  # a reason code, a stage, an outcome: never free text
    digest = models.CharField(max_length=64, blank=True)  # of what was signed
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("centre", "seq"), name="one_line_of_a_number"),)
        indexes = (models.Index(fields=("centre", "person_id", "at")),)


class Once(PreparedInsert):
    """An act that was done, by the key its form carried: a repeated submit finds it and does nothing twice."""

    append_only = True

    key = models.CharField(max_length=64, unique=True)
    action = models.CharField(max_length=60)
    result_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
