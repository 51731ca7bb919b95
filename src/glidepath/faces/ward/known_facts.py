"""What the rules may ask about one person: what was told, and beside it what the record's own rows show.

A row that shows something says so, whatever was told before it; a row that is missing says nothing, because unknown is
not no.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from glidepath.care.alarms import queries as alarms
from glidepath.care.assessment import queries as assessment
from glidepath.care.medication.models import Order, YesNoUnknown
from glidepath.care.monitoring.frequency import Due
from glidepath.care.monitoring.models import Event, Observation
from glidepath.care.monitoring.queries import Latest
from glidepath.care.taper.models import SymptomReview
from glidepath.care.taper.queries import Running
from glidepath.care.taper.under_way import UnderWay
from glidepath.clinical.amounts import plain
from glidepath.clinical.guidelines.facts import VOCABULARY, FactValue, PersonFacts
from glidepath.clinical.monitoring.sedation import signed
from glidepath.faces.ward.about import Chart
from glidepath.record import clock

COUNTS_FOR = dt.timedelta(hours=24)  # ours: an older value does not say how somebody is now
CALLS = {"SUI-1": "suicidality_voiced", "PSY-1": "new_hallucination"}  # a later "no" takes no call back
# The vocabulary's names, and where an observation holds them.
SIGNS = {
    "news2": "news2", "rass": "rass", "rr": "rr", "spo2": "spo2", "hr": "pulse", "sbp": "sbp", "dbp": "dbp",
    "temp_c": "temperature",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """One measured or scored value by its name in the vocabulary, and when it was true."""

    name: str
    value: Decimal
    at: dt.datetime

    @property
    def words(self) -> str:
        """ "pulse 76", "RASS −1"."""
        shown = signed(int(self.value)) if self.name == "rass" else plain(self.value)
        return f"{VOCABULARY[self.name].words} {shown}"


def facts_now(
    chart: Chart, taper: UnderWay | None, orders: Sequence[Order], sedatives: Sequence[str],
    values: Sequence[Value], due: Due | None, told: PersonFacts | None = None,
) -> PersonFacts:  # fmt: skip
    """orders: those that stand. sedatives: names of those among them that sedate, beside what is tapered. told: where
    it was read already."""
    told = told or assessment.facts(chart.person)
    shown = {
        **_of_the_taper(chart.running, taper),
        **_of_the_orders(orders, sedatives),
        **_of_events(chart),
        **{value.name: value.value for value in values},
    }
    filled = {
        name: value for name, value in _where_unknown(chart.running, taper, due).items() if told.get(name) is None
    }
    return replace(told, **{**filled, **shown})  # type: ignore[arg-type]


def values_now(latest: Latest, now: dt.datetime) -> tuple[Value, ...]:
    """The newest value of each, none older than `COUNTS_FOR`; CIWA-B only where it is complete."""
    rows = {row.pk: row for row in (latest.observation, latest.awake, latest.scored, latest.whole) if row is not None}
    newest_first = sorted(rows.values(), key=lambda row: (row.happened_at, row.pk), reverse=True)
    fresh = [row for row in newest_first if row.happened_at > now - COUNTS_FOR]
    found = [value for name, kept in SIGNS.items() if (value := _newest(name, kept, fresh)) is not None]
    score = latest.ciwa_b
    if score is not None and score.total is not None and score.happened_at > now - COUNTS_FOR:
        found.append(Value("ciwa_b", Decimal(score.total), score.happened_at))
    return tuple(found)


def _newest(name: str, kept: str, rows: Sequence[Observation]) -> Value | None:
    for row in rows:
        value = getattr(row, kept)
        if value is not None:
            return Value(name, Decimal(value), row.happened_at)
    return None


def _of_the_taper(running: Running | None, taper: UnderWay | None) -> Mapping[str, FactValue | None]:
    found: dict[str, FactValue | None] = {}
    if taper is not None and taper.version.agreed.strip():
        found["shared_decision"] = True
    if taper is not None and taper.is_finished:
        found["taper_finished"] = True
    elif running is not None:
        found["taper_active"] = True
    if running is not None:  # what was told before the last cut says nothing of the time after it
        found["symptoms_reviewed_since_last_step"] = True if running.review is not None else None
    return found


def _of_the_orders(orders: Sequence[Order], sedatives: Sequence[str]) -> Mapping[str, FactValue]:
    begun = [order for order in orders if order.start_at <= clock.now()]
    opioid = any(order.is_opioid == YesNoUnknown.YES for order in begun)
    return {**({"opioid_active": True} if opioid else {}), **({"other_sedatives": True} if sedatives else {})}


def _of_events(chart: Chart) -> Mapping[str, FactValue]:
    """A seizure here is one; what was called for stands until a named person has closed the call."""
    had_seizure = Event.Kind.SEIZURE in chart.seen.happened[chart.person.pk]
    called = [name for cause, name in CALLS.items() if alarms.standing([chart.person], cause)]
    return {**({"past_seizure": True} if had_seizure else {}), **dict.fromkeys(called, True)}


def _where_unknown(running: Running | None, taper: UnderWay | None, due: Due | None) -> Mapping[str, FactValue]:
    """What fills a fact that nobody told: the review since the last change, and how late the observations are."""
    found: dict[str, FactValue] = {}
    if due is not None:
        found["obs_overdue"] = due.alerts
    if taper is not None and taper.is_finished:
        found["taper_active"] = False
    elif running is not None:
        found["taper_finished"] = False
    review = running.review if running is not None else None
    if review is not None:
        found["symptoms_interfere"] = review.interference == SymptomReview.Interference.INTERFERES
        if review.sleep_disturbed is not None:
            found["sleep_disturbed"] = review.sleep_disturbed
    return found
