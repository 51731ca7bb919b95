"""Signed orders, and the answer to each due dose."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from django.db import models

from glidepath.care.medication.going_on_rows import GoingOn
from glidepath.care.medication.leave_rows import LeaveOrder, LeavePack, LeaveReturn
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Kind, Made, Product
from glidepath.clinical.dosing.schedule import OrderInForce, OrderKind
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.monitoring.hold_rules import HoldRule, Sign
from glidepath.record.rows import ClinicalRow

__all__ = [
    "DoseAnswer",
    "GoingOn",
    "LeaveOrder",
    "LeavePack",
    "LeaveReturn",
    "Order",
    "OrderPiece",
    "OrderRenewal",
    "OrderSignature",
    "OrderStop",
    "PrnRecheck",
    "SedativeWord",
    "YesNoUnknown",
]


class YesNoUnknown(models.TextChoices):
    YES = "yes", "yes"
    NO = "no", "no"
    UNKNOWN = "unknown", "not known"


class Order(ClinicalRow):
    """A prescriber's signed order. `happened_at` is when it was ordered; nothing is due from it before `start_at`."""

    class Kind(models.TextChoices):
        REGULAR = "regular", "regular"  # at named clock times: each named time exactly once a calendar day
        INTERVAL = "interval", "every so many hours"  # elapsed hours from the first dose
        ONCE = "once", "once"
        PRN = "prn", "as needed"

    class Purpose(models.TextChoices):
        USUAL = "usual", "for something else"  # a condition of its own
        TAPER = "taper", "beside the taper"  # an adjunct, or a way to taper
        COMFORT = "comfort", "for symptoms of withdrawal"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="orders")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    medicine = models.CharField(max_length=40, blank=True)  # the facts' key; blank for a medicine outside the facts
    medicine_name = models.CharField(max_length=80)
    is_sedative = models.CharField(max_length=8, choices=YesNoUnknown.choices)
    is_opioid = models.CharField(max_length=8, choices=YesNoUnknown.choices)
    is_benzodiazepine = models.BooleanField(default=False)
    ng = models.BigIntegerField()
    form = models.CharField(max_length=60, blank=True)
    route = models.CharField(max_length=40, default="by mouth")
    times = models.JSONField(default=list)  # ["08:00", "20:00"]
    every_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    start_at = models.DateTimeField()
    end_at = models.DateTimeField(null=True, blank=True)
    until_plan = models.BooleanField(default=False)  # a benzodiazepine's bridge: ends where a taper plan takes over
    prn_reason = models.CharField(max_length=120, blank=True)
    min_interval_minutes = models.PositiveIntegerField(null=True, blank=True)
    max_24h_ng = models.BigIntegerField(null=True, blank=True)
    recheck_minutes = models.PositiveIntegerField(null=True, blank=True)
    purpose = models.CharField(max_length=8, choices=Purpose.choices, blank=True)  # blank: not asked
    hold_rules = models.JSONField(default=list)  # [["rass", -2], ["sbp", 90]]: held at giving, unknown does not pass
    wants_witness = models.BooleanField(default=False)  # at each dose
    asks_at_end = models.BooleanField(default=False)  # a dependent person's: at `end_at` it asks, and the dose goes on
    taken_from = models.ForeignKey(  # a verbal order: who gave it; `recorded_by` took it and read it back
        "staff.Staff", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    wants_cosign = models.BooleanField(default=False)  # a second clinician signs as well; it is valid meanwhile
    findings = models.JSONField(default=list)
    digest = models.CharField(max_length=64)

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "start_at")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(condition=models.Q(ng__gt=0), name="an_order_has_an_amount"),
            models.CheckConstraint(
                condition=models.Q(end_at__isnull=True) | models.Q(end_at__gte=models.F("start_at")),
                name="an_order_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="interval") | models.Q(every_hours__gt=0),
                name="an_interval_order_counts_hours",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="prn")
                | models.Q(min_interval_minutes__gt=0, max_24h_ng__gt=0, recheck_minutes__gt=0),
                name="an_as_needed_order_has_its_limits",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_from__isnull=True) | ~models.Q(taken_from=models.F("recorded_by")),
                name="nobody_takes_an_order_from_themselves",
            ),
        )

    @property
    def key(self) -> str:
        """How a due dose and its answer name this order."""
        return f"order:{self.pk}"

    @property
    def clinical_name(self) -> str:
        """The medicine's name as the core knows it; of a medicine outside the facts, as it was written."""
        return formulary().medicines[self.medicine].name if self.medicine else self.medicine_name

    @property
    def dose(self) -> Dose:
        return Dose.from_ng(self.ng, self.clinical_name)

    @property
    def clock_times(self) -> tuple[dt.time, ...]:
        return tuple(dt.time.fromisoformat(time) for time in self.times)

    @property
    def made(self) -> tuple[Made, ...]:
        """What one dose is made of; empty where the centre does not stock it."""
        return tuple(piece.as_clinical() for piece in self.pieces.all())

    @property
    def stopped_at(self) -> dt.datetime | None:
        return self.stop.happened_at if hasattr(self, "stop") else None

    @property
    def ends_at(self) -> dt.datetime | None:
        """From when nothing is due: its own end, or when the person left this stay; no order outlives its episode.

        A benzodiazepine order of a dependent person has no end of its own: at `end_at` it asks, and the dose goes on.
        """
        own = None if self.asks_at_end else self.end_at
        return min((end for end in (own, self.episode.left_at) if end), default=None)

    @property
    def limits(self) -> tuple[HoldRule, ...]:
        """The prescriber's own hold rules of this order."""
        return tuple(HoldRule(Sign(name), limit) for name, limit in self.hold_rules)

    def stands(self, now: dt.datetime) -> bool:
        """Whether it was not stopped and has not ended; it may still lie ahead."""
        return self.stopped_at is None and (self.ends_at is None or self.ends_at > now)

    def as_clinical(self) -> OrderInForce:
        """As the schedule needs it. Wants `stop`, `episode` and `pieces` loaded."""
        return OrderInForce(
            key=self.key,
            order_id=self.pk,
            kind=OrderKind(self.kind),
            dose=self.dose,
            start_at=self.start_at,
            made=self.made,
            times=self.clock_times,
            every_hours=self.every_hours,
            end_at=self.ends_at,
            stopped_at=self.stopped_at,
            until_plan=self.until_plan,
        )


