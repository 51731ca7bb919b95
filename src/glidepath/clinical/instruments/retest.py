"""When a screen that withdrawal raises says something of its own again: the day from which it is asked once more."""

from __future__ import annotations

import datetime as dt

from glidepath.clinical.facts.screens import Screen
from glidepath.clinical.facts.settings import ClinicalSettings


def retest_from(last_dose: dt.date, settings: ClinicalSettings) -> dt.date:
    """The first day on which withdrawal no longer explains a score. last_dose: the day from which none is taken.

    Source: care pathway 2.9, four weeks or more after the last dose; an operating default and a centre setting.
    """
    return last_dose + dt.timedelta(days=settings.retest_after_days)


def may_be_withdrawal(screen: Screen, filled_on: dt.date, again: dt.date | None) -> bool:
    """Whether withdrawal may have raised a score. again: `retest_from`, None where the last dose is not in sight."""
    return screen.withdrawal and (again is None or filled_on < again)
