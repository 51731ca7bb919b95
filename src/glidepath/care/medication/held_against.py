"""The first orders of a stay are held against what the person told; what was held against it once is not asked again.

Several orders may together make the day's dose: a prescriber says of the first ones that more follow. Then they are not
stopped, the rest is still missing, and the watch calls when the next dose by the report has come due (missing.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from glidepath.care.assessment.models import BenzodiazepineUse
from glidepath.care.assessment.queries import facts, reported_daily, uses
from glidepath.care.medication import queries
from glidepath.care.medication.models import Order
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.reported_dose import Before, check_against_before
from glidepath.record import clock
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import current_episode
from glidepath.record.people.models import Person

MORE_FOLLOW = "further orders follow"
REGULAR = (Order.Kind.REGULAR, Order.Kind.INTERVAL)


def findings(person: Person, after: Mapping[str, Dose], *, more_follow: bool) -> tuple[Finding, ...]:
    """What to say of `after`, mg a day that would be in force, beside what was told; none once that was done."""
    episode = current_episode(person)
    told = uses(person)
    if episode is None or not told or is_settled(queries.all_orders(person), episode) or queries.has_plan(person):
        return ()
    said = check_against_before(
        before(told, episode), after, facts=facts(person), formulary=formulary(), ceiling=Limits.of().ceiling
    )
    return tuple(one.answered(MORE_FOLLOW) if more_follow and one.stops else one for one in said)


def before_plan(person: Person) -> Before:
    """What a first plan takes over from: the orders, where they were signed as the whole; else what was told."""
    episode, told, orders = current_episode(person), uses(person), queries.all_orders(person)
    if episode is None or queries.plans_of_stay(person, episode):
        return Before({})
    if is_settled(orders, episode):
        standing = [one for one in orders if one.is_benzodiazepine and one.kind in REGULAR and one.stands(clock.now())]
        return Before(queries.daily_of(standing), said="Ordered now")
    return before(told, episode) if told else Before({})


def before(told: Sequence[BenzodiazepineUse], episode: Episode) -> Before:
    """What was told in this stay. Of an earlier stay only the names count: what is taken since, nobody has recorded."""
    if told[0].episode_id != episode.pk:
        return Before({}, tuple(f"{row.medicine_name} (told in an earlier stay)" for row in told))
    unknown = tuple(row.medicine_name for row in told if not (row.medicine and row.daily_ng))
    return Before(reported_daily(told), unknown)


def is_settled(orders: Sequence[Order], episode: Episode) -> bool:
    """Whether a regular order of this stay was signed as the whole, and stands or was given from."""
    own = [one for one in orders if one.episode_id == episode.pk and one.is_benzodiazepine and one.kind in REGULAR]
    whole = [one for one in own if not is_part(one)]
    given_from = queries.orders_given_from([whole[0].person]) if whole else set()
    return any(one.stands(clock.now()) or one.pk in given_from for one in whole)


def is_part(order: Order) -> bool:
    """Signed as a part of the day's dose that was still below what was told."""
    return any(answered_by == MORE_FOLLOW for _, _, answered_by in order.findings)
