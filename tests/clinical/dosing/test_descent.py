"""The search for the best way down, where the window and the medicines beside meet."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import pytest

from glidepath.clinical.dosing.descent import Impasse, Slope, descend
from tests.clinical.dosing.every_way_down import Asked, best

QUARTER = Fraction(1, 4)


def slope(doses: list[int], *, every: int, small: int, stays: int = 0, cut: str = "1/10") -> Slope:
    return Slope(
        doses=tuple(sorted({0, *doses})),
        start=max(doses),
        goal=min(doses),
        cut=Fraction(cut),
        linear=False,
        ceiling=QUARTER,
        small=Fraction(small),
        window=ceil(Fraction(14, every)),
        weigh=lambda units: (0, 0),
        small_beside=Fraction(stays, 3) if stays else None,  # a quarter of the total: a third of what stays
    )


class Weightless:
    def fewest(self, amount: Fraction) -> tuple[int, int]:
        return 0, 0


@pytest.mark.parametrize(
    ("doses", "every", "small", "stays", "expected"),
    [
        ([12, 9, 0], 14, 9, 0, (9, 0)),
        ([12, 10, 9, 0], 7, 9, 0, (10, 9, 0)),
        # Each cut here is more than a quarter of the dose before last, so it waits a week; and 6 is above the third of
        # 15 that the total lets go, so it too has to leave the window before the last step.
        ([12, 9, 7, 6, 5, 0], 7, 5, 15, (9, 9, 7, 7, 6, 6, 5, 5, 0)),
        ([12, 9, 7, 6, 5, 0], 14, 5, 15, (9, 7, 6, 5, 0)),
        ([16, 12, 9], 7, 0, 0, (12, 12, 9)),
        ([16, 12, 9], 5, 0, 0, (12, 12, 12, 9)),
    ],
)
def test_the_way_down_by_hand_and_by_comparing_all(
    doses: list[int], every: int, small: int, stays: int, expected: tuple[int, ...]
) -> None:
    asked = Asked(
        doses=tuple(map(Fraction, doses)),
        cut=Fraction(1, 10),
        linear=False,
        every=every,
        ceiling=QUARTER,
        small=Fraction(small),
        shelf=Weightless(),  # type: ignore[arg-type]
        stays=Fraction(stays),
    )
    assert descend(slope(doses, every=every, small=small, stays=stays)) == expected
    assert best(asked, len(expected) + 2) == tuple(map(Fraction, expected))


def test_the_first_gap_that_no_cut_may_cross_is_named() -> None:
    assert descend(slope([12, 9, 6, 5, 3], every=14, small=0)) == Impasse(at=9, below=6)
    assert descend(slope([4, 0], every=14, small=3)) == Impasse(at=4, below=0)
    assert descend(slope([4, 0], every=14, small=4)) == (0,)


def test_where_the_present_dose_is_the_goal_there_is_nothing_to_do() -> None:
    assert descend(slope([8], every=14, small=0)) == ()
