"""How often this person is observed now, and whether a set is late: worked out whenever it is asked, never stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from glidepath.care.monitoring.models import CiwaB, Event, Observation, ObservationPlan, ScaleScore
from glidepath.clinical.facts.load import rule
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.monitoring.observation_plan import (
    Cut,
    Intervals,
    SetPlan,
    Triggers,
    in_force,
    next_extra,
    scale_in_force,
)
from glidepath.clinical.monitoring.observations import (
    CALM,
    Course,
    Frequency,
    Overdue,
    WithdrawalLevel,
    next_due,
    overdue,
)
from glidepath.clinical.monitoring.rescoring import CODE as RESCORE
from glidepath.clinical.monitoring.scale_choice import NAMES, Scale
from glidepath.clinical.monitoring.seizure_window import Tightening

COMPLICATED = (Event.Kind.SEIZURE, Event.Kind.DELIRIUM)
_LEVELS = {
    "none": WithdrawalLevel.NONE,
    "mild": WithdrawalLevel.MILD,
    "moderate": WithdrawalLevel.MODERATE,
    "severe": WithdrawalLevel.SEVERE,
    "very_severe": WithdrawalLevel.SEVERE,
}
_ORDER = list(WithdrawalLevel)


@dataclass(frozen=True, slots=True)
class Called:
    """A set of values that called for a closer watch: when it was true, when it was written, and what it was."""

    happened_at: dt.datetime
    recorded_at: dt.datetime
    news2: int | None
    single_three: bool
    drowsy: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """When something was last true, and when something of the kind was last written."""

    happened_at: dt.datetime
    recorded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one admitted person when the question is asked. None = unknown or none yet."""

    person_id: int
    admitted_at: dt.datetime
    day_of_stay: int
    whole: Observation | None  # the newest set that counts as done
    scored: Observation | None  # the newest with a NEWS2 total
    newest: Observation | None  # partial ones too
    ciwa_b: CiwaB | None  # the newest complete one
    open_events: tuple[Event, ...]
    calls: tuple[Called, ...]  # of this stay
    strong: Noted | None  # a CIWA-B above mild
    grave: Noted | None  # a seizure, confusion or over-sedation, lifted or not
    scores: Mapping[Scale, ScaleScore]  # the newest complete CIWA-Ar and COWS
    ciwa_ar: tuple[tuple[dt.datetime, int], ...]  # every complete total of this stay, with when it was written
    plan: ObservationPlan | None  # the newest of this stay, lapsed or not
    plan_hours: Intervals | None
    changed_at: dt.datetime | None  # when the dose last changed
    change_known: bool  # whether anybody can say so
    cut: Cut | None  # the last one
    settings: ClinicalSettings  # of the person's centre
    rescore_since: dt.datetime | None = None  # since when INP-9 calls for a CIWA-B that nobody has taken
    tightening: Tightening | None = None  # an open seizure window; asked for where nothing else keeps it close

    @property
    def since(self) -> dt.datetime:
        """From when on a trigger counts: what was written after the plan was signed, or after admission."""
        return self.plan.recorded_at if self.plan else self.admitted_at

    def is_news(self, written: dt.datetime) -> bool:
        """Whether something written then was not known to whoever signed the plan."""
        return written > self.since or (self.plan is None and written == self.since)

    @property
    def strong_ciwa_ar(self) -> tuple[dt.datetime, ...]:
        """When each CIWA-Ar above mild (POL-3) was written."""
        least = rule("POL-3").value("moderate_from")
        return tuple(at for at, total in self.ciwa_ar if total >= least)

    @property
    def set_plan(self) -> SetPlan | None:
        if self.plan is None or self.plan_hours is None:
            return None
        return SetPlan(self.plan_hours, self.plan.recorded_at, self.plan.until)


@dataclass(frozen=True, slots=True)
class ScaleDue:
    """When one withdrawal scale is next due, and every how many hours; None: only where a rule calls for it.

    called: the rule that calls for this one, out of its turn.
    """

    scale: Scale
    hours: int | None
    due_at: dt.datetime
    now: dt.datetime
    called: str = ""

    @property
    def name(self) -> str:
        return NAMES[self.scale]

    @property
    def said(self) -> str:
        """ "CIWA-B", or "CIWA-B (INP-9)" where a rule calls for it out of its turn."""
        return f"{self.name} ({self.called})" if self.called else self.name

    @property
    def is_due(self) -> bool:
        return self.due_at <= self.now


