"""To write down a contact about the risk of suicide, the caring contact after it, and the safety plan and its copies.

Everything is added; nothing here closes an alert, which its own page does by name (care/alarms).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from glidepath.care.alarms.closing import SUICIDE_RISK
from glidepath.care.alarms.models import Alarm
from glidepath.care.instruments.models import Form
from glidepath.care.safety import queries
from glidepath.care.safety.due import last_contact_hours
from glidepath.care.safety.models import CaringContact, PlanCopy, PlanLook, RiskContact, SafetyPlan, Way
from glidepath.care.safety.parts import checked_lines, parts
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.consent.models import Consent
from glidepath.record.consent.queries import standing
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people.models import Contact, Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.times import when

SCREENERS = ("c_ssrs", "c_ssrs_since")
MOST_MINUTES = 24 * 60
FIRST = "the first plan"


@dataclass(frozen=True, slots=True)
class Found:
    """What a clinician found and did in one contact. level: their own judgement, a RiskContact.Level.

    watch: how the person is watched from now on; watch_minutes where it is at an interval. taken_away: what was taken
    away or locked up, and by whom. next_contact_at: by when somebody speaks with the person again.
    """

    way: str
    asked: str
    level: str
    level_words: str
    watch: str
    outcome: str
    next_contact_at: dt.datetime
    screener: Form | None = None
    watch_minutes: int | None = None
    watch_words: str = ""
    limit_supply: bool = False
    staged_dispensing: bool = False
    taken_away: str = ""
    happened_at: dt.datetime | None = None


@transaction.atomic
def record_contact(*, alarm: Alarm, found: Found, by: Staff, once: str = "") -> RiskContact:
    """A clinician's own record of a contact about this alert. It closes nothing. Raises BadInput by field."""
    earlier = submits.found(once, "safety.contact")
    if earlier is not None:
        return RiskContact.objects.get(pk=earlier, alarm=alarm)
    _begin(alarm, by)
    true_at, written_at = when(found.happened_at)
    _refuse_impossible(found, alarm, true_at)
    row = RiskContact.objects.create(
        centre_id=alarm.centre_id, alarm=alarm, person_id=alarm.person_id,
        happened_at=true_at, recorded_at=written_at, recorded_by=by,
        way=found.way, asked=found.asked.strip(), screener=found.screener, level=found.level,
        level_words=found.level_words.strip(), watch=found.watch,
        watch_minutes=found.watch_minutes if found.watch == RiskContact.Watch.INTERVAL else None,
        watch_words=found.watch_words.strip(), limit_supply=found.limit_supply,
        staged_dispensing=found.staged_dispensing, taken_away=found.taken_away.strip(),
        outcome=found.outcome.strip(), next_contact_at=found.next_contact_at,
    )  # fmt: skip
    submits.remember(once, "safety.contact", row.pk)
    audit.write("safety.contact", by=by, centre=alarm.centre, person=alarm.person, about=row)
    return row


@transaction.atomic
def record_caring_contact(
    *,
    alarm: Alarm,
    way: str,
    reached: bool,
    words: str,
    by: Staff,
    next_contact_at: dt.datetime | None = None,
    happened_at: dt.datetime | None = None,
    once: str = "",
) -> CaringContact:
    """Somebody spoke with the person, or tried. Not reached: the contact stays due. Raises BadInput by field."""
    earlier = submits.found(once, "safety.caring")
    if earlier is not None:
        return CaringContact.objects.get(pk=earlier, alarm=alarm)
    _begin(alarm, by)
    if way not in Way.values:
        raise BadInput("Choose how you spoke, or tried to.", field="way")
    _words(words, "words", "Write how the person is, or what you tried.")
    if next_contact_at is not None and not reached:
        raise BadInput(
            "Nobody was reached, so the contact stays due as it is. Leave the next one empty and try another way.",
            field="next_contact_at",
        )
    true_at, written_at = when(happened_at)
    _refuse_before(true_at, alarm)
    if next_contact_at is not None:
        _refuse_out_of_reach(next_contact_at)
    row = CaringContact.objects.create(
        centre_id=alarm.centre_id, alarm=alarm, person_id=alarm.person_id,
        happened_at=true_at, recorded_at=written_at, recorded_by=by,
        way=way, reached=reached, words=words.strip(), next_contact_at=next_contact_at,
    )  # fmt: skip
    submits.remember(once, "safety.caring", row.pk)
    code = "reached" if reached else "tried"
    audit.write("safety.caring", by=by, centre=alarm.centre, person=alarm.person, about=row, code=code)
    return row


