"""The risk of suicide: what a clinician found in each contact, the caring contact that follows, and the safety plan.

The alert itself is an alarm (cause SUI-1): who owns it, who came, who closed it stands there. Everything here is added
beside it and never changed.
"""

from __future__ import annotations

from django.db import models

from glidepath.record.rows import ClinicalRow


class Way(models.TextChoices):
    """How somebody spoke with the person."""

    IN_PERSON = "in_person", "face to face"
    TELEPHONE = "telephone", "by telephone"
    VIDEO = "video", "by video"
    MESSAGE = "message", "by message"


class RiskContact(ClinicalRow):
    """A clinician's own record of one contact about an alert. The level is their judgement: nothing computes it."""

    class Level(models.TextChoices):
        LOW = "low", "low"
        MODERATE = "moderate", "moderate"
        HIGH = "high", "high"
        UNSETTLED = "unsettled", "cannot be said yet: treated as high"  # unknown is never low

    class Watch(models.TextChoices):
        CONSTANT = "constant", "constant, somebody stays"
        INTERVAL = "interval", "at an interval"
        USUAL = "usual", "as for everybody here"
        ELSEWHERE = "elsewhere", "not with us: see the words"  # who answered by link, or has left

    alarm = models.ForeignKey("alarms.Alarm", on_delete=models.PROTECT, related_name="risk_contacts")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="risk_contacts")
    way = models.CharField(max_length=10, choices=Way.choices)
    asked = models.CharField(max_length=1000)  # what was asked and what was said
    screener = models.ForeignKey("instruments.Form", on_delete=models.PROTECT, null=True, related_name="+")  # C-SSRS
    level = models.CharField(max_length=10, choices=Level.choices)
    level_words = models.CharField(max_length=400)  # why, in the clinician's or the centre's words
    watch = models.CharField(max_length=10, choices=Watch.choices)
    watch_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    watch_words = models.CharField(max_length=200, blank=True)  # the centre's own name for it
    limit_supply = models.BooleanField()  # said to be done; False: not done, or not said
    staged_dispensing = models.BooleanField()
    taken_away = models.CharField(max_length=400, blank=True)  # what was taken away or locked up, by whom
    outcome = models.CharField(max_length=600)
    next_contact_at = models.DateTimeField()  # by when somebody speaks with the person again

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(watch="interval") | models.Q(watch_minutes__gt=0),
                name="watching_at_an_interval_says_how_often",
            ),
            models.CheckConstraint(condition=~models.Q(outcome=""), name="a_contact_about_risk_has_an_outcome"),
            models.CheckConstraint(
                condition=models.Q(next_contact_at__gt=models.F("happened_at")), name="the_next_contact_lies_after_this"
            ),
        )
        indexes = (models.Index(fields=("person", "recorded_at")),)


class CaringContact(ClinicalRow):
    """Somebody spoke, or tried to speak, with the person after an alert. Not reached leaves the contact due."""

    alarm = models.ForeignKey("alarms.Alarm", on_delete=models.PROTECT, related_name="caring_contacts")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="caring_contacts")
    way = models.CharField(max_length=10, choices=Way.choices)
    reached = models.BooleanField()
    words = models.CharField(max_length=600)
    next_contact_at = models.DateTimeField(null=True, blank=True)  # where one more is agreed

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(next_contact_at__isnull=True) | models.Q(reached=True),
                name="a_further_contact_is_agreed_with_who_was_reached",
            ),
        )
        indexes = (models.Index(fields=("person", "recorded_at")),)


class SafetyPlan(ClinicalRow):
    """One version of the plan, in the person's words. No promise and no contract. A change is the next version."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="safety_plans")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()  # by part key of the facts: the lines
    made_with = models.CharField(max_length=200)  # with whom it was made: the person, and whoever sat with them
    reason = models.CharField(max_length=400)

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("person", "number"), name="one_safety_plan_of_a_number"),
            models.CheckConstraint(condition=~models.Q(made_with=""), name="a_safety_plan_is_made_with_somebody"),
        )


class PlanLook(ClinicalRow):
    """The plan was read again with the person and stays as it is."""

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="looks")
    words = models.CharField(max_length=400)

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(condition=~models.Q(words=""), name="a_look_at_a_safety_plan_has_words"),
        )


class PlanCopy(ClinicalRow):
    """A copy of this version that somebody got: the person, or one they chose and agreed to."""

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="copies")
    contact = models.ForeignKey("people.Contact", on_delete=models.PROTECT, null=True, related_name="+")  # none: theirs
    contact_name = models.CharField(max_length=200, blank=True)  # as it stood then
    consent = models.ForeignKey("consent.Consent", on_delete=models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=200)  # "on paper, by hand"

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(contact__isnull=True) | models.Q(consent__isnull=False),
                name="another_gets_a_safety_plan_by_consent_alone",
            ),
        )