@dataclass(frozen=True, slots=True)
class Due:
    """When the next set of one person is due. Overdue is not normal, and a partial set does not move it."""

    person_id: int
    frequency: Frequency
    due_at: dt.datetime
    scales: tuple[ScaleDue, ...]
    extra: bool  # it is one of the extra sets after a cut
    last: Observation | None
    now: dt.datetime
    settings: ClinicalSettings

    @property
    def how_often(self) -> str:
        """ "Continuous", "Hourly", "4-hourly"."""
        if self.frequency.continuous:
            return "Continuous"
        return "Hourly" if self.frequency.hours == 1 else f"{self.frequency.hours}-hourly"

    @property
    def overdue(self) -> Overdue | None:
        """None until it is due; INP-3 in it once its hour has passed."""
        return overdue(self.due_at, now=self.now, settings=self.settings)

    @property
    def is_due(self) -> bool:
        return self.due_at <= self.now

    @property
    def alerts(self) -> bool:
        late = self.overdue
        return late is not None and late.alerts

    @property
    def late_minutes(self) -> int:
        """Whole minutes past its time; 0 before it."""
        return max(0, int((self.now - self.due_at).total_seconds()) // 60)

    @property
    def parts(self) -> str:
        """What is due with the next set: "vital signs, RASS, CIWA-B"."""
        return ", ".join(["vital signs", "RASS", *(one.said for one in self.scales_due)])

    @property
    def scales_due(self) -> tuple[ScaleDue, ...]:
        return tuple(one for one in self.scales if one.is_due)

    def scale(self, scale: Scale) -> ScaleDue | None:
        """When this scale is due; None where it is not due at all."""
        return next((one for one in self.scales if one.scale is scale), None)


def due(known: Known, now: dt.datetime) -> Due:
    """The next set of one person, by the plan in force, what has made it closer, and the extra sets after a cut."""
    every = how_often(known, now)
    last = known.whole.happened_at if known.whole else None
    regular = next_due(last, every, since=known.admitted_at)
    if last is not None:
        regular = min(_not_late_by_itself(known, regular, last, now), last + _longest(known))
    scales = tuple(_scales(known, every, now))
    regular = min([regular, *_own_looks(known, every, scales, last)])
    extra = next_extra(known.cut, last)
    is_extra = extra is not None and extra < regular
    return Due(
        known.person_id,
        every,
        extra if extra is not None and is_extra else regular,
        scales,
        is_extra,
        known.whole,
        now,
        known.settings,
    )


def _not_late_by_itself(known: Known, due_at: dt.datetime, last: dt.datetime, now: dt.datetime) -> dt.datetime:
    """What made it closer after the last set cannot make that set late: it is due when that happened."""
    moments = [known.changed_at, *(event.recorded_at for event in known.open_events)]
    moments += [known.tightening.since] if known.tightening else []
    moments += [noted.recorded_at for noted in (known.strong, known.grave) if noted]
    moments += known.strong_ciwa_ar
    moments += [known.plan.recorded_at, known.plan.until] if known.plan else []
    began = max((moment for moment in moments if moment and last < moment <= now), default=None)
    return due_at if began is None else max(due_at, began)


def _own_looks(
    known: Known, every: Frequency, scales: tuple[ScaleDue, ...], last: dt.datetime | None
) -> Iterator[dt.datetime]:
    """When a scale calls for a look of its own: CIWA-Ar (POL-3: hourly above 20) and COWS (POL-5) have intervals that
    are not the set's, a CIWA-B may be set closer, and INP-9 calls for one now. Nobody asleep is woken for a score; a
    set without the score that was due leaves it due from then on."""
    if _is_asleep(known):
        return
    for one in scales:
        if one.scale is not Scale.CIWA_B or one.called or (one.hours is not None and one.hours < every.hours):
            yield one.due_at if last is None else max(one.due_at, last)


def _longest(known: Known) -> dt.timedelta:
    """No later than the interval that was set, or the close one: what came after the last set puts nothing off."""
    asleep, set_hours = _is_asleep(known), known.plan_hours
    if set_hours is not None:
        return dt.timedelta(hours=set_hours.asleep if asleep else set_hours.awake)
    limits = known.settings
    return dt.timedelta(hours=limits.observe_asleep_hours if asleep else limits.observe_awake_hours)


def _scales(known: Known, every: Frequency, now: dt.datetime) -> Iterator[ScaleDue]:
    highest = max((total for at, total in known.ciwa_ar if known.is_news(at)), default=None)
    for scale in Scale:
        last = known.ciwa_b if scale is Scale.CIWA_B else known.scores.get(scale)
        hours = scale_in_force(
            scale,
            known.set_plan,
            every,
            now=now,
            highest_ciwa_ar=highest,
            scored=last is not None,
            settings=known.settings,
        )
        in_turn = None
        if hours is not None:
            first = known.admitted_at if scale is Scale.CIWA_B else known.since
            in_turn = last.happened_at + dt.timedelta(hours=hours) if last else first
        out_of_turn = known.rescore_since if scale is Scale.CIWA_B else None
        if out_of_turn is not None and (in_turn is None or out_of_turn < in_turn):
            yield ScaleDue(scale, hours, out_of_turn, now, called=RESCORE)
        elif in_turn is not None:
            yield ScaleDue(scale, hours, in_turn, now)


def how_often(known: Known, now: dt.datetime) -> Frequency:
    """The interval in force, with its rule and its reason."""
    course, plan, asleep = course_of(known, now), known.set_plan, _is_asleep(known)
    found = in_force(course, plan, triggers(known), now=now, asleep=asleep, settings=known.settings)
    if known.change_known:
        return found
    changed = replace(course, hours_since_change=Decimal(0))
    close = in_force(changed, plan, triggers(known), now=now, asleep=asleep, settings=known.settings)
    return found if close.hours >= found.hours else replace(close, why="whether the dose has changed is not known")


def is_loose(known: Known, now: dt.datetime) -> bool:
    """Whether nothing keeps this person as close as in the first days."""
    limits = known.settings
    close = limits.observe_asleep_hours if _is_asleep(known) else limits.observe_awake_hours
    return how_often(known, now).hours > close


def course_of(known: Known, now: dt.datetime) -> Course:
    """How the person is, for what the core proposes: by the newest values alone."""
    return Course(
        day_of_stay=known.day_of_stay,
        hours_since_change=_hours(known.changed_at, now),
        level=level(known),
        stable_hours=_stable_hours(known, now),
        news2=known.scored.news2 if known.scored else None,
        single_three=known.newest is not None and known.newest.single_three,
    )


def triggers(known: Known) -> Triggers:
    """What has called for a closer watch since the plan was signed, by when it was written; open events always do."""
    called = [one for one in known.calls if known.is_news(one.recorded_at)]
    others = []
    if known.strong and known.is_news(known.strong.recorded_at):
        others.append("CIWA-B above mild")
    if any(known.is_news(at) for at in known.strong_ciwa_ar):
        others.append("CIWA-Ar above mild")
    if any(one.drowsy for one in called):
        others.append("drowsy")
    if known.open_events or (known.grave and known.is_news(known.grave.recorded_at)):
        others.append("a seizure, new confusion or over-sedation")
    if known.tightening and known.is_news(known.tightening.since):
        others.append(known.tightening.why)
    return Triggers(
        news2=max((one.news2 for one in called if one.news2 is not None), default=None),
        single_three=any(one.single_three for one in called),
        others=tuple(others),
    )


def _is_asleep(known: Known) -> bool:
    return known.whole is not None and known.whole.state == Observation.State.ASLEEP


def level(known: Known) -> WithdrawalLevel | None:
    """How strong the withdrawal is: complicated while a seizure or confusion stands, else the worse of the last whole
    CIWA-B and CIWA-Ar. A mild CIWA-Ar alone says nothing of the benzodiazepine."""
    if any(event.kind in COMPLICATED for event in known.open_events):
        return WithdrawalLevel.COMPLICATED
    scored = [row for row in (known.ciwa_b, known.scores.get(Scale.CIWA_AR)) if row is not None]
    worst = max((_LEVELS[row.band] for row in scored), key=_ORDER.index, default=None)
    return None if known.ciwa_b is None and worst in CALM else worst


def _stable_hours(known: Known, now: dt.datetime) -> Decimal | None:
    if known.open_events:
        return Decimal(0)
    moments = [one.happened_at for one in (*known.calls, known.strong, known.grave) if one]
    moments += known.strong_ciwa_ar
    return _hours(max(moments, default=known.admitted_at), now)


def _hours(since: dt.datetime | None, now: dt.datetime) -> Decimal | None:
    return None if since is None else Decimal(int((now - since).total_seconds())) / 3600