@transaction.atomic
def write_plan(
    *,
    person: Person,
    content: Mapping[str, str],
    made_with: str,
    by: Staff,
    seen: int,
    reason: str = "",
    once: str = "",
) -> SafetyPlan:
    """The next version of the plan. content: by part key, one thing a line, in the person's words.

    seen: number of the version the form was made from, 0 for none. Raises BadInput by field (a part's key),
    ChangedMeanwhile where a colleague wrote one meanwhile.
    """
    earlier = submits.found(once, "safety.plan")
    if earlier is not None:
        return SafetyPlan.objects.get(pk=earlier, person=person)
    require(by, "safety.write")
    _lock(person, by)
    newest = queries.newest_plan(person)
    _refuse_other_version(newest, seen)
    kept = {one.key: checked_lines(content.get(one.key, ""), one.key, person.preferred_name) for one in parts()}
    with_whom = _words(made_with, "made_with", "Say with whom it was made: a plan made for somebody is no plan.")
    why = (
        FIRST if newest is None else _words(reason, "reason", "Say why the plan changes. Both versions stay readable.")
    )
    if newest is not None and queries.content_of(newest) == kept:
        raise BadInput("Nothing differs from the version before. Where it was read and stays, record that instead.")
    now = clock.now()
    row = SafetyPlan.objects.create(
        centre_id=person.centre_id, person=person, number=newest.number + 1 if newest else 1,
        content={key: list(lines) for key, lines in kept.items()}, made_with=with_whom, reason=why,
        happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "safety.plan", row.pk)
    audit.write("safety.plan", by=by, centre=person.centre, person=person, about=row, code=str(row.number))
    return row


@transaction.atomic
def look_at_plan(*, plan: SafetyPlan, words: str, by: Staff, once: str = "") -> PlanLook:
    """The plan was read again with the person and stays as it is. Raises ChangedMeanwhile for an older version."""
    earlier = submits.found(once, "safety.look")
    if earlier is not None:
        return PlanLook.objects.get(pk=earlier, plan=plan)
    require(by, "safety.write")
    _lock(plan.person, by)
    _refuse_other_version(queries.newest_plan(plan.person), plan.number)
    said = _words(words, "words", "Write what the person says of it.")
    now = clock.now()
    row = PlanLook.objects.create(
        centre_id=plan.centre_id, plan=plan, words=said, happened_at=now, recorded_at=now, recorded_by=by
    )
    submits.remember(once, "safety.look", row.pk)
    audit.write("safety.look", by=by, centre=plan.person.centre, person=plan.person, about=row)
    return row


@transaction.atomic
def give_copy(*, plan: SafetyPlan, how: str, by: Staff, to: Contact | None = None, once: str = "") -> PlanCopy:
    """A copy was given. to: a person they chose; None: the person themselves.

    Raises BadInput (field `to`) where no consent to share with the people named stands.
    """
    earlier = submits.found(once, "safety.copy")
    if earlier is not None:
        return PlanCopy.objects.get(pk=earlier, plan=plan)
    require(by, "safety.write")
    _lock(plan.person, by)
    _refuse_other_version(queries.newest_plan(plan.person), plan.number)
    consent = _consent(plan.person) if to is not None else None
    if to is not None and to.person_id != plan.person_id:
        raise NotAllowed("This contact was named by somebody else.")
    said = _words(how, "how", "Say how the copy was given: on paper, by hand.")
    now = clock.now()
    row = PlanCopy.objects.create(
        centre_id=plan.centre_id, plan=plan, contact=to, contact_name=f"{to.name}, {to.relation}"[:200] if to else "",
        consent=consent, how=said, happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "safety.copy", row.pk)
    code = "other" if to else "person"
    audit.write("safety.copy", by=by, centre=plan.person.centre, person=plan.person, about=row, code=code)
    return row


