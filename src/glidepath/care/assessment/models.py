"""What the person told and what was asked: benzodiazepine use, and the facts the guideline's rules need."""

from __future__ import annotations

from django.db import models

from glidepath.record.rows import ClinicalRow


class Source(models.TextChoices):
    PRESCRIBED = "prescribed", "prescribed"
    NONPRESCRIBED = "nonprescribed", "without a prescription"
    MIXED = "mixed", "both"
    UNKNOWN = "unknown", "not known"


class Beginning(models.TextChoices):
    """How it began. Each is a way in, none is a verdict."""

    LONG_TERM = "long_term", "prescribed long-term, with tolerance"
    RECREATIONAL = "recreational", "recreational, or with alcohol or other drugs"
    NO_PRESCRIPTION = "no_prescription", "obtained without a prescription"
    OTHER_WITHDRAWAL = "other_withdrawal", "to quiet another withdrawal"


class BenzodiazepineUse(ClinicalRow):
    """One medicine a person takes or took. A medicine outside the facts keeps its name and has no key."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="benzodiazepines")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    medicine = models.CharField(max_length=40, blank=True)  # the facts' key
    medicine_name = models.CharField(max_length=80)
    regimen = models.CharField(max_length=200, blank=True)  # in the regimen grammar: "lorazepam 1 mg 08:00 20:00"
    daily_ng = models.BigIntegerField(null=True, blank=True)  # as reported; unknown for a product of unknown content
    days_per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    months = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    source = models.CharField(max_length=16, choices=Source.choices)
    beginning = models.CharField(max_length=20, choices=Beginning.choices)
    last_dose_at = models.DateTimeField(null=True, blank=True)
    last_dose_ng = models.BigIntegerField(null=True, blank=True)
    first_reason = models.CharField(max_length=200, blank=True)


class PersonFact(ClinicalRow):
    """One fact by the name the rules use (clinical/guidelines/facts.py). The newest row of a name counts.

    `value`: "yes", "no", "unknown", a number or a date, as the vocabulary says. No row means nobody asked.
    """

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="facts")
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=120)
    words = models.CharField(max_length=300, blank=True)

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "name", "happened_at")),)
