"""What each person took last, for the seizure window: the doses given here, and what was told of the time before.

The people are already those the viewer may see, and many cost as many queries as few.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from glidepath.care.assessment import queries as assessment
from glidepath.care.assessment.models import BenzodiazepineUse
from glidepath.care.medication import queries
from glidepath.care.medication.queries import Standing
from glidepath.care.medication.rows import DueRow
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.seizure_list import Reported, SeizureRisk, seizure_list
from glidepath.clinical.monitoring.seizure_window import LastTaken, SeizureWindow, seizure_window
from glidepath.record.centres.queries import clinical_settings_by_centre
from glidepath.record.episodes.models import Episode
from glidepath.record.people.models import Person

Given = Mapping[str, dt.datetime]  # by medicine, as the facts name it


def seizure_windows(
    people: Sequence[Person],
    now: dt.datetime,
    *,
    standing: Standing | None = None,
    episodes: Mapping[int, Episode] | None = None,
    rows: Sequence[DueRow] | None = None,
    uses: Mapping[int, list[BenzodiazepineUse]] | None = None,
) -> dict[int, SeizureWindow]:
    """The window of each by person id; who is not known to take any of these medicines is left out.

    standing, episodes, uses: where they were read already; rows: where `queries.around` was. Of these people or more.
    """
    uses = assessment.uses_of(people) if uses is None else uses
    facts = assessment.facts_of(people, taken=uses, episodes=episodes)
    if rows is None:
        rows = queries.around(people, now, standing=standing, episodes=episodes)
    given, due = queries.last_given(people), _not_taken(rows)
    settings = clinical_settings_by_centre(person.centre_id for person in people)
    found = {}
    for person in people:
        told = uses.get(person.pk, [])
        taken = _taken(told, given.get(person.pk, {}), due.get(person.pk, ()))
        risks = _risks(told, facts[person.pk])
        window = seizure_window(taken, risks, settings=settings[person.centre_id])
        if window is not None:
            found[person.pk] = window
    return found


def _not_taken(rows: Sequence[DueRow]) -> dict[int, list[DueRow]]:
    """What was due and not taken, or is to come, in order."""
    by_person: dict[int, list[DueRow]] = {}
    for row in rows:
        if row.answer is None or not row.answer.was_given:
            by_person.setdefault(row.person.pk, []).append(row)
    return by_person


def _taken(told: Sequence[BenzodiazepineUse], given: Given, due: Sequence[DueRow]) -> tuple[LastTaken, ...]:
    """Each medicine once: a dose given here counts before what was told, where it is the later one."""
    said = {use.medicine_name: use for use in told}
    ordered = {row.due.medicine for row in due if row.is_benzodiazepine}
    found = []
    for name in sorted({*said, *given}):
        use, here = said.get(name), given.get(name)
        reported = use.last_dose_at if use is not None else None
        at = max((one for one in (here, reported) if one is not None), default=None)
        known_at = at or (use.happened_at if use is not None else None)
        if known_at is not None:
            found.append(LastTaken(name, at, known_at, _next(name, at, due) if name in ordered else None))
    return tuple(found)


def _next(medicine: str, last: dt.datetime | None, due: Sequence[DueRow]) -> dt.datetime | None:
    """The first dose after the last taken one that nobody took; one without an answer has the centre's grace."""
    for row in due:
        if row.due.medicine == medicine and (last is None or row.due.due_at > last):
            return row.due.due_at + (row.late_after if row.answer is None else dt.timedelta(0))
    return None


def _risks(told: Sequence[BenzodiazepineUse], facts: PersonFacts) -> tuple[SeizureRisk, ...]:
    reported = Reported(
        daily=assessment.reported_daily(told),
        names=tuple(dict.fromkeys(use.medicine or use.medicine_name for use in told)),
        complete=bool(told) and all(use.medicine and use.daily_ng is not None for use in told),
    )
    return seizure_list(facts, reported, formulary=formulary())
