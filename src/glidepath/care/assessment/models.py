"""What the person told and what was asked: medicines, substances, past tapers, facts, and who signed which part."""

from __future__ import annotations

from django.db import models

from glidepath.record.rows import ClinicalRow


class Source(models.TextChoices):
    PRESCRIBED = "prescribed", "prescribed"
    NONPRESCRIBED = "nonprescribed", "without a prescription"
    MIXED = "mixed", "both"
    UNKNOWN = "unknown", "not known"


class Beginning(models.TextChoices):
    """How it began. Each is a way in, none is a verdict."""

    LONG_TERM = "long_term", "prescribed long-term, with tolerance"
    RECREATIONAL = "recreational", "recreational, or with alcohol or other drugs"
    NO_PRESCRIPTION = "no_prescription", "obtained without a prescription"
    OTHER_WITHDRAWAL = "other_withdrawal", "to quiet another withdrawal"
    UNKNOWN = "unknown", "how it began is not known"


class Mouth(models.TextChoices):
    """Who said it. Two mouths that disagree both stand, until a clinician chooses."""

    PERSON = "person", "the person"
    FAMILY = "family", "family or a friend"
    CLINICIAN = "clinician", "another clinician"
    PHARMACY = "pharmacy", "a pharmacy"
    LETTER = "letter", "a letter or record"


class Said(models.TextChoices):
    YES = "yes", "yes"
    NO = "no", "no"
    UNKNOWN = "unknown", "not known"


class Told(ClinicalRow):
    """What somebody told about one person in one stay, and who it was."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    mouth = models.CharField(max_length=12, choices=Mouth.choices, default=Mouth.PERSON)

    class Meta(ClinicalRow.Meta):
        abstract = True


class BenzodiazepineUse(ClinicalRow):
    """One medicine a person takes or took. A medicine outside the facts keeps its name and has no key."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="benzodiazepines")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    medicine = models.CharField(max_length=40, blank=True)  # the facts' key
    medicine_name = models.CharField(max_length=80)
    regimen = models.CharField(max_length=200, blank=True)  # in the regimen grammar: "lorazepam 1 mg 08:00 20:00"
    daily_ng = models.BigIntegerField(null=True, blank=True)  # as reported; unknown for a product of unknown content
    days_per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    months = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    source = models.CharField(max_length=16, choices=Source.choices)
    beginning = models.CharField(max_length=20, choices=Beginning.choices)
    last_dose_at = models.DateTimeField(null=True, blank=True)
    last_dose_ng = models.BigIntegerField(null=True, blank=True)
    first_reason = models.CharField(max_length=200, blank=True)
    route = models.CharField(max_length=40, blank=True)
    benefit_now = models.CharField(max_length=200, blank=True)
    mouth = models.CharField(max_length=12, choices=Mouth.choices, default=Mouth.PERSON)

    @property
    def summary(self) -> str:
        """For a signature: "diazepam: 10 mg 08:00, for 12 months"."""
        long = f", for {self.months.normalize():f} months" if self.months is not None else ""
        return f"{self.medicine_name}: {self.regimen or 'amount not known'}{long}"


class PastTaper(Told):
    """One earlier way down: from where, how fast, where it stopped and why. A pause is no failure."""

    medicine_name = models.CharField(max_length=80)
    when = models.CharField(max_length=80, blank=True)
    began_at = models.CharField(max_length=120, blank=True)  # the dose, in words
    speed = models.CharField(max_length=120, blank=True)
    stopped_at = models.CharField(max_length=120, blank=True)
    why = models.CharField(max_length=300, blank=True)
    seizure = models.CharField(max_length=8, choices=Said.choices)

    @property
    def summary(self) -> str:
        stopped = f", stopped at {self.stopped_at}" if self.stopped_at else ""
        return f"{self.medicine_name}{f', {self.when}' if self.when else ''}{stopped}; a seizure: {self.seizure}"


