"""The ways in and out: an enquiry, a screen and its decision, an admission, a discharge."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from glidepath.clinical.guidelines.suggested_level import Level
from glidepath.record.rows import ClinicalRow

LEVELS = [(level.value, level.value) for level in Level]


class Enquiry(ClinicalRow):
    """A call. The advice to keep taking the usual dose is given and logged.

    red_flags: by key of clinical/guidelines/first_call.py, each yes, no, unknown or declined; a missing key was not
    asked. advice: what was said beside it, by key. What is told of medicines and habits stands in the assessment.
    """

    class Agrees(models.TextChoices):
        SELF = "self", "it is the person who calls"
        YES = "yes", "the person agrees"
        NO = "no", "the person does not agree"
        UNKNOWN = "unknown", "not known"

    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="enquiries")
    caller = models.CharField(max_length=120)
    words = models.CharField(max_length=400, blank=True)
    told_not_to_stop = models.BooleanField(default=False)
    agrees = models.CharField(max_length=8, choices=Agrees.choices, blank=True)
    place = models.CharField(max_length=160, blank=True)
    red_flags = models.JSONField(default=dict)
    advice = models.JSONField(default=list)
    handed_to = models.CharField(max_length=120, blank=True)


class Preparation(ClinicalRow):
    """A decision as somebody prepared it for the physician: nothing is decided by it. The newest one counts."""

    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="preparations")
    answer = models.JSONField()  # the fields of deciding.Answer, as typed


class Decision(ClinicalRow):
    """A physician's answer to who called. Of one episode the row that none supersedes stands.

    reasons: the suggestion as it was shown (level, code, message, source). seizure_risks: the list as it was shown.
    """

    class Kind(models.TextChoices):
        ACCEPT = "accept", "accepted"
        REDIRECT = "redirect", "redirected"

    class Why(models.TextChoices):
        """Why somebody is cared for elsewhere. Methadone or buprenorphine is never among them (JCG-21)."""

        EMERGENCY = "emergency", "needs emergency care now"
        MORE_CARE = "more_care", "needs more medical care than we give"
        NO_PLACE = "no_place", "no place here in time"
        NEARER = "nearer", "wishes care nearer home"
        WISHES = "wishes", "wishes something else"
        OTHER_HELP = "other_help", "another kind of help fits better"
        OTHER = "other", "another reason"

    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    level = models.CharField(max_length=12, choices=LEVELS)  # where care begins, here or elsewhere
    suggested = models.CharField(max_length=12, choices=LEVELS)
    reasons = models.JSONField(default=list)
    seizure_risks = models.JSONField(default=list)
    facts_version = models.CharField(max_length=20)
    planned_on = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=12, choices=Why.choices, blank=True)
    words = models.CharField(max_length=400, blank=True)
    elsewhere = models.CharField(max_length=160, blank=True)
    elsewhere_contact = models.CharField(max_length=160, blank=True)
    bridging = models.CharField(max_length=400, blank=True)  # how the usual dose goes on until they are seen elsewhere
    bridging_by = models.CharField(max_length=160, blank=True)
    next_contact_on = models.DateField(null=True, blank=True)
    said = models.JSONField(default=list)  # first_call.ADVICE, by key

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(kind="accept") | (Q(planned_on__isnull=False) & ~Q(level="emergency")),
                name="who_is_accepted_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind="redirect")
                | (
                    ~Q(why="")
                    & ~Q(words="")
                    & ~Q(elsewhere="")
                    & ~Q(elsewhere_contact="")
                    & ~Q(bridging="")
                    & ~Q(bridging_by="")
                    & Q(next_contact_on__isnull=False)
                ),
                name="nobody_is_redirected_without_bridging",
            ),
        )

    @property
    def is_redirect(self) -> bool:
        return self.kind == self.Kind.REDIRECT


class BridgingContact(ClinicalRow):
    """A contact after a redirection: seen elsewhere, which ends it, or when we try again."""

    class Outcome(models.TextChoices):
        SEEN = "seen", "seen there; the usual dose goes on"
        WAITS = "waits", "not seen yet; the usual dose is at hand"
        NO_DOSE = "no_dose", "not seen yet; the usual dose is not at hand"
        NOT_REACHED = "not_reached", "not reached"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="contacts")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    words = models.CharField(max_length=400, blank=True)
    next_contact_on = models.DateField(null=True, blank=True)

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(outcome="seen") | Q(next_contact_on__isnull=False),
                name="nobody_is_let_go_before_they_are_seen",
            ),
        )


class Discharge(ClinicalRow):
    """How somebody left. It does not close without prescriber, first visit, supply beyond it, naloxone where due."""

    class Kind(models.TextChoices):
        COMPLETED = "completed", "as planned"
        TRANSFER = "transfer", "transferred"
        EARLY = "early", "left before the planned date"

    episode = models.OneToOneField("episodes.Episode", on_delete=models.PROTECT, related_name="discharge")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    to_aftercare = models.BooleanField(default=False)
    prescriber = models.CharField(max_length=120)
    prescriber_contact = models.CharField(max_length=120)
    first_visit = models.DateField()
    supply_until = models.DateField()
    naloxone = models.CharField(
        max_length=12, choices=[("given", "given"), ("declined", "offered, declined"), ("not_due", "not due")]
    )
    told = models.JSONField(default=list)  # tolerance, driving, written_plan, crisis: what was said and handed over
    findings = models.JSONField(default=list)
    reason = models.CharField(max_length=300, blank=True)


class GoneThrough(ClinicalRow):
    """The list of medicines, gone through by name at a transfer or a discharge. It gives and stops nothing: orders do.

    `lines`: [key, words, where it is from, what was decided, in words] each, as it was signed. The newest row counts.
    """

    class At(models.TextChoices):
        TRANSFER = "transfer", "a transfer to another unit"
        DISCHARGE = "discharge", "a discharge"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="medicines_gone_through")
    at = models.CharField(max_length=10, choices=At.choices)
    to_unit = models.ForeignKey("centres.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lines = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(at="transfer", to_unit__isnull=False) | Q(at="discharge", to_unit__isnull=True),
                name="a_transfer_names_its_unit",
            ),
        )
