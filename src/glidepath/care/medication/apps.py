from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from glidepath.care.supply.ports import Use
    from glidepath.care.taper.ports import Absence, DosesOf
    from glidepath.care.taper.queries import Tapers
    from glidepath.clinical.guidelines.reconciliation import Listed
    from glidepath.clinical.guidelines.reported_dose import Before
    from glidepath.clinical.monitoring.seizure_window import SeizureWindow
    from glidepath.record.centres.models import Unit
    from glidepath.record.people.models import Person


class MedicationConfig(AppConfig):
    name = "glidepath.care.medication"
    label = "medication"

    def ready(self) -> None:
        """What rooms before this one cannot read themselves: what orders give before a first plan and in the list of
        medicines, doses not given before a return after absence, what was given, from which a level is drawn, what
        was taken last, from which a seizure must be reckoned with, and what the doses take out of the stock."""
        from glidepath.care.assessment.ports import tell_orders
        from glidepath.care.monitoring.ports import tell_seizure_windows
        from glidepath.care.supply.ports import tell_use
        from glidepath.care.taper.ports import tell_absence, tell_before_plan, tell_doses

        tell_before_plan(_before_plan)
        tell_absence(_absence)
        tell_doses(_doses)
        tell_orders(_ordered)
        tell_seizure_windows(_seizure_windows)
        tell_use(_use)


def _before_plan(person: Person) -> Before:
    from glidepath.care.medication.held_against import before_plan

    return before_plan(person)


def _absence(person: Person) -> Absence:
    from glidepath.care.medication.absence import absence

    return absence(person)


def _doses(person: Person, since: dt.datetime, until: dt.datetime, known: Tapers) -> DosesOf:
    from glidepath.care.medication.taken import doses

    return doses(person, since, until, known)


def _use(unit: Unit, first: dt.date, days: int) -> Use:
    from glidepath.care.medication.expected_use import use_of

    return use_of(unit, first, days)


def _ordered(person: Person) -> Sequence[Listed]:
    from glidepath.care.medication.queries import listed_orders

    return listed_orders(person)


def _seizure_windows(people: Sequence[Person], now: dt.datetime) -> Mapping[int, SeizureWindow]:
    from glidepath.care.medication.last_taken import seizure_windows

    return seizure_windows(people, now)
