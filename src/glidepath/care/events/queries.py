"""Reads of emergencies: what runs, its course, what is owed after it, and the counts that outcomes are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from glidepath.care.events.course import END, Course, by_running
from glidepath.care.events.models import (
    Action,
    Debrief,
    Disclosure,
    EventStep,
    Outcome,
    Part,
    Review,
    ReviewSignature,
    Running,
)
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.queries import events_between
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.episodes.access import OutsideCareTeam
from glidepath.record.episodes.queries import days_in_care, may_see, people_seen, person_in_centre
from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require

THOUSAND = 1000


def runs_now(person: Person, kind: Event.Kind) -> Running | None:
    """The emergency of this kind that has not ended."""
    return next((one for one in running_of([person]).get(person.pk, ()) if one.kind == kind), None)


def running_of(people: Sequence[Person]) -> dict[int, list[Running]]:
    """What has not ended, by person id, the newest first, in one query."""
    found: dict[int, list[Running]] = {}
    for row in _open_of(people):
        found.setdefault(row.person_id, []).append(row)
    return found


def seizures_running(centre: Centre) -> list[Running]:
    """Every seizure of the centre whose clock runs: for the worker."""
    return list(_open().filter(centre=centre, kind=Event.Kind.SEIZURE).order_by("pk"))


def of_person(person: Person) -> list[Running]:
    """Every emergency of this person, the newest first."""
    return list(Running.objects.filter(person=person).select_related("recorded_by").order_by("-happened_at", "-pk"))


def incident_for(viewer: Staff, person: UUID, running: UUID, *, action: str) -> Running:
    """The emergency under this address, for this action: who may see the person, and who was there.

    Who was there owes its debrief and its review also after the person has left, when nobody is tied to them.
    Raises Http404 where there is none, NotAllowed and OutsideCareTeam as `person_for` does.
    """
    found = person_in_centre(viewer, person)
    row = Running.objects.select_related("person__centre", "event", "recorded_by").filter(person=found)
    one = row.filter(public_id=running).first()
    if one is None:
        raise Http404("no such emergency here")
    require(viewer, action)
    if not may_see(viewer, found, action=action) and not _was_there(one, viewer):
        raise OutsideCareTeam(found)
    return one


def course_of(running: Running, now: dt.datetime | None = None) -> Course:
    """Everything tapped so far, put together as of now."""
    rows = EventStep.objects.filter(running=running).select_related("recorded_by", "who").order_by("pk")
    handed = Disclosure.objects.filter(running=running, superseded_by__isnull=True).select_related("recorded_by")
    return Course(running, tuple(rows), tuple(handed.order_by("pk")), now or clock.now())


def step_of(running: Running, public_id: UUID) -> EventStep:
    """One tap of this emergency. Raises Http404."""
    rows = EventStep.objects.select_related("running__person__centre", "recorded_by", "who")
    row = rows.filter(running=running, public_id=public_id).first()
    if row is None:
        raise Http404("no such tap here")
    return row


def disclosure_of(running: Running, public_id: UUID) -> Disclosure:
    """One handing over of this emergency's letter. Raises Http404."""
    rows = Disclosure.objects.select_related("running__person__centre", "recorded_by")
    row = rows.filter(running=running, public_id=public_id).first()
    if row is None:
        raise Http404("no such handing over here")
    return row


def action_of(running: Running, public_id: UUID) -> Action:
    """One action of this emergency's review. Raises Http404."""
    rows = Action.objects.select_related("review__running__person__centre", "owner")
    row = rows.filter(review__running=running, public_id=public_id).first()
    if row is None:
        raise Http404("no such action here")
    return row


# --- After it ---------------------------------------------------------------------------------------------------------


def debrief_of(running: Running) -> Debrief | None:
    return Debrief.objects.filter(running=running).select_related("recorded_by").first()


def review_of(running: Running) -> Review | None:
    """The newest version."""
    return reviews_of(running)[-1] if Review.objects.filter(running=running).exists() else None


def reviews_of(running: Running) -> list[Review]:
    """Every version with its signatures, oldest first."""
    rows = Review.objects.filter(running=running).select_related("recorded_by", "running__person__centre")
    return list(rows.prefetch_related(_signed()).order_by("version"))


