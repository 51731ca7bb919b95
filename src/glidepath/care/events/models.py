"""An emergency as it runs, and what is learned from it: its taps, its debrief, its review. Everything is added.

What happened stands in monitoring (`Event`), which freezes the taper and holds sedatives. Here stand the minutes of it.
"""

from __future__ import annotations

from django.db import models

from glidepath.record.rows import ClinicalRow


class Running(ClinicalRow):
    """Event mode was started about one event. It has ended where a tap of its outcome stands."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="emergencies")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    event = models.OneToOneField("monitoring.Event", on_delete=models.PROTECT, related_name="running")
    kind = models.CharField(max_length=16)  # the event's, as it was when the clock was started

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "happened_at")), models.Index(fields=("centre", "happened_at")))


class Outcome(models.TextChoices):
    STAYS = "stays", "stays here"
    TRANSFERRED = "transferred", "transferred to hospital"
    DIED = "died", "died"


class EventStep(ClinicalRow):
    """One tap. An undo is a further row that supersedes it, with `done` False. `turn` counts the rows of one line, so
    that two who tap at once cannot both be the first."""

    running = models.ForeignKey(Running, on_delete=models.PROTECT, related_name="steps")
    line = models.CharField(max_length=24)  # of the checklist, or: stopped_1, again_2, recovered_1, call_1, here_7, end
    turn = models.PositiveSmallIntegerField(default=0)
    done = models.BooleanField(default=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)  # of the line "end" alone
    who = models.ForeignKey(
        "staff.Staff", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # is there

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("running", "line", "turn"), name="one_tap_of_a_line_and_turn"),
            models.CheckConstraint(
                condition=models.Q(line="end", done=True) & ~models.Q(outcome="")
                | ~models.Q(line="end", done=True) & models.Q(outcome=""),
                name="an_end_says_the_outcome",
            ),
        )


class Disclosure(ClinicalRow):
    """What left the building in the emergency, without consent, by the law's leave; who had it is written down at once
    as a kind, and by name as soon as it is known (a further row)."""

    class Recipient(models.TextChoices):
        AMBULANCE = "ambulance", "ambulance crew"
        HOSPITAL = "hospital", "hospital"
        PHYSICIAN = "physician", "physician from outside"

    running = models.ForeignKey(Running, on_delete=models.PROTECT, related_name="disclosures")
    recipient = models.CharField(max_length=10, choices=Recipient.choices)
    name = models.CharField(max_length=120, blank=True)  # of the medical person who had it
    facility = models.CharField(max_length=120, blank=True)  # where they work

    @property
    def is_named(self) -> bool:
        return bool(self.name and self.facility)


class Debrief(ClinicalRow):
    """Those who were there talked it over."""

    running = models.OneToOneField(Running, on_delete=models.PROTECT, related_name="debrief")
    there = models.JSONField(default=list)  # ids of staff
    others = models.CharField(max_length=200, blank=True)  # who was there and has no account
    went_well = models.CharField(max_length=1000)
    missing = models.CharField(max_length=1000)
    words = models.CharField(max_length=1000, blank=True)


class Cause(models.TextChoices):
    """What it came from, as far as the reviewers can say."""

    CUT_OR_GAP = "cut_or_gap", "a cut, or doses not taken"
    TOO_MUCH = "too_much", "too much of a medicine"
    OTHER_SUBSTANCE = "other_substance", "alcohol or another substance"
    OTHER_ILLNESS = "other_illness", "another illness"
    DISTRESS = "distress", "distress"
    SURROUNDINGS = "surroundings", "the surroundings"
    NOT_KNOWN = "not_known", "not known"


class Factor(models.TextChoices):
    """What let it happen or made it worse. Words for the work, never for a person."""

    OBSERVATION = "observation", "observation late or missed"
    ORDER = "order", "an order unclear, late or missing"
    SUPPLY = "supply", "a medicine or equipment not at hand"
    HANDOVER = "handover", "something not handed over"
    STAFFING = "staffing", "too few hands"
    TRAINING = "training", "something not practised"
    ROOM = "room", "the room or the building"
    SOFTWARE = "software", "this software"
    NONE = "none", "none found"


class Review(ClinicalRow):
    """One version of the incident review. A change is a further row, which both sign again."""

    running = models.ForeignKey(Running, on_delete=models.PROTECT, related_name="reviews")
    version = models.PositiveSmallIntegerField(default=1)
    cause = models.CharField(max_length=16, choices=Cause.choices)
    factors = models.JSONField(default=list)  # values of Factor, at least one
    words = models.CharField(max_length=2000)

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("running", "version"), name="one_incident_review_of_a_version"),
            models.CheckConstraint(condition=~models.Q(words=""), name="an_incident_review_has_words"),
        )


class Part(models.TextChoices):
    """As what somebody signs. Two people, one of each."""

    MANAGER = "manager", "manager"
    PRESCRIBER = "prescriber", "prescriber"


class ReviewSignature(ClinicalRow):
    """One of the two who close it. The digest is of what was shown."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="signatures")
    part = models.CharField(max_length=10, choices=Part.choices)
    digest = models.CharField(max_length=64)

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("review", "part"), name="an_incident_review_is_signed_once_a_part"),
            models.UniqueConstraint(fields=("review", "recorded_by"), name="two_people_sign_an_incident_review"),
        )


class Action(ClinicalRow):
    """One thing that follows from a review, with its owner and day."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="actions")
    what = models.CharField(max_length=300)
    owner = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")
    by_day = models.DateField()


class ActionDone(ClinicalRow):
    """Its owner, or the manager, says that it is done."""

    action = models.OneToOneField(Action, on_delete=models.PROTECT, related_name="done")
    words = models.CharField(max_length=300)
