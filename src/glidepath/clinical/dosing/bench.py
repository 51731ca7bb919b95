"""The products of one medicine laid out to make doses: what can be made exactly, and from how many pieces.

Pieces: every started tablet or capsule counts one (two and a half tablets are three pieces), and so does every
started millilitre of a liquid. Of two ways with as few pieces, the one with fewer products is taken, then fewer
liquids, then fewer divided pieces, then the stronger products: the same way every time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import ceil, gcd

from glidepath.clinical.amounts import NANOGRAMS_PER_MG, Dose
from glidepath.clinical.dosing.errors import CannotBeMade
from glidepath.clinical.dosing.plan import Kind, Made, Product

_FAR = 1 << 40  # more pieces than any dose has: "cannot be made"


@dataclass
class Bench:
    """The products of one medicine, laid out to make doses: all amounts are whole multiples of one `unit_ng`.

    A part is the smallest share of a product that may be given. The tables grow with the largest dose asked for.
    """

    medicine: str
    products: tuple[Product, ...]  # solids first, the strongest first
    unit_ng: Fraction
    parts: tuple[int, ...]  # units in one part of each product
    _fewest: list[list[int]] = field(default_factory=list)  # by first product used, then units: the fewest pieces
    _reachable: list[int] = field(default_factory=list)  # units that can be made, rising
    _made: dict[int, tuple[Made, ...]] = field(default_factory=dict)  # what was made before is made the same way

    def units(self, dose: Dose) -> int | None:
        """The dose in whole units, or None where it is not one."""
        ng, parts = self.unit_ng.as_integer_ratio()
        units, rest = divmod(dose.ng * parts, ng)
        return None if rest else units

    def dose(self, units: int) -> Dose:
        ng, parts = self.unit_ng.as_integer_ratio()
        return Dose.from_ng(units * ng // parts, self.medicine)

    def reachable(self, up_to: int) -> list[int]:
        """Every number of units from 0 to `up_to` that can be made, rising."""
        self._grow(up_to)
        return self._reachable[: bisect_right(self._reachable, up_to)]

    def pieces(self, units: int) -> int:
        """The fewest pieces that make so many units. The units must be reachable."""
        self._grow(units)
        return self._fewest[0][units]

    def near(self, dose: Dose) -> tuple[Dose | None, Dose | None]:
        """The makeable doses next below and next above a dose; below is None where that would be nothing at all."""
        if not self.products:
            return None, None
        wanted = dose.ng / self.unit_ng
        whole = max(ceil(Fraction(product.strength_mg) * NANOGRAMS_PER_MG / self.unit_ng) for product in self.products)
        made = self.reachable(ceil(wanted) + whole)
        below = made[bisect_left(made, wanted) - 1] if wanted > 0 else 0
        above = bisect_right(made, wanted)
        return self.dose(below) if below > 0 else None, self.dose(made[above]) if above < len(made) else None

    def make(self, dose: Dose) -> tuple[Made, ...]:
        """The products that make the dose, the strongest first. Raises CannotBeMade with the nearest doses."""
        units = self.units(dose) if self.products else None
        if dose.mg == 0:
            return ()
        if units is not None:
            self._grow(units)
        if units is None or self._fewest[0][units] >= _FAR:
            raise CannotBeMade(dose, *self.near(dose))
        if units not in self._made:
            self._made[units] = self._make(units)
        return self._made[units]

    def _make(self, units: int) -> tuple[Made, ...]:
        counts = min(self._ways(0, units, self._fewest[0][units]), key=self._preference)
        return tuple(
            Made(product, count * product.step) for product, count in zip(self.products, counts, strict=True) if count
        )

    def _preference(self, counts: tuple[int, ...]) -> tuple[int, int, int, tuple[int, ...]]:
        used = [(product, count) for product, count in zip(self.products, counts, strict=True) if count]
        liquids = sum(product.kind is Kind.LIQUID for product, _ in used)
        divided = sum(product.kind is Kind.SOLID and (count * product.step).denominator != 1 for product, count in used)
        return len(used), liquids, divided, tuple(-count for count in counts)

    def _ways(self, first: int, units: int, pieces: int) -> Iterator[tuple[int, ...]]:
        """Every way to make the units from the products from `first` on with just so many pieces, as part counts."""
        if first == len(self.products):
            yield ()
            return
        product, part, rest = self.products[first], self.parts[first], self._fewest[first + 1]
        for count in range(units // part + 1):
            left, spent = units - count * part, ceil(count * product.step)
            if spent > pieces:
                return
            if rest[left] == pieces - spent:
                for others in self._ways(first + 1, left, pieces - spent):
                    yield count, *others

    def _grow(self, up_to: int) -> None:
        if self._fewest and len(self._fewest[0]) > up_to:
            return
        size = max(up_to, 2 * len(self._fewest[0]) if self._fewest else 0) + 1
        tables = [[0] + [_FAR] * (size - 1)]
        for product, part in zip(reversed(self.products), reversed(self.parts), strict=True):
            tables.append(_with(tables[-1], product, part))
        self._fewest = tables[::-1]
        self._reachable = [units for units, pieces in enumerate(self._fewest[0]) if pieces < _FAR]


def _with(fewest: list[int], product: Product, part: int) -> list[int]:
    """The fewest pieces when parts of one more product may be used; one round of parts costs what it starts."""
    table = list(fewest)
    coins = [(count * part, ceil(count * product.step)) for count in range(1, product.step.denominator + 1)]
    for units in range(part, len(table)):
        best = table[units]
        for value, cost in coins:
            if value > units:
                break
            if table[units - value] + cost < best:
                best = table[units - value] + cost
        table[units] = best
    return table


@lru_cache(maxsize=256)
def bench(medicine: str, products: tuple[Product, ...]) -> Bench:
    """The bench of one medicine, from any products at hand; those of other medicines are left aside."""
    own = sorted(
        {product for product in products if product.medicine == medicine},
        key=lambda product: (product.kind is Kind.LIQUID, -product.strength_mg, product.form, product.key),
    )
    parts_ng = [Fraction(product.strength_mg) * product.step * NANOGRAMS_PER_MG for product in own]
    unit = _common_unit(parts_ng)
    return Bench(medicine, tuple(own), unit, tuple(int(part / unit) for part in parts_ng))


def _common_unit(parts: Sequence[Fraction]) -> Fraction:
    """The largest amount of which every part is a whole multiple."""
    unit = parts[0] if parts else Fraction(1)
    for part in parts[1:]:
        unit = Fraction(
            gcd(unit.numerator * part.denominator, part.numerator * unit.denominator),
            unit.denominator * part.denominator,
        )
    return unit
