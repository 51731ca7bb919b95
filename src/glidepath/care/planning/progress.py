"""How an objective goes, as values over days: what it is measured by, from the day the plan began. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from glidepath.care.planning.evidence import Record
from glidepath.care.planning.models import Review
from glidepath.care.planning.queries import MEASURED_BY
from glidepath.care.taper import queries as taper
from glidepath.clinical.planning.values import Measure, Objective, Progress
from glidepath.clinical.regimen import Regimen
from glidepath.drawing.progress import progress
from glidepath.record import clock
from glidepath.record.people.models import Person

NAMES = {Measure.CIWA_B: "CIWA-B", Measure.SLEEP: "hours of sleep", Measure.REVIEW: "as the reviews say"}
WORDS_OF = {
    Progress.REACHED: "reached",
    Progress.BETTER: "better",
    Progress.SAME: "as before",
    Progress.WORSE: "harder",
    Progress.NOT_LOOKED_AT: "not looked at",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn line, what it shows in a sentence, and its last values in words. Without values `drawing` is empty."""

    name: str
    drawing: str
    sentence: str
    last: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the lines of a plan are drawn from, read once for a page."""

    person: Person
    since: dt.datetime
    record: Record
    doses: dict[str, list[tuple[dt.date, float]]]  # mg a day by medicine, as the taper was in force
    reviews: Sequence[Review]  # the newest first


def known_of(person: Person, since: dt.datetime, record: Record, reviews: Sequence[Review]) -> Known:
    return Known(person, since, record, _doses(person), reviews)


def lines_of(objective: Objective, known: Known) -> list[Line]:
    """The lines of one objective: one for each medicine where it is the dose, else one."""
    if objective.measure is Measure.DAILY_DOSE:
        return [_line(f"{name}, mg a day", points, stairs=True) for name, points in known.doses.items()]
    if objective.measure is Measure.REVIEW:
        return [_of_reviews(objective, known)]
    return [_line(NAMES[objective.measure], _measured(objective.measure, known))]


def _measured(measure: Measure, known: Known) -> list[tuple[dt.date, float]]:
    kind, person = MEASURED_BY[measure], known.person
    found = [one for one in known.record.values() if one.kind == kind and one.value is not None]
    return [
        (clock.local(person.centre, one.at).date(), one.value)
        for one in sorted(found, key=lambda one: one.at)
        if one.at >= known.since and one.value is not None
    ]


def _of_reviews(objective: Objective, known: Known) -> Line:
    """What each review said, in words: better and harder are no numbers, and are not drawn as if they were."""
    said = [
        (clock.local(known.person.centre, row.happened_at).date(), Progress(row.progress[objective.key]))
        for row in reversed(known.reviews)
        if objective.key in row.progress
    ]
    words = ", ".join(f"{day:%-d %b} {WORDS_OF[one]}" for day, one in said)
    return Line(NAMES[Measure.REVIEW], "", words or "No review has looked at it yet.", "")


def _line(name: str, points: Sequence[tuple[dt.date, float]], *, stairs: bool = False) -> Line:
    if not points:
        return Line(name, "", f"{name}: nothing measured since the plan began.", "")
    (first, was), (last, now) = points[0], points[-1]
    sentence = f"{name}: {was:g} on {first:%-d %b}, {now:g} on {last:%-d %b}, {len(points)} values"
    return Line(name, progress(points, stairs=stairs, sentence=sentence), sentence, f"{now:g}")


def _doses(person: Person) -> dict[str, list[tuple[dt.date, float]]]:
    """mg a day of each medicine at each step that was in force, up to today; one no longer taken ends at zero."""
    now = clock.now()
    begun = [one for one in taper.course(person).segments if one.begins_at <= now]
    steps = [(clock.local(person.centre, one.begins_at).date(), Regimen(one.step.doses).daily()) for one in begun]
    names = dict.fromkeys(name for _, daily in steps for name in daily)
    today = clock.today(person.centre)
    found = {}
    for name in names:
        points = [(day, float(daily[name].mg) if name in daily else 0.0) for day, daily in steps]
        found[name] = [*points, (today, points[-1][1])] if points[-1][0] < today else points
    return found
