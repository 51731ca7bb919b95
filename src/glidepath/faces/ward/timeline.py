"""What stands on a person's glidepath: worked out here, drawn by drawing/timeline.py, and shown as a table too."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from glidepath.care.assessment import queries as assessment
from glidepath.care.assessment.models import BenzodiazepineUse
from glidepath.care.events import queries as emergencies
from glidepath.care.instruments.trends import trends
from glidepath.care.medication import queries as medication
from glidepath.care.monitoring.models import CiwaB, Event
from glidepath.care.monitoring.queries import Series
from glidepath.care.taper import queries as taper
from glidepath.care.taper.levels import Predicted, Taken, predict
from glidepath.clinical.amounts import Dose, plain
from glidepath.clinical.dosing.schedule import PlanInForce
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.load import formulary, instrument
from glidepath.clinical.pharmacokinetics.from_facts import diazepam_per_mg
from glidepath.drawing.timeline import DoseStretch, Glidepath, Happening, Level, ScoreBand, ScoreMark, Stretch, Trail
from glidepath.faces.ward.about import Chart
from glidepath.faces.ward.zoom import Zoom, began
from glidepath.record import clock
from glidepath.record.episodes.models import Episode
from glidepath.record.people.models import Person

DIAZEPAM_BASIS = 10  # the tables give mg equal to diazepam 10 mg
WITHIN_THE_DAY = dt.timedelta(days=4)  # what is no longer than this is drawn hour by hour
MOST_TRAILS = 4
A_DAY = 12  # looks at the level a day, of which the mean is drawn over longer times


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
    forms: str
    events: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The sheet and its table, with what could not be drawn."""

    glidepath: Glidepath
    rows: tuple[DayRow, ...]
    left_out: tuple[str, ...]
    table_name: str
    uses: Sequence[BenzodiazepineUse]


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


def shown(chart: Chart, seen: Series, place: Zoom) -> Shown:
    """Everything of this person's present stretch of care on one axis, as far as `place` goes. `seen`: from where it
    `began`, or earlier."""
    person, episode, now = chart.person, chart.episode, clock.now()
    since, until, zone = place.since, place.until, person.centre.zone
    origin = since.astimezone(zone).date()
    axis = _Axis(origin, dt.datetime.combine(origin, dt.time.min, zone).astimezone(dt.UTC), zone)
    from_when = began(episode, now) if episode else since
    whole_days = axis.midnight(axis.date(until) + dt.timedelta(days=1))
    due = medication.due([person], now, whole_days, standing=chart.standing)
    given = medication.given(person, from_when, now + dt.timedelta(seconds=1))
    series = seen.since(from_when, zone)
    uses = assessment.uses(person)
    table = taper.named_table(person, chart.tapers)
    taken = [Taken(one.happened_at, one.given) for one in given if one.medicine in formulary().medicines]
    ahead = _ahead(taper.newest_in_force(person, chart.tapers), due, axis, now, until)
    predicted = _levels([*taken, *ahead], uses, axis, since, until)
    doses = _stretches(taken, ahead, table, axis, now, taper.holds(person, chart.tapers))
    happenings = tuple(_happenings(chart, series.events, axis))
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
        trails=_trails(person, axis),
    )
    return Shown(glidepath, _rows(glidepath, taken, axis, now), predicted.left_out, table_name(table), uses)


def _trails(person: Person, axis: _Axis) -> tuple[Trail, ...]:
    """The instruments filled in last within the picture: more rows than a few would be read by nobody."""
    found = []
    for one in trends(person, drawn=False):
        marks = [ScoreMark(axis.at(row.at), row.score.total) for row in one.results]
        if one.instrument.total_high and any(mark.at >= 0 for mark in marks):
            found.append(Trail(one.title, one.instrument.total_high, marks))
    return tuple(found[:MOST_TRAILS])


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
    """Over a few days as it rises and falls; over longer the mean of each day, for points apart from each other by some
    other time than a day would draw a swing that is not there."""
    if until - since > WITHIN_THE_DAY:
        return _daily_means(taken, uses, axis, since, until)
    step = max((until - since) / 400, dt.timedelta(minutes=30))
    count = int((until - since) / step) + 1
    days = [axis.at(since + step * index) for index in range(count)]
    return predict(taken, uses, origin=axis.zero, days=days)


