"""Random histories of plans, releases, holds, freezes and orders, and short ways to write one by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import PlannedDose
from glidepath.clinical.dosing.schedule import OrderInForce, OrderKind, PlanInForce, StepInForce, moment

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
SANTIAGO, BEIRUT = ZoneInfo("America/Santiago"), ZoneInfo("Asia/Beirut")  # both change at midnight

# (zone, a day on which the clock skips an hour or repeats one)
CHANGES = (
    (LONDON, dt.date(2026, 3, 29)),
    (LONDON, dt.date(2026, 10, 25)),
    (NEW_YORK, dt.date(2026, 3, 8)),
    (NEW_YORK, dt.date(2026, 11, 1)),
    (SANTIAGO, dt.date(2026, 9, 6)),
    (SANTIAGO, dt.date(2026, 4, 5)),
    (BEIRUT, dt.date(2026, 3, 29)),
    (BEIRUT, dt.date(2026, 10, 25)),
)


def mg(amount: str, medicine: str = "diazepam") -> Dose:
    return Dose(Decimal(amount), medicine)


def at(clock: str, amount: str, medicine: str = "diazepam") -> PlannedDose:
    return PlannedDose(dt.time.fromisoformat(clock), mg(amount, medicine))


def step(number, start, doses, *, released=None, from_time=None) -> StepInForce:
    clock = dt.time.fromisoformat(from_time) if from_time else None
    return StepInForce(number, start, clock, tuple(doses), released)


def plan(version, effective, steps, *, hold=False, key="plan:1", ended=None) -> PlanInForce:
    return PlanInForce(key, version, version, effective, hold, tuple(steps), ended)


def regular(key, times, start, *, amount="5", medicine="sertraline", **rest) -> OrderInForce:
    clocks = tuple(dt.time.fromisoformat(clock) for clock in times)
    return OrderInForce(key, 1, OrderKind.REGULAR, mg(amount, medicine), start, times=clocks, **rest)


CLOCKS = st.sampled_from([dt.time(h, m) for h in (0, 1, 2, 3, 8, 14, 22, 23) for m in (0, 30)])
MEDICINES = st.sampled_from(["diazepam", "lorazepam"])


def _planned(start):
    day, from_time = start
    return day, from_time or dt.time.min


@st.composite
def histories(draw):
    """(zone, first moment, plans, orders, standing) around a clock change, all at whole minutes within five days."""
    zone, change = draw(st.sampled_from(CHANGES))
    first_day = change - dt.timedelta(days=2)
    origin = moment(first_day, dt.time(0), zone)
    days = st.integers(0, 4).map(lambda n: first_day + dt.timedelta(days=n))
    moments = st.integers(1, 5 * 96 - 1).map(lambda quarter: origin + quarter * dt.timedelta(minutes=15))
    doses = st.lists(
        st.builds(
            lambda clock, n, name: PlannedDose(clock, Dose(Decimal(n), name)), CLOCKS, st.integers(1, 9), MEDICINES
        ),
        max_size=3,
        unique_by=lambda planned: (planned.time, planned.dose.medicine),
    ).map(tuple)

    def one_plan(number, effective):
        count = draw(st.integers(1, 4))
        starts = draw(st.lists(st.tuples(days, st.one_of(st.none(), CLOCKS)), min_size=count, max_size=count))
        steps = []
        for index, (start, from_time) in enumerate(sorted(starts, key=_planned), start=1):
            released = draw(st.one_of(st.none(), st.just(effective), moments)) if index > 1 else effective
            steps.append(StepInForce(index, start, from_time, draw(doses), released))
        return PlanInForce("plan:1", number, number, effective, draw(st.booleans()), tuple(steps), None)

    plans = [one_plan(n, draw(moments)) for n in range(1, draw(st.integers(0, 4)) + 1)]
    if plans and draw(st.booleans()):
        end = draw(moments)
        plans = [PlanInForce(p.key, p.version_id, p.number, p.effective_at, p.on_hold, p.steps, end) for p in plans]
    standing = [
        (start, None if hours is None else start + dt.timedelta(hours=hours))
        for start, hours in draw(st.lists(st.tuples(moments, st.one_of(st.none(), st.integers(1, 40))), max_size=2))
    ]
    orders = [draw(orders_at(n, moments)) for n in range(1, draw(st.integers(0, 3)) + 1)]
    return zone, origin, plans, orders, standing


@st.composite
def orders_at(draw, number, moments):
    kind = draw(st.sampled_from([OrderKind.REGULAR, OrderKind.INTERVAL, OrderKind.ONCE]))
    return OrderInForce(
        f"order:{number}",
        number,
        kind,
        mg("1", "sertraline"),
        draw(moments),
        times=tuple(draw(st.lists(CLOCKS, min_size=1, max_size=3, unique=True))),
        every_hours=draw(st.integers(1, 9)),
        end_at=draw(st.one_of(st.none(), moments)),
        stopped_at=draw(st.one_of(st.none(), moments)),
        until_plan=draw(st.booleans()),
    )
