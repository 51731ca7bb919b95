"""What was seen at the bedside: vital signs and sedation, withdrawal scores, sleep, and events."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from glidepath.clinical.facts.load import instrument
from glidepath.record.rows import ClinicalRow


class Observation(ClinicalRow):
    """One set of vital signs with RASS. An empty value was not measured; `news2` is empty unless all were."""

    class State(models.TextChoices):
        AWAKE = "awake", "awake"
        ASLEEP = "asleep", "asleep"  # breathing and movement only: no NEWS2 total, no RASS
        HARD_TO_ROUSE = "hard", "hard to rouse"  # an alarm by itself; what else was measured stands beside it
        ABSENT = "absent", "not in bed"  # somebody looked: nothing was measured, and the observation is still due

    class Mind(models.TextChoices):
        ALERT = "A", "alert"
        CONFUSION = "C", "new confusion"
        VOICE = "V", "voice"
        PAIN = "P", "pain"
        UNRESPONSIVE = "U", "unresponsive"

    class Breathing(models.TextChoices):
        EASY = "easy", "easy"  # moves, settles
        SNORES = "snores", "snores"  # with pauses
        LABOURED = "laboured", "laboured"
        STILL = "still", "very still"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="observations")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices)
    rr = models.PositiveSmallIntegerField(null=True, blank=True)  # breaths a minute
    spo2 = models.PositiveSmallIntegerField(null=True, blank=True)  # percent
    on_oxygen = models.BooleanField(null=True, blank=True)
    spo2_scale = models.PositiveSmallIntegerField(default=1)  # 2 only where a prescriber set the 88-92 % target
    sbp = models.PositiveSmallIntegerField(null=True, blank=True)  # mmHg
    dbp = models.PositiveSmallIntegerField(null=True, blank=True)
    pulse = models.PositiveSmallIntegerField(null=True, blank=True)  # a minute
    temperature_tenths = models.PositiveSmallIntegerField(null=True, blank=True)  # 37.4 degrees C is 374
    mind = models.CharField(max_length=1, choices=Mind.choices, blank=True)
    rass = models.SmallIntegerField(null=True, blank=True)
    breathing = models.CharField(max_length=20, choices=Breathing.choices, blank=True)  # asleep
    news2 = models.PositiveSmallIntegerField(null=True, blank=True)
    single_three = models.BooleanField(default=False)  # one parameter scored 3 alone, whole set or partial
    facts_version = models.CharField(max_length=20)

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "happened_at")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(state="asleep") | models.Q(news2__isnull=True, rass__isnull=True, mind=""),
                name="asleep_has_no_news2_and_no_rass",
            ),
            models.CheckConstraint(
                condition=models.Q(spo2_scale__in=(1, 2)), name="spo2_is_scored_on_scale_one_or_two"
            ),
        )

    @property
    def temperature(self) -> Decimal | None:
        """Degrees Celsius, or None where it was not measured."""
        return None if self.temperature_tenths is None else Decimal(self.temperature_tenths).scaleb(-1)

    @property
    def is_taken_back(self) -> bool:
        """A correction that holds nothing: the entry it stands for was another person's, or never taken."""
        measured = (self.rr, self.spo2, self.sbp, self.dbp, self.pulse, self.temperature_tenths, self.rass)
        nothing = all(value is None for value in measured) and not (self.mind or self.breathing)
        return self.supersedes_id is not None and self.state == self.State.AWAKE and nothing


class CiwaB(ClinicalRow):
    """One CIWA-B. `items` holds 22 answers, null where unanswered; no total unless items 1 to 20 are all there."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="ciwa_b")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, related_name="+")  # its vital-sign companion
    oriented = models.BooleanField()  # alert, orientated, obeys commands? If not, what was said is not scored
    items = models.JSONField(default=list)
    total = models.PositiveSmallIntegerField(null=True, blank=True)
    band = models.CharField(max_length=20, blank=True)
    instrument_version = models.CharField(max_length=20)

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "happened_at")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(total__isnull=True) | models.Q(oriented=True),
                name="no_ciwa_b_total_while_confused",
            ),
        )

    @property
    def label(self) -> str:
        """ "complete", or "partial x of 20" of its scored answers."""
        scored = instrument("ciwa_b").scored_items
        given = sum(1 for item in scored if len(self.items) >= item.number and self.items[item.number - 1] is not None)
        return "complete" if self.total is not None else f"partial {given} of {len(scored)}"

    @property
    def band_words(self) -> str:
        """The band as it is read: "very severe"."""
        return self.band.replace("_", " ")

    @property
    def is_taken_back(self) -> bool:
        """A correction that holds nothing: the score it stands for was another person's, or never taken."""
        return self.supersedes_id is not None and self.oriented and all(answer is None for answer in self.items)


class Sleep(ClinicalRow):
    """Hours slept in the night that ended on `night_of` (a calendar day of the centre)."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="sleep")
    night_of = models.DateField()
    minutes = models.PositiveSmallIntegerField()

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "night_of")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("person", "night_of"),
                condition=models.Q(supersedes__isnull=True),
                name="one_answer_a_night",
            ),
            models.CheckConstraint(condition=models.Q(minutes__lte=24 * 60), name="a_night_is_no_longer_than_a_day"),
        )


class OxygenTarget(ClinicalRow):
    """A prescriber set (or took back) the 88-92 % target: only then is SpO2 scored on scale 2."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    scale_two = models.BooleanField()


class Event(ClinicalRow):
    """Something that happened and stays open until it is closed by name. A seizure freezes the taper, an
    over-sedation holds sedatives: later rooms read the open event; nobody writes into theirs."""

    class Kind(models.TextChoices):
        SEIZURE = "seizure", "seizure"
        OVER_SEDATION = "over_sedation", "over-sedation"
        DELIRIUM = "delirium", "new confusion"
        FALL = "fall", "fall"
        OTHER = "other", "other"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="events")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=400, blank=True)


class EventReview(ClinicalRow):
    """A prescriber looked again: the hold or freeze goes on until `again_at`, or it is lifted."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="reviews")
    lifted = models.BooleanField()
    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    again_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=400)

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("event",), condition=models.Q(lifted=True), name="an_event_is_lifted_once"),
            models.CheckConstraint(
                condition=models.Q(lifted=True, observation__isnull=False)
                | models.Q(lifted=False, again_at__isnull=False),
                name="lifted_after_an_observation_or_seen_again",
            ),
        )
