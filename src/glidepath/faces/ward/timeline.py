"""What stands on a person's glidepath: worked out here, drawn by drawing/timeline.py, and shown as a table too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from glidepath.care.assessment import queries as assessment
from glidepath.care.assessment.models import BenzodiazepineUse
from glidepath.care.medication import queries as medication
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.monitoring.models import CiwaB, Event
from glidepath.care.taper import queries as taper
from glidepath.clinical.amounts import Dose, plain
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.load import formulary, instrument
from glidepath.clinical.pharmacokinetics.from_facts import diazepam_per_mg
from glidepath.drawing.timeline import DoseStretch, Glidepath, Happening, ScoreBand, ScoreMark, Stretch
from glidepath.faces.ward.levels import Predicted, Taken, predict
from glidepath.faces.ward.zoom import Zoom
from glidepath.record import clock
from glidepath.record.episodes.models import Episode
from glidepath.record.people.models import Person

DIAZEPAM_BASIS = 10  # the tables give mg equal to diazepam 10 mg


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of the table beside the picture."""

    date: dt.date
    doses: str
    diazepam: str
    level: str
    ciwa_b: str
    sleep: str
    as_needed: int
    events: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The sheet and its table, with what could not be drawn."""

    glidepath: Glidepath
    rows: tuple[DayRow, ...]
    left_out: tuple[str, ...]
    table_name: str


@dataclass(frozen=True, slots=True)
class _Axis:
    """Days since the centre's midnight of `origin`, on elapsed hours."""

    origin: dt.date
    zero: dt.datetime
    zone: dt.tzinfo

    def at(self, moment: dt.datetime) -> float:
        return (moment - self.zero).total_seconds() / 86400

    def day(self, date: dt.date) -> int:
        return (date - self.origin).days

    def midnight(self, date: dt.date) -> dt.datetime:
        return dt.datetime.combine(date, dt.time.min, self.zone).astimezone(dt.UTC)

    def date(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self.zone).date()


def shown(person: Person, episode: Episode | None, place: Zoom) -> Shown:
    """Everything of this person's present stretch of care on one axis, as far as `place` goes."""
    now, zone = clock.now(), person.centre.zone
    since, until = place.since, place.until
    origin = since.astimezone(zone).date()
    axis = _Axis(origin, dt.datetime.combine(origin, dt.time.min, zone).astimezone(dt.UTC), zone)
    began = episode.admitted_at or episode.opened_at if episode else since
    due = medication.due([person], began, axis.midnight(axis.date(until) + dt.timedelta(days=1)))  # whole days only
    given = medication.given(person, began, now + dt.timedelta(seconds=1))
    series = monitoring.series(person, began, now + dt.timedelta(seconds=1))
    uses = assessment.uses(person)
    table = taper.named_table(person)
    taken = [Taken(one.happened_at, one.given) for one in given if one.medicine in formulary().medicines]
    ahead = _ahead(person, due, axis, now, until)
    predicted = _levels([*taken, *ahead], uses, axis, since, until)
    doses = _stretches(taken, ahead, table, axis, now, taper.holds(person))
    happenings = tuple(_happenings(person, episode, series.events, axis))
    nights = [(axis.day(night.night_of) - 1 + 0.9, night.minutes / 60) for night in series.sleep]
    as_needed = [axis.at(one.happened_at) for one in given if one.order is not None and one.order.kind == "prn"]
    glidepath = Glidepath(
        origin=origin,
        first=axis.at(since),
        last=axis.at(until),
        now=axis.at(now),
        now_label=_now_label(episode, axis, now),
        doses=doses,
        levels=predicted.levels,
        happenings=happenings,
        scores=tuple(_score(one, axis) for one in series.ciwa_b),
        score_bands=_bands(),
        nights=nights,
        usual_sleep=None,
        as_needed=as_needed,
        sentence=_sentence(person, doses, series.ciwa_b, happenings),
        unit=f"mg diazepam a day, {table_name(table)}",
    )
    return Shown(glidepath, _rows(glidepath, taken, axis, now), predicted.left_out, table_name(table))


