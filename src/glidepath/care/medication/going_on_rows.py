"""What a prescriber decided, asked a day before a planned move or before the stock of a medicine is used up."""

from __future__ import annotations

from django.db import models

from glidepath.record.rows import ClinicalRow


class GoingOn(ClinicalRow):
    """How a person's benzodiazepine goes on: the answer to one question, which is about one move or one product.

    `asked_about`: the moment it was asked for. Another moment, or that moment come without it settled, asks anew.
    """

    class Choice(models.TextChoices):
        STANDS = "stands", "the orders stand and go along"
        ARRANGED = "arranged", "who prescribes then, and a supply, are arranged"
        CHANGED = "changed", "the orders were changed for it"
        WAITS = "waits", "the move waits"
        BROUGHT = "brought", "stock is brought in time"
        ELSEWHERE = "elsewhere", "the dose comes from elsewhere"  # another unit, a pharmacy

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    move = models.ForeignKey("episodes.PlannedMove", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    product = models.ForeignKey(
        "supply.StockedProduct", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_about = models.DateTimeField()
    choice = models.CharField(max_length=10, choices=Choice.choices)
    words = models.CharField(max_length=300, blank=True)

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "asked_about")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(move__isnull=True, product__isnull=False)
                | models.Q(move__isnull=False, product__isnull=True),
                name="it_goes_on_at_a_move_or_with_a_product",
            ),
        )


FOR_A_UNIT = (GoingOn.Choice.STANDS, GoingOn.Choice.CHANGED, GoingOn.Choice.WAITS)
FOR_AWAY = (GoingOn.Choice.ARRANGED, GoingOn.Choice.CHANGED, GoingOn.Choice.WAITS)
FOR_STOCK = (GoingOn.Choice.BROUGHT, GoingOn.Choice.ELSEWHERE, GoingOn.Choice.CHANGED)
