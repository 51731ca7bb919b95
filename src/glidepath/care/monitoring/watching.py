"""When the next set of each person is due, from the rows, and who is overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from glidepath.care.monitoring import frequency, ports
from glidepath.care.monitoring.autonomic import called as called_by_signs, since_the_score
from glidepath.care.monitoring.frequency import Called, Due, Known, Noted
from glidepath.care.monitoring.models import CiwaB, Event, Observation, ObservationPlan, ScaleScore
from glidepath.care.monitoring.newest import Seen, seen
from glidepath.care.monitoring.planned import Proposed, intervals_of, observation_plans, proposed
from glidepath.care.monitoring.ports import DoseChange
from glidepath.care.monitoring.standing_rows import Row, newest_of, observations, standing
from glidepath.clinical.facts.load import instrument, rule
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.monitoring.scale_choice import Scale
from glidepath.clinical.monitoring.seizure_window import SeizureWindow, tightens
from glidepath.record import clock
from glidepath.record.centres.queries import clinical_settings_of, settings_of_all
from glidepath.record.centres.readings import clinical_of
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import current_episodes
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared

Windows = Callable[[Sequence[Person], dt.datetime], Mapping[int, SeizureWindow]]
UNSETTLING = (Event.Kind.SEIZURE, Event.Kind.DELIRIUM, Event.Kind.OVER_SEDATION)


def due(
    people: Sequence[Person],
    now: dt.datetime | None = None,
    *,
    values: Seen | None = None,
    changes: Mapping[int, DoseChange] | None = None,
    episodes: Mapping[int, Episode] | None = None,
    windows: Windows | None = None,
) -> Mapping[int, Due]:
    """When the next set of each admitted person is due, by person id. Who is not admitted is left out.

    values, changes, episodes: the newest values, the last changes of dose and the episodes of all of them, where they
    were read already. windows: gives the seizure windows of some of them from what was read already.
    """
    moment = now or clock.now()
    found = _known(people, moment, values, changes, current_episodes(people) if episodes is None else episodes)
    found = _with_windows(found, people, moment, windows or ports.seizure_windows)
    return {known.person_id: frequency.due(known, moment) for known in found}


def _with_windows(found: Sequence[Known], people: Sequence[Person], now: dt.datetime, windows: Windows) -> list[Known]:
    """An open seizure window is asked for only where nothing else keeps somebody close already."""
    loose = {one.person_id for one in found if frequency.is_loose(one, now)}
    opened = windows([person for person in people if person.pk in loose], now) if loose else {}
    return [replace(one, tightening=tightens(opened.get(one.person_id), now)) for one in found]


def overdue(people: Sequence[Person], now: dt.datetime | None = None) -> tuple[Due, ...]:
    """Whose set is more than the rule's hour late (INP-3), the longest first: each calls the nurse in charge."""
    late = [one for one in due(people, now).values() if one.alerts]
    return tuple(sorted(late, key=lambda one: one.due_at))


def interval(person: Person, now: dt.datetime) -> dt.timedelta:
    """How old an observation may be to be fresh: this person's interval, never more than that of settled people; the
    closest one where none is in force."""
    limits = clinical_settings_of(person.centre)
    known = due([person], now).get(person.pk)
    hours = min(known.frequency.hours, limits.observe_settled_hours) if known else limits.observe_awake_hours
    return dt.timedelta(hours=hours)


def proposed_for(person: Person, now: dt.datetime | None = None) -> Proposed:
    """What the core proposes for an admitted person now. Raises BadInput where the person is not admitted."""
    moment = now or clock.now()
    known = _known([person], moment, None, None, current_episodes([person]))
    if not known:
        raise BadInput(f"{person.preferred_name} is not admitted: there is no round to plan for.")
    return proposed(person, known[0], moment)


def _known(
    people: Sequence[Person],
    now: dt.datetime,
    values: Seen | None,
    changes: Mapping[int, DoseChange] | None,
    episodes: Mapping[int, Episode],
) -> list[Known]:
    staying = [one for one in people if one.pk in episodes and episodes[one.pk].stage == Stage.ADMITTED]
    settings = {pk: clinical_of(row) for pk, row in settings_of_all(person.centre for person in staying).items()}
    stays = {person.pk: episodes[person.pk] for person in staying}
    values, told = values or seen(staying), _told(staying, stays, settings)
    changes = changes if changes is not None else ports.dose_changes(staying, now)
    return [
        _of_one(person, stays[person.pk], values, told, changes, now, settings[person.centre_id]) for person in staying
    ]


