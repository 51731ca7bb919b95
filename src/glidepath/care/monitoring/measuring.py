"""The services of weight, glucose, fluids, ECG figures and laboratory values, in a file of their own.

A value keeps the unit it came in and the laboratory's own reference range; nothing is converted and nothing concluded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from glidepath.care.monitoring import queries
from glidepath.care.monitoring.acts import Act, begin, needed, refuse_corrected
from glidepath.care.monitoring.laboratory import Line, Value, fine_enough
from glidepath.care.monitoring.models import Measurement
from glidepath.clinical.facts.load import measured_kinds
from glidepath.clinical.facts.measured import by_name
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

LONGEST: dict[str, int] = {"name": 60, "unit": 20, "laboratory": 120, "words": 400}


@transaction.atomic
def record_measurement(
    *, person: Person, value: Value, by: Staff, once: str, happened_at: dt.datetime | None = None
) -> Measurement:
    """One value, measured now or at `happened_at`, never in the future. A known name has its own units and limits."""
    earlier = submits.found(once, "measurement")
    if earlier is not None:
        return Measurement.objects.get(pk=earlier)
    act = begin(person, by, "measurement.record", happened_at)
    row = _keep(act, value)
    submits.remember(once, "measurement", row.pk)
    audit.write("measurement.recorded", by=by, centre=person.centre, person=person, about=row)
    return row


@transaction.atomic
def import_measurements(*, person: Person, lines: Sequence[Line], by: Staff, once: str) -> tuple[Measurement, ...]:
    """All lines of a file or none. A value that stands already (same name, moment, unit and figure) is left out."""
    if submits.found(once, "measurement.import") is not None:
        return ()
    found = [_kept_line(person, by, number, line) for number, line in enumerate(lines, start=1)]
    rows = tuple(row for row in found if row is not None)
    submits.remember(once, "measurement.import", rows[-1].pk if rows else 0)
    with audit.together():
        for row in rows:
            audit.write("measurement.imported", by=by, centre=person.centre, person=person, about=row)
    return rows


@transaction.atomic
def correct_measurement(
    *,
    measurement: Measurement,
    value: Value | None,
    reason: str,
    by: Staff,
    once: str,
    happened_at: dt.datetime | None = None,
) -> Measurement:
    """A further row in place of one that was wrong; both stay to be read. value None: the old one is taken back."""
    earlier = submits.found(once, "measurement.correct")
    if earlier is not None:
        return Measurement.objects.get(pk=earlier)
    act = begin(measurement.person, by, "measurement.record", happened_at or measurement.happened_at)
    reason = needed(reason, "reason", "A correction says why: write what was wrong.")
    refuse_corrected(measurement)
    if value is None:
        row = Measurement.objects.create(
            **act.common,
            kind=measurement.kind,
            name=measurement.name,
            unit=measurement.unit,
            supersedes=measurement,
            correction_reason=reason,
        )
    else:
        row = _keep(act, value, supersedes=measurement, reason=reason)
    submits.remember(once, "measurement.correct", row.pk)
    audit.write("measurement.corrected", by=by, centre=act.person.centre, person=act.person, about=row)
    return row


def _kept_line(person: Person, by: Staff, number: int, line: Line) -> Measurement | None:
    try:
        act = begin(person, by, "measurement.record", line.at)
        columns = _columns(line.value)
        if queries.stands_already(person, columns, line.at):
            return None
        return Measurement.objects.create(**act.common, **columns, imported=True)
    except BadInput as wrong:
        said = f"Nothing was saved. Value {number} ({line.value.name[:60]}): {wrong.message}"
        raise BadInput(said, field="file") from wrong


def _keep(act: Act, value: Value, *, supersedes: Measurement | None = None, reason: str = "") -> Measurement:
    return Measurement.objects.create(**act.common, **_columns(value), supersedes=supersedes, correction_reason=reason)


def _columns(value: Value) -> dict[str, object]:
    """Raises BadInput for a value that cannot be, with the field it belongs to."""
    name, unit = " ".join(value.name.split()), value.unit.strip()
    known = {key.casefold(): one for key, one in by_name(measured_kinds()).items()}.get(name.casefold())
    fine_enough(value.value, "value")
    if known is not None:
        problem = known.problem_with(value.value, unit)
        if problem:
            raise BadInput(problem, field="value")
        name = known.name
    elif not name:
        raise BadInput("Say what was measured.", field="name")
    elif not unit:
        raise BadInput("A value needs its unit: without it nobody can read it. For a ratio write 1.", field="unit")
    if value.low is not None and value.high is not None and value.low > value.high:
        raise BadInput(f"The reference range runs from {value.low} to {value.high}: the ends are swapped.", field="low")
    texts = {"name": name, "unit": unit, "laboratory": value.laboratory.strip(), "words": value.words.strip()}
    for field, words in texts.items():
        if len(words) > LONGEST[field]:
            raise BadInput(f"{field.capitalize()} has {len(words)} letters; at most {LONGEST[field]}.", field=field)
    return {
        **texts,
        "kind": known.kind if known else Measurement.Kind.LABORATORY,
        "thousandths": int(value.value.scaleb(3)),
        "sign": value.sign,
        "low_thousandths": None if value.low is None else int(fine_enough(value.low, "low").scaleb(3)),
        "high_thousandths": None if value.high is None else int(fine_enough(value.high, "high").scaleb(3)),
    }
