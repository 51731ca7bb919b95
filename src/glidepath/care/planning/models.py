"""The treatment plan: one active plan a person, a draft the team works on, signed versions, reviews, and what serves
which objective.

A plan's contents are kept as the core's plain lists (clinical/planning/plain.py), in a draft as in a version, so that
what was signed is exactly what was written.
"""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from glidepath.record.rows import CentreRow, ClinicalRow


class Plan(CentreRow):
    """The one line of a person's treatment plan; everything about it stands in its versions."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="care_plans")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="care_plans")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    latest = models.PositiveSmallIntegerField(default=0)  # number of the newest version

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=models.Q(ended_at__isnull=True), name="one_active_care_plan_a_person"
            ),
        )


class Draft(CentreRow):
    """What the team is working on: it may change, with history. One a person, so that nobody writes beside another."""

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="care_plan_draft")
    content = models.JSONField(default=dict)
    history = HistoricalRecords()


class Version(ClinicalRow):
    """A signed plan. A change is the next version; this one stays as it was."""

    class Agreement(models.TextChoices):
        SIGNED = "signed", "signed it"
        ALOUD = "aloud", "agreed aloud"
        NOT = "not", "did not sign"  # the reason stands in the person's words; the plan is no less theirs to change

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    reason = models.CharField(max_length=400)
    agreement = models.CharField(max_length=8, choices=Agreement.choices)
    persons_words = models.CharField(max_length=400)  # how they agreed, or why not: never empty
    facts_version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)  # of what was shown and signed

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("plan", "number"), name="one_care_plan_version_of_a_number"),
            models.CheckConstraint(condition=~models.Q(persons_words=""), name="a_signed_plan_has_the_persons_word"),
        )


class PlanObjective(CentreRow):
    """An objective once it was signed. Its public id is its key in every version, so that a link to it lasts."""

    append_only = True

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="objectives")
    first_version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")


class Review(ClinicalRow):
    """One look at the plan with the person: how each objective stands, and what the person says of it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="reviews")
    progress = models.JSONField()  # by objective key: clinical/planning/values.py, Progress
    persons_view = models.CharField(max_length=400)
    words = models.CharField(max_length=400, blank=True)

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(condition=~models.Q(persons_view=""), name="a_review_has_the_persons_view"),
        )


class Serves(ClinicalRow):
    """Somebody said by one tap that a record serves an objective. Taken back, it is a further row and both stay."""

    objective = models.ForeignKey(PlanObjective, on_delete=models.PROTECT, related_name="served_by")
    kind = models.CharField(max_length=20)  # evidence.py names them
    evidence_id = models.UUIDField()  # the record's public id
    taken_back = models.BooleanField(default=False)

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("kind", "evidence_id")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("objective", "kind", "evidence_id"),
                condition=models.Q(supersedes__isnull=True),
                name="a_record_serves_an_objective_once",
            ),
        )
