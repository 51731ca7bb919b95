"""The centre, its units, rooms and beds, and what it has set for itself."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.db import models
from simple_history.models import HistoricalRecords

from glidepath.record.rows import CentreRow


class DatabaseMark(models.Model):
    """One row: was this database made as a demo? Only then may the clock be set or a role be tried by a click."""

    is_demo = models.BooleanField(default=False)
    made_at = models.DateTimeField()


class Centre(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="Europe/London")
    region = models.CharField(max_length=2, choices=[("us", "United States"), ("uk", "United Kingdom")], default="uk")
    phone = models.CharField(max_length=40, blank=True)  # printed on what leaves the building
    crisis_line = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class CentreSettings(models.Model):
    """Our reading of the guideline where it gives words and no numbers. Defaults come from the facts."""

    centre = models.OneToOneField(Centre, on_delete=models.PROTECT, related_name="settings")
    dose_times = models.JSONField(default=list)  # ["08:00", "14:00", "22:00"]: the default times of day
    default_table = models.CharField(max_length=40, blank=True)  # an equivalence table's key; blank: asked each time
    usual_cut_percent = models.PositiveSmallIntegerField(default=10)
    interval_days = models.PositiveSmallIntegerField(default=14)
    review_max_age_days = models.PositiveSmallIntegerField(default=7)
    doses_not_taken_in_a_row = models.PositiveSmallIntegerField(default=2)
    doses_not_taken_hours = models.PositiveSmallIntegerField(default=24)
    late_after_minutes = models.PositiveSmallIntegerField(default=60)  # due, then late; overdue after twice that
    round_window_minutes = models.PositiveSmallIntegerField(default=60)
    syringe_step_microlitres = models.PositiveSmallIntegerField(default=100)
    last_step_max_micrograms = models.PositiveIntegerField(default=1000)  # diazepam by the highest table (TPR-10)
    first_order_hours = models.PositiveSmallIntegerField(default=4)  # where nobody can say when the next dose is due
    break_glass_minutes = models.PositiveSmallIntegerField(default=60)
    inpatient_protocols = models.JSONField(default=list)  # keys of the rapid protocols used here; ours: none by default
    batch_rass_at_most = models.PositiveSmallIntegerField(default=1)  # daily cuts stop above it: proposed to each batch
    day_review_hours = models.PositiveSmallIntegerField(default=4)  # how old a value may be at the day's review
    watch_silent_minutes = models.PositiveSmallIntegerField(default=5)  # the worker looks once a minute
    readings = models.JSONField(default=dict)  # our own reading, changed here: a number in words by its setting's name
    history = HistoricalRecords()


class Unit(CentreRow):
    class Setting(models.TextChoices):
        OUTPATIENT = "outpatient", "outpatient"
        RESIDENTIAL = "residential", "residential"
        INPATIENT_MEDICAL = "inpatient_medical", "inpatient, medically managed"

    name = models.CharField(max_length=60)
    setting = models.CharField(max_length=20, choices=Setting.choices, default=Setting.RESIDENTIAL)
    history = HistoricalRecords()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("centre", "name"), name="one_unit_of_a_name"),)

    def __str__(self) -> str:
        return self.name


class Room(CentreRow):
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=40)


class Bed(CentreRow):
    class State(models.TextChoices):
        READY = "ready", "ready"
        CLEANING = "cleaning", "being cleaned"
        CLOSED = "closed", "closed"

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="beds")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"{self.room.unit.name} {self.number}"