class SubstanceUse(Told):
    """One substance a person takes beside it, in their own words for the amount."""

    substance = models.CharField(max_length=20)  # a key of the facts' list
    name = models.CharField(max_length=80, blank=True)
    amount = models.CharField(max_length=120, blank=True)
    days_per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    last_use_on = models.DateField(null=True, blank=True)
    route = models.CharField(max_length=40, blank=True)
    how_long = models.CharField(max_length=80, blank=True)
    treatment_wanted = models.CharField(max_length=8, choices=Said.choices, default=Said.UNKNOWN)

    @property
    def summary(self) -> str:
        return f"{self.substance} {self.name}: {self.amount or 'amount not known'}".replace(" :", ":")


class MedicineTaken(Told):
    """One line of the medicines a person takes, whoever prescribed it. A medicine outside the facts has no key."""

    medicine = models.CharField(max_length=40, blank=True)
    medicine_name = models.CharField(max_length=80)
    dose_words = models.CharField(max_length=120, blank=True)
    prescriber = models.CharField(max_length=120, blank=True)
    pharmacy = models.CharField(max_length=120, blank=True)
    last_taken = models.CharField(max_length=80, blank=True)
    sources = models.JSONField(default=list)  # of Mouth, at least one
    is_sedative = models.CharField(max_length=8, choices=Said.choices, default=Said.UNKNOWN)
    is_opioid = models.CharField(max_length=8, choices=Said.choices, default=Said.UNKNOWN)

    @property
    def summary(self) -> str:
        return f"{self.medicine_name}: {self.dose_words or 'dose not known'}"


class MedicineDecision(ClinicalRow):
    """What a prescriber decided about one line. A later decision is a further row; an order is signed elsewhere."""

    class Choice(models.TextChoices):
        CONTINUE = "continue", "continue"
        CHANGE = "change", "change"
        STOP = "stop", "stop"
        HOLD = "hold", "hold"

    medicine = models.ForeignKey(MedicineTaken, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=8, choices=Choice.choices)
    reason = models.CharField(max_length=300)


class MedicineCheck(ClinicalRow):
    """A pharmacist looked at one line: what they found."""

    medicine = models.ForeignKey(MedicineTaken, on_delete=models.PROTECT, related_name="checks")
    words = models.CharField(max_length=300)


class PersonFact(ClinicalRow):
    """One answer to one fact, by the name that every form uses for it (clinical/guidelines/domains.py).

    `value`: "yes", "no", "unknown", "declined", a number, a date, a choice or words. No row means nobody asked.
    Which rows stand is worked out in standing.py: an answer replaces what its writer had on the screen, from the same
    mouth; what arrived meanwhile, and what another mouth said, stands beside it until a clinician settles it.
    """

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="facts")
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=1000)
    words = models.CharField(max_length=300, blank=True)
    mouth = models.CharField(max_length=12, choices=Mouth.choices, default=Mouth.PERSON)
    saw = models.BigIntegerField(null=True, blank=True)  # the newest row of this fact the writer saw; null: all of them
    settles = models.BooleanField(default=False)  # a clinician chose this among several; `words` says why

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "name", "happened_at")),)


class DomainSignature(ClinicalRow):
    """An author signed what they wrote in one domain in one stay. A change after it wants the next number."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    domain = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=1000)
    content = models.JSONField()  # what was shown: each answer and entry of this author that stood
    digest = models.CharField(max_length=64)

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("person", "episode", "domain", "recorded_by", "number"), name="one_signed_part_of_a_number"
            ),
            models.CheckConstraint(condition=~models.Q(words=""), name="a_signed_part_has_a_summary"),
        )


class Diagnosis(ClinicalRow):
    """A code that a clinician confirmed for this stay, or took back. Dependence and a use disorder are two codes."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="diagnoses")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=10)  # ICD-10-CM
    words = models.CharField(max_length=200)
    because = models.CharField(max_length=300)  # what it rests on, as it was shown
    holds = models.BooleanField()  # the newest row of a code counts

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(condition=~models.Q(because=""), name="a_diagnosis_says_what_it_rests_on"),
        )
