"""A running taper that is interrupted: a return after doses not taken, other products, a bridging plan for who leaves.

Nothing here cuts by itself. Within the plan's rule a return goes on with the present dose; beyond it the prescriber
names the dose. Each is a new signed version with its difference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from glidepath.care.taper import protocols, queries
from glidepath.care.taper.models import Plan, Version
from glidepath.care.taper.proposals import findings_on_plan
from glidepath.care.taper.requests import by_shares, products, read_regimen
from glidepath.care.taper.rows import Chosen, Handover, chosen_of
from glidepath.care.taper.signed import as_plan
from glidepath.care.taper.signing_turns import sign_turn
from glidepath.care.taper.turning import (
    From,
    Reason,
    Standing,
    Turn,
    ahead_of,
    coming,
    refuse_blocked,
    request_from,
    standing,
)
from glidepath.clinical.dosing import plan as core
from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.interrupted import (
    HOURS_A_DAY,
    bridged,
    missed_days,
    resupplied,
    returned,
    still_drawn,
)
from glidepath.clinical.dosing.plan import PlannedDose
from glidepath.clinical.dosing.revise import Pace, slower
from glidepath.clinical.dosing.supply import supply_needed
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.regimen import Regimen
from glidepath.record import clock
from glidepath.record.centres.queries import settings_of
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.signing import Proof

# Ours: a longer bridge is a taper that somebody else carries on, and is handed over whole.
LONGEST_BRIDGE_DAYS = 120


@dataclass(frozen=True, slots=True)
class Return:
    """Back after doses not taken. last_taken: the last day on which every dose was taken. regimen: the doses a
    prescriber names to go on with; empty: as now. pace: None for the same, or the slower one after longer."""

    last_taken: dt.date | None
    regimen: str = ""
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Resupply:
    """products: the keys of the only stocked ones to make the doses of."""

    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bridging:
    """With whom and when the first visit is; or for how many days it has to last. spare_days: supply beyond it."""

    prescriber: str
    first_visit: dt.date | None = None
    days: int | None = None
    spare_days: int = 1


What = Return | Resupply | Bridging
KINDS: Mapping[type[What], str] = {
    Return: Version.Kind.RETURN,
    Resupply: Version.Kind.SUPPLY,
    Bridging: Version.Kind.BRIDGE,
}


def interrupt(
    *,
    plan: Plan,
    what: What,
    reason: Reason,
    by: Staff,
    proof: Proof,
    seen: int,
    shown: str,
    begins: From | None = None,
    overrides: Mapping[str, str] | None = None,
    once: str = "",
) -> Version:
    """Signs a return, other products or a bridging plan, as the page showed it.

    A bridging plan is never kept from anybody who leaves: what is said stands in the version. Raises as `redirect`.
    """

    def make(locked: Plan, before: Version) -> Turn:
        turn = _turn(locked, before, what, reason, begins)
        _refuse_unexplained(locked.person, what, turn, reason)
        return turn

    return sign_turn(
        plan=plan,
        kind=KINDS[type(what)],
        make=make,
        reason=reason,
        by=by,
        proof=proof,
        seen=seen,
        shown=shown,
        overrides=overrides or {},
        once=once,
        never_kept=isinstance(what, Bridging),
    )


def preview(plan: Plan, what: What, *, reason: Reason | None = None, begins: From | None = None) -> Turn:
    """The change as it would be signed now; nothing is written."""
    return _turn(plan, queries.newest_version(plan), what, reason or Reason(""), begins)


def rule_days(person: Person) -> int:
    """The plan's own rule: after so many whole days without doses it goes on by itself (a centre setting, ours)."""
    return settings_of(person.centre).doses_not_taken_hours // HOURS_A_DAY


@dataclass(frozen=True, slots=True)
class Bridge:
    """A bridging plan as it was signed: its one step, and what it needs from then until its last day."""

    plan: core.TaperPlan
    since: dt.date
    days: int
    supply: tuple[tuple[core.Product, Fraction], ...]


def bridge_of(version: Version) -> Bridge | None:
    """The bridging plan that a version is; None for any other."""
    if version.kind != Version.Kind.BRIDGE or version.bridged_until is None:
        return None
    since = clock.local(version.plan.person.centre, version.effective_at).date()
    days = (version.bridged_until - since).days + 1
    whole = as_plan(version)
    now = replace(whole, start=whole.steps[-1].start, steps=whole.steps[-1:])
    needed = supply_needed(whole, since, days, released_only=True)
    return Bridge(now, since, days, tuple(sorted(needed.items())))


def _turn(plan: Plan, before: Version, what: What, reason: Reason, begins: From | None) -> Turn:
    person = plan.person
    known = queries.tapers([person])
    now = standing(person, before, known, begins)
    if not now.step.doses:
        raise BadInput("The taper has reached zero: nothing is taken any more, so there is nothing to go on with.")
    try:
        turn = _made(person, what, now, chosen_of(before))
    except PlanError as wrong:
        raise BadInput(str(wrong)) from wrong
    refuse_blocked(person, turn.revision)
    said = findings_on_plan(
        person,
        ahead_of(turn.revision.plan, now),
        protocols.without(turn.chosen) if turn.chosen.protocol else turn.chosen,
        agreed=bool(reason.agreed.strip()),
        reason=reason.words,
        before=before,
        known=known,
    )
    return replace(turn, findings=coming((*turn.revision.findings, *said), now))


def _made(person: Person, what: What, now: Standing, was: Chosen) -> Turn:
    if isinstance(what, Bridging):
        return _bridged(what, now, was)
    if was.protocol:  # it ends with its version: the ceiling holds again
        pace = Pace(*protocols.usual_pace(settings_of(person.centre)))
        was = replace(protocols.without(was), cut=pace.cut, interval_days=pace.interval_days)
    if isinstance(what, Return):
        return _returned(person, what, now, was)
    return _resupplied(person, what, now, was)


