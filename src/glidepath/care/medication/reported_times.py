"""When doses come due by what a person told, before anybody here has ordered one."""

from __future__ import annotations

import datetime as dt

from glidepath.care.assessment.models import BenzodiazepineUse
from glidepath.clinical.dosing.schedule import moment
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.regimen import Regimen, parse_regimen
from glidepath.record import clock
from glidepath.record.centres.models import Centre, CentreSettings


def named_times(centre: Centre, regimen: Regimen, since: dt.datetime, now: dt.datetime) -> list[dt.datetime]:
    """Every named time after `since` up to now, in order, and the one that follows."""
    zone, first = centre.zone, clock.local(centre, since).date()
    last = max(clock.local(centre, now).date(), first) + dt.timedelta(days=1)
    days = [first + dt.timedelta(days=offset) for offset in range((last - first).days + 1)]
    named = sorted(moment(day, dose.time, zone) for day in days for dose in regimen.doses)
    ahead = [at for at in named if at > since]
    return [at for at in ahead if at <= now] + [at for at in ahead if at > now][:1]


def regimen_of(use: BenzodiazepineUse, settings: CentreSettings) -> Regimen | None:
    """What was told as a regimen; None where nobody knows how much or when."""
    if not use.regimen:
        return None
    usual = tuple(dt.time.fromisoformat(text) for text in settings.dose_times)
    return parse_regimen(use.regimen, formulary=formulary(), default_times=usual)


def early(settings: CentreSettings) -> dt.timedelta:
    """A dose taken no longer than this before its hour is the dose of that hour."""
    return dt.timedelta(minutes=settings.round_window_minutes)