def table_name(key: str) -> str:
    return formulary().table(key).name if key else "lowest table"


def _is_known(dose: Dose) -> bool:
    try:
        formulary().find(dose.medicine)
    except UnknownMedicine:
        return False
    return True


def _levels(
    taken: Sequence[Taken],
    uses: Sequence[BenzodiazepineUse],
    axis: _Axis,
    since: dt.datetime,
    until: dt.datetime,
) -> Predicted:
    step = max((until - since) / 400, dt.timedelta(minutes=30))
    count = int((until - since) / step) + 1
    days = [axis.at(since + step * index) for index in range(count)]
    return predict(taken, uses, origin=axis.zero, days=days)


def _in_diazepam(doses: Iterable[Dose], table: str) -> float:
    """By the named table, else by the one that gives least; a medicine without a figure adds nothing and is named."""
    total = 0.0
    for dose in doses:
        medicine = formulary().find(dose.medicine)
        by_table = medicine.usable_equivalents().get(table)
        figure = diazepam_per_mg([medicine]).get(medicine.name)
        if by_table is not None:
            total += float(dose.mg) * DIAZEPAM_BASIS / float(by_table.high)
        elif figure is not None:
            total += float(dose.mg) * figure.low
    return total


def _ahead(
    person: Person, due: Sequence[medication.DueRow], axis: _Axis, now: dt.datetime, until: dt.datetime
) -> list[Taken]:
    """What would be taken from now on if each projected step were released in time; without a plan, what is due."""
    version = taper.newest_in_force(person)
    first = axis.date(now) + dt.timedelta(days=1)
    open_rows = [row for row in due if row.answer is None]  # what was answered early is not to come again
    today = [Taken(row.due.due_at, row.due.dose) for row in open_rows if axis.date(row.due.due_at) < first]
    coming = [one for one in today if one.at > now and _is_known(one.dose)]
    if version is None or version.on_hold:
        later = [Taken(row.due.due_at, row.due.dose) for row in due if axis.date(row.due.due_at) >= first]
        return [*coming, *(one for one in later if _is_known(one.dose))]
    steps = version.steps
    for offset in range((axis.date(until) - first).days + 1):
        date = first + dt.timedelta(days=offset)
        step = next((one for one in reversed(steps) if one.start <= date), steps[0])
        for planned in step.doses:
            at = dt.datetime.combine(date, planned.time, axis.zone).astimezone(dt.UTC)
            coming.append(Taken(at, planned.dose))
    return coming


def _stretches(
    taken: Sequence[Taken],
    ahead: Sequence[Taken],
    table: str,
    axis: _Axis,
    now: dt.datetime,
    holds: Sequence[tuple[dt.datetime, dt.datetime | None]],
) -> tuple[DoseStretch, ...]:
    """One stretch for each run of days with the same daily dose: what was given, then what would be."""
    by_day: dict[dt.date, list[Dose]] = {}
    for one in (*taken, *ahead):
        by_day.setdefault(axis.date(one.at), []).append(one.dose)
    found: list[DoseStretch] = []
    for date in sorted(by_day):
        mg = round(_in_diazepam(by_day[date], table), 3)
        kind, day = _kind(date, axis.date(now), holds, axis), axis.day(date)
        if found and found[-1].mg == mg and found[-1].kind is kind and found[-1].end == day:
            found[-1] = DoseStretch(found[-1].start, day + 1, mg, kind, found[-1].label)
        else:
            label = f"{mg:.3g}" if not found or found[-1].mg != mg else ""
            found.append(DoseStretch(day, day + 1, mg, kind, label))
    return tuple(found)


def _kind(
    date: dt.date, today: dt.date, holds: Sequence[tuple[dt.datetime, dt.datetime | None]], axis: _Axis
) -> Stretch:
    if date > today:
        return Stretch.PROJECTED
    held = any(axis.date(begins) <= date and (ends is None or date < axis.date(ends)) for begins, ends in holds)
    return Stretch.HELD if held else Stretch.GIVEN