def _of_one(
    person: Person,
    episode: Episode,
    values: Seen,
    told: Told,
    changes: Mapping[int, DoseChange] | None,
    now: dt.datetime,
    settings: ClinicalSettings,
) -> Known:
    plan = told.plans.get(person.pk)
    newest, zone = values.latest[person.pk], person.centre.zone
    admitted_at = episode.admitted_at or episode.opened_at
    change = changes.get(person.pk) if changes is not None else None
    complete = [row for row in told.scores.get(person.pk, []) if row.total is not None]
    return Known(
        person_id=person.pk,
        admitted_at=admitted_at,
        day_of_stay=(now.astimezone(zone).date() - admitted_at.astimezone(zone).date()).days,
        whole=_of_this_stay(newest.whole, episode),
        scored=_of_this_stay(newest.scored, episode),
        newest=_of_this_stay(newest.observation, episode),
        ciwa_b=_of_this_stay(newest.ciwa_b, episode),
        open_events=tuple(event for event in values.events[person.pk] if event.kind in UNSETTLING),
        calls=tuple(one for one in told.calls.get(person.pk, []) if one.happened_at >= admitted_at),
        strong=_since(told.strong.get(person.pk), admitted_at),
        grave=_since(told.grave.get(person.pk), admitted_at),
        scores={Scale(row.scale): row for row in complete},
        ciwa_ar=tuple((row.recorded_at, row.total or 0) for row in complete if row.scale == Scale.CIWA_AR),
        plan=plan,
        plan_hours=None if plan is None else intervals_of(plan),
        changed_at=change.at if change else None,
        change_known=changes is not None,
        cut=change.cut(settings) if change else None,
        settings=settings,
        rescore_since=told.autonomic.get(person.pk),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What of some stays calls for a closer watch, by person id: sets of values, strong scores, grave events; the plan
    that was signed last; the scores of CIWA-Ar and COWS, oldest first; and since when INP-9 calls for a CIWA-B."""

    calls: Mapping[int, list[Called]]
    strong: Mapping[int, Noted]
    grave: Mapping[int, Noted]
    plans: Mapping[int, ObservationPlan]
    scores: Mapping[int, list[ScaleScore]]
    autonomic: Mapping[int, dt.datetime]


def _told(people: Sequence[Person], stays: Mapping[int, Episode], settings: Mapping[int, ClinicalSettings]) -> Told:
    """One query, and one more for each kind of row that somebody has: at most five, however many people."""
    if not stays:
        return Told({}, {}, {}, {}, {}, {})
    ids = [episode.pk for episode in stays.values()]
    drowsiest = max(limits.review_rass for limits in settings.values())
    found = _noted_rows(stays, ids, drowsiest)
    return Told(
        _calls(_that_may_call(ids, drowsiest), settings) if any(row["called"] for row in found) else {},
        _noted(found, "strong"),
        _noted(found, "grave"),
        observation_plans(people, stays) if any(row["planned"] for row in found) else {},
        _scores(_scaled(ids)) if any(row["scaled"] for row in found) else {},
        called_by_signs(signed) if (signed := [stays[row["pk"]].pk for row in found if row["autonomic"]]) else {},
    )


@prepared
def _noted_rows(people: Many[int], stays: Many[int], drowsiest: int) -> QuerySet[Person, dict[str, Any]]:
    """What somebody's stay has, newest first, and whether it has any of the rarer rows."""
    mild = next(band for band in instrument("ciwa_b").bands if band.key == "mild")
    strong = standing(CiwaB).filter(episode__in=stays, total__gt=mild.high)
    grave = standing(Event).filter(episode__in=stays, kind__in=UNSETTLING)
    asked = Person.objects.filter(pk__in=people).annotate(
        strong_at=newest_of(strong, value="happened_at"),
        strong_written=newest_of(strong, "-recorded_at", value="recorded_at"),
        grave_at=newest_of(grave, value="happened_at"),
        grave_written=newest_of(grave, "-recorded_at", value="recorded_at"),
        autonomic=Exists(since_the_score(stays).filter(person=OuterRef("pk"))),
        called=Exists(_calling_rows(stays, drowsiest).filter(person=OuterRef("pk"))),
        scaled=Exists(_scale_rows(stays).filter(person=OuterRef("pk"))),
        planned=Exists(standing(ObservationPlan).filter(episode__in=stays, person=OuterRef("pk"))),
    )
    dates = (f"{kind}_{what}" for kind in ("strong", "grave") for what in ("at", "written"))
    return asked.values("pk", *dates, "called", "scaled", "planned", "autonomic")


def _calling_rows(stays: Many[int], drowsiest: int) -> QuerySet[Observation]:
    """Sets that call for a closer watch in some centre: a centre's own limit is held against the row that is read."""
    calls = Q(single_three=True) | Q(news2__gte=rule("INP-7").value("news2")) | Q(rass__lte=drowsiest)
    return observations().filter(calls, episode__in=stays)


@prepared
def _that_may_call(stays: Many[int], drowsiest: int) -> QuerySet[Observation]:
    return _calling_rows(stays, drowsiest)


def _scale_rows(stays: Many[int]) -> QuerySet[ScaleScore]:
    return standing(ScaleScore).filter(episode__in=stays, answered__gt=0)


@prepared
def _scaled(stays: Many[int]) -> QuerySet[ScaleScore]:
    return _scale_rows(stays).select_related("recorded_by").order_by("happened_at", "id")


def _calls(rows: Iterable[Observation], settings: Mapping[int, ClinicalSettings]) -> Mapping[int, list[Called]]:
    found: dict[int, list[Called]] = {}
    for row in rows:
        drowsy = row.rass is not None and row.rass <= settings[row.centre_id].review_rass
        if not (drowsy or row.single_three or (row.news2 or 0) >= rule("INP-7").value("news2")):
            continue
        one = Called(row.happened_at, row.recorded_at, row.news2, row.single_three, drowsy)
        found.setdefault(row.person_id, []).append(one)
    return found


def _scores(rows: Iterable[ScaleScore]) -> Mapping[int, list[ScaleScore]]:
    found: dict[int, list[ScaleScore]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def _noted(rows: Sequence[Mapping[str, Any]], kind: str) -> Mapping[int, Noted]:
    return {row["pk"]: Noted(row[f"{kind}_at"], row[f"{kind}_written"]) for row in rows if row[f"{kind}_at"]}


def _since(noted: Noted | None, admitted_at: dt.datetime) -> Noted | None:
    return noted if noted is not None and noted.happened_at >= admitted_at else None


def _of_this_stay(row: Row | None, episode: Episode) -> Row | None:
    return row if row is not None and row.happened_at >= episode.opened_at else None
