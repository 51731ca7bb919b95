"""What a person brings along: counted by two, sealed, kept apart. It is never stock and no dose comes from it (L15)."""

from __future__ import annotations

from django.db import models

from glidepath.record.rows import ClinicalRow


class OwnBag(ClinicalRow):
    """One sealed bag of one person's own medicines, in the centre's custody."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="own_bags")
    seal = models.CharField(max_length=40)
    kept_where = models.CharField(max_length=80)
    witness = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("centre", "seal"), name="one_bag_of_a_seal"),
            models.CheckConstraint(
                condition=~models.Q(witness=models.F("recorded_by")), name="two_count_what_is_brought"
            ),
        )


class OwnItem(models.Model):
    """One medicine in the bag, as its pack says. `quantity`: quarters of a piece, or microlitres."""

    append_only = True

    bag = models.ForeignKey(OwnBag, on_delete=models.PROTECT, related_name="items")
    name = models.CharField(max_length=120)
    is_liquid = models.BooleanField(default=False)
    quantity = models.PositiveBigIntegerField()

    class Meta:
        ordering = ("id",)


class OwnBagLeft(ClinicalRow):
    """What became of the bag: given back to the person, or given up by them for destruction. Counted by two again."""

    class How(models.TextChoices):
        RETURNED = "returned", "given back"
        SURRENDERED = "surrendered", "given up for destruction"

    bag = models.OneToOneField(OwnBag, on_delete=models.PROTECT, related_name="left")
    how = models.CharField(max_length=12, choices=How.choices)
    seal_whole = models.BooleanField()
    words = models.CharField(max_length=300, blank=True)
    witness = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(condition=~models.Q(witness=models.F("recorded_by")), name="two_let_a_bag_go"),
            models.CheckConstraint(
                condition=models.Q(seal_whole=True) | ~models.Q(words=""), name="a_broken_seal_is_explained"
            ),
        )


class OwnBagDestroyed(ClinicalRow):
    """A bag that was given up is destroyed by two, with a certificate."""

    bag = models.OneToOneField(OwnBag, on_delete=models.PROTECT, related_name="destroyed")
    certificate = models.CharField(max_length=120)
    witness = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(condition=~models.Q(witness=models.F("recorded_by")), name="two_destroy_a_bag"),
        )