def _daily_means(
    taken: Sequence[Taken], uses: Sequence[BenzodiazepineUse], axis: _Axis, since: dt.datetime, until: dt.datetime
) -> Predicted:
    whole = range(math.floor(axis.at(since)), math.ceil(axis.at(until)))
    days = [day + (part + 0.5) / A_DAY for day in whole for part in range(A_DAY)]
    found = predict(taken, uses, origin=axis.zero, days=days)
    by_day = (found.levels[start : start + A_DAY] for start in range(0, len(found.levels), A_DAY))
    return replace(found, levels=tuple(_mean(levels) for levels in by_day))


def _mean(levels: Sequence[Level]) -> Level:
    low, high = fmean(one.low for one in levels), fmean(one.high for one in levels)
    return Level(fmean(one.at for one in levels), low, high)


def _figures(medicines: Iterable[str], table: str) -> dict[str, tuple[float, float]]:
    """Mg of a medicine times the first over the second is mg of diazepam: by the named table, else by the one that
    gives least. A medicine without a figure is left out: it adds nothing and is named."""
    found: dict[str, tuple[float, float]] = {}
    for name in medicines:
        medicine = formulary().find(name)
        by_table = medicine.usable_equivalents().get(table)
        figure = diazepam_per_mg([medicine]).get(medicine.name)
        if by_table is not None:
            found[name] = (DIAZEPAM_BASIS, float(by_table.high))
        elif figure is not None:
            found[name] = (figure.low, 1.0)
    return found


def _in_diazepam(doses: Iterable[Dose], figures: Mapping[str, tuple[float, float]]) -> float:
    known = ((float(dose.mg), *figures[dose.medicine]) for dose in doses if dose.medicine in figures)
    return sum((mg * times / over for mg, times, over in known), 0.0)


def _ahead(
    version: PlanInForce | None,
    due: Sequence[medication.DueRow],
    axis: _Axis,
    now: dt.datetime,
    until: dt.datetime,
) -> list[Taken]:
    """What would be taken from now on if each projected step were released in time; without a plan, what is due."""
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
    by_day = _by_day([*taken, *ahead], axis)
    figures = _figures({one.dose.medicine for one in (*taken, *ahead)}, table)
    found: list[DoseStretch] = []
    for date in sorted(by_day):
        mg = round(_in_diazepam(by_day[date], figures), 3)
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


def _happenings(chart: Chart, events: Iterable[Event], axis: _Axis) -> Iterable[Happening]:
    if chart.episode is not None and chart.episode.admitted_at is not None:
        yield Happening(axis.at(chart.episode.admitted_at), "admit", "Admitted")
    for change in taper.changes(chart.person, chart.tapers):
        yield Happening(axis.at(change.at), change.kind, change.label)
    ran = emergencies.whole_of(chart.person)
    became = emergencies.told_of(ran)
    for event in events:
        kind = "seizure" if event.kind == Event.Kind.SEIZURE else "event"
        said = f": {became[event.pk]}" if event.pk in became else ""
        yield Happening(axis.at(event.happened_at), kind, f"{event.get_kind_display().capitalize()}{said}")
    for at, said in emergencies.closings(ran):
        yield Happening(axis.at(at), "event", said)


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
    by_day = _by_day(taken, axis)
    return tuple(_row(glidepath, by_day, axis, day) for day in range(last, first - 1, -1))


def _by_day(taken: Iterable[Taken], axis: _Axis) -> dict[dt.date, list[Dose]]:
    by_day: dict[dt.date, list[Dose]] = {}
    for one in taken:
        by_day.setdefault(axis.date(one.at), []).append(one.dose)
    return by_day


def _row(glidepath: Glidepath, by_day: Mapping[dt.date, Sequence[Dose]], axis: _Axis, day: int) -> DayRow:
    date = axis.origin + dt.timedelta(days=day)
    given: dict[str, Dose] = {}
    for dose in by_day.get(date, ()):
        given[dose.medicine] = given[dose.medicine] + dose if dose.medicine in given else dose
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
        forms=", ".join(_form_words(glidepath, day)),
        events="; ".join(one.label for one in glidepath.happenings if day <= one.at < day + 1),
    )


def _form_words(glidepath: Glidepath, day: int) -> list[str]:
    """ "PHQ-9 12", "GAD-7 partial": the forms of that day."""
    return [
        f"{trail.name} {'partial' if mark.value is None else mark.value}"
        for trail in glidepath.trails
        for mark in trail.marks
        if day <= mark.at < day + 1
    ]