def _happenings(person: Person, episode: Episode | None, events: Iterable[Event], axis: _Axis) -> Iterable[Happening]:
    if episode is not None and episode.admitted_at is not None:
        yield Happening(axis.at(episode.admitted_at), "admit", "Admitted")
    for change in taper.changes(person):
        yield Happening(axis.at(change.at), change.kind, change.label)
    for event in events:
        kind = "seizure" if event.kind == Event.Kind.SEIZURE else "event"
        yield Happening(axis.at(event.happened_at), kind, event.get_kind_display().capitalize())


def _score(one: CiwaB, axis: _Axis) -> ScoreMark:
    if one.total is not None:
        return ScoreMark(axis.at(one.happened_at), one.total)
    answered = [value for value in one.items[:20] if value is not None]
    return ScoreMark(axis.at(one.happened_at), sum(answered), partial=True)


def _bands() -> tuple[ScoreBand, ...]:
    return tuple(ScoreBand(band.low, band.high or band.low, band.label) for band in instrument("ciwa_b").bands)


def _now_label(episode: Episode | None, axis: _Axis, now: dt.datetime) -> str:
    if episode is None or episode.admitted_at is None:
        return "Today"
    return f"Today, day {(axis.date(now) - axis.date(episode.admitted_at)).days}"


def _sentence(
    person: Person, doses: Sequence[DoseStretch], scores: Sequence[CiwaB], happenings: Sequence[Happening]
) -> str:
    parts = [f"Glidepath of {person.preferred_name}."]
    real = [one for one in doses if one.kind is not Stretch.PROJECTED]
    if real:
        parts.append(f"Dose from {real[0].mg:g} to {real[-1].mg:g} mg of diazepam a day.")
    complete = [one.total for one in scores if one.total is not None]
    if complete:
        parts.append(f"CIWA-B between {min(complete)} and {max(complete)}, last {complete[-1]}.")
    seizures = sum(one.kind == "seizure" for one in happenings)
    if seizures:
        parts.append(f"{seizures} {'seizure' if seizures == 1 else 'seizures'}.")
    return " ".join([*parts, "The values stand in the table below."])


def _rows(glidepath: Glidepath, taken: Sequence[Taken], axis: _Axis, now: dt.datetime) -> tuple[DayRow, ...]:
    """Day by day, the newest first: the picture in words and figures."""
    last = axis.day(axis.date(now))
    first = max(int(glidepath.first), min((int(one.start) for one in glidepath.doses), default=last))
    return tuple(_row(glidepath, taken, axis, day) for day in range(last, first - 1, -1))


def _row(glidepath: Glidepath, taken: Sequence[Taken], axis: _Axis, day: int) -> DayRow:
    date = axis.origin + dt.timedelta(days=day)
    given: dict[str, Dose] = {}
    for one in taken:
        if axis.date(one.at) == date:
            given[one.dose.medicine] = given[one.dose.medicine] + one.dose if one.dose.medicine in given else one.dose
    mg = next((one.mg for one in glidepath.doses if one.start <= day < one.end), None)
    level = next((one for one in glidepath.levels if day <= one.at < day + 1), None)
    scores = [one for one in glidepath.scores if day <= one.at < day + 1]
    nights = [hours for at, hours in glidepath.nights if day <= at < day + 1]
    return DayRow(
        date=date,
        doses=", ".join(f"{name} {plain(dose.mg)} mg" for name, dose in given.items()),
        diazepam="" if mg is None else f"{mg:g}",
        level="" if level is None else f"{level.low:.1f} to {level.high:.1f}",
        ciwa_b=", ".join(f"{one.value} partial" if one.partial else str(one.value) for one in scores),
        sleep=", ".join(f"{hours:g} h" for hours in nights),
        as_needed=sum(day <= at < day + 1 for at in glidepath.as_needed),
        events="; ".join(one.label for one in glidepath.happenings if day <= one.at < day + 1),
    )
