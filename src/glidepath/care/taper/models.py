"""The living taper: one active plan a person, immutable signed versions, releases and symptom reviews.

What was due at a moment is derived from the version in force at that moment (clinical/dosing/schedule.py), so a new
version never changes the past.
"""

from __future__ import annotations

from django.db import models

from glidepath.record.rows import CentreRow, ClinicalRow


class Plan(CentreRow):
    """The one line of a person's taper; everything about it stands in its versions."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="tapers")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="tapers")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    latest = models.PositiveSmallIntegerField(
        default=0
    )  # number of the newest version: what a stale form is held against

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=models.Q(ended_at__isnull=True), name="one_active_taper_a_person"
            ),
        )


class Version(ClinicalRow):
    """A signed version. In force from `effective_at`, a dose time not before it was signed."""

    class Kind(models.TextChoices):
        FIRST = "first", "first plan"
        HOLD = "hold", "hold: the dose goes on, no cuts"
        RESUME = "resume", "resumed"
        SLOW = "slow", "slower"
        STEP_BACK = "step_back", "stepped back"
        AMEND = "amend", "amended"
        SWITCH = "switch", "switched"
        RETURN = "return", "went on after an absence"
        SUPPLY = "supply", "made of other products"
        BRIDGE = "bridge", "bridging plan: the dose goes on until somebody else prescribes"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    effective_at = models.DateTimeField()
    on_hold = models.BooleanField(default=False)
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    agreed = models.CharField(max_length=200, blank=True)  # how the person agreed: the shared decision, in words
    # The choices the plan was made by, kept so that it can be made again and compared:
    shape = models.CharField(max_length=16)
    cut_basis_points = models.PositiveIntegerField()  # 10 % is 1000; of a linear plan, the first cut's share
    interval_days = models.PositiveSmallIntegerField()
    setting = models.CharField(max_length=20)
    table = models.CharField(max_length=40, blank=True)  # the equivalence table the prescriber named
    switch_to = models.CharField(max_length=40, blank=True)
    protocol = models.CharField(max_length=40, blank=True)  # key of the rapid inpatient protocol it was planned by
    second_by = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    goal = models.JSONField(default=list)  # [{"medicine": ..., "ng": ...}]; empty: zero
    milestones = models.JSONField(default=list)  # of a way that was drawn: [{"on": ..., "medicine": ..., "ng": ...}]
    products = models.JSONField(default=list)  # public ids of the only products it is made of; empty: all stocked
    # Of a bridging plan: with whom and when somebody else prescribes, and the last day of the supply handed over.
    prescriber = models.CharField(max_length=200, blank=True)
    first_visit = models.DateField(null=True, blank=True)
    bridged_until = models.DateField(null=True, blank=True)
    last_taken = models.DateField(null=True, blank=True)  # of a return: the last day on which every dose was taken
    findings = models.JSONField(default=list)  # codes and statuses with who answered them, as signed
    complete = models.BooleanField(default=True)
    facts_version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)  # of what was shown and signed

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("plan", "number"), name="one_version_of_a_number"),
            models.CheckConstraint(
                condition=~models.Q(kind="first") | models.Q(protocol="") | models.Q(second_by__isnull=False),
                name="a_plan_by_protocol_has_a_second_signature",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="bridge")
                | (~models.Q(prescriber="") & models.Q(bridged_until__gt=models.F("first_visit"))),
                name="a_bridging_plan_leads_beyond_a_visit_with_somebody",
            ),
        )


class Step(models.Model):
    append_only = True

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    start = models.DateField()
    from_time = models.TimeField(null=True, blank=True)
    released = models.BooleanField(default=False)  # already released when this version was signed

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "number"), name="one_step_of_a_number"),)
        ordering = ("number",)


class StepDose(models.Model):
    append_only = True

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="doses")
    time = models.TimeField()
    medicine = models.CharField(max_length=40)
    ng = models.BigIntegerField()

    class Meta:
        ordering = ("time", "medicine")
        constraints = (models.UniqueConstraint(fields=("step", "time", "medicine"), name="one_dose_a_time"),)


class StepPiece(models.Model):
    """So much of one product in one dose: quarter pieces of a solid, microlitres of a liquid."""

    append_only = True

    dose = models.ForeignKey(StepDose, on_delete=models.PROTECT, related_name="pieces")
    product = models.ForeignKey("supply.StockedProduct", on_delete=models.PROTECT, related_name="+")
    strength_ng = models.BigIntegerField()  # frozen with the signature, whatever becomes of the product's row
    form = models.CharField(max_length=60)
    is_liquid = models.BooleanField()
    quarters = models.PositiveIntegerField(default=0)
    microlitres = models.PositiveIntegerField(default=0)
    step_quarters = models.PositiveSmallIntegerField(default=4)
    step_microlitres = models.PositiveIntegerField(default=100)

    class Meta:
        ordering = ("id",)


class SymptomReview(ClinicalRow):
    """A prescriber's look at how the person is, after the last change of dose: no cut without one. Inside a signed
    batch it is the day's review of a named clinician (DayReview)."""

    class Decision(models.TextChoices):
        GO_ON = "go_on", "go on"
        HOLD = "hold", "hold"
        SLOW = "slow", "slow down"
        STEP_BACK = "step_back", "step back"
        SWITCH = "switch", "switch"

    class Interference(models.TextChoices):
        NONE = "none", "no symptoms to speak of"
        BEARABLE = "bearable", "symptoms, life goes on"
        INTERFERES = "interferes", "symptoms interfere"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    interference = models.CharField(max_length=10, choices=Interference.choices)
    sleep_disturbed = models.BooleanField(null=True)
    ciwa_b_id = models.BigIntegerField(null=True, blank=True)
    words = models.CharField(max_length=400, blank=True)


