"""The ledger itself: movements that are never changed, one chain of hashes a centre, and the balances they sum to."""

from __future__ import annotations

from django.db import models

from glidepath.care.supply.places import Batch, Location
from glidepath.record.rows import CentreRow


class Kind(models.TextChoices):
    OPENING = "opening", "opening stock"
    RECEIPT = "receipt", "received"
    TRANSFER = "transfer", "transferred"
    ISSUE = "issue", "given as a dose"
    LEAVE = "leave", "taken along on leave"  # nothing of it comes back into a stock
    RETURN = "return", "returned from a dose"
    WASTE = "waste", "wasted"
    BREAKAGE = "breakage", "broken or spilt"
    DESTRUCTION = "destruction", "destroyed"
    SENT_BACK = "sent_back", "sent back to the supplier"
    ADJUSTMENT = "adjustment", "adjusted after a difference"
    REVERSAL = "reversal", "counter-entry"


TWO_PEOPLE = (  # L8 and the double-signature matrix: the database refuses these with one name alone
    Kind.OPENING, Kind.RECEIPT, Kind.TRANSFER, Kind.WASTE, Kind.BREAKAGE, Kind.DESTRUCTION, Kind.SENT_BACK,
    Kind.ADJUSTMENT, Kind.LEAVE,
)  # fmt: skip
SAYS_WHY = (Kind.WASTE, Kind.BREAKAGE, Kind.DESTRUCTION, Kind.SENT_BACK, Kind.ADJUSTMENT, Kind.REVERSAL)
OF_A_DOSE = (Kind.ISSUE, Kind.RETURN, Kind.LEAVE)
ISSUES = (Kind.ISSUE, Kind.LEAVE)


class Movement(CentreRow):
    """So many base units of one batch went from one end to another (L2): quarters of a piece, or microlitres (L3).

    Written by ledger.py alone. `seq`, `previous` and `hash` chain the centre's movements in the order of writing.
    """

    append_only = True

    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="movements")
    source = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="movements_out")
    target = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="movements_in")
    quantity = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    document = models.CharField(max_length=120, blank=True)  # delivery note, certificate of destruction
    party = models.CharField(max_length=300, blank=True)  # supplier with address and registration number
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dose = models.UUIDField(null=True, blank=True)  # public id of the dose's answer, or of the pack of a leave
    discrepancy = models.ForeignKey(
        "supply.Discrepancy", on_delete=models.PROTECT, null=True, blank=True, related_name="movements"
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )  # L4: corrected once
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("centre", "seq"), name="one_movement_of_a_number"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="a_movement_moves_something"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="a_movement_has_two_ends"),
            models.CheckConstraint(
                condition=models.Q(happened_at__lte=models.F("recorded_at")), name="a_movement_is_not_in_the_future"
            ),
            models.CheckConstraint(
                condition=models.Q(witness__isnull=True) | ~models.Q(witness=models.F("recorded_by")),
                name="a_witness_is_somebody_else",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=TWO_PEOPLE) | models.Q(witness__isnull=False),
                name="two_people_where_two_are_wanted",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=SAYS_WHY) | ~models.Q(reason=""), name="what_leaves_says_why"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=OF_A_DOSE) | models.Q(dose__isnull=False, person__isnull=False),
                name="a_dose_is_somebodys",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.REVERSAL, reverses__isnull=False)
                | ~models.Q(kind=Kind.REVERSAL) & models.Q(reverses__isnull=True),
                name="a_counter_entry_names_its_entry",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=Kind.DESTRUCTION) | ~models.Q(document=""),
                name="a_destruction_has_a_certificate",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=Kind.ADJUSTMENT) | models.Q(discrepancy__isnull=False),
                name="an_adjustment_answers_a_difference",
            ),
            models.UniqueConstraint(
                fields=("dose", "batch", "source"),
                condition=models.Q(kind__in=ISSUES),
                name="one_issue_of_a_batch_for_a_dose",
            ),
        )
        indexes = (
            models.Index(fields=("source", "-seq")),
            models.Index(fields=("target", "-seq")),
            models.Index(fields=("batch", "happened_at")),
            models.Index(fields=("dose",)),
            models.Index(fields=("centre", "happened_at")),
        )


class LedgerHead(models.Model):
    """The end of a centre's chain: count and hash. Locked after the balances, for one insert."""

    centre = models.OneToOneField("centres.Centre", on_delete=models.PROTECT, related_name="ledger_head")
    count = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)


class Balance(models.Model):
    """The locked head of one batch at one location (L16): the sum of its movements, which `reconcile` works out anew.

    The database itself refuses to go below nought. `opened_at`: the moment of the first movement here. `latest_at`: of
    the newest; an entry dated before it is held against every later moment.
    """

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="balances")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="balances")
    quantity = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()
    latest_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("location", "batch"), name="one_balance_of_a_batch_at_a_location"),
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="a_balance_is_never_below_nought"),
        )
