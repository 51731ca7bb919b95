"""All that is known of what a person takes over stay and plan: reported, given, due today, planned ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from glidepath.care.assessment import queries as assessment
from glidepath.care.taper import ports, queries
from glidepath.care.taper.levels import Taken, histories_of
from glidepath.care.taper.queries import Running
from glidepath.clinical.dosing.schedule import PlanInForce, StepInForce
from glidepath.clinical.pharmacokinetics.history import DoseHistory
from glidepath.record import clock
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person

DAY = dt.timedelta(days=1)
BEFORE = 7  # days drawn before admission
AFTER = 28  # days after the last step, in which what is left goes


@dataclass(frozen=True, slots=True)
class Known:
    """Doses on one axis: hours, or days of 24 of them, since `origin`, the centre's midnight of the day of admission.

    histories: by medicine, what was reported as steady, then what was given, then what lies ahead. last: days, to where
    it is drawn. uncertain: medicines whose reported amount is not known, so that the first weeks show too little.
    episode, running: the stay it is about, and the step in force.
    """

    origin: dt.datetime
    zone: dt.tzinfo
    now: dt.datetime
    given: Sequence[Taken]
    ahead: Sequence[Taken]
    histories: Mapping[str, DoseHistory]
    first: float
    last: float
    has_plan: bool
    uncertain: tuple[str, ...]
    episode: Episode
    running: Running | None

    def drawn_for(self, name: str) -> Known:
        """The same, drawn no further than to where this medicine is gone, and always beyond today."""
        history = self.histories[name]
        ends = [float(hour) for hour in history.times_h[-1:]] or [history.assumed.until_h if history.assumed else 0.0]
        gone = ceil(ends[0] / 24) + AFTER
        return replace(self, last=min(self.last, max(float(gone), ceil(self.day(self.now)) + 1.0)))

    def hour(self, moment: dt.datetime) -> float:
        return (moment - self.origin).total_seconds() / 3600

    def day(self, moment: dt.datetime) -> float:
        return self.hour(moment) / 24

    def date(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self.zone).date()


class NotHere(BadInput):
    """Nobody records what this person takes now."""


def known_doses(person: Person) -> Known:
    """Raises NotHere, with the reason, where the person is not with us: nobody records what is taken at home."""
    episode = current_episode(person)
    if episode is None or episode.stage != Stage.ADMITTED:
        raise NotHere(
            f"{person.preferred_name} is not here, and what is taken elsewhere is not recorded: no level can be drawn."
        )
    zone, now = person.centre.zone, clock.now()
    came = episode.admitted_at or episode.opened_at
    origin = _midnight(came.astimezone(zone).date(), zone)
    tomorrow = now.astimezone(zone).date() + DAY
    tapers = queries.tapers([person])
    doses = ports.doses_of(person, came, _midnight(tomorrow, zone), tapers)
    version = queries.newest_in_force(person, tapers)
    running = queries.running([person], now, known=tapers).get(person.pk)
    end = _end(version, tomorrow)
    ahead = [*doses.due, *(_planned(version, running.step if running else None, tomorrow, end, zone))]
    uses = assessment.uses(person)
    return Known(
        origin=origin,
        zone=zone,
        now=now,
        given=doses.given,
        ahead=ahead,
        histories=histories_of([*doses.given, *ahead], uses, origin=origin),
        first=float(-BEFORE),
        last=(_midnight(end, zone) - origin) / DAY,
        has_plan=version is not None,
        uncertain=tuple(sorted({one.medicine_name for one in uses if not one.regimen})),
        episode=episode,
        running=running,
    )


def _end(version: PlanInForce | None, tomorrow: dt.date) -> dt.date:
    """Four weeks beyond the last step; without a plan no further than today's doses."""
    if version is None:
        return tomorrow
    begins = tomorrow if version.on_hold else max(version.steps[-1].start, tomorrow)
    return begins + dt.timedelta(days=AFTER)


def _planned(
    version: PlanInForce | None, running: StepInForce | None, first: dt.date, end: dt.date, zone: dt.tzinfo
) -> Sequence[Taken]:
    """What would be taken if each projected step were released in time; on hold, the dose that goes on."""
    if version is None:
        return ()
    steps = (running,) if version.on_hold and running is not None else version.steps
    found = []
    for offset in range((end - first).days):
        date = first + dt.timedelta(days=offset)
        step = next((one for one in reversed(steps) if one.start <= date), steps[0])
        for planned in step.doses:
            at = dt.datetime.combine(date, planned.time, zone).astimezone(dt.UTC)
            found.append(Taken(at, planned.dose))
    return found


def _midnight(date: dt.date, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(date, dt.time.min, zone).astimezone(dt.UTC)