# --- Parts -----------------------------------------------------------------------------------------------------------
def _begin(alarm: Alarm, by: Staff) -> None:
    require(by, "safety.write")
    if alarm.cause != SUICIDE_RISK:
        raise BadInput("This alarm is about something else. Open the alert about suicide risk.")
    _lock(alarm.person, by)


def _lock(person: Person, by: Staff) -> None:
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    Person.objects.select_for_update().get(pk=person.pk)


def _refuse_impossible(found: Found, alarm: Alarm, true_at: dt.datetime) -> None:
    if found.way not in Way.values:
        raise BadInput("Choose how you spoke with the person.", field="way")
    if found.level not in RiskContact.Level.values:
        raise BadInput("Say how high you judge the risk. What cannot be said yet is treated as high.", field="level")
    if found.watch not in RiskContact.Watch.values:
        raise BadInput("Say how the person is watched from now on.", field="watch")
    _words(found.asked, "asked", "Write what was asked and what the person said.")
    _words(found.level_words, "level_words", "Say in your own words what the level rests on.")
    _words(found.outcome, "outcome", "Write what follows: who does what.")
    _refuse_minutes(found)
    if found.watch == RiskContact.Watch.ELSEWHERE and not found.watch_words.strip():
        raise BadInput("Say where the person is and who is with them.", field="watch_words")
    if found.screener is not None and (
        found.screener.person_id != alarm.person_id or found.screener.instrument not in SCREENERS
    ):
        raise BadInput("This screener is not this person's. Choose one of the list.", field="screener")
    _refuse_before(true_at, alarm)
    _refuse_out_of_reach(found.next_contact_at)


def _refuse_minutes(found: Found) -> None:
    if found.watch != RiskContact.Watch.INTERVAL:
        return
    if found.watch_minutes is None or not 1 <= found.watch_minutes <= MOST_MINUTES:
        raise BadInput(f"Say every how many minutes somebody looks: 1 to {MOST_MINUTES}.", field="watch_minutes")


def _refuse_before(true_at: dt.datetime, alarm: Alarm) -> None:
    if true_at < alarm.opened_at:
        at = clock.local(alarm.centre, alarm.opened_at)
        raise BadInput(f"The alert was raised on {at:%-d %b %Y at %H:%M}: give a later time.", field="happened_at")


def _refuse_out_of_reach(at: dt.datetime) -> None:
    hours = last_contact_hours()
    if at <= clock.now():
        raise BadInput("The next contact lies ahead: give a later time.", field="next_contact_at")
    if at > clock.now() + dt.timedelta(hours=hours):
        raise BadInput(f"The next contact is within {hours} hours: give an earlier time.", field="next_contact_at")


def _refuse_other_version(newest: SafetyPlan | None, seen: int) -> None:
    if newest is None or newest.number == seen:
        return
    raise ChangedMeanwhile(
        f"{newest.recorded_by.name} wrote version {newest.number} of this plan since you opened the page. Look at it, "
        "then save again: what you typed is still here.",
        by=newest.recorded_by.name,
        at=newest.recorded_at,
    )


def _words(text: str, field: str, message: str) -> str:
    if not text.strip():
        raise BadInput(message, field=field)
    return text.strip()


def _consent(person: Person) -> Consent:
    given = standing(person).get(Consent.Kind.SHARING)
    if given is None or given.decision != Consent.Decision.GIVEN:
        said = "was not asked about" if given is None else given.get_decision_display()
        raise BadInput(
            f"Sharing with the people named {said}. Record {person.preferred_name}’s consent first.", field="to"
        )
    return given