class OrderPiece(models.Model):
    """What one dose of the order is made of, where the centre stocks it."""

    append_only = True

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="pieces")
    product = models.ForeignKey("supply.StockedProduct", on_delete=models.PROTECT, related_name="+")
    strength_ng = models.BigIntegerField()
    form = models.CharField(max_length=60)
    is_liquid = models.BooleanField()
    quarters = models.PositiveIntegerField(default=0)
    microlitres = models.PositiveIntegerField(default=0)
    step_quarters = models.PositiveSmallIntegerField(default=4)
    step_microlitres = models.PositiveIntegerField(default=100)

    class Meta:
        ordering = ("id",)

    def as_clinical(self) -> Made:
        step = Fraction(self.step_microlitres, 1000) if self.is_liquid else Fraction(self.step_quarters, 4)
        product = Product(
            medicine=self.order.clinical_name,
            strength_mg=Dose.from_ng(self.strength_ng, "").mg,
            form=self.form,
            kind=Kind.LIQUID if self.is_liquid else Kind.SOLID,
            step=step,
        )
        return Made(product, Fraction(self.microlitres, 1000) if self.is_liquid else Fraction(self.quarters, 4))


class OrderStop(ClinicalRow):
    """A prescriber stopped an order; from `happened_at` nothing more is due from it."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="stop")
    reason = models.CharField(max_length=200)


class OrderRenewal(ClinicalRow):
    """A prescriber decided that an order which asked at its end goes on: until `asks_again_at`."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="renewals")
    asks_again_at = models.DateTimeField()
    reason = models.CharField(max_length=300)


class OrderSignature(ClinicalRow):
    """Who signed an order after it was valid: the prescriber of a verbal order, or the second who signs beside it."""

    class Kind(models.TextChoices):
        PRESCRIBER = "prescriber", "the prescriber's signature"
        SECOND = "second", "the second signature"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="signatures")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    digest = models.CharField(max_length=64)  # of the order as it was shown

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("order", "kind"), name="an_order_is_signed_once_in_each_way"),
        )


