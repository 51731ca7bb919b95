"""The people in care: who they are, what they are allergic to, whom they want told."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from glidepath.record.rows import CentreRow, ClinicalRow


class Person(CentreRow):
    number = models.PositiveIntegerField()  # the centre's own number, said aloud and printed on the wristband
    preferred_name = models.CharField(max_length=80)
    legal_name = models.CharField(max_length=160)
    pronouns = models.CharField(max_length=40, blank=True)
    birth_date = models.DateField()
    phone = models.CharField(max_length=40, blank=True)
    folded = models.CharField(max_length=260, db_index=True)  # both names, accent-free and lower case, for search
    opened_at = models.DateTimeField()
    history = HistoricalRecords()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("centre", "number"), name="one_person_of_a_number"),)

    def __str__(self) -> str:
        return f"{self.preferred_name} ({self.number})"


class AllergyStatement(ClinicalRow):
    """An allergy with its reaction, or that none is known: both are answers; no row at all means nobody asked."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="allergies")
    none_known = models.BooleanField(default=False)
    substance = models.CharField(max_length=120, blank=True)
    reaction = models.CharField(max_length=200, blank=True)


class Contact(CentreRow):
    """Somebody the person named. Being family gives no right to see anything."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    relation = models.CharField(max_length=60)
    phone = models.CharField(max_length=40, blank=True)
    is_emergency_contact = models.BooleanField(default=False)
    may_be_told = models.CharField(max_length=200, blank=True)  # in the person's words: "sleep and dates only"
    history = HistoricalRecords()
