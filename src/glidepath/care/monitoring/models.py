"""What was seen and measured: vital signs and sedation, withdrawal scores, sleep, levels in plasma, and events."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from glidepath.clinical.facts.load import instrument
from glidepath.clinical.monitoring.also_seen import AlsoSeen
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

    class Colour(models.TextChoices):
        USUAL = "usual", "usual colour"
        PALE = "pale", "pale"
        FLUSHED = "flushed", "flushed, sweating"
        BLUE = "blue", "blue or grey"

    class Position(models.TextChoices):
        SAFE = "safe", "lies safely"
        FACE_DOWN = "face_down", "face down"
        SLUMPED = "slumped", "slumped, airway bent"
        EDGE = "edge", "about to fall out"

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
    colour = models.CharField(max_length=8, choices=Colour.choices, blank=True)  # asleep
    position = models.CharField(max_length=10, choices=Position.choices, blank=True)  # asleep
    unsteady = models.BooleanField(default=False)  # slurred or unsteady after a dose (INP-13); False: nobody said so
    rigid = models.BooleanField(default=False)  # INP-11
    new_tremor = models.BooleanField(default=False)  # INP-9
    new_sweating = models.BooleanField(default=False)  # INP-9
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
                condition=~models.Q(state="asleep") | models.Q(**{sign.value: False for sign in AlsoSeen}),
                name="what_is_also_seen_is_seen_awake",
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
    def also_seen(self) -> tuple[AlsoSeen, ...]:
        """The signs beside the vital ones that were seen; the others nobody said, which is not "no"."""
        return tuple(sign for sign in AlsoSeen if getattr(self, sign.value))

    @property
    def also_seen_words(self) -> str:
        """ "slurred or unsteady after a dose, rigid"; empty where none was said."""
        return ", ".join(sign.words for sign in self.also_seen)

    @property
    def is_taken_back(self) -> bool:
        """A correction that holds nothing: the entry it stands for was another person's, or never taken."""
        measured = (self.rr, self.spo2, self.sbp, self.dbp, self.pulse, self.temperature_tenths, self.rass)
        nothing = all(value is None for value in measured) and not (
            self.mind or self.breathing or self.colour or self.position or self.also_seen
        )
        return self.supersedes_id is not None and self.state == self.State.AWAKE and nothing

    @property
    def lacks_of_sleep(self) -> bool:
        """Asleep, and breaths, breathing, colour or position was not looked at: a partial look."""
        return self.state == self.State.ASLEEP and (
            self.rr is None or not (self.breathing and self.colour and self.position)
        )


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


class ScaleScore(ClinicalRow):
    """One CIWA-Ar or COWS at the bedside. `items` in the order of the scale, null where unanswered: then no total."""

    class Scale(models.TextChoices):
        CIWA_AR = "ciwa_ar", "CIWA-Ar"
        COWS = "cows", "COWS"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="scale_scores")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, related_name="+")  # its vital-sign companion
    scale = models.CharField(max_length=10, choices=Scale.choices)
    items = models.JSONField(default=list)
    total = models.PositiveSmallIntegerField(null=True, blank=True)
    band = models.CharField(max_length=20, blank=True)
    answered = models.PositiveSmallIntegerField()
    of_items = models.PositiveSmallIntegerField()
    instrument_version = models.CharField(max_length=20)

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "scale", "happened_at")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(total__isnull=True) | models.Q(answered=models.F("of_items")),
                name="a_partial_scale_has_no_total",
            ),
        )

    @property
    def label(self) -> str:
        """ "complete", or "partial x of 11"."""
        return "complete" if self.total is not None else f"partial {self.answered} of {self.of_items}"

    @property
    def band_words(self) -> str:
        """The band as it is read: "moderately severe"."""
        return self.band.replace("_", " ")

    @property
    def is_taken_back(self) -> bool:
        """A correction that holds nothing: the score it stands for was another person's, or never taken."""
        return self.supersedes_id is not None and self.answered == 0


class ObservationPlan(ClinicalRow):
    """What a prescriber set: how often, awake and asleep, and by which scales (empty: not due). Signed, never edited.

    The newest of a stay counts, until `until`: then somebody looks at it again, and till then the watch is close.
    """

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="observation_plans")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    awake_hours = models.PositiveSmallIntegerField()
    asleep_hours = models.PositiveSmallIntegerField()
    ciwa_b_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    ciwa_ar_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    cows_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    until = models.DateTimeField()
    reason = models.CharField(max_length=400)
    proposed = models.CharField(max_length=400)  # what the core proposed when it was signed, in words
    looser = models.CharField(max_length=400, blank=True)  # what is less close than that, known to who signed
    facts_version = models.CharField(max_length=20)

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "recorded_at")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(awake_hours__range=(1, 24), asleep_hours__range=(1, 24)),
                name="observed_at_least_daily",
            ),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("recorded_at")) & ~models.Q(reason=""),
                name="an_observation_plan_ends_and_has_a_reason",
            ),
        )