class SedativeWord(ClinicalRow):
    """A prescriber's word whether a medicine outside the facts counts as a sedative."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="words")
    is_sedative = models.BooleanField()


class DoseAnswer(ClinicalRow):
    """What became of one due dose. `due_key` names plan or order, `due_at` the moment; unique with `revision`, so two
    nurses cannot both write revision 0; a correction is the next revision. An as-needed dose is due when given."""

    class Outcome(models.TextChoices):
        GIVEN = "given", "given"
        DECLINED = "declined", "declined"
        UNABLE = "unable", "unable"  # vomiting, off the unit ...
        HELD = "held", "held for safety"
        MISSED = "missed", "missed"
        ELSEWHERE = "elsewhere", "had elsewhere"  # found taken, or given by others: in a hospital, on leave

    class Reason(models.TextChoices):
        NONE = "", ""
        TALK_FIRST = "talk_first", "wants to talk to the doctor first"
        TOO_DROWSY = "too_drowsy", "feels too drowsy"
        FEELS_SICK = "feels_sick", "feels sick"
        ASLEEP = "asleep", "asleep"
        OFF_UNIT = "off_unit", "off the unit"
        VOMITED = "vomited", "vomited"
        NOT_AVAILABLE = "not_available", "medicine not there"
        SEDATION = "sedation", "sedation or breathing"
        PRESCRIBER = "prescriber", "prescriber's hold"
        ORDER_LIMIT = "order_limit", "limit of this order"
        ON_LEAVE = "on_leave", "taken on leave"
        BROUGHT_BACK = "brought_back", "brought back from leave"
        BY_OTHERS = "by_others", "given by others"
        NOT_RECORDED = "not_recorded", "nobody recorded it in time"
        OTHER = "other", "other"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="doses")
    due_key = models.CharField(max_length=60)  # "order:12" or "plan:3:diazepam"
    due_at = models.DateTimeField()
    revision = models.PositiveSmallIntegerField(default=0)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    version = models.ForeignKey(
        "taper.Version", on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    step_number = models.PositiveSmallIntegerField(null=True, blank=True)
    medicine = models.CharField(max_length=40, blank=True)
    medicine_name = models.CharField(max_length=80)
    ng = models.BigIntegerField()  # the dose that was due
    given_ng = models.BigIntegerField(default=0)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    words = models.CharField(max_length=300, blank=True)
    rass = models.SmallIntegerField(null=True, blank=True)  # before a sedative
    breathing = models.PositiveSmallIntegerField(null=True, blank=True)  # breaths a minute, counted before a sedative
    person_read = models.BooleanField(default=False)  # the wristband was read
    pack_read = models.BooleanField(default=False)  # the pack or its shelf label was read
    witness = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("person", "due_key", "due_at", "revision"), name="one_answer_a_dose"),
            models.CheckConstraint(
                condition=models.Q(outcome="given", given_ng__gt=0) | ~models.Q(outcome="given") & models.Q(given_ng=0),
                name="only_a_given_dose_was_given",
            ),
        )
        indexes = (models.Index(fields=("person", "due_at")), models.Index(fields=("centre", "due_at")))

    @property
    def was_given(self) -> bool:
        return self.outcome == self.Outcome.GIVEN

    @property
    def was_taken(self) -> bool:
        """Given here, or had elsewhere."""
        return self.outcome in (self.Outcome.GIVEN, self.Outcome.ELSEWHERE)

    @property
    def given(self) -> Dose:
        """What was given; zero where nothing was."""
        name = formulary().medicines[self.medicine].name if self.medicine else self.medicine_name
        return Dose.from_ng(self.given_ng, name)


class PrnRecheck(ClinicalRow):
    """How it was afterwards: the re-check an as-needed dose makes due."""

    HELPED = (("yes", "helped"), ("some", "helped some"), ("no", "did not help"))

    answer = models.OneToOneField(DoseAnswer, on_delete=models.PROTECT, related_name="recheck")
    helped = models.CharField(max_length=10, choices=HELPED)
    observation = models.ForeignKey(
        "monitoring.Observation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ciwa_b = models.ForeignKey("monitoring.CiwaB", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    scale_score = models.ForeignKey(  # a re-score by CIWA-Ar or COWS, where the person is scored with that
        "monitoring.ScaleScore", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    words = models.CharField(max_length=300, blank=True)

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(ciwa_b__isnull=True) | models.Q(scale_score__isnull=True),
                name="a_recheck_stands_beside_one_score",
            ),
        )