def _returned(person: Person, what: Return, now: Standing, was: Chosen) -> Turn:
    missed, allowed = _missed(what, now), rule_days(person)
    doses = read_regimen(what.regimen, person).doses if what.regimen.strip() else None
    if missed > allowed and doses is None:
        raise BadInput(
            f"No full day’s doses for {missed} days, more than the {allowed} after which the plan goes on by itself. "
            "How far tolerance has fallen is not known: see the person, and name the doses to go on with.",
            field="regimen",
        )
    before = Pace(was.cut, was.interval_days)
    pace = what.pace or (slower(before) if missed > allowed else before)
    revision = returned(
        now.plan,
        last_taken=now.on - dt.timedelta(days=missed + 1),
        on=now.on,
        at=now.at,
        request=request_from(person, by_shares(was), now),
        formulary=formulary(),
        within_days=allowed if doses is None else missed,  # a prescriber has named them, the present ones too
        doses=None if doses is None or _same(doses, now) else doses,
        pace=pace,
    )
    paced = replace(by_shares(was), cut=pace.cut, interval_days=pace.interval_days)
    chosen = was if now.plan.on_hold else paced
    return Turn(Version.Kind.RETURN, revision, chosen, now.effective_at, (), last_taken=what.last_taken)


def _missed(what: Return, now: Standing) -> int:
    """Whole days without all doses, up to the day from which the return counts."""
    if what.last_taken is None:
        raise BadInput("Name the last day on which every dose was taken.", field="last_taken")
    try:
        return missed_days(what.last_taken, now.on)
    except PlanError as wrong:
        raise BadInput(str(wrong), field="last_taken") from wrong


def _same(doses: tuple[PlannedDose, ...], now: Standing) -> bool:
    """Whether the doses named are the present ones: then their products stay too."""
    return sorted((one.time, str(one.dose)) for one in doses) == sorted((o.time, str(o.dose)) for o in now.step.doses)


def _resupplied(person: Person, what: Resupply, now: Standing, was: Chosen) -> Turn:
    _refuse_not_there(person, what, now)
    asked = replace(was, products=tuple(sorted(what.products)))
    request = still_drawn(request_from(person, asked, now), Regimen(now.step.doses).daily(), now.on)
    revision = resupplied(
        now.plan, on=now.on, at=now.at, products=request.products, request=request, formulary=formulary()
    )
    chosen = asked if now.plan.on_hold else replace(asked, shape=request.shape)
    if request.milestones and not now.plan.on_hold:
        chosen = replace(chosen, milestones=request.milestones)
    return Turn(Version.Kind.SUPPLY, revision, chosen, now.effective_at, ())


def _refuse_not_there(person: Person, what: Resupply, now: Standing) -> None:
    stocked = {one.key: one for one in products(person)}
    if any(key not in stocked for key in what.products):
        raise BadInput("One of these products is not stocked here any more. Choose of what is shown.", field="products")
    made = {stocked[key].medicine for key in what.products}
    without = sorted({one.dose.medicine for one in now.step.doses} - made)
    if without:
        raise BadInput(
            f"No product is chosen for {', '.join(without)}, which is taken now. Choose one or more.", field="products"
        )


def _bridged(what: Bridging, now: Standing, was: Chosen) -> Turn:
    prescriber = what.prescriber.strip()
    if not prescriber:
        raise BadInput("Name who prescribes from the first visit on: nobody leaves to nobody.", field="prescriber")
    bridge = bridged(now.plan, on=now.on, at=now.at, first_visit=_first_visit(what, now), spare_days=what.spare_days)
    handover = Handover(prescriber, bridge.until - dt.timedelta(days=what.spare_days), bridge.until)
    supply = tuple(sorted(bridge.supply.items()))
    return Turn(Version.Kind.BRIDGE, bridge.revision, was, now.effective_at, (), handover, supply)


def _first_visit(what: Bridging, now: Standing) -> dt.date:
    """The day named; else the latest that leaves the spare days at the end of the days to bridge."""
    if what.first_visit is None and what.days is None:
        raise BadInput(
            "Write the day of the first visit, or how many days the bridge has to last.", field="first_visit"
        )
    if what.first_visit is not None and what.days is not None:
        raise BadInput("Write either the day of the first visit or the days to bridge, not both.", field="days")
    visit = what.first_visit or now.on + dt.timedelta(days=(what.days or 0) - 1 - what.spare_days)
    if visit < now.on:
        raise BadInput(
            f"A first visit on {visit:%d %b %Y} lies before {now.on:%d %b %Y}, from which the bridge counts. Write a "
            "later one.",
            field="days" if what.first_visit is None else "first_visit",
        )
    if (visit - now.on).days > LONGEST_BRIDGE_DAYS:
        raise BadInput(
            f"{visit:%d %b %Y} lies more than {LONGEST_BRIDGE_DAYS} days ahead: a bridge is short. Check the year.",
            field="days" if what.first_visit is None else "first_visit",
        )
    return visit


def _refuse_unexplained(person: Person, what: What, turn: Turn, reason: Reason) -> None:
    """Beyond the rule the dose is a prescriber's own decision: it is signed with its reason in words."""
    if not isinstance(what, Return) or what.last_taken is None or reason.words.strip():
        return
    on = turn.effective_at.astimezone(person.centre.zone).date()
    if missed_days(what.last_taken, on) > rule_days(person):
        raise BadInput("After this long an absence the dose is your own decision: write why.", field="words")
