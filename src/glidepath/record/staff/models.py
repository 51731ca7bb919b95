"""The people who work here, what they are, when they are on duty."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from simple_history.models import HistoricalRecords

from glidepath.record.rows import CentreRow


class Role(models.TextChoices):
    PHYSICIAN = "physician", "physician"
    NURSE = "nurse", "nurse"
    PHARMACIST = "pharmacist", "pharmacist"
    COUNSELLOR = "counsellor", "counsellor"
    PSYCHOLOGIST = "psychologist", "psychologist"
    CASE_MANAGER = "case_manager", "case manager"
    ADMISSIONS = "admissions", "admissions"
    PEER_WORKER = "peer_worker", "peer worker"
    MANAGER = "manager", "manager"
    AUDITOR = "auditor", "auditor"
    ADMINISTRATOR = "administrator", "administrator"


class Staff(AbstractUser):
    """One member of staff; no shared accounts. Signing needs the PIN again (a proof under five minutes old counts)."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    centre = models.ForeignKey("centres.Centre", on_delete=models.PROTECT, related_name="staff", null=True)
    name = models.CharField(max_length=120)  # as colleagues read it: "Dr Ines Ferreira"
    role = models.CharField(max_length=20, choices=Role.choices)
    may_prescribe = models.BooleanField(default=False)  # a permission by name, not a job title
    is_addiction_physician = models.BooleanField(default=False)  # given by name too: one of two signatures (JCG-6d)
    pin = models.CharField(max_length=128, blank=True)  # hashed like a password
    first_password_until = models.DateTimeField(null=True, blank=True)  # set while another's password still opens it
    units = models.ManyToManyField("centres.Unit", blank=True, related_name="+")  # where they may sign on for a shift
    history = HistoricalRecords(excluded_fields=["password", "pin", "last_login"], m2m_fields=[units])

    def __str__(self) -> str:
        return self.name


class Shift(CentreRow):
    """Signed on for a unit. Whoever is on shift on a unit is in the care team of those in its beds."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="shifts")
    unit = models.ForeignKey("centres.Unit", on_delete=models.PROTECT, related_name="shifts")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("staff", "unit"), condition=models.Q(ended_at__isnull=True), name="one_open_shift_on_a_unit"
            ),
        )


class OnCall(CentreRow):
    """Who can be called, from when until when. An entry is not changed: it is ended, and another takes its place."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="on_call")
    unit = models.ForeignKey("centres.Unit", on_delete=models.PROTECT, null=True, related_name="+")  # none: every unit
    begins_at = models.DateTimeField()
    until = models.DateTimeField()
    phone = models.CharField(max_length=40, blank=True)
    remarks = models.CharField(max_length=200, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)  # taken off the list before `until`
    ended_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("begins_at")), name="on_call_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="who_took_it_off_the_list_is_named",
            ),
        )
        indexes = (models.Index(fields=("centre", "until")),)

    @property
    def starts_counting(self) -> dt.datetime:
        """Nobody was on call before the list said so."""
        return max(self.begins_at, self.set_at)

    @property
    def stops_counting(self) -> dt.datetime:
        return self.until if self.ended_at is None else min(self.until, self.ended_at)


class PushDevice(CentreRow):
    """A browser on which one of the staff wants to be called. Working state: taken away when it is gone."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="push_devices")
    endpoint = models.CharField(max_length=800)  # the address its push service gave it; opens nothing of ours
    name = models.CharField(max_length=60)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("endpoint",),
                condition=models.Q(removed_at__isnull=True),
                name="one_device_calls_one_of_the_staff",
            ),
        )
