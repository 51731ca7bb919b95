"""From when, and until when, a seizure of withdrawal must be reckoned with after the last dose.

No source gives a figure for seizures alone. The window opens with the earliest onset of withdrawal that was read
(facts/seizure_window.toml) and closes with the centre's watch after a stop (settings). A medicine of which it is not
known how long it acts opens as the short ones and closes as the unknown. Doses that go on as due keep a window shut:
a cut of the dose has its own watch (INP-1), and is not counted here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from glidepath.clinical.facts.centre_settings import of_the_centre
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import (
    Acting,
    Medicine,
    clinical_settings,
    formulary,
    seizure_window_facts,
    source,
)
from glidepath.clinical.facts.medicines import watch_days
from glidepath.clinical.facts.seizure_window import AfterLastDose, AtHand, Onset
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.guidelines.seizure_list import SeizureRisk, seizure_risk_high
from glidepath.clinical.guidelines.wording import days, listed, number

CLOSES = {Acting.SHORT: "watch_days_short", Acting.UNKNOWN: "watch_days_unknown"}
STAGES = frozenset({"past_seizure", "past_withdrawal"})  # who lived through one has the bundle ready from the start
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LastTaken:
    """One benzodiazepine or Z-drug that was taken. Moments are aware.

    at: the last dose, None where nobody knows. known_at: when that was said or written: the last dose is no later.
    next_due: the first dose after it that is due and not taken, past or to come; None: nothing more is ordered.
    """

    medicine: str
    at: dt.datetime | None
    known_at: dt.datetime
    next_due: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class MedicineWindow:
    """The window of one medicine if nothing more is taken. known_at: when the last dose was told; opens_at and
    usual_at: None where the last dose is not known.

    why: in words, with its half-life. source: where the onset was read, in words.
    """

    medicine: str
    acting: Acting
    known_at: dt.datetime
    last_at: dt.datetime | None
    opens_at: dt.datetime | None
    usual_at: dt.datetime | None
    closes_at: dt.datetime
    why: str
    source: str

    def holds(self, now: dt.datetime) -> bool:
        """Whether `now` lies in it. An unknown last dose may have opened it already: unknown is not no."""
        return (self.opens_at is None or self.opens_at <= now) and now < self.closes_at


@dataclass(frozen=True, slots=True)
class SeizureWindow:
    """parts: one for each medicine. covered_until: until then doses go on as due, None where nothing more is due.

    risks: what else raises the risk, as known. high: the flag of that list. missing: the facts that nobody recorded.
    """

    parts: tuple[MedicineWindow, ...]
    covered_until: dt.datetime | None
    risks: tuple[SeizureRisk, ...]
    high: bool | None
    missing: tuple[str, ...]

    @property
    def opens_at(self) -> dt.datetime | None:
        """The earliest opening if nothing more is taken; None where one is not known, or nothing is taken."""
        known = [one.opens_at for one in self.parts]
        return None if None in known else min((at for at in known if at is not None), default=None)

    @property
    def closes_at(self) -> dt.datetime | None:
        """The last closing; None where nothing is taken."""
        return max((one.closes_at for one in self.parts), default=None)

    def is_covered(self, now: dt.datetime) -> bool:
        """Whether the next dose is still to come, so that no due dose was missed."""
        return self.covered_until is not None and now < self.covered_until

    def open_now(self, now: dt.datetime) -> tuple[MedicineWindow, ...]:
        """The medicines whose window is open; none while doses go on as due."""
        return () if self.is_covered(now) else tuple(one for one in self.parts if one.holds(now))

    def is_over(self, now: dt.datetime) -> bool:
        """Whether every window has closed and nothing is taken any more."""
        return not self.is_covered(now) and all(now >= one.closes_at for one in self.parts)


@dataclass(frozen=True, slots=True)
class Tightening:
    """Why somebody is observed closely now, since when, and until when at most."""

    why: str
    since: dt.datetime
    until: dt.datetime


def seizure_window(
    taken: Sequence[LastTaken],
    risks: Sequence[SeizureRisk] = (),
    *,
    known: Formulary | None = None,
    settings: ClinicalSettings | None = None,
) -> SeizureWindow | None:
    """The window of one person; None where no medicine is known to be taken, which is not "no risk".

    taken: each medicine once. risks: the list of `seizure_list`. settings: the centre's numbers.
    """
    if not taken:
        return None
    limits, facts = settings or clinical_settings(), known or formulary()
    ahead = [one.next_due for one in taken if one.next_due is not None]
    return SeizureWindow(
        parts=tuple(_part(one, _found(one.medicine, facts), limits) for one in taken),
        covered_until=min(ahead, default=None),
        risks=tuple(one for one in risks if one.answer),
        high=seizure_risk_high(tuple(risks)) if risks else None,
        missing=(*_missing_doses(taken), *(one.words for one in risks if one.answer is None)),
    )


def tightens(window: SeizureWindow | None, now: dt.datetime) -> Tightening | None:
    """Close observation while a window is open, with its reason; None while it is shut or nothing is known of it."""
    found = () if window is None else window.open_now(now)
    if window is None or not found:
        return None
    opened = min(one.known_at if one.opens_at is None else one.opens_at for one in found)
    since = opened if window.covered_until is None else max(opened, window.covered_until)
    return Tightening(_since(found, now), since, max(one.closes_at for one in found))


def stages_bundle(window: SeizureWindow | None, now: dt.datetime) -> tuple[AtHand, ...]:
    """What lies ready: while a window is open, and from the start for who had a seizure or a hard withdrawal before."""
    if window is None or window.is_over(now):
        return ()
    earlier = any(one.key in STAGES for one in window.risks)
    return seizure_window_facts().bundle if earlier or window.open_now(now) else ()


# --- Parts ------------------------------------------------------------------------------------------------------------


def _part(one: LastTaken, medicine: Medicine | None, limits: ClinicalSettings) -> MedicineWindow:
    acting = Acting.UNKNOWN if medicine is None else medicine.acting
    onset, watched = _onset(acting), watch_days(acting, limits)
    last = one.known_at if one.at is None else one.at
    return MedicineWindow(
        medicine=one.medicine,
        acting=acting,
        known_at=one.known_at,
        last_at=one.at,
        opens_at=None if one.at is None else one.at + onset.opens.after,
        usual_at=None if one.at is None else one.at + onset.usual.after,
        closes_at=last + watched * DAY,
        why=_why(one.medicine, medicine, onset, watched) + of_the_centre(limits, CLOSES.get(acting, "watch_days_long")),
        source=_sources(onset),
    )


def _onset(acting: Acting) -> Onset:
    """Of the group; where it is not known, or lies between, the earliest of the short and the latest of the long."""
    onsets = seizure_window_facts().onsets
    if acting in onsets:
        return onsets[acting]
    return Onset(onsets[Acting.SHORT].opens, onsets[Acting.LONG].usual)


def _found(name: str, facts: Formulary) -> Medicine | None:
    try:
        return facts.find(name)
    except UnknownMedicine:
        return None


def _why(name: str, medicine: Medicine | None, onset: Onset, watched: int) -> str:
    if medicine is None or medicine.acting is Acting.UNKNOWN:
        how = f"How long {name} acts is not known, so both windows are assumed"
    else:
        how = f"{name} is {medicine.acting.value}-acting{_half_life(medicine)}"
    return f"{how}: withdrawal can begin {_span(onset.opens)} after the last dose. Watched for {days(watched)}."


def _half_life(medicine: Medicine) -> str:
    low, high = medicine.active_half_life_low_h, medicine.active_half_life_high_h
    if low is None or high is None:
        return ""
    span = number(low) if low == high else f"{number(low)} to {number(high)}"
    return f" (half-life {span} hours, what it becomes in the body included)"


def _span(onset: AfterLastDose) -> str:
    whole = onset.after // HOUR
    return days(onset.after // DAY) if onset.after >= DAY else f"{whole} hours"


def _sources(onset: Onset) -> str:
    return "; ".join(dict.fromkeys(source(one.source).title for one in (onset.opens, onset.usual)))


def _missing_doses(taken: Sequence[LastTaken]) -> tuple[str, ...]:
    return tuple(f"when {one.medicine} was last taken" for one in taken if one.at is None)


def _since(found: Sequence[MedicineWindow], now: dt.datetime) -> str:
    known = {one.medicine: one.last_at for one in found if one.last_at is not None}
    unknown = [one.medicine for one in found if one.last_at is None]
    said = []
    if known:
        said.append(f"no {listed([*known], last='or')} for {(now - max(known.values())) // HOUR} hours")
    if unknown:
        said.append(f"when {listed(unknown)} was last taken is not known")
    return f"{listed(said)}: a seizure is possible"
