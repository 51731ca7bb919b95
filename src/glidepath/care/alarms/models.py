"""Something a named person must see to. An alarm is never dismissed: it is answered, and closed by a name."""

from __future__ import annotations

from django.db import models

from glidepath.record.rows import CentreRow, ClinicalRow


class Rank(models.TextChoices):
    NOW = "now", "now"  # filled red: act now
    HELD = "held", "held"  # a named person has it, or it is past its hour
    SOON = "soon", "soon"  # amber

    @property
    def order(self) -> int:
        """0 is the most urgent."""
        return list(Rank).index(self)


class Alarm(CentreRow):
    """One open alarm per person and cause; a new trigger joins the open one. The row closes once; its acts stay."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="alarms")
    cause = models.CharField(max_length=40)  # "INP-12", "SEI-1", "doses_not_taken", "INP-7" ...
    rank = models.CharField(max_length=10, choices=Rank.choices)
    message = models.CharField(max_length=600)  # what was found last, in this person's numbers; the acts keep each one
    do = models.CharField(max_length=600)  # what to do now
    prescriber_closes = models.BooleanField(default=False)  # a hard stop: a nurse attends, a prescriber closes
    pauses_taper = models.BooleanField(default=False)
    paused_at = models.DateTimeField(
        null=True, blank=True
    )  # when it began to pause: a later trigger never pauses the past
    # Since when its ladder is that of an emergency: a limit of the rule itself was passed. No later trigger undoes it.
    emergency_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, null=True, related_name="+")  # none: derived
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "cause"),
                condition=models.Q(closed_at__isnull=True),
                name="one_open_alarm_per_person_and_cause",
            ),
            models.CheckConstraint(
                condition=models.Q(pauses_taper=False) | models.Q(paused_at__isnull=False),
                name="a_pausing_alarm_says_since_when",
            ),
        )
        indexes = (models.Index(fields=("centre", "closed_at")),)


class AlarmAct(ClinicalRow):
    class Kind(models.TextChoices):
        TRIGGERED = "triggered", "triggered"
        PAGED = "paged", "called"  # the message that one rung of the ladder sends to one of those on it, by one way
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        ATTENDED = "attended", "with the person"
        ORDERED = "ordered", "order given"
        CLOSED = "closed", "closed"

    class Way(models.TextChoices):
        BOARD = "board", "on the board"  # who has set no way of their own
        EMAIL = "email", "by e-mail"
        PUSH = "push", "by a message to a device"

    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="acts")
    recorded_by = models.ForeignKey(  # type: ignore[assignment]  # none where the system worked it out
        "staff.Staff", on_delete=models.PROTECT, null=True, related_name="+"
    )  # none: derived
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = models.CharField(max_length=600, blank=True)  # what was found, when triggered; the outcome, when closed
    whom = models.ForeignKey(  # who was called; whose order it is
        "staff.Staff", on_delete=models.PROTECT, null=True, related_name="+"
    )
    way = models.CharField(max_length=10, choices=Way.choices, blank=True)
    rung = models.PositiveSmallIntegerField(null=True)  # from 1, of the ladder
    called_at = models.DateTimeField(null=True)  # when the ladder called this rung; the message may have gone later

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("alarm", "called_at", "rung", "whom", "way"),
                condition=models.Q(kind="paged"),
                name="each_call_pages_each_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="paged")
                | models.Q(whom__isnull=False, rung__isnull=False, called_at__isnull=False) & ~models.Q(way=""),
                name="a_page_says_whom_how_and_for_which_call",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="ordered") | models.Q(whom__isnull=False) & ~models.Q(words=""),
                name="an_order_says_whose_and_what",
            ),
        )
        indexes = (models.Index(fields=("alarm", "recorded_at")),)


class PageSent(CentreRow):
    """What became of one message: it left, or why it did not. A message without such a row was not sent yet."""

    append_only = True

    page = models.OneToOneField(AlarmAct, on_delete=models.PROTECT, related_name="sent")
    at = models.DateTimeField()
    failed = models.CharField(max_length=300, blank=True)  # why it could not be sent; empty: it left


class WatchLook(models.Model):
    """When the worker last looked through this centre to the end. Working state: its age is the watch's silence."""

    centre = models.OneToOneField("centres.Centre", on_delete=models.PROTECT, primary_key=True, related_name="+")
    looked_at = models.DateTimeField()
