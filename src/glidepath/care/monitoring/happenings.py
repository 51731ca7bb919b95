"""The services of events, in a file of their own: something happened, and a prescriber looked again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from glidepath.care.alarms import queries as alarms
from glidepath.care.alarms.services import close as close_alarm
from glidepath.care.monitoring import consequences, queries
from glidepath.care.monitoring.acts import (
    Act,
    Followed,
    Recorded,
    again,
    begin,
    follow,
    late,
    needed,
    refuse_corrected,
)
from glidepath.care.monitoring.models import Event, EventReview, Observation
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.errors import BadInput, ChangedMeanwhile
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.signing import Proof, require_proof


@transaction.atomic
def record_event(
    *,
    person: Person,
    kind: Event.Kind,
    by: Staff,
    once: str,
    words: str = "",
    happened_at: dt.datetime | None = None,
    observation: Observation | None = None,
    seen: int | None = None,
) -> Recorded[Event]:
    """Something that happened. A seizure raises SEI-1 and freezes the taper; over-sedation holds sedatives.

    `seen`: how many events of this kind the page showed, so that two colleagues do not write one seizure twice.
    """
    earlier = submits.found(once, "event")
    if earlier is not None:
        return again(Event.objects.get(pk=earlier))
    act = begin(person, by, "event.record", happened_at)
    kind, words = Event.Kind(kind), words.strip()
    _needs_words(kind, words)
    _refuse_unseen_event(person, kind, seen)
    event = Event.objects.create(**act.common, kind=kind, words=words, observation=observation)
    done = follow(act, _of_event(act, kind), observation, opened=event)
    submits.remember(once, "event", event.pk)
    audit.write("event.recorded", by=by, centre=person.centre, person=person, about=event, code=kind.value)
    return Recorded(event, done.findings, done.events, done.alarms)


@transaction.atomic
def correct_event(
    *,
    event: Event,
    kind: Event.Kind,
    words: str,
    reason: str,
    by: Staff,
    once: str,
    happened_at: dt.datetime | None = None,
) -> Recorded[Event]:
    """A further row in place of one whose kind, time or words were wrong; both stay to be read.

    What freezes the taper or holds sedatives keeps its kind: only a prescriber lifts it, after a fresh look. Another
    kind calls for what that kind calls for; the same kind calls nobody again.
    """
    earlier = submits.found(once, "event.correct")
    if earlier is not None:
        return again(Event.objects.get(pk=earlier))
    act = begin(event.person, by, "event.record", happened_at or event.happened_at)
    reason = needed(reason, "reason", "A correction says why: write what was wrong.")
    refuse_corrected(event)
    _refuse_what_an_observation_opened(event)
    _refuse_what_a_prescriber_has_seen(event)
    kind, words = Event.Kind(kind), words.strip()
    _refuse_lifting_by_another_kind(event, kind)
    _needs_words(kind, words)
    row = Event.objects.create(
        **act.common,
        kind=kind,
        words=words,
        supersedes=event,
        correction_reason=reason,
    )
    if kind == event.kind:
        done = Followed((), (row,), ())
    else:
        done = follow(act, _of_event(act, kind), None, opened=row)
    submits.remember(once, "event.correct", row.pk)
    audit.write("event.corrected", by=by, centre=act.person.centre, person=act.person, about=row, code=kind.value)
    return Recorded(row, done.findings, done.events, done.alarms)


@transaction.atomic
def review_event(
    *,
    event: Event,
    lifted: bool,
    words: str,
    by: Staff,
    proof: Proof,
    once: str,
    again_at: dt.datetime | None = None,
    seen: int | None = None,
) -> EventReview:
    """A prescriber looked again. Lifted only on an observation that is newer than the event, due and free of it;
    else it stands, with the time of the next look.

    `seen`: the id of the newest observation the page showed; a newer one must be read first.
    """
    earlier = submits.found(once, "event.review")
    if earlier is not None:
        return EventReview.objects.get(pk=earlier)
    act = begin(event.person, by, "event.review", None)
    require_proof(by, proof)
    _refuse_mood(event)
    words = needed(words, "words", "Say what you found.")
    refuse_corrected(event)
    _refuse_lifted(event)
    newest = queries.newest_observation(event.person)
    _refuse_unread(newest, seen)
    if lifted:
        _refuse_stale(act, event, newest)
    elif again_at is None or again_at <= act.now:
        raise BadInput("It stands: say when it is looked at again, a time still to come.", field="again_at")
    review = EventReview.objects.create(
        **{name: value for name, value in act.without_episode.items() if name != "person"},
        event=event,
        lifted=lifted,
        observation=newest,
        again_at=None if lifted else again_at,
        words=words,
    )
    if lifted:
        _close_its_alarm(event, words, by, proof)
    submits.remember(once, "event.review", review.pk)
    audit.write(
        "event.reviewed", by=by, centre=act.person.centre, kind="sign", person=act.person, about=review,
        code=f"{event.kind}.{'lifted' if lifted else 'stands'}",
    )  # fmt: skip
    return review


def _needs_words(kind: Event.Kind, words: str) -> None:
    if kind in (Event.Kind.FALL, Event.Kind.OTHER):
        needed(words, "words", "Say in a few words what happened.")


def _refuse_lifting_by_another_kind(event: Event, kind: Event.Kind) -> None:
    was = Event.Kind(event.kind)
    if kind != was and was in consequences.CAUSE_OF_EVENT:
        raise BadInput(
            f"It is written as {was.label}, and only a prescriber lifts that, after a fresh look. Record what it was "
            "as an event of its own, and ask for the review.",
            field="kind",
        )


def _refuse_what_an_observation_opened(event: Event) -> None:
    if event.observation is not None:
        at = clock.local(event.person.centre, event.observation.happened_at)
        raise BadInput(
            f"It was opened by the values seen at {at:%H:%M} on {at:%-d %b}. If they are wrong, correct that entry; "
            "a prescriber lifts the event."
        )


def _refuse_what_a_prescriber_has_seen(event: Event) -> None:
    """A signed review is about the entry as it stood: nobody changes it afterwards."""
    reviews = queries.reviews_of(event)
    if reviews:
        last = reviews[-1]
        raise ChangedMeanwhile(
            f"{last.recorded_by.name} has reviewed this event as it stands, so it is not changed any more. "
            "Record a further event, and say in its words what was wrong.",
            by=last.recorded_by.name,
            at=last.recorded_at,
        )


def _refuse_unseen_event(person: Person, kind: Event.Kind, seen: int | None) -> None:
    if seen is None:
        return
    known = queries.events_of_kind(person, kind)
    if known and len(known) > seen:
        last = known[-1]
        at = clock.local(person.centre, last.happened_at)
        raise ChangedMeanwhile(
            f"{last.recorded_by.name} has just recorded {last.get_kind_display()} at {at:%H:%M}. "
            "If this is a further one, record it again.",
            by=last.recorded_by.name,
            at=last.recorded_at,
        )


def _refuse_mood(event: Event) -> None:
    if event.kind == Event.Kind.MOOD:
        raise BadInput("A change of mood is not lifted: the C-SSRS since last contact answers it. Fill that in.")


def _refuse_lifted(event: Event) -> None:
    lifted = queries.lift_of(event)
    if lifted is not None:
        at = clock.local(event.person.centre, lifted.recorded_at)
        raise ChangedMeanwhile(
            f"{lifted.recorded_by.name} lifted this at {at:%H:%M}.", by=lifted.recorded_by.name, at=lifted.recorded_at
        )


def _refuse_unread(newest: Observation | None, seen: int | None) -> None:
    if seen is None or newest is None or newest.pk == seen:
        return
    raise ChangedMeanwhile(
        f"{newest.recorded_by.name} has recorded a newer observation. Read it, then decide.",
        by=newest.recorded_by.name,
        at=newest.recorded_at,
    )


def _refuse_stale(act: Act, event: Event, newest: Observation | None) -> None:
    """Nothing is lifted on an old look, or on one that still shows what opened the event."""
    if newest is None or newest.happened_at <= event.happened_at:
        raise BadInput("It is lifted after a fresh observation: take one now, then review.", field="lifted")
    if newest.happened_at + queries.interval(act.person, act.now) < act.now:
        at = clock.local(act.person.centre, newest.happened_at)
        raise BadInput(f"The last observation is of {at:%-d %b %H:%M}: take a fresh one, then review.", field="lifted")
    still = consequences.still_stands(Event.Kind(event.kind), newest, clinical_settings_of(act.person.centre))
    if still:
        raise BadInput(f"It cannot be lifted yet: {still}", field="lifted")


def _of_event(act: Act, kind: Event.Kind) -> consequences.Reading:
    return consequences.of_event(kind, settings=clinical_settings_of(act.person.centre), late=late(act))


def _close_its_alarm(event: Event, words: str, by: Staff, proof: Proof) -> None:
    """The alarm goes with its last event, closed by the same name and words."""
    others = [one for one in queries.open_events([event.person])[event.person.pk] if one.kind == event.kind]
    cause = consequences.CAUSE_OF_EVENT.get(Event.Kind(event.kind))
    alarm = alarms.open_alarm(event.person, cause) if cause and not others else None
    if alarm is not None:
        close_alarm(alarm=alarm, words=words, by=by, proof=proof, once="")