class Release(ClinicalRow):
    """A prescriber released one step of one version. It begins on its day unless something stands against it."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="releases")
    step_number = models.PositiveSmallIntegerField()
    review = models.ForeignKey(SymptomReview, on_delete=models.PROTECT, related_name="releases")
    contact_on = models.DateField(null=True, blank=True)  # last step to zero: the contact inside the watch window
    findings = models.JSONField(default=list)

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("version", "step_number"), name="a_step_is_released_once"),
        )


class Batch(ClinicalRow):
    """Daily cuts that two people signed for, with the conditions that stop them. It lets no step begin: each day's cut
    waits for that day's review. A row that supersedes another carries it on to a version in which the same steps come
    later; the signatures stay those of the first."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="batches")
    first_step = models.PositiveSmallIntegerField()
    last_step = models.PositiveSmallIntegerField()
    conditions = models.JSONField()  # guidelines/day_review.py, StopConditions
    signed_by = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")
    second_by = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    findings = models.JSONField(default=list)
    digest = models.CharField(max_length=64)  # of the steps and conditions that were shown and signed

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(last_step__gte=models.F("first_step")), name="a_batch_has_steps_in_order"
            ),
            models.CheckConstraint(
                condition=~models.Q(second_by=models.F("signed_by")), name="a_batch_is_signed_by_two_people"
            ),
        )


class DayReview(ClinicalRow):
    """One day's review inside a batch: what was seen, and the release of the next step where it was inside."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="day_reviews")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="days")
    step_number = models.PositiveSmallIntegerField()
    day = models.DateField()  # the centre's calendar day
    interference = models.CharField(max_length=10, choices=SymptomReview.Interference.choices)
    sleep_disturbed = models.BooleanField(null=True)
    words = models.CharField(max_length=400, blank=True)
    seen = models.JSONField(default=dict)  # the values it looked at
    findings = models.JSONField(default=list)  # what stood against the cut; empty: nothing
    release = models.OneToOneField(Release, on_delete=models.PROTECT, null=True, blank=True, related_name="day_review")

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("plan", "day"), condition=models.Q(release__isnull=False), name="a_day_has_one_cut"
            ),
        )

    @property
    def inside(self) -> bool:
        return self.release_id is not None