def actions_of(review: Review) -> list[Action]:
    rows = Action.objects.filter(review=review).select_related("owner", "done__recorded_by")
    return list(rows.order_by("pk"))


def closed_at(review: Review | None) -> dt.datetime | None:
    """When the second of the two signed this version; None while one is missing."""
    if review is None:
        return None
    by_part = {one.part: one.recorded_at for one in review.signatures.all()}
    return max(by_part.values()) if {*by_part} == {*Part.values} else None


@prepared
def whole_of(person: Person) -> QuerySet[Running]:
    """Every emergency of this person with all that followed: what `told_of` and `closings` are made of."""
    return _whole().filter(person=person)


def told_of(whole: Iterable[Running]) -> Mapping[int, str]:
    """What became of each event that ran, by the id of its newest row, for the timeline: "stays here, debriefed"."""
    return {_newest(row.event).pk: _became(row) for row in whole}


def _became(running: Running) -> str:
    end = _end(running)
    if end is None:
        return "running"
    said = [Outcome(end.outcome).label]
    if hasattr(running, "debrief"):
        said.append("debriefed")
    review = last_review(running)
    if closed_at(review) is not None:
        said.append("reviewed and closed")
    elif review is not None:
        said.append("review waits for a signature")
    return ", ".join(said)


def closings(whole: Iterable[Running]) -> list[tuple[dt.datetime, str]]:
    """When each review was closed, with its words, for the timeline."""
    found = []
    for row in whole:
        at = closed_at(last_review(row))
        if at is not None:
            found.append((at, f"Review closed: {Event.Kind(row.kind).label}"))
    return found


# --- Outcomes ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EventRate:
    """How often one kind happened, and how often per 1,000 days that people spent here; None where nobody was here."""

    kind: str
    label: str
    count: int
    per_1000: Fraction | None


@dataclass(frozen=True, slots=True)
class EventOutcomes:
    """The events of a centre from `since` to before `until`. reviewed: of those that ran in event mode, how many have
    a closed review."""

    since: dt.datetime
    until: dt.datetime
    person_days: Fraction
    rates: tuple[EventRate, ...]
    ran: int
    reviewed: int

    def rate(self, kind: str) -> EventRate:
        """Raises StopIteration for a kind nobody counts."""
        return next(one for one in self.rates if one.kind == kind)


def events_for_outcomes(centre: Centre, since: dt.datetime, until: dt.datetime) -> EventOutcomes:
    """Every event that stands, and every transfer and death an emergency ended with, per 1,000 person-days.

    Each event counts once, by the kind it has now; a day is 24 elapsed hours of somebody admitted.
    """
    days = days_in_care(centre, since, until)
    counts: dict[str, int] = dict.fromkeys(Event.Kind.values, 0)
    for event in events_between(centre, since, until):
        counts[event.kind] += 1
    ends = _standing_ends().filter(centre=centre, happened_at__gte=since, happened_at__lt=until)
    ended = dict(ends.values_list("outcome").annotate(number=Count("pk")))
    also = {Outcome.TRANSFERRED.value: "transfer", Outcome.DIED.value: "death"}
    labels = {**dict(Event.Kind.choices), **also}
    counted = {**counts, **{one: int(ended.get(one, 0)) for one in also}}
    ran = whole_between(centre, since, until)
    return EventOutcomes(
        since=since,
        until=until,
        person_days=days,
        rates=tuple(_rate(str(kind), str(label), counted[kind], days) for kind, label in labels.items()),
        ran=len(ran),
        reviewed=sum(closed_at(last_review(one)) is not None for one in ran),
    )


def whole_between(centre: Centre, since: dt.datetime, until: dt.datetime) -> list[Running]:
    """Every emergency of a centre that began from `since` to before `until`, with all that says what was done."""
    rows = _whole().filter(centre=centre, happened_at__gte=since, happened_at__lt=until)
    return list(rows.order_by("happened_at", "pk"))


