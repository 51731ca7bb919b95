"""Which as-needed doses still want their re-check or their re-score: worked out from the rows whenever it is asked.

Neither ends by time: each stands until it is recorded, or the person has left. The people are already those the viewer
may see; the same queries for 3 and for 30.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet

from glidepath.care.medication.due_reads import standing_answers
from glidepath.care.medication.models import DoseAnswer, Order
from glidepath.care.medication.rows import Recheck, SinceDose
from glidepath.care.monitoring.queries import newest_scored, taken_awake, whole_scores
from glidepath.clinical.monitoring.observations import overdue
from glidepath.clinical.monitoring.scale_choice import Scale
from glidepath.record import clock
from glidepath.record.centres.queries import settings_of_all
from glidepath.record.centres.readings import clinical_of
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import current_episodes
from glidepath.record.people.models import Person
from glidepath.record.prebuilt import prebuilt
from glidepath.record.prepared import Many, prepared

SCORE_COUNTS = dt.timedelta(hours=12)  # ours: an older score says nothing of how it was before the dose
Scored = Mapping[int, Mapping[Scale, dt.datetime]]


def since_dose(answer: DoseAnswer) -> SinceDose:
    """The scores around an as-needed dose, and the newest look after it: what a re-check is held against."""
    at = answer.happened_at
    scores = whole_scores([answer.person], at - SCORE_COUNTS, clock.now())[answer.person_id]
    before = [one for one in scores if at - SCORE_COUNTS < one.at <= at]
    known = {one.scale for one in before}
    after = [one for one in scores if one.at > at and (one.scale in known or not known)]
    seen = [one for one in taken_awake([answer.person], at) if one.happened_at > at]
    return SinceDose(before[-1] if before else None, after[-1] if after else None, seen[-1] if seen else None)


def rechecks_due(people: Sequence[Person], *, episodes: Mapping[int, Episode] | None = None) -> list[Recheck]:
    """As-needed doses of this stay that want to be looked at again, and those whose re-score is owed, longest first.

    episodes: the present ones of all of them, where they were read already. Who is not admitted is left out.
    """
    now = clock.now()
    here = current_episodes(people) if episodes is None else episodes
    came = {pk: one.opened_at for pk, one in here.items() if one.stage == Stage.ADMITTED}
    staying = [person for person in people if person.pk in came]
    if not staying:
        return []
    unchecked = [one for one in _unchecked(staying, min(came.values())) if came[one.person_id] <= one.happened_at]
    newest = newest_scored(staying)
    checked = [one for one in _checked(newest) if came[one.person_id] <= one.happened_at]
    owes = _owed([*unchecked, *checked], newest)
    found = [*((one, False) for one in unchecked), *((one, True) for one in checked if owes.get(one.pk))]
    limits = {pk: clinical_of(row) for pk, row in settings_of_all(person.centre for person in staying).items()}
    rows = [
        Recheck(
            one,
            due_at(one),
            recorded,
            owes.get(one.pk, ()),
            (late := overdue(due_at(one), now=now, settings=limits[one.centre_id])) is not None and late.alerts,
        )
        for one, recorded in found
    ]
    return sorted((row for row in rows if row.due_at <= now), key=lambda row: row.due_at)


def due_at(answer: DoseAnswer) -> dt.datetime:
    """When an as-needed dose is looked at again, by its order."""
    minutes = (answer.order.recheck_minutes if answer.order else None) or 60
    return answer.happened_at + dt.timedelta(minutes=minutes)


def _owed(doses: Sequence[DoseAnswer], newest: Scored) -> Mapping[int, tuple[Scale, ...]]:
    """By dose id the scales that were scored before it, where none of them has been scored since."""
    found = {one.pk: _before(one, newest.get(one.person_id, {}).items()) for one in doses}
    told = [one for one in doses if found[one.pk] and max(newest[one.person_id].values()) > one.happened_at]
    if told:  # another scale was scored since: whether it was scored before the dose too is not in `newest`
        people = [*{one.person_id: one.person for one in told}.values()]
        moments = [one.happened_at for one in told]
        scores = whole_scores(people, min(moments) - SCORE_COUNTS, max(moments))
        for one in told:
            earlier = _before(one, [(score.scale, score.at) for score in scores[one.person_id]])
            if any(newest[one.person_id][scale] > one.happened_at for scale in earlier):
                found[one.pk] = ()
    return found


def _before(dose: DoseAnswer, scored: Iterable[tuple[Scale, dt.datetime]]) -> tuple[Scale, ...]:
    """The scales scored near enough before the dose to say how it was then."""
    at = dose.happened_at
    return tuple(dict.fromkeys(scale for scale, moment in scored if at - SCORE_COUNTS < moment <= at))


def _checked(newest: Scored) -> list[DoseAnswer]:
    """Doses that were looked at again and may owe a score: only those given soon after somebody's last score can."""
    windows = Q()
    for pk, scored in newest.items():
        for at in scored.values():
            windows |= Q(person_id=pk, happened_at__gte=at, happened_at__lt=at + SCORE_COUNTS)
    return list(_as_needed().filter(windows, recheck__isnull=False)) if windows else []


@prebuilt
def _as_needed() -> QuerySet[DoseAnswer]:
    rows = standing_answers().filter(outcome=DoseAnswer.Outcome.GIVEN, order__kind=Order.Kind.PRN)
    return rows.select_related("order", "person__centre").order_by("happened_at")


@prepared
def _unchecked(people: Many[Person], since: dt.datetime) -> QuerySet[DoseAnswer]:
    """Nobody has recorded the re-check, of this entry or of the one it set right."""
    rows = _as_needed().filter(recheck__isnull=True, supersedes__recheck__isnull=True)
    return rows.filter(person__in=people, happened_at__gte=since)
