"""Over small sets of doses of any kind: the search finds exactly what comparing every sequence finds."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import ceil

from hypothesis import given, strategies as st

from glidepath.clinical.dosing.descent import Impasse, Slope, descend
from tests.clinical.dosing.every_way_down import Asked, best
from tests.properties.how_many import examples

CEILING = Fraction(1, 4)


class Weighed:
    """Any pieces and products for any dose: what they are does not matter to the search."""

    def fewest(self, amount: Fraction) -> tuple[int, int]:
        return int(amount * 7 % 5), int(amount * 3 % 2)


def _earlier(start: int) -> st.SearchStrategy[tuple[int, Fraction]]:
    """A dose near the present one, replaced some days before the first change."""
    return st.tuples(st.integers(1, 20), st.integers(start - 3, start + 9).map(Fraction))


def _drawn(start: int) -> st.SearchStrategy[tuple[Fraction, ...]]:
    """A curve that falls, in steps of any size, also between the doses that can be made."""
    points = st.lists(st.fractions(0, start, max_denominator=4), max_size=5)
    return points.map(lambda falling: tuple(sorted(falling, reverse=True)))


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """From 12 to 60 units with few stops between, so that every sequence can be written down.

    Mostly each stop can be reached from the one above it; sometimes one cannot.
    """
    start = draw(st.integers(12, 60))
    doses = [start]
    for _ in range(draw(st.integers(1, 5))):
        lowest = ceil(doses[-1] * draw(st.sampled_from([1 - CEILING] * 9 + [Fraction(7, 10)])))
        if lowest < doses[-1]:
            doses.append(draw(st.integers(lowest, doses[-1] - 1)))
    small = draw(st.sampled_from([0, doses[-1], doses[-1], doses[len(doses) // 2]]))
    if draw(st.booleans()):
        doses.append(0)
    gaps = list(pairwise(map(Fraction, doses)))
    return Asked(
        drawn=draw(st.none() | _drawn(start)),
        waived=tuple(draw(st.lists(st.sampled_from(gaps), max_size=1))) if gaps else (),
        doses=tuple(map(Fraction, doses)),
        cut=draw(st.sampled_from([Fraction(n, 100) for n in (1, 5, 10, 12, 20, 25)])),
        linear=draw(st.booleans()),
        every=draw(st.sampled_from([5, 7, 13, 14, 21])),
        ceiling=CEILING,
        small=Fraction(small),
        shelf=Weighed(),  # type: ignore[arg-type]
        stays=Fraction(draw(st.sampled_from([0, 0, 5, 40, 200]))),
        earlier=tuple(
            draw(st.lists(st.tuples(st.integers(1, 20), st.integers(start - 3, start + 9).map(Fraction)), max_size=2))
        ),
    )


@examples(400)
@given(asked())
def test_no_sequence_is_better_and_an_impasse_is_one(wanted: Asked) -> None:
    slope = _slope(wanted)
    found = descend(slope)
    if isinstance(found, Impasse):
        assert best(wanted, 9) is None
        return
    if found == () or len(found) > 9:
        return  # nothing to cut, or more intervals than can be written down
    assert tuple(map(Fraction, found)) == best(wanted, max(len(found), 7))


def _slope(wanted: Asked) -> Slope:
    limit = CEILING * wanted.stays / (1 - CEILING) if wanted.stays else None
    return Slope(
        doses=tuple(sorted({0, *map(int, wanted.doses)})),
        start=int(wanted.doses[0]),
        goal=int(wanted.doses[-1]),
        cut=wanted.cut,
        linear=wanted.linear,
        ceiling=CEILING,
        small=wanted.small,
        window=ceil(Fraction(14, wanted.every)),
        weigh=lambda units: wanted.shelf.fewest(Fraction(units)) or (0, 0),
        small_beside=limit,
        curve=wanted.drawn,
        overridden=frozenset((int(above), int(below)) for above, below in wanted.waived),
        held=tuple(
            (
                1 + ceil(Fraction(max(0, 14 - ago), wanted.every)),
                ceil((1 - CEILING) * dose),
                limit is not None and dose > limit,
            )
            for ago, dose in wanted.earlier
        ),
    )
