"""Of divisions of the day that are equally near, the hardest hour decides; against sixty days lived by the hour."""

from __future__ import annotations

import datetime as dt
from itertools import product as every_combination

import pytest

from glidepath.clinical.dosing.tablets import split_day
from tests.clinical.dosing.shelf import HALF, mg, tablet

THRICE = (8, 14, 22)
QUARTER_MG = tablet("0.25", HALF)  # eighths of a milligram


def lived(parts: tuple[int, ...], half_life_h: float) -> list[float]:
    """The level just before each dose of the sixtieth day, nothing absorbed slowly, hour by hour."""
    level, before = 0.0, [0.0] * len(parts)
    for hour in range(60 * 24):
        if hour % 24 in THRICE:
            index = THRICE.index(hour % 24)
            before[index] = level
            level += parts[index]
        level *= 0.5 ** (1 / half_life_h)
    return before


def lowest(parts: tuple[int, ...], like: tuple[int, ...], half_life_h: float) -> float:
    """The trough that has lost most, as a share of what it was."""
    return min(now / was for now, was in zip(lived(parts, half_life_h), lived(like, half_life_h), strict=True))


def apart(parts: tuple[int, ...], like: tuple[int, ...]) -> float:
    total, usual = sum(parts), sum(like)
    return sum(abs(part - total * share / usual) for part, share in zip(parts, like, strict=True))


@pytest.mark.parametrize("half_life_h", [5.0, 11.0, 40.0])
@pytest.mark.parametrize("like", [(8, 8, 8), (4, 4, 8), (6, 2, 4)])
@pytest.mark.parametrize("cut", [1, 2, 4])
def test_no_division_as_near_has_a_higher_lowest_trough(half_life_h: float, like: tuple[int, ...], cut: int) -> None:
    total = sum(like) - cut
    before = {dt.time(hour): mg("0.125") * part for hour, part in zip(THRICE, like, strict=True)}
    found = split_day(
        mg("0.125") * total, tuple(before), (QUARTER_MG,), like=before, before=before, half_life_h=half_life_h
    )
    parts = tuple(
        next((int(dose.dose.mg / mg("0.125").mg) for dose in found if dose.time.hour == hour), 0) for hour in THRICE
    )
    ways = [way for way in every_combination(*(range(part + 1) for part in like)) if sum(way) == total]
    nearest = min(apart(way, like) for way in ways)
    equals = [way for way in ways if apart(way, like) < nearest + 1e-9]
    assert parts in equals
    assert lowest(parts, like, half_life_h) >= max(lowest(way, like, half_life_h) for way in equals) - 1e-9


def test_the_dose_before_the_shortest_gap_gives_way_first() -> None:
    # 08, 14 and 22 o'clock: the hardest hour is 08, after ten hours; the dose of 14:00 is the one farthest before it.
    like = {dt.time(hour): mg("1") for hour in THRICE}
    found = split_day(mg("2.875"), tuple(like), (QUARTER_MG,), like=like, before=like, half_life_h=11.0)
    assert [str(dose.dose.mg) for dose in found] == ["1", "0.875", "1"]
