"""Which stretch of time the glidepath shows: one of three named windows, or a place one has moved and zoomed to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from glidepath.record.episodes.models import Episode

WINDOWS = {"stay": "Whole stay", "weeks": "4 weeks", "hours": "48 hours"}
AHEAD = dt.timedelta(days=28)
BEFORE = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)
CLOSEST = 2  # days; closer than this nothing more is to be seen


@dataclass(frozen=True, slots=True)
class Move:
    """A way to look elsewhere; `query` is empty where there is nothing more that way."""

    key: str
    title: str
    query: str


@dataclass(frozen=True, slots=True)
class Zoom:
    """From `since` to before `until`, both aware. `named`: the key in WINDOWS, empty for a place of one's own."""

    named: str
    since: dt.datetime
    until: dt.datetime
    moves: tuple[Move, ...]

    @property
    def days(self) -> float:
        return (self.until - self.since) / DAY


def zoom(asked: Mapping[str, str], episode: Episode | None, now: dt.datetime, zone: dt.tzinfo) -> Zoom:
    """`asked`: window=..., or from=2026-11-01&days=14; what cannot be read shows the whole stay."""
    start = began(episode, now)
    whole = start - BEFORE, now + max(AHEAD, (now - start) / 3)
    place = _place(asked, whole, zone)
    named = asked.get("window", "stay") if place is None else ""
    named = named if named in WINDOWS or place is not None else "stay"
    since, until = (
        place
        or {
            "stay": whole,
            "weeks": (now - 21 * DAY, now + 7 * DAY),
            "hours": (now - dt.timedelta(hours=36), now + dt.timedelta(hours=12)),
        }[named]
    )
    return Zoom(named, since, until, _moves(since, until, whole, zone))


def began(episode: Episode | None, now: dt.datetime) -> dt.datetime:
    """From when the present stretch of care is drawn."""
    return (episode.admitted_at or episode.opened_at) if episode else now - BEFORE


def _place(
    asked: Mapping[str, str], whole: tuple[dt.datetime, dt.datetime], zone: dt.tzinfo
) -> tuple[dt.datetime, dt.datetime] | None:
    """Whole days that begin at the centre's midnight, within what there is to see."""
    try:
        first, days = dt.date.fromisoformat(asked.get("from", "")), int(asked.get("days", ""))
    except ValueError:
        return None
    earliest, latest = (moment.astimezone(zone).date() for moment in whole)
    days = min(max(days, CLOSEST), (latest - earliest).days)
    first = min(max(first, earliest), latest - dt.timedelta(days=days))
    return _midnight(first, zone), _midnight(first + dt.timedelta(days=days), zone)


def _moves(
    since: dt.datetime, until: dt.datetime, whole: tuple[dt.datetime, dt.datetime], zone: dt.tzinfo
) -> tuple[Move, ...]:
    earliest, latest = (moment.astimezone(zone).date() for moment in whole)
    first = since.astimezone(zone).date()
    days = max(CLOSEST, round((until - since) / DAY))
    half, all_days = max(1, days // 2), (latest - earliest).days
    middle = first + dt.timedelta(days=half)

    def to(start: dt.date, wide: int) -> str:
        wide = min(max(wide, CLOSEST), all_days)
        inside = min(max(start, earliest), latest - dt.timedelta(days=wide))
        return "" if (inside, wide) == (first, days) else urlencode({"from": inside.isoformat(), "days": wide})

    return (
        Move("earlier", "Earlier", to(first - dt.timedelta(days=half), days)),
        Move("closer", "Closer", to(middle - dt.timedelta(days=half // 2), half)),
        Move("wider", "Wider", to(first - dt.timedelta(days=half), 2 * days)),
        Move("later", "Later", to(first + dt.timedelta(days=half), days)),
    )


def _midnight(date: dt.date, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(date, dt.time.min, zone).astimezone(dt.UTC)