def _rate(kind: str, label: str, count: int, days: Fraction) -> EventRate:
    return EventRate(kind, label, count, Fraction(count * THOUSAND) / days if days else None)


# --- Building blocks --------------------------------------------------------------------------------------------------


def whole_for(viewer: Staff) -> list[Running]:
    """The emergencies after which something is owed, of those this viewer may see or was there at; the newest first.

    Each with all that says what is owed. One query where nothing is.
    """
    rows = _unfinished(viewer.centre) if viewer.centre is not None else []
    if not rows:
        return []
    seen = {person.pk for person in people_seen(viewer, action="incident.read")}
    return [row for row in rows if row.person_id in seen or _is_theirs(row, viewer)]


def _is_theirs(running: Running, viewer: Staff) -> bool:
    """Whether they were there, or an action of a review is theirs. Of a row read by `whole_for`."""
    there = {pk for step in running.steps.all() for pk in (step.recorded_by_id, step.who_id)}
    return viewer.pk in there | {act.owner_id for review in running.reviews.all() for act in review.actions.all()}


@prepared
def _unfinished(centre: Centre) -> QuerySet[Running]:
    """More than those after which something is owed, never fewer: a replaced review that was not signed counts too."""
    here = OuterRef("pk")
    reviews, signatures = Review.objects.filter(running=here), ReviewSignature.objects.filter(review=here)
    unsigned = (Exists(reviews.filter(~Exists(signatures.filter(part=part)))) for part in Part.values)
    open_actions = Action.objects.filter(review__running=here, done__isnull=True)
    handed = Disclosure.objects.filter(running=here, superseded_by__isnull=True)
    unnamed = handed.filter(Q(name="") | Q(facility=""))
    waits: Any = Q(debrief__isnull=True) | ~Exists(reviews) | Exists(open_actions) | Exists(unnamed)
    for one in unsigned:
        waits |= one
    return _whole().filter(waits, centre=centre).order_by("-happened_at", "-pk")


def steps_of(running: Running) -> list[EventStep]:
    """The taps of a row read by `whole_for`, without asking again."""
    return by_running(running.steps.all()).get(running.pk, [])


def _whole() -> QuerySet[Running]:
    steps = EventStep.objects.select_related("who", "recorded_by").order_by("pk")
    actions = Action.objects.select_related("owner", "done").order_by("pk")
    reviews = Review.objects.prefetch_related(_signed(), Prefetch("actions", queryset=actions)).order_by("version")
    handed = Disclosure.objects.filter(superseded_by__isnull=True).order_by("pk")
    rows = Running.objects.select_related("person__centre", "event__superseded_by", "debrief", "recorded_by")
    return rows.prefetch_related(
        Prefetch("steps", queryset=steps), Prefetch("reviews", queryset=reviews), Prefetch("disclosures", handed)
    )


def _signed() -> Prefetch[str, QuerySet[ReviewSignature], str]:
    return Prefetch("signatures", queryset=ReviewSignature.objects.select_related("recorded_by").order_by("pk"))


def last_review(running: Running) -> Review | None:
    """The newest version, of a row read with its reviews."""
    return next(iter(reversed(running.reviews.all())), None)


def _end(running: Running) -> EventStep | None:
    return Course(running, steps_of(running), (), clock.now()).end


def _newest(event: Event) -> Event:
    newer = getattr(event, "superseded_by", None)
    return event if newer is None else _newest(newer)


def _open() -> QuerySet[Running]:
    ended = _standing_ends().filter(running=OuterRef("pk"))
    return Running.objects.filter(~Exists(ended)).select_related("person__centre", "event", "recorded_by")


@prepared
def _open_of(people: Many[Person]) -> QuerySet[Running]:
    return _open().filter(person__in=people).order_by("-happened_at", "-pk")


def _standing_ends() -> QuerySet[EventStep]:
    return EventStep.objects.filter(line=END, done=True, superseded_by__isnull=True)


def _was_there(running: Running, viewer: Staff) -> bool:
    mine = Q(recorded_by=viewer) | Q(who=viewer)
    owes = Action.objects.filter(review__running=running, owner=viewer)
    return EventStep.objects.filter(mine, running=running).exists() or owes.exists()
