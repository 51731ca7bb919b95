"""What every service of this room begins and ends with: who, about whom, when; and the events and alarms it raises."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Generic, TypeVar

from glidepath.care.alarms.models import Alarm
from glidepath.care.alarms.services import raise_alarm
from glidepath.care.monitoring import consequences, queries
from glidepath.care.monitoring.models import CiwaB, Event, Observation
from glidepath.clinical.findings import Finding
from glidepath.record import clock
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people.locking import lock_person
from glidepath.record.people.models import Person
from glidepath.record.rows import ClinicalRow
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require

Row = TypeVar("Row", Observation, CiwaB, Event)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[Row]):
    """A row with everything that followed from it: what there is to say, the events it opened or joined, the alarms."""

    row: Row
    findings: tuple[Finding, ...]
    events: tuple[Event, ...] = ()
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True, slots=True)
class Followed:
    findings: tuple[Finding, ...]
    events: tuple[Event, ...]
    alarms: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """Who writes about whom, in which stretch of care, when it was true and when it is written."""

    person: Person
    episode: Episode
    by: Staff
    happened_at: dt.datetime
    now: dt.datetime

    @property
    def common(self) -> dict[str, object]:
        return {
            "centre_id": self.person.centre_id,
            "person": self.person,
            "episode": self.episode,
            "happened_at": self.happened_at,
            "recorded_at": self.now,
            "recorded_by": self.by,
        }

    @property
    def without_episode(self) -> dict[str, object]:
        return {name: value for name, value in self.common.items() if name != "episode"}


def begin(person: Person, by: Staff, action: str, happened_at: dt.datetime | None) -> Act:
    """Permission, the person locked, the stretch of care, and a time that can be."""
    require(by, action)
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    locked = lock_person(person.pk)
    episode = current_episode(locked)
    if episode is None or episode.stage == Stage.DISCHARGED:
        raise BadInput(f"{locked.preferred_name} is not in our care now: open an enquiry or an admission first.")
    now = clock.now()
    happened = happened_at or now
    if happened > now:
        local = clock.local(locked.centre, happened)
        raise BadInput(f"{local:%-d %b %H:%M} is still to come. Give the time it was seen.", field="happened_at")
    if happened < episode.opened_at:
        local = clock.local(locked.centre, happened)
        raise BadInput(f"{local:%-d %b %Y %H:%M} is before this stay. Look at the date again.", field="happened_at")
    return Act(locked, episode, by, happened, now)


def follow(
    act: Act, reading: consequences.Reading, observation: Observation | None, *, opened: Event | None = None
) -> Followed:
    """Opens or joins the events and raises the alarms that the reading calls for: all of them, or nothing is saved."""
    events = [opened] if opened is not None else []
    raised = []
    for call in reading.calls:
        if call.event is not None and (opened is None or opened.kind != call.event):
            events.append(_open_or_join(act, call.event, observation))
        raised.append(
            raise_alarm(
                person=act.person,
                cause=call.cause,
                rank=call.rank,
                message=call.message,
                do=call.do,
                by=act.by,
                pauses_taper=call.pauses_taper,
                prescriber_closes=call.prescriber_closes,
                emergency=call.emergency,
            )
        )
    return Followed(reading.findings, tuple(events), tuple(raised))


def _open_or_join(act: Act, kind: Event.Kind, observation: Observation | None) -> Event:
    standing = [event for event in queries.open_events([act.person])[act.person.pk] if event.kind == kind]
    return standing[0] if standing else Event.objects.create(**act.common, kind=kind, observation=observation)


def again(row: Row) -> Recorded[Row]:
    """The answer to a repeated submit: the row that stands, and nothing done twice."""
    return Recorded(row, consequences.findings_of(row, clinical_settings_of(row.person.centre)))


def late(act: Act) -> str:
    """For the message of an alarm: the hour it was true, where that is not now."""
    if act.happened_at == act.now:
        return ""
    local = clock.local(act.person.centre, act.happened_at)
    return f"At {local:%H:%M} on {local:%-d %b}: "


def needed(words: str, field: str, message: str) -> str:
    if not words.strip():
        raise BadInput(message, field=field)
    return words.strip()


def refuse_corrected(row: ClinicalRow) -> None:
    newer = queries.correction_of(row)
    if newer is not None:
        raise ChangedMeanwhile(
            f"{newer.recorded_by.name} has corrected this entry already. Open the newer one.",
            by=newer.recorded_by.name,
            at=newer.recorded_at,
        )