class Measurement(ClinicalRow):
    """A weight, glucose, fluid, a figure of an ECG, or a laboratory value: one number in the unit it came in.

    Values are whole thousandths of that unit; unlike units never share a line. Empty only where a correction takes it
    back. The reference range is the laboratory's own, as it stood on the sheet.
    """

    class Kind(models.TextChoices):
        WEIGHT = "weight", "weight"
        GLUCOSE = "glucose", "glucose"
        FLUID_IN = "fluid_in", "fluid in"
        FLUID_OUT = "fluid_out", "fluid out"
        ECG = "ecg", "ECG"
        LABORATORY = "laboratory", "laboratory"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="measurements")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=60)  # "weight", "QTc", "potassium": as it is read, the same for one line
    thousandths = models.BigIntegerField(null=True, blank=True)
    sign = models.CharField(max_length=1, blank=True, choices=(("<", "less than"), (">", "more than")))
    unit = models.CharField(max_length=20)
    low_thousandths = models.BigIntegerField(null=True, blank=True)
    high_thousandths = models.BigIntegerField(null=True, blank=True)
    laboratory = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=400, blank=True)
    imported = models.BooleanField(default=False)

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "name", "happened_at")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(thousandths__isnull=False) | models.Q(supersedes__isnull=False),
                name="a_measurement_has_a_value_or_is_taken_back",
            ),
        )

    @property
    def value(self) -> Decimal | None:
        """In `unit`; None where the entry is taken back."""
        return None if self.thousandths is None else Decimal(self.thousandths).scaleb(-3)

    @property
    def low(self) -> Decimal | None:
        return None if self.low_thousandths is None else Decimal(self.low_thousandths).scaleb(-3)

    @property
    def high(self) -> Decimal | None:
        return None if self.high_thousandths is None else Decimal(self.high_thousandths).scaleb(-3)

    @property
    def outside(self) -> str:
        """ "above" or "below" the reference range; empty within it, or where none was given."""
        if self.value is None:
            return ""
        if self.high is not None and self.value > self.high:
            return "above"
        return "below" if self.low is not None and self.value < self.low else ""

    @property
    def is_taken_back(self) -> bool:
        return self.thousandths is None


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


class MeasuredLevel(ClinicalRow):
    """A level in plasma as a laboratory gave it. `happened_at`: when the blood was drawn. It never drives a dose."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="measured_levels")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    medicine = models.CharField(max_length=60)  # what was taken, by its name in the facts
    species = models.CharField(max_length=60)  # what was measured: the medicine, or what it becomes in the body
    # Whole picograms, so that three places of a ng/mL stay exact. Empty only where a correction takes the entry back.
    pg_per_ml = models.PositiveBigIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=8)  # as the laboratory wrote it
    laboratory = models.CharField(max_length=120)
    words = models.CharField(max_length=400, blank=True)
    # False: it cannot be by the doses recorded and was kept all the same, so that nothing is concluded from it
    is_plausible = models.BooleanField(default=True)

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "happened_at")),)
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(pg_per_ml__isnull=False, pg_per_ml__gt=0)
                | models.Q(pg_per_ml__isnull=True, supersedes__isnull=False),
                name="a_measured_level_is_above_zero_or_taken_back",
            ),
        )

    @property
    def is_taken_back(self) -> bool:
        """A correction that holds nothing: the entry it stands for was another person's, or never measured."""
        return self.pg_per_ml is None


class OxygenTarget(ClinicalRow):
    """A prescriber set (or took back) the 88-92 % target: only then is SpO2 scored on scale 2."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    scale_two = models.BooleanField()


class Event(ClinicalRow):
    """Something that happened and stays open until it is closed by name; a change of mood waits for its form instead,
    on the list of forms. A seizure freezes the taper, an
    over-sedation holds sedatives: later rooms read the open event; nobody writes into theirs."""

    class Kind(models.TextChoices):
        SEIZURE = "seizure", "seizure"
        OVER_SEDATION = "over_sedation", "over-sedation"
        DELIRIUM = "delirium", "new confusion"
        FALL = "fall", "fall"
        OVERDOSE = "overdose", "overdose"  # opens over-sedation beside it, which holds every sedative
        SELF_HARM = "self_harm", "self-harm"
        MOOD = "mood", "change of mood"  # nobody lifts it: the C-SSRS since last contact answers it
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
