"""A dose drawn as a hand sees it, and said in the same words."""

from decimal import Decimal
from fractions import Fraction

from glidepath.clinical.dosing.plan import Kind, Made, Product
from glidepath.faces.shell import pills

FIVE = Product("diazepam", Decimal("5"), "tablet", Kind.SOLID, Fraction(1, 4))
TEN = Product("diazepam", Decimal("10"), "tablet", Kind.SOLID, Fraction(1, 2))
LIQUID = Product("diazepam", Decimal("1"), "oral solution", Kind.LIQUID, Fraction(1, 10))


def said(*made):
    return pills.in_words(made).replace("\u00a0", " ")


def test_whole_and_half_tablets_are_drawn_each_with_its_strength():
    drawn = pills.drawn([Made(TEN, Fraction(2)), Made(FIVE, Fraction(1, 2))])
    assert [(pill.shape, pill.label) for pill in drawn] == [("whole", "10"), ("whole", "10"), ("half", "5")]


def test_three_quarters_are_a_half_and_a_quarter():
    drawn = pills.drawn([Made(FIVE, Fraction(3, 4))])
    assert [pill.shape for pill in drawn] == ["half", "quarter"]


def test_more_than_eight_are_one_and_a_number():
    (pill,) = pills.drawn([Made(TEN, Fraction(12))])
    assert (pill.shape, pill.times) == ("whole", 12)


def test_a_liquid_is_a_drop_with_its_volume():
    (pill,) = pills.drawn([Made(LIQUID, Fraction(16, 10))])
    assert (pill.shape, pill.label) == ("drop", "1.6\u00a0mL")


def test_the_words_name_count_strength_and_form():
    assert said(Made(TEN, Fraction(1)), Made(FIVE, Fraction(1, 2))) == "1 × 10 mg tablet and half a 5 mg tablet"
    assert said(Made(FIVE, Fraction(1, 4))) == "a quarter of a 5 mg tablet"


def test_the_words_of_a_liquid_always_name_its_concentration():
    assert said(Made(LIQUID, Fraction(16, 10))) == "1.6 mL of oral solution 1 mg/mL"
