"""The reads of this room: due (`due_reads`), as needed (`as_needed_reads`), ordered (`order_reads`), and answered.

The people are already those the viewer may see. Every read is over many people at once: the same queries for 3 and 30.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from uuid import UUID

from django.db.models import Max, QuerySet

from glidepath.care.assessment.queries import facts_of
from glidepath.care.medication import looks
from glidepath.care.medication.as_needed_reads import prn, prn_one
from glidepath.care.medication.due_reads import (
    LATE_AT_MOST,
    LOOK_AHEAD,
    LOOK_BACK,
    Standing,
    around,
    due,
    due_here,
    due_one,
    for_round,
    last_moment,
    leave_of,
    leaves_of,
    standing_answers,
    standing_now,
)
from glidepath.care.medication.leave_reads import last_leave, packs_of, signed_leave
from glidepath.care.medication.missed import missed
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.order_reads import (
    SAID,
    all_orders,
    all_orders_in,
    asking,
    counts_as,
    daily_of,
    is_sedative_answer,
    key_of,
    listed_in,
    listed_orders,
    order_at,
    orders,
    orders_given_from,
    orders_of,
    sedative_of,
    sedative_words,
    sedatives,
    sedatives_in,
    signatures_missing,
    takes_as_needed,
    unsigned,
    wants_witness,
)
from glidepath.care.medication.rechecks import SCORE_COUNTS, rechecks_due, since_dose
from glidepath.care.medication.rows import (
    Asking,
    DueRow,
    HoldSaid,
    LastRass,
    NotTaken,
    PrnRow,
    Recheck,
    SinceDose,
    State,
    Unsigned,
)
from glidepath.care.medication.since import DoneSince, done_since
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.queries import latest, looked_at_again, taken_awake
from glidepath.care.taper.queries import active, running, was_signed_in
from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.daily_dose import dde_max
from glidepath.clinical.guidelines.dependence import dependence
from glidepath.clinical.monitoring.centre_times import fresh_for
from glidepath.record import clock
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.episodes.models import Episode
from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared

__all__ = [
    "LATE_AT_MOST",
    "LOOK_AHEAD",
    "LOOK_BACK",
    "SAID",
    "SCORE_COUNTS",
    "Asking",
    "DoneSince",
    "DoseAnswer",
    "DueRow",
    "HoldSaid",
    "LastRass",
    "NotTaken",
    "PrnRow",
    "Recheck",
    "SinceDose",
    "Standing",
    "State",
    "Unsigned",
    "all_orders",
    "all_orders_in",
    "around",
    "asking",
    "counts_as",
    "daily_of",
    "done_since",
    "due",
    "due_here",
    "due_one",
    "for_round",
    "is_sedative_answer",
    "key_of",
    "last_leave",
    "last_moment",
    "leave_of",
    "leaves_of",
    "listed_in",
    "listed_orders",
    "order_at",
    "orders",
    "orders_given_from",
    "orders_of",
    "packs_of",
    "prn",
    "prn_one",
    "rechecks_due",
    "sedative_of",
    "sedative_words",
    "sedatives",
    "sedatives_in",
    "signatures_missing",
    "signed_leave",
    "since_dose",
    "standing_now",
    "takes_as_needed",
    "unsigned",
    "wants_witness",
]  # the values of these reads, with them


def last_rass(people: Sequence[Person]) -> dict[int, LastRass]:
    """The newest look at how sedated each is: before a dose, or on the observation round."""
    looks = [
        LastRass(answer.person_id, answer.rass, answer.happened_at)
        for answer in _answered_between(people, clock.now() - LOOK_BACK, clock.now())
        if answer.rass is not None
    ]
    looks += [
        LastRass(pk, seen.awake.rass, seen.awake.happened_at)
        for pk, seen in latest(people).items()
        if seen.awake is not None and seen.awake.rass is not None
    ]
    return {look.person_id: look for look in sorted(looks, key=lambda look: look.at)}


def readings(person: Person, at: dt.datetime) -> looks.Readings:
    """`readings_of` one person."""
    return readings_of([person], at)[person.pk]


def readings_of(people: Sequence[Person], at: dt.datetime) -> dict[int, looks.Readings]:
    """The newest fresh value of each sign at `at`, by person id: observed, or looked at before a dose. How long a value
    is fresh, the centre says."""
    lately = {person.pk: fresh_for(clinical_settings_of(person.centre)) for person in people}
    since = at - max(lately.values(), default=dt.timedelta())
    answers = _answered_between(people, since, at)
    seen = [one for one in taken_awake(people, since) if one.happened_at <= at]
    return {
        person.pk: looks.readings(
            [one for one in seen if one.person_id == person.pk and one.happened_at >= at - lately[person.pk]],
            [one for one in answers if one.person_id == person.pk and one.happened_at >= at - lately[person.pk]],
        )
        for person in people
    }


@prepared
def _answered_between(people: Many[Person], since: dt.datetime, until: dt.datetime) -> QuerySet[DoseAnswer]:
    return standing_answers().filter(person__in=people, happened_at__gte=since, happened_at__lte=until)


def sedation_said(holds: Mapping[int, Event], rows: Sequence[DueRow], prn: Sequence[PrnRow]) -> dict[int, HoldSaid]:
    """What is held, since when, how long without a benzodiazepine and when a prescriber looks again, by person id."""
    if not holds:
        return {}
    again = looked_at_again(list(holds.values()))
    given = standing_answers().filter(person__in=list(holds), outcome=DoseAnswer.Outcome.GIVEN).exclude(medicine="")
    last = dict(given.order_by().values_list("person_id").annotate(Max("happened_at")))
    return {
        pk: HoldSaid(
            what=tuple(
                dict.fromkeys(
                    [row.due.medicine for row in rows if row.person.pk == pk and row.is_held and row.answer is None]
                    + [row.order.clinical_name for row in prn if row.person.pk == pk and row.is_held]
                )
            ),
            since=event.happened_at,
            last_benzodiazepine=last.get(pk),
            again_at=again.get(event.pk),
            now=clock.now(),
        )
        for pk, event in holds.items()
    }


def given(person: Person, since: dt.datetime, until: dt.datetime) -> list[DoseAnswer]:
    """What was given in this time, regular and as needed, in order; what was set right counts as it stands now."""
    return _given(person, since, until)


@prepared
def _given(person: Person, since: dt.datetime, until: dt.datetime) -> QuerySet[DoseAnswer]:
    rows = standing_answers().filter(person=person, outcome=DoseAnswer.Outcome.GIVEN)
    found = rows.filter(happened_at__gte=since, happened_at__lt=until).order_by("happened_at", "pk")
    return found.prefetch_related("order")  # many doses of few orders


def last_given(people: Sequence[Person]) -> dict[int, dict[str, dt.datetime]]:
    """When each medicine of the facts was last given here, by person id and the name a dose carries, in one query."""
    found: dict[int, dict[str, dt.datetime]] = {}
    for person_id, key, at in _last_given(people):
        found.setdefault(person_id, {})[formulary().medicines[key].name] = at
    return found


@prepared
def _last_given(people: Many[Person]) -> QuerySet[DoseAnswer, tuple[int, str, dt.datetime]]:
    rows = standing_answers().filter(person__in=people, outcome=DoseAnswer.Outcome.GIVEN).exclude(medicine="")
    return rows.order_by().values_list("person_id", "medicine").annotate(at=Max("happened_at"))


def answers_of(person: Person, since: dt.datetime) -> list[DoseAnswer]:
    """Every answer since then, the newest first, corrected ones too: both can be read."""
    rows = DoseAnswer.objects.filter(person=person, due_at__gte=since)
    return list(rows.select_related("recorded_by", "superseded_by").order_by("-due_at", "-pk"))


def answer_at(person: Person, public_id: UUID) -> DoseAnswer | None:
    return DoseAnswer.objects.filter(person=person, public_id=public_id).first()


def correction_of(answer: DoseAnswer) -> DoseAnswer | None:
    """The entry that stands in its place, if it was set right."""
    return DoseAnswer.objects.filter(supersedes=answer).select_related("recorded_by").first()


def has_plan(person: Person) -> bool:
    """Whether a taper plan gives this person's doses now."""
    return bool(running([person]))


