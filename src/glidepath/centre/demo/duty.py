"""Who is called when nobody on shift answers: the demo's list of those on call, today and the days that follow."""

from __future__ import annotations

import datetime as dt

from glidepath.centre.demo.centre import House
from glidepath.centre.demo.days import at, key
from glidepath.record import clock
from glidepath.record.errors import ServiceError
from glidepath.record.staff.services import put_on_call

AHEAD = 4  # days that the list covers, with today
CHANGES_AT = dt.time(8)
PRESCRIBERS = (("wei.chen", "07700 900142"), ("ines.ferreira", "07700 900118"))  # by turns
NURSES = (("tomas.ruiz", "07700 900163"), ("amara.okafor", "07700 900175"))


def keep_list(house: House) -> None:
    """One prescriber and one nurse for every unit, from eight to eight, by turns. What stands on it stays."""
    today = clock.today(house.centre)
    for day in (today + dt.timedelta(days=offset) for offset in range(AHEAD)):
        for turns in (PRESCRIBERS, NURSES):
            username, phone = turns[day.toordinal() % 2]
            _put(house, day, username, phone)


def _put(house: House, day: dt.date, username: str, phone: str) -> None:
    ends = at(house, day + dt.timedelta(days=1), CHANGES_AT)
    try:
        put_on_call(
            staff=house.by_username[username], unit=None, begins_at=at(house, day, CHANGES_AT), until=ends,
            phone=phone, remarks="by telephone; on site within 30 min", by=house.nurse,
            once=key("on-call", username, day),
        )  # fmt: skip
    except ServiceError as refused:
        if house.left is None:
            raise
        house.left.append(f"On call: {refused.message}")  # you keep the list now
