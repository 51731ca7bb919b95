"""Who is called for each open alarm now, who is next, and whether anybody could answer. Nothing is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.alarms.models import Alarm, AlarmAct
from glidepath.clinical.facts.escalation import Part, Rung
from glidepath.clinical.facts.load import escalation_policy
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.monitoring.ladder import Call, Happened, Ladder, Sign, Standing, State, ladder_for, standing
from glidepath.record.centres.models import Unit
from glidepath.record.centres.queries import clinical_settings_by_centre
from glidepath.record.episodes.queries import beds_of
from glidepath.record.staff.cover import Cover, Duty, is_any
from glidepath.record.staff.queries import cover

SIGNS = {
    AlarmAct.Kind.TRIGGERED: Sign.TRIGGERED,
    AlarmAct.Kind.ACKNOWLEDGED: Sign.ACKNOWLEDGED,
    AlarmAct.Kind.ATTENDED: Sign.ATTENDED,
    AlarmAct.Kind.ORDERED: Sign.ORDERED,
}


@dataclass(frozen=True, slots=True)
class Calling:
    """The ladder of one open alarm as it stands now. unit: where the person lies; None: in no bed."""

    ladder: Ladder
    standing: Standing
    cover: Cover
    unit: Unit | None
    now: dt.datetime

    @property
    def goes_on(self) -> bool:
        return self.standing.state is State.CALLS

    @property
    def since(self) -> dt.datetime | None:
        """When those who are called now were called."""
        return self.standing.called.at if self.standing.called else None

    @property
    def called(self) -> tuple[Duty, ...]:
        """Who is called now: everybody on the rungs of the newest call who is here or on call at this moment."""
        newest = self.since
        rungs = {call.rung for call in self.standing.calls if call.at == newest}
        found = {one.staff.pk: one for rung in sorted(rungs) for one in self.on_rung(rung)}
        return tuple(found.values())

    @property
    def following(self) -> tuple[Duty, ...]:
        """Who is next, as far as the list foresees it."""
        call = self.standing.following
        return self.on_rung(call.rung, at=call.at) if call else ()

    @property
    def called_in_words(self) -> str:
        return _in_words(self.called)

    @property
    def following_in_words(self) -> str:
        """Who is next; where they are those called now: "the same again"."""
        following = self.following
        same = {one.staff.pk for one in following} == {one.staff.pk for one in self.called}
        return "the same again" if same else _in_words(following)

    @property
    def wanted(self) -> str:
        """Whose answer counts, in words: "prescriber", "physician or psychologist"."""
        return " or ".join(part.value for part in self.ladder.fact.answered_by)

    @property
    def nobody(self) -> bool:
        """It calls, and nobody whose answer counts is on shift or on call. That is an alarm of its own."""
        return self.standing.nobody

    def on_rung(self, rung: int, *, at: dt.datetime | None = None) -> tuple[Duty, ...]:
        """Who is on that rung at `at` (now)."""
        fact = self.ladder.fact.rungs[rung]
        return self.cover.answering(_id(self.unit), fact.call, at or self.now, fact.reach)

    def to_page(self) -> tuple[Call, ...]:
        """The calls whose messages are due: each rung of this run, and of the repeated last rung the newest call only.

        A worker that comes back after hours sends what still matters, and not a message for every missed minute.
        """
        newest = {call.rung: call for call in self.standing.calls}
        return tuple(sorted(newest.values(), key=lambda call: (call.at, call.rung)))


def callings(alarms: Sequence[tuple[Alarm, Sequence[AlarmAct]]], now: dt.datetime) -> Mapping[int, Calling]:
    """How the ladder of each open alarm stands, by alarm id. Each with its acts, the oldest first.

    Four queries for one alarm and for a hundred of one centre; none without an alarm.
    """
    if not alarms:
        return {}
    rows = [alarm for alarm, _ in alarms]
    beds = beds_of([alarm.person for alarm in rows])
    settings = clinical_settings_by_centre(alarm.centre_id for alarm in rows)
    covers = {pk: cover(pk, _earliest(rows, pk)) for pk in sorted({alarm.centre_id for alarm in rows})}
    found = {}
    for alarm, acts in alarms:
        bed = beds.get(alarm.person_id)
        ladder = _ladder(alarm, settings[alarm.centre_id])
        unit, here = bed.bed.room.unit if bed else None, covers[alarm.centre_id]
        happened = [_happened(act, ladder, alarm) for act in acts if act.kind in SIGNS]
        found[alarm.pk] = Calling(ladder, _standing(ladder, happened, now, here, unit), here, unit, now)
    return found


def _ladder(alarm: Alarm, settings: ClinicalSettings) -> Ladder:
    emergency = alarm.emergency_at is not None
    return ladder_for(alarm.cause, hard_stop=alarm.prescriber_closes, emergency=emergency, settings=settings)


def _standing(
    ladder: Ladder, happened: Sequence[Happened], now: dt.datetime, here: Cover, unit: Unit | None
) -> Standing:
    def somebody_from(rung: int, at: dt.datetime) -> dt.datetime | None:
        return here.somebody_from(
            _id(unit), counting(ladder, ladder.fact.rungs[rung]), at, ladder.fact.rungs[rung].reach
        )

    return standing(ladder, happened, now, somebody_from)


def counting(ladder: Ladder, rung: Rung) -> tuple[Part, ...]:
    """Those of a rung whose answer counts; the others are called along."""
    return tuple(part for part in rung.call if part in ladder.fact.answered_by)


def _happened(act: AlarmAct, ladder: Ladder, alarm: Alarm) -> Happened:
    """What the act is to the ladder. An order counts by whose it is, everything else by who recorded it. One given
    before the alarm became an emergency ended the calls of then, if it did; those of the emergency it does not end."""
    kind = AlarmAct.Kind(act.kind)
    whose = act.whom if kind is AlarmAct.Kind.ORDERED else act.recorded_by
    counts = whose is not None and is_any(whose, ladder.fact.answered_by)
    before = alarm.emergency_at is not None and act.recorded_at < alarm.emergency_at
    return Happened(act.recorded_at, SIGNS[kind], counts, ended=before and _order_counted(alarm))


def _order_counted(alarm: Alarm) -> bool:
    return escalation_policy().of(alarm.cause, hard_stop=alarm.prescriber_closes).order_counts


def _earliest(alarms: Sequence[Alarm], centre_id: int) -> dt.datetime:
    return min(alarm.opened_at for alarm in alarms if alarm.centre_id == centre_id)


def _in_words(duties: Sequence[Duty]) -> str:
    """ "Dr Tomasz Wilk (physician), Marta Lindqvist (nurse, on call, 07700 900123)"."""
    return ", ".join(f"{one.staff.name} ({', '.join(_about(one))})" for one in duties)


def _about(duty: Duty) -> list[str]:
    on_call = ["on call"] if duty.on_call else []
    return [duty.staff.get_role_display(), *on_call, *([duty.phone] if duty.phone else [])]


def _id(unit: Unit | None) -> int | None:
    return unit.pk if unit else None
