"""The service that sets an observation plan: the one door by which somebody is observed less often.

Triggers make the watch closer without anybody's act; this signed row alone makes it less close again.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from glidepath.care.monitoring import queries
from glidepath.care.monitoring.acts import begin, needed
from glidepath.care.monitoring.models import ObservationPlan
from glidepath.care.monitoring.planned import HOURS_OF
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.monitoring.observation_plan import Intervals
from glidepath.clinical.monitoring.scale_choice import NAMES, Choice
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.signing import Proof, require_proof

LONGEST = dt.timedelta(days=31)  # ours: a plan nobody has looked at for a month is no plan


@transaction.atomic
def set_observation_plan(
    *,
    person: Person,
    intervals: Intervals,
    until: dt.datetime,
    reason: str,
    by: Staff,
    proof: Proof,
    once: str,
    knows_looser: bool = False,
    seen: int | None = None,
) -> ObservationPlan:
    """A prescriber sets how often, and by which scales, until somebody looks again.

    knows_looser: the prescriber has read what is less close than proposed; without it such a plan is refused and
    named. seen: the id of the plan the page showed, 0 for none. A scale that is wrong for the person is refused.
    """
    earlier = submits.found(once, "observation_plan")
    if earlier is not None:
        return ObservationPlan.objects.get(pk=earlier)
    act = begin(person, by, "observation_plan.set", None)
    require_proof(by, proof)
    reason = needed(reason, "reason", "Say why: what was seen, and what to watch for.")
    if not act.now < until <= act.now + LONGEST:
        said = f"{clock.local(act.person.centre, until):%-d %b %Y %H:%M}"
        raise BadInput(f"Looked at again at {said}: give a time from now to {LONGEST.days} days ahead.", field="until")
    _refuse_unseen(person, seen)
    found = queries.proposed_for(act.person, act.now)
    _refuse_wrong_scales(intervals, found.choice)
    looser = intervals.looser_than(found.proposal.intervals)
    if looser and not knows_looser:
        raise BadInput(
            f"Less close than proposed ({', '.join(found.proposal.codes)}: {found.proposal.why}): {'; '.join(looser)}. "
            "Choose closer, or confirm it with the reason below.",
            field="knows_looser",
        )
    row = ObservationPlan.objects.create(
        **act.common,
        awake_hours=intervals.awake,
        asleep_hours=intervals.asleep,
        **{column: intervals.scales.get(scale) for scale, column in HOURS_OF.items()},
        until=until,
        reason=reason,
        proposed=in_words(found.proposal.intervals)[:400],
        looser="; ".join(looser)[:400],
        facts_version=formulary().version,
    )
    submits.remember(once, "observation_plan", row.pk)
    audit.write("observation_plan.set", by=by, centre=person.centre, kind="sign", person=person, about=row)
    return row


def in_words(intervals: Intervals) -> str:
    """ "Awake every 4 hours, asleep every 4; CIWA-B every 4 hours"."""
    scored = [f"{NAMES[scale]} every {hours} h" for scale, hours in intervals.scales.items()]
    sets = f"awake every {intervals.awake} h, asleep every {intervals.asleep} h"
    return "; ".join([sets, *(scored or ["no scale"])])


def _refuse_unseen(person: Person, seen: int | None) -> None:
    standing = queries.observation_plan(person)
    if seen is None or standing is None or standing.pk == seen:
        return
    raise ChangedMeanwhile(
        f"{standing.recorded_by.name} has set a plan meanwhile. Read it, then set yours.",
        by=standing.recorded_by.name,
        at=standing.recorded_at,
    )


def _refuse_wrong_scales(intervals: Intervals, choice: Choice) -> None:
    for scale in intervals.scales:
        if scale in choice.wrong:
            raise BadInput(choice.wrong[scale], field=HOURS_OF[scale])
