"""A unit's downtime pack from the record: due doses of the next 24 hours, last scores, open alarms, whom to call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.medication import queries as medication
from glidepath.care.medication.queries import DueRow, PrnRow
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.monitoring.queries import Latest
from glidepath.clinical.monitoring.sedation import signed
from glidepath.faces.printing.downtime_values import OnPaper, Pack
from glidepath.faces.shell import pills, words
from glidepath.record import clock
from glidepath.record.centres.models import Centre, Unit
from glidepath.record.episodes.queries import InBed
from glidepath.record.people.queries import Allergies, allergies_for
from glidepath.record.staff.queries import on_shift

AHEAD = dt.timedelta(hours=24)


def pack_of(unit: Unit, here: Sequence[InBed]) -> Pack:
    """The pack of those who lie on the unit. `here`: those the reader may see, or all, for the centre's own keeping."""
    centre, now = unit.centre, clock.now()
    people = [one.person for one in here]
    standing = medication.standing_now(people)
    rows = medication.due_here(people, now - medication.LATE_AT_MOST, now + AHEAD, standing=standing)
    open_rows = [row for row in rows if row.answer is None]
    prn = medication.prn(people, standing=standing)
    latest, told = monitoring.latest(people), allergies_for(people)
    holds = medication.sedation_said(standing.holds, open_rows, prn)
    return Pack(
        centre_name=centre.name,
        unit_name=unit.name,
        made_at=clock.local(centre, now),
        until=clock.local(centre, now + AHEAD),
        numbers=_numbers(unit),
        alarms=tuple(
            f"{one.alarm.person.preferred_name}: {one.alarm.message} {one.alarm.do}" for one in open_alarms(people)
        ),
        people=tuple(
            OnPaper(
                name=f"Bed {one.bed.number}: {one.person.preferred_name}",
                who=(
                    f"{one.person.legal_name}, born {words.birth_date(one.person.birth_date)}, No. {one.person.number}",
                    _allergies(told[one.person.pk]),
                ),
                warnings=_warnings(one, holds),
                scores=_scores(latest[one.person.pk], centre),
                doses=tuple(_dose(row, centre) for row in open_rows if row.person.pk == one.person.pk),
                as_needed=tuple(_as_needed(row, centre) for row in prn if row.person.pk == one.person.pk),
            )
            for one in here
        ),
    )


def _numbers(unit: Unit) -> tuple[str, ...]:
    centre = unit.centre
    shift = ", ".join(f"{one.name} ({one.get_role_display()})" for one in on_shift(unit))
    lines = [f"{centre.name}: {centre.phone}" if centre.phone else "", centre.crisis_line]
    return (*(line for line in lines if line), f"On shift: {shift}" if shift else "Nobody was signed on for this unit.")


def _allergies(told: Allergies) -> str:
    if told.state == "not_asked":
        return "Allergies: not asked."
    if told.state == "none_known":
        return "Allergies: none known."
    return "Allergies: " + ", ".join(f"{one.substance} {one.reaction}".strip() for one in told.known) + "."


def _warnings(one: InBed, holds: dict[int, medication.HoldSaid]) -> tuple[str, ...]:
    hold = holds.get(one.person.pk)
    if hold is None:
        return ()
    since = _when(hold.since, one.person.centre)
    return (f"Sedatives are held since {since}: {', '.join(hold.what) or 'all'}. Only a prescriber lifts it.",)


def _scores(latest: Latest, centre: Centre) -> tuple[str, ...]:
    said = []
    if latest.scored is not None:
        said.append(f"NEWS2 {latest.scored.news2}, {_when(latest.scored.happened_at, centre)}")
    if latest.awake is not None and latest.awake.rass is not None:
        said.append(f"RASS {signed(latest.awake.rass)}, {_when(latest.awake.happened_at, centre)}")
    if latest.observation is not None and latest.observation.rr is not None:
        said.append(f"breathing {latest.observation.rr}, {_when(latest.observation.happened_at, centre)}")
    if latest.awake is not None and latest.awake.also_seen:
        said.append(f"also seen: {latest.awake.also_seen_words}, {_when(latest.awake.happened_at, centre)}")
    if latest.ciwa_b is not None:
        said.append(f"CIWA-B {latest.ciwa_b.total}, {_when(latest.ciwa_b.happened_at, centre)}")
    return (f"Last: {'; '.join(said)}.",) if said else ("Nothing was observed yet.",)


def _dose(row: DueRow, centre: Centre) -> tuple[str, str, str]:
    notes = [*(one.words for one in (row.order.limits if row.order else ()))]
    held = f" Held at {', '.join(notes)}." if notes else ""
    witness = " Witness." if row.needs_witness else ""
    late = "overdue: " if row.due.due_at < row.now else ""
    made = f" ({pills.in_words(row.due.made)})" if row.due.made else ""
    how = (row.order.route if row.order else "by mouth") if row.due.made else row.form
    stop = "HELD, do not give: " if row.is_held else ""
    dose = f"{stop}{words.mg(row.due.dose)}{made}, {how}.{witness}{held}"
    return f"{late}{_when(row.due.due_at, centre)}", row.due.medicine, dose


def _as_needed(row: PrnRow, centre: Centre) -> str:
    order = row.order
    last = f"last {_when(row.last.happened_at, centre)}" if row.last else "none given in a week"
    return (
        f"{order.dose} for {order.prn_reason}: at least {order.min_interval_minutes} min apart, "
        f"{words.mg(row.given_24h)} given of {words.mg_from_ng(order.max_24h_ng or 0)} in 24 hours, {last}, "
        f"look again after {order.recheck_minutes} min."
    )


def _when(moment: dt.datetime, centre: Centre) -> str:
    local = clock.local(centre, moment)
    return f"{words.day(local.date(), clock.today(centre))} {local:%H:%M}"
