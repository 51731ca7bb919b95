"""Forms that are filled in about a person: who opened one, each answer as it was given, what it called for, its end.

An answer is never changed: a corrected one is the next row, and what an earlier one called for stays. A form opened by
mistake, or for another person, is set aside with a reason; it stays readable and counts nowhere.
"""

from __future__ import annotations

from django.db import models

from glidepath.record.rows import CentreRow, ClinicalRow


class Way(models.TextChoices):
    """Through which door an answer came. On the tablet and by link the person answers, and no member of staff."""

    STAFF = "staff", "by staff"
    TABLET = "tablet", "on the ward's tablet"
    LINK = "link", "by link"


class WordingPack(ClinicalRow):
    """The published words of a class B instrument, which the centre loaded after it confirmed the terms.

    The newest of an instrument counts. An empty text switches the words off again: our labels are shown.
    """

    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=40)  # of the instrument, which the pack names too
    terms = models.TextField()  # as they were shown when they were confirmed
    text = models.TextField(blank=True)  # TOML, as it was loaded

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("centre", "instrument", "recorded_at")),)


class OwnInstrument(ClinicalRow):
    """An instrument the centre defined under its own licence. The newest of a name counts; forms keep theirs."""

    key = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    terms = models.TextField()
    text = models.TextField()  # TOML, as it was loaded

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("centre", "key", "recorded_at")),)


class AskedFor(ClinicalRow):
    """A clinician asks for an instrument that is due only where somebody says so, or takes that back."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="instruments_asked_for")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=40)
    wanted = models.BooleanField()  # the newest row of an episode and instrument counts
    words = models.CharField(max_length=300, blank=True)  # why

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "instrument", "recorded_at")),)


class Form(ClinicalRow):
    """One instrument, opened for one person. What was asked of them about themselves is kept with it, for the bands."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="forms")
    episode = models.ForeignKey("episodes.Episode", on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    wording_source = models.TextField(blank=True)  # whose words were shown; empty where they are ours
    pack = models.ForeignKey(WordingPack, on_delete=models.PROTECT, null=True, related_name="+")  # the words shown
    own = models.ForeignKey(OwnInstrument, on_delete=models.PROTECT, null=True, related_name="+")  # the definition
    filled_by = models.CharField(max_length=10)  # "self", "interview", "observer" or "measured"
    band_set = models.CharField(max_length=40, blank=True)  # other bands than the usual, chosen when it was opened
    about = models.JSONField(default=dict)  # {"sex", "age", "own_limits"}: what is not there is unknown
    due_first = models.DateField(null=True, blank=True)  # the window of the due list that it answers
    due_last = models.DateField(null=True, blank=True)

    class Meta(ClinicalRow.Meta):
        indexes = (models.Index(fields=("person", "instrument", "happened_at")),)


class GivenAnswer(ClinicalRow):
    """One answer as it was given. `happened_at` is when it was tapped, also where it was sent later."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="given")
    number = models.PositiveSmallIntegerField()  # 1, 2, 3: the order in which they came
    item = models.CharField(max_length=60, blank=True)  # empty: the question before the scale
    answer = models.TextField(blank=True)  # empty takes an earlier answer back
    way = models.CharField(max_length=8, choices=Way.choices)
    client_key = models.CharField(max_length=64)  # made where it was tapped: sent twice, it is taken once
    recorded_by = models.ForeignKey(  # type: ignore[assignment]  # none where the person answered alone
        "staff.Staff", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("form", "number"), name="one_answer_of_a_number"),
            models.UniqueConstraint(fields=("form", "client_key"), name="an_answer_is_taken_once"),
            models.CheckConstraint(
                condition=~models.Q(way="staff") | models.Q(recorded_by__isnull=False),
                name="an_answer_by_staff_has_a_name",
            ),
        )


class RaisedAlert(CentreRow):
    """What an answer called for, and the alarm it went to. Nothing that is answered later takes it away."""

    append_only = True

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="raised")
    answer = models.ForeignKey(GivenAnswer, on_delete=models.PROTECT, related_name="raised")
    alarm = models.ForeignKey("alarms.Alarm", on_delete=models.PROTECT, related_name="+")
    finding = models.JSONField()  # code, severity, message, do, source and strength, as it was said then


class FormClosed(ClinicalRow):
    """The end of a form, whole or partial, with its score as it was worked out then."""

    form = models.OneToOneField(Form, on_delete=models.PROTECT, related_name="closing")
    way = models.CharField(max_length=8, choices=Way.choices)
    last_number = models.PositiveSmallIntegerField()  # answers after it came too late and are not in the score
    total = models.IntegerField(null=True, blank=True)
    band = models.CharField(max_length=40, blank=True)
    complete = models.BooleanField()
    score = models.JSONField()  # the whole score, as kept.plain_score writes it
    covers_first = models.DateField(null=True, blank=True)  # the days it speaks of; none where it speaks of now
    covers_last = models.DateField(null=True, blank=True)
    facts_version = models.CharField(max_length=20)
    recorded_by = models.ForeignKey(  # type: ignore[assignment]  # none where the person finished it alone
        "staff.Staff", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(covers_first__isnull=True, covers_last__isnull=True)
                | models.Q(covers_first__lte=models.F("covers_last")),
                name="what_a_form_covers_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=~models.Q(way="staff") | models.Q(recorded_by__isnull=False),
                name="a_form_closed_by_staff_has_a_name",
            ),
        )


class FormReviewed(ClinicalRow):
    """A clinician has read the result of a form that is done. Who filled it in may have been nobody of the staff."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="reviews")

    class Meta(ClinicalRow.Meta):
        constraints = (
            *ClinicalRow.Meta.constraints,
            models.UniqueConstraint(fields=("form", "recorded_by"), name="a_result_is_read_once_by_each"),
        )


class FormSetAside(ClinicalRow):
    """A form that counts nowhere: opened by mistake, or about somebody else. What it called for stays."""

    form = models.OneToOneField(Form, on_delete=models.PROTECT, related_name="set_aside")
    reason = models.CharField(max_length=300)


class FormLink(CentreRow):
    """One form, for one person, to be filled in without signing in, until `ends_at`. Working state: it is used up.

    The token itself is shown once, to whoever made it, and is not kept.
    """

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256, in hexadecimal digits
    made_by = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    wrong_birth_dates = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)  # when the birth date first fitted
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("made_at")), name="a_link_ends_after_it_was_made"
            ),
        )
