"""A discharge as the rules see it: what the person takes now, and what was arranged."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from glidepath.care.medication import queries as medication
from glidepath.care.safety import queries as safety
from glidepath.care.taper.queries import plans_in_force, standing
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.equivalence import equivalents
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.dosing.schedule import StepInForce, segments
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.facts.medicines import Medicine, watch_days
from glidepath.clinical.guidelines.discharge import DischargeProposal, Leaving as LeavingKind, Naloxone
from glidepath.clinical.regimen import Regimen
from glidepath.record import clock
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.episodes.queries import current_episode
from glidepath.record.people.models import Person

if TYPE_CHECKING:
    from glidepath.care.flow.services import Leaving


def present_daily(person: Person) -> dict[str, Dose]:
    """What of benzodiazepines and Z-drugs is due in the next 24 hours, by medicine; empty where nothing is."""
    now = clock.now()
    known = _by_name()
    daily: dict[str, Dose] = {}
    for row in medication.due([person], now, now + dt.timedelta(hours=24)):
        dose = row.due.dose
        if dose.medicine in known:
            daily[dose.medicine] = daily[dose.medicine] + dose if dose.medicine in daily else dose
    return daily


def proposal_for(person: Person, leaving: Leaving) -> DischargeProposal:
    episode = current_episode(person)
    daily = present_daily(person)
    return DischargeProposal(
        on=clock.today(person.centre),
        kind=LeavingKind(leaving.kind),
        setting=Setting(episode.setting) if episode else Setting.RESIDENTIAL,
        taper_finished=not daily and not medication.takes_as_needed(person),
        dde=_highest(daily),
        prescriber=leaving.prescriber,
        prescriber_contact=leaving.prescriber_contact,
        first_visit=leaving.first_visit,
        supply_until=leaving.supply_until,
        naloxone=Naloxone(leaving.naloxone) if leaving.naloxone else None,
        told=frozenset(leaving.told),
        contact_on=leaving.contact_on,
        safety_plan=leaving.safety_plan and safety.newest_plan(person) is not None,
        **_last_cut(person, daily),
    )


def _highest(daily: dict[str, Dose]) -> Fraction | None:
    if not daily:
        return Fraction(0)
    return equivalents(daily, formulary=formulary()).highest


def _last_cut(person: Person, daily: dict[str, Dose]) -> dict[str, Any]:
    """The newest step downwards of the taper, and how long to watch after it by what is taken now."""
    known = _by_name()
    settings = clinical_settings_of(person.centre)
    watch = max((watch_days(known[medicine].acting, settings) for medicine in daily), default=None)
    course = segments(plans_in_force([person])[person.pk], standing(person), zone=person.centre.zone)
    begun = [segment for segment in course.segments if segment.begins_at <= clock.now()]
    cuts = [after for before, after in pairwise(begun) if _of(after.step) < _of(before.step)]
    day = clock.local(person.centre, cuts[-1].begins_at).date() if cuts else None
    return {"last_cut": day, "watch_days": watch}


def _by_name() -> dict[str, Medicine]:
    """The formulary by the names doses carry, which are not always its keys ("alprazolam XR")."""
    return {medicine.name: medicine for medicine in formulary().medicines.values()}


def _of(step: StepInForce) -> Fraction:
    return _highest(dict(Regimen(step.doses).daily())) or Fraction(0)