def plans_of_stay(person: Person, episode: Episode) -> bool:
    """Whether a taper was signed in this stretch of care, or one goes on from an earlier one."""
    return active(person) is not None or was_signed_in(episode)


def not_taken(people: Sequence[Person], now: dt.datetime | None = None) -> dict[int, list[NotTaken]]:
    """Whose benzodiazepine doses were not taken, whatever the reason: that is a cut nobody decided.

    Of one medicine so many due doses in a row, or none within so many hours after one was due (centre settings, ours).
    People whose facts rule physical dependence out are left out; where it is not known they are not.
    """
    moment = now or clock.now()
    by_person: dict[int, list[DueRow]] = {}
    # A day ahead, because a dose may be answered before its time; what lies ahead unanswered is not decided yet.
    standing = standing_now(people)
    for row in due_here(people, moment - LOOK_BACK, moment + dt.timedelta(days=1), standing=standing):
        if row.is_benzodiazepine:
            by_person.setdefault(row.person.pk, []).append(row)
    found = {
        person.pk: missed(by_person[person.pk], standing.settings[person.centre_id], moment)
        for person in people
        if person.pk in by_person
    }
    concerned = [person for person in people if found.get(person.pk)]
    facts = facts_of(concerned)
    return {
        person.pk: found[person.pk]
        for person in concerned
        if dependence(facts[person.pk], dde_max=_daily_equivalent(by_person[person.pk], moment)).likely is not False
    }


def _daily_equivalent(rows: Sequence[DueRow], now: dt.datetime) -> Fraction | None:
    """The diazepam equivalent, by the highest table, of what was due in the last 24 hours; None where unknown."""
    daily: dict[str, Dose] = {}
    for row in rows:
        dose = row.due.dose
        if now - dt.timedelta(hours=24) < row.due.due_at <= now:
            daily[dose.medicine] = daily[dose.medicine] + dose if dose.medicine in daily else dose
    return dde_max(daily, formulary=formulary()) if daily else None
