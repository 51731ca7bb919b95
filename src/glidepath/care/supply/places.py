"""Where stock lies, and which lots the centre holds: locations, batches, recalls."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from glidepath.record.rows import CentreRow, ClinicalRow


class Location(CentreRow):
    """A locked place of the centre, or one of the virtual ends that make every movement go from somewhere to somewhere.

    A location is retired, never deleted. `unit`: whose doses are taken from it; none for the pharmacy.
    """

    class Kind(models.TextChoices):
        CUPBOARD = "cupboard", "cupboard of a unit"
        TROLLEY = "trolley", "trolley of a unit"
        PHARMACY = "pharmacy", "pharmacy"
        QUARANTINE = "quarantine", "quarantine"  # expired, recalled or broken; nothing is given from it
        # The virtual ends: no stock is held there and their sums mean what went through them.
        OUTSIDE = "outside", "outside the centre"
        PERSON = "person", "a person"
        WASTE = "waste", "waste"
        DIFFERENCE = "difference", "found or missing at a count"

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    unit = models.ForeignKey("centres.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    active = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("centre", "name"), name="one_location_of_a_name"),
            models.UniqueConstraint(
                fields=("centre", "kind"),
                condition=models.Q(kind__in=("outside", "person", "waste", "difference")),
                name="one_virtual_end_of_a_kind",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=("cupboard", "trolley")) | models.Q(unit__isnull=False),
                name="a_cupboard_or_trolley_has_a_unit",
            ),
        )

    @property
    def is_virtual(self) -> bool:
        return self.kind in VIRTUAL

    @property
    def gives_doses(self) -> bool:
        """Whether doses are taken from here."""
        return self.kind in GIVES_DOSES


VIRTUAL = (Location.Kind.OUTSIDE, Location.Kind.PERSON, Location.Kind.WASTE, Location.Kind.DIFFERENCE)
REAL = tuple(kind for kind in Location.Kind if kind not in VIRTUAL)
GIVES_DOSES = (Location.Kind.CUPBOARD, Location.Kind.TROLLEY)


class Batch(CentreRow):
    """One lot of one product with its expiry. What was written of it stays: a lot written wrongly is another batch."""

    append_only = True

    product = models.ForeignKey("supply.StockedProduct", on_delete=models.PROTECT, related_name="batches")
    lot = models.CharField(max_length=40)
    expires_on = models.DateField()  # usable up to and with this day
    container_units = models.PositiveBigIntegerField()  # base units in one full container
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("centre", "product", "lot"), name="one_batch_of_a_lot"),
            models.CheckConstraint(condition=models.Q(container_units__gt=0), name="a_container_holds_something"),
        )
        indexes = (models.Index(fields=("product", "expires_on")),)


class BatchRecall(ClinicalRow):
    """The maker or an authority called this lot back. It stays so: nothing of it is given again."""

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, related_name="recall")
    reason = models.CharField(max_length=300)
