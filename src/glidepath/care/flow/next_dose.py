"""The clock that begins with the first call: when the next usual dose is due by what was told. Unknown stays so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.assessment.models import BenzodiazepineUse
from glidepath.care.assessment.queries import uses_of
from glidepath.care.medication.reported_times import early, named_times, regimen_of
from glidepath.clinical.facts.load import clinical_settings
from glidepath.record.centres.models import Centre, CentreSettings
from glidepath.record.centres.queries import settings_of_all
from glidepath.record.people.models import Person

EVERY_DAY = 7


@dataclass(frozen=True, slots=True)
class NextDose:
    """due_at: the first usual dose after the last one told; None where that is not known, `open` then says why.

    Where of several medicines one is not known, `due_at` is of those that are, and `open` names the other.
    """

    due_at: dt.datetime | None
    medicine: str
    open: str

    def is_past(self, now: dt.datetime) -> bool:
        """Whether a dose has come due since the last one we heard of."""
        return self.due_at is not None and self.due_at <= now

    def is_silent(self, now: dt.datetime) -> bool:
        """Whether a dose came due so long ago that, were it not taken, a prescriber would be called (TPR-6)."""
        silent = dt.timedelta(hours=clinical_settings().doses_not_taken_hours)
        return self.due_at is not None and self.due_at + silent <= now

    def comes_before(self, day: dt.date, centre: Centre) -> bool | None:
        """Whether it is due before that day begins; None where it is not known when it is due."""
        return None if self.due_at is None else self.due_at.astimezone(centre.zone).date() < day


def next_doses(people: Sequence[Person], now: dt.datetime) -> Mapping[int, NextDose]:
    """By person id, in the same queries for one and for many. Somebody of whom no medicine was told is left out."""
    told = uses_of(people)
    settings = settings_of_all(person.centre for person in people)
    return {
        person.pk: _next_dose(person, told[person.pk], settings[person.centre_id], now)
        for person in people
        if told.get(person.pk)
    }


def _next_dose(
    person: Person, told: Sequence[BenzodiazepineUse], settings: CentreSettings, now: dt.datetime
) -> NextDose:
    due: list[tuple[dt.datetime, str]] = []
    still_open: list[str] = []
    for use in told:
        regimen, last = regimen_of(use, settings), use.last_dose_at
        if regimen is None:
            still_open.append(f"how much {use.medicine_name}, and when, is not known")
        elif last is None:
            still_open.append(f"when {use.medicine_name} was last taken is not known")
        elif use.days_per_week is not None and use.days_per_week < EVERY_DAY:
            still_open.append(f"{use.medicine_name} is not taken every day")
        else:
            first = named_times(person.centre, regimen, last + early(settings), now)[0]
            due.append((first, use.medicine_name))
    at, medicine = min(due, default=(None, ""))
    return NextDose(at, medicine, "; ".join(still_open))
