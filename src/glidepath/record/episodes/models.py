"""One stretch of care: its stage, its bed, its team, and who broke the glass."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from glidepath.record.rows import CentreRow, ClinicalRow


class Stage(models.TextChoices):
    ENQUIRY = "enquiry", "enquiry"  # somebody called or wrote
    PRE_ADMISSION = "pre_admission", "pre-admission"  # screened, a date is being found
    ADMITTED = "admitted", "admitted"  # in a bed, or in day care here
    DISCHARGED = "discharged", "discharged"  # left; the episode is closed
    AFTERCARE = "aftercare", "aftercare"  # left the bed, followed by us


class Episode(CentreRow):
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="episodes")
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.ENQUIRY)
    setting = models.CharField(max_length=20, default="residential")  # clinical.dosing.plan.Setting
    opened_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(stage__in=("enquiry", "pre_admission", "admitted")),
                name="one_open_episode_a_person",
            ),
        )


class StageChange(ClinicalRow):
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    reason = models.CharField(max_length=300, blank=True)


class BedStay(CentreRow):
    """A person in a bed. The constraints, not a look first, keep two people out of one bed."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="bed_stays")
    bed = models.ForeignKey("centres.Bed", on_delete=models.PROTECT, related_name="stays")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    urgent = models.CharField(max_length=200, blank=True)  # why the move to this unit did not wait for what it should
    history = HistoricalRecords()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("bed",), condition=models.Q(to_at__isnull=True), name="one_person_in_a_bed"
            ),
            models.UniqueConstraint(
                fields=("episode",), condition=models.Q(to_at__isnull=True), name="one_bed_for_a_person"
            ),
        )


class PlannedMove(CentreRow):
    """Where somebody is to lie, or that they are to leave: a plan that the bed board shows. It moves nobody, and holds
    no bed. It is done when the person lies there, or has left."""

    class Kind(models.TextChoices):
        INTO = "into", "into a bed"
        LEAVE = "leave", "leaves"

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="planned_moves")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    bed = models.ForeignKey("centres.Bed", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField()  # the centre's calendar day
    words = models.CharField(max_length=200, blank=True)
    dropped = models.BooleanField(default=False)
    history = HistoricalRecords()

    class Meta:
        indexes = (models.Index(fields=("centre", "on")),)
        constraints = (
            models.UniqueConstraint(
                fields=("episode", "kind", "on"),
                condition=models.Q(dropped=False),
                name="one_planned_move_of_a_kind_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="into", bed__isnull=False) | models.Q(kind="leave", bed__isnull=True),
                name="into_a_bed_or_away",
            ),
        )


class CareTeamMember(CentreRow):
    """A named member of the care team, beside those who are on shift on the unit."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="team")
    staff = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()


class BreakGlass(ClinicalRow):
    """A chart opened without being in its care team: reason, limit, told to the manager, reviewed."""

    class Reason(models.TextChoices):
        EMERGENCY = "emergency", "emergency"
        COVERING = "covering", "covering for a colleague"
        CONSULT = "consult", "asked for advice"
        OTHER = "other", "other"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    words = models.CharField(max_length=300)
    until = models.DateTimeField()


class GlassReview(ClinicalRow):
    """The manager's look at one opened glass: once, in words, for good."""

    class Outcome(models.TextChoices):
        IN_ORDER = "in_order", "in order"
        FOLLOW_UP = "follow_up", "to be followed up"  # with the one who opened it; how, stands in the words

    glass = models.OneToOneField(BreakGlass, on_delete=models.PROTECT, related_name="review")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    words = models.CharField(max_length=300)
