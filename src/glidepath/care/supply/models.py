"""The products the centre stocks, and how finely each may be divided; with them the rows of the register."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.db import models
from simple_history.models import HistoricalRecords

from glidepath.care.supply.counting_rows import (
    Count,
    CountDone,
    CountEntry,
    CountLine,
    Discrepancy,
    DiscrepancyClosing,
    DiscrepancyNote,
    SuspectedLoss,
)
from glidepath.care.supply.movements import Balance, Kind as MovementKind, LedgerHead, Movement
from glidepath.care.supply.own_rows import OwnBag, OwnBagDestroyed, OwnBagLeft, OwnItem
from glidepath.care.supply.places import Batch, BatchRecall, Location
from glidepath.clinical.amounts import NANOGRAMS_PER_MG
from glidepath.clinical.dosing.plan import Kind, Product
from glidepath.clinical.facts.load import formulary
from glidepath.record.rows import CentreRow

__all__ = [
    "Balance",
    "Batch",
    "BatchRecall",
    "Count",
    "CountDone",
    "CountEntry",
    "CountLine",
    "Discrepancy",
    "DiscrepancyClosing",
    "DiscrepancyNote",
    "LedgerHead",
    "Location",
    "Movement",
    "MovementKind",
    "OwnBag",
    "OwnBagDestroyed",
    "OwnBagLeft",
    "OwnItem",
    "StockedProduct",
    "SuspectedLoss",
]


class StockedProduct(CentreRow):
    """A product on the shelf. Its medicine and form come from the facts; `smallest_quarters` is what may be given:
    4 a whole piece, 2 a half, 1 a quarter. Finer than the facts know needs the pharmacist's allowance by name."""

    medicine = models.CharField(max_length=40)
    form = models.CharField(max_length=60)
    market = models.CharField(max_length=20)
    is_liquid = models.BooleanField(default=False)
    strength_ng = models.BigIntegerField()  # per piece, or per mL
    smallest_quarters = models.PositiveSmallIntegerField(default=4)  # solids
    step_microlitres = models.PositiveIntegerField(default=100)  # liquids: the syringe's graduation
    allowed_by = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    allowed_reason = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("centre", "medicine", "form", "strength_ng"), name="one_line_of_a_product"),
            models.CheckConstraint(condition=models.Q(strength_ng__gt=0), name="a_product_has_a_strength"),
            models.CheckConstraint(condition=models.Q(smallest_quarters__in=(1, 2, 4)), name="whole_half_or_quarter"),
            models.CheckConstraint(condition=models.Q(step_microlitres__gt=0), name="a_syringe_has_a_graduation"),
            models.CheckConstraint(
                condition=models.Q(allowed_by__isnull=True) | ~models.Q(allowed_reason=""),
                name="an_allowance_has_a_reason",
            ),
        )

    @property
    def strength_mg(self) -> Decimal:
        """mg per piece, or per mL."""
        return (Decimal(self.strength_ng) / NANOGRAMS_PER_MG).normalize()

    @property
    def step(self) -> Fraction:
        """The smallest part that may be given: of a piece, or in mL."""
        return Fraction(self.step_microlitres, 1000) if self.is_liquid else Fraction(self.smallest_quarters, 4)

    def as_clinical(self) -> Product:
        return Product(
            medicine=formulary().medicines[self.medicine].name,
            strength_mg=self.strength_mg,
            form=self.form,
            kind=Kind.LIQUID if self.is_liquid else Kind.SOLID,
            step=self.step,
            key=str(self.public_id),
        )
